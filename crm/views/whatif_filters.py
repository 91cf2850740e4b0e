"""What an address of the what-if page asks: up to three rules, the time that is counted once more, and what is shown.

`a`, `b` and `c` are the agencies of a rule (by name, several with commas or said several times), `sector_a` and so on
its sector; the rest is as on the pages of knocks. So an address holds the whole view and can be sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from crm.access import Viewer
from crm.errors import CrmError
from crm.graph.driver import Store
from crm.services import lookups
from crm.services.questions import Question
from crm.services.whatif import Rule, find_rule, read_group
from crm.views.knock_filters import MOST_LETTERS, read_question, write_args

LETTERS = ("a", "b", "c")
MOST_AGENCIES = 200
TIMES = ("from", "to", "window", "broad", "as_of")


@dataclass(frozen=True)
class Tried:
    """One of the rules: what was chosen, and what came of it. `refusal`: why it could not be tried out."""

    letter: str
    agencies: list[str]
    sector: str
    sector_title: str = ""
    rule: Rule | None = None
    refusal: str = ""


def read_time(db: Store, viewer: Viewer, args: Mapping[str, str]) -> Question:
    """The question without businesses or agencies: those are each rule's own. Raises as `read_question`."""
    return read_question(db, viewer, {name: args.get(name, "") for name in TIMES})


def try_rules(db: Store, viewer: Viewer, question: Question, args: "MultiDict[str, str]") -> list[Tried]:
    """The three rules, tried out where two agencies or more are chosen."""
    return [_try(db, viewer, question, letter, args) for letter in LETTERS]


def _try(db: Store, viewer: Viewer, question: Question, letter: str, args: "MultiDict[str, str]") -> Tried:
    said = [name.strip() for value in args.getlist(letter) for name in value.split(",") if name.strip()]
    names = [name[:MOST_LETTERS] for name in dict.fromkeys(said)][:MOST_AGENCIES]
    sector = args.get(f"sector_{letter}", "").strip()[:MOST_LETTERS]
    if not names:
        return Tried(letter, [], sector)
    known = names
    try:
        known = [lookups.get_agency(db, viewer, name).name for name in names]
        if len(set(known)) < 2:
            return Tried(letter, known, sector, refusal="Choose one agency more: an agreement is between two or more.")
        group = read_group(db, viewer, ",".join(known))
        named = lookups.find_sector(db, sector) if sector else None
        asked = replace(question, sector=named.sector if named else None)
        return Tried(letter, known, sector, named.title if named else "", find_rule(db, viewer, asked, group))
    except CrmError as refusal:
        return Tried(letter, known, sector, refusal=str(refusal))


def write_view(tried: list[Tried], question: Question, *, today: date) -> dict[str, str]:
    """The query of an address that shows the same."""
    said: dict[str, str] = {}
    for one in tried:
        if one.agencies:
            said[one.letter] = ",".join(one.agencies)
        if one.sector:
            said[f"sector_{one.letter}"] = one.sector
    return said | write_args(question, today=today)
