"""Businesses and people that the rows of a file only name: a person says whether each is one that is known already, or
a new one. What was said is kept in the profile: of businesses as words of the column `business`, of people as words of
the column `person` with the business after them (`Ana Silva @ Harbor Bakery`), for a name alone is that of many.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from crm.access import Viewer
from crm.dedupe import BUSINESS, BusinessRow, explain
from crm.errors import Refused
from crm.graph import lookups, resolution
from crm.graph.agencies import name_key
from crm.graph.businesses import founding_record_id
from crm.graph.driver import Reader, Row, Store
from crm.graph.people import founding_record_id as founding_person_record_id
from crm.graph.stale import Kind
from crm.services.matched_rows import list_some_rows
from crm.services.search import search
from crm.services.trials import Matcher
from importers.map import Mapping
from importers.planned import Plan
from importers.references import Missing
from importers.rules import NONE, compare_word
from importers.said_people import write_person
from importers.verdicts import to_cell

MOST: Final = 200
MOST_CANDIDATES: Final = 5
ALIKE: Final = 84  # rapidfuzz ratio of the sorted words
ALIKE_AT_PLACE: Final = 70  # the same of the words in common, of people at one business
# What is chosen on the page for one that is nobody known.
NEW: Final = "new"
# The cells of rows that name people.
PEOPLE_CELLS: Final = {"Touchpoint": "persons", "Seat": "person"}
NAMING: Final = ("Touchpoint", "PersonRecord", "Referral", "Seat")


class Person(NamedTuple):
    """Somebody who is only named: by name or e-mail, at which business record, and how the rows say that business."""

    name: str
    record: str | None
    at: str


@dataclass
class Names:
    """What of one file has no record but its name: uid -> name, and in how many rows each stands."""

    names: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    # Names that were said to be new ones: of businesses, and of people with their business.
    settled: set[str] = field(default_factory=set)
    # Clues to businesses of which nobody has said what they mean, with the number of rows.
    clues: Counter[str] = field(default_factory=Counter)

    @classmethod
    def begin(cls, mapping: Mapping) -> "Names":
        """For a file that is read so."""
        words = {field.column.name: field.words for field in mapping.fields if field.column.name in COLUMNS.values()}
        return cls(settled={word for said in words.values() for word in said})

    def note(self, plan: Plan) -> None:
        """Take those of a batch."""
        self.names |= {id: stub["name"] for id, stub in plan.missing.businesses.items()}
        if plan.label not in NAMING:
            return
        if self.names:
            self.rows.update(row["record"] for row in plan.rows if row.get("record") in self.names)
        cell = PEOPLE_CELLS.get(plan.label)
        if cell is None or not (self.people or plan.missing.persons):
            return
        self._note_people(plan, cell, plan.missing)

    def _note_people(self, plan: Plan, cell: str, missing: Missing) -> None:
        new = missing.persons
        for row in plan.rows:
            ids = row[cell] if isinstance(row[cell], list) else [row[cell]]
            for id in ids:
                if id in new and id not in self.people:
                    props = new[id]["props"]
                    name = props.get("name") or props.get("email") or ""
                    self.people[id] = Person(name, new[id]["record"], to_cell(row["props"].get("business")))
                self.rows[id] += id in self.people

    def list_doubtful(
        self, db: Reader, matcher: Matcher, *, settled: Collection[str], brought: Collection[str]
    ) -> list[dict[str, Any]]:
        """The most frequent names of businesses, each with known ones that it may be, the likeliest first.

        `settled` would be put together with one anyway; `brought` are all records that the files bring.
        """
        asked = [
            uid
            for uid, _ in self.rows.most_common()
            if uid in self.names and uid not in settled and compare_word(self.names[uid]) not in self.settled
        ][:MOST]
        likely = _Likely(lookups.list_names(db)) if asked else None
        others = {uid: _weigh(matcher, uid, likely, self.names[uid], brought) for uid in asked} if likely else {}
        told = _tell_things(db, "business", {other for found in others.values() for _, other in found})
        return _list_first(
            [
                {"what": "business", "name": self.names[uid], "rows": self.rows[uid]} | _tell_candidates(found, told)
                for uid, found in others.items()
            ]
        )

    def list_doubtful_people(
        self,
        db: Reader,
        matcher: Matcher,
        businesses: Matcher,
        *,
        settled: Collection[str],
        brought: Collection[str],
    ) -> list[dict[str, Any]]:
        """The same of people, whose candidates are people of the same business; `brought` has the businesses too."""
        asked = {
            uid: self.people[uid]
            for uid, _ in self.rows.most_common()
            if uid in self.people
            and uid not in settled
            and write_person(self.people[uid].name, self.people[uid].at) not in self.settled
        }
        asked = dict(list(asked.items())[:MOST])
        at = _find_businesses(db, businesses, {one.record for one in asked.values() if one.record}, brought)
        names = lookups.name_businesses(db, sorted(set(at.values())))
        there: dict[str, list[tuple[str, str]]] = {}
        for business, id, name in lookups.list_people_at(db, sorted(set(at.values()))):
            there.setdefault(business, []).append((id, name))
        others = {
            uid: _weigh_people(matcher, uid, one.name, there.get(at.get(one.record or "", ""), ()), brought)
            for uid, one in asked.items()
        }
        told = _tell_things(db, "person", {other for found in others.values() for _, other in found})
        return _list_first(
            [
                {
                    "what": "person",
                    "name": asked[uid].name,
                    "at": asked[uid].at,
                    "at_name": self._name_place(asked[uid], names.get(at.get(asked[uid].record or "", ""), "")),
                    "rows": self.rows[uid],
                }
                | _tell_candidates(found, told)
                for uid, found in others.items()
            ]
        )

    def list_clues(self, db: Store, viewer: Viewer) -> list[dict[str, Any]]:
        """The most frequent clues, each with the businesses that a search for it finds, the likeliest first."""
        asked = [clue for clue, _ in self.clues.most_common(MOST_CLUES)]
        found = {clue: _search(db, viewer, clue) for clue in asked}
        told = _tell_things(db, "business", {record for some in found.values() for _, record in some})
        return _list_first(
            [
                {"what": "clue", "name": clue, "rows": self.clues[clue]} | _tell_candidates(found[clue], told)
                for clue in asked
            ]
        )

    def _name_place(self, person: Person, known: str) -> str:
        return known or self.names.get(person.record or "", "") or person.at


COLUMNS: Final = {"business": "business", "person": "person", "clue": "business"}
MOST_CLUES: Final = 60


def _search(db: Store, viewer: Viewer, clue: str) -> list[tuple[float, str]]:
    """(score from 0 to 1, record) of businesses that have this domain, name or street, or where somebody has this
    address: how surely the matcher would take a record that says no more than the clue for that business.
    """
    businesses = search(db, viewer, clue, most=MOST_CANDIDATES).businesses
    people = search(db, viewer, clue, most=MOST_CANDIDATES, people=True).people
    at = {row.business_id for row in people if row.business_id and clue.casefold() in (row.email or "").casefold()}
    ids = dict.fromkeys([*(row.id for row in businesses), *sorted(at)])
    records = list_some_rows(db, "business", [founding_record_id(id) for id in ids])
    is_domain = " " not in clue and "." in clue
    typed = BusinessRow("typed", 0, email=f"x@{clue}" if "@" not in clue else clue, website=clue) if is_domain else None
    typed = typed or BusinessRow("typed", 0, name=clue, street=clue if any(map(str.isdigit, clue)) else "")
    weighed = [(explain(BUSINESS, typed, row).score, row.uid) for row in records if isinstance(row, BusinessRow)]
    return sorted(weighed, key=lambda one: (-one[0], one[1]))[:MOST_CANDIDATES]


def _list_first(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those for whom there is somebody to choose before the others; what cannot be written into a rule is not asked."""
    asked = [one for one in listed if not set("=;\n") & set(one["name"] + one.get("at", ""))]
    return sorted(asked, key=lambda one: not one["candidates"])


