"""What pages say about tables, in plain words."""

from collections.abc import Iterable, Mapping

from crm.analysis.table_merges import Merge
from crm.analysis.tables import Load, Pair, Tables
from crm.views.formatting import decimal, plural, words_list

STATE_WORDS = {"active": "active", "inactive": "not met lately", "one_time": "met once", "small": "not a table yet"}
STATE_KINDS = {"active": "good", "inactive": "warn", "one_time": "", "small": ""}
STATE_MEANINGS = {
    "active": "It met in the last 365 days, or within two of its cadences if that is longer.",
    "inactive": "Its last meeting is longer ago than that, or it has only met in plans.",
    "one_time": "Fewer than two meetings, held or planned: a focus group, say. It is compared with no other.",
    "small": "Fewer than two businesses sit there now.",
}


def tell_headline(found: Tables) -> str:
    """How many sit at several tables, for the top of the page."""
    if not found.active:
        return "No table is active"
    if not found.several:
        return f"Nobody sits at two of the {plural(len(found.active), 'active table')}"
    return f"{len(found.several)} of {plural(len(found.persons), 'person', 'people')} sit at two tables or more"


def tell_most(found: Tables) -> str:
    """Who sits at most, as a sentence; "" where nobody sits at two."""
    load = max(found.persons, key=lambda one: (len(one.tables), one.hours), default=None)
    if load is None or len(load.tables) < 2:
        return ""
    return f"{tell_load(load)}."


def tell_load(load: Load) -> str:
    """ "Ana Silva sits at 5 tables, 42 hours a year; 3 of them are about Food"."""
    sector, many = load.alike
    words = f"{load.name or 'No name'} sits at {plural(len(load.tables), 'table')}, {decimal(load.hours)} hours a year"
    if sector:
        words += f"; {many} of them are about {sector}"
    return words


def tell_pair(pair: Pair) -> str:
    """What a cell of the matrix says to a screen reader."""
    people = plural(len(pair.persons), "person", "people")
    places = plural(len(pair.businesses), "business", "businesses")
    return f"{pair.a.label} and {pair.b.label} share {people} and {places}"


def list_named(ids: Iterable[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(id, name) of these, by name."""
    found = [(id, names.get(id) or "No name") for id in ids]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def tell_merge(merge: Merge) -> str:
    """What a merge saves, as the heading of its table."""
    parts = [plural(merge.seats_saved, "seat"), f"{decimal(merge.hours_saved)} hours a year"]
    return f"{words_list(one.label for one in merge.tables)} in one saves {words_list(parts)}"