def _tell_candidates(found: list[tuple[float, str]], told: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"candidates": [told[other] | {"score": score} for score, other in found if other in told]}


class _Likely:
    """Names of businesses that are known, found by the beginning of a word."""

    def __init__(self, known: list[tuple[str, str]]) -> None:
        self._known = [(id, name_key(name)) for id, name in known]
        self._by_start: dict[str, list[int]] = {}
        for place, (_, name) in enumerate(self._known):
            for start in _list_starts(name):
                self._by_start.setdefault(start, []).append(place)

    def find(self, name: str) -> list[str]:
        """The ids of those whose names are written nearly so, the most like it first."""
        from rapidfuzz import fuzz, process

        key = name_key(name)
        places = {place for start in _list_starts(key) for place in self._by_start.get(start, ())}
        names = {place: self._known[place][1] for place in sorted(places)}
        found = process.extract(key, names, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=MOST_CANDIDATES)
        return [self._known[place][0] for _, _, place in found]


def _list_starts(name: str) -> set[str]:
    return {word[:3] for word in name.split()[:3] if len(word) > 2}


def _weigh(matcher: Matcher, uid: str, likely: _Likely, name: str, brought: Collection[str]) -> list[tuple[float, str]]:
    """(score from 0 to 1, known record) of businesses of nearly this name."""
    records = [founding_record_id(business) for business in likely.find(name)]
    return _explain(matcher, uid, records, brought)


def _weigh_people(
    matcher: Matcher, uid: str, name: str, there: Iterable[tuple[str, str]], brought: Collection[str]
) -> list[tuple[float, str]]:
    """The same of people at a business whose names have words in common with this name or e-mail."""
    from rapidfuzz import fuzz

    key = name_key(name.partition("@")[0].replace(".", " ").replace("_", " "))
    alike = [(fuzz.token_set_ratio(key, name_key(other)), id) for id, other in there]
    likely = sorted(((ratio, id) for ratio, id in alike if ratio >= ALIKE_AT_PLACE), key=lambda one: (-one[0], one[1]))
    records = [founding_person_record_id(id) for _, id in likely[:MOST_CANDIDATES]]
    return sorted(_explain(matcher, uid, records, brought), key=lambda one: -one[0])


def _explain(matcher: Matcher, uid: str, records: Iterable[str], brought: Collection[str]) -> list[tuple[float, str]]:
    weighed = [(matcher.explain(uid, record), record) for record in records if record not in brought]
    return [(explained.score, record) for explained, record in weighed if explained is not None]


def _find_businesses(db: Reader, matcher: Matcher, records: set[str], brought: Collection[str]) -> dict[str, str]:
    """business record -> the known business that it is of, or would be."""
    mates = {record: [uid for uid in matcher.cluster_of(record) or () if uid not in brought] for record in records}
    known = {record: [record, *mates[record]] if record not in brought else mates[record] for record in records}
    resolved = resolution.find_resolved(db, "business", sorted({uid for uids in known.values() for uid in uids}))
    found = {record: next((resolved[uid] for uid in uids if uid in resolved), None) for record, uids in known.items()}
    return {record: business for record, business in found.items() if business}


def _tell_things(db: Reader, kind: Kind, records: Iterable[str]) -> dict[str, dict[str, Any]]:
    """record -> what its business or person is called, of which agencies, and how a cell refers to it."""
    resolved = resolution.find_resolved(db, kind, sorted(records))
    things = resolution.list_things(db, kind, sorted(set(resolved.values())))
    told: dict[str, dict[str, Any]] = {}
    for record, thing in resolved.items():
        known = next((row for row in things[thing] if row["id"] == record), None)
        if known and _can_be_referred_to(known):
            told[record] = _tell_thing(thing, known, things[thing])
    return told


def _can_be_referred_to(record: Row) -> bool:
    """What would be torn apart where it is written into a rule or a cell cannot be referred to."""
    return not set("=;\n") & set(record["key"]) and not set("=:;") & set(record["agency"])


def _tell_thing(thing: str, known: Row, records: list[Row]) -> dict[str, Any]:
    return {
        "thing": thing,
        "name": known["name"] or known["key"],
        "ref": f"{known['agency']}:{known['key']}",
        "agencies": sorted({row["agency"] for row in records}),
    }


def tell_chosen(db: Reader, kind: Kind, thing: str, *, agency: str) -> dict[str, Any]:
    """A business or person that somebody looked for, as a candidate without a score: by the record of this agency
    (name) where it has one. Raises Refused for one that is gone, or that a cell cannot refer to.
    """
    records = resolution.list_things(db, kind, [thing])[thing]
    usable = [row for row in records if _can_be_referred_to(row)]
    if not usable:
        raise Refused("That one cannot be chosen any more. Look for it again.")
    own = [row for row in usable if name_key(row["agency"]) == name_key(agency)]
    return _tell_thing(thing, (own or usable)[0], records) | {"score": None}


def take_names(
    values: dict[str, dict[str, str]], said: Iterable[tuple[dict[str, Any], str]]
) -> dict[str, dict[str, str]]:
    """The words of a file with what was said of names: (what was asked, `AGENCY:SOURCE_ID` or `NEW`)."""
    values = {column: dict(words) for column, words in values.items()}
    for asked, ref in said:
        name = asked["name"]
        word = write_person(name, asked["at"]) if asked["what"] == "person" else compare_word(name)
        values.setdefault(COLUMNS[asked["what"]], {})[word] = name if ref == NEW else "" if ref == NONE else ref
    return values
