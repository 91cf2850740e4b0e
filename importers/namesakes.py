"""Businesses that the rows of a file only name, and those that are known already which they may be: a person says
whether it is this one, or a new one. What was said is kept in the profile as a word of the column `business`.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from crm.dedupe.index import MatchIndex
from crm.graph import lookups, resolution
from crm.graph.agencies import name_key
from crm.graph.businesses import founding_record_id
from crm.graph.driver import Reader, Row
from importers.plans import Plan
from importers.rules import compare_word

MOST: Final = 200
MOST_CANDIDATES: Final = 5
ALIKE: Final = 84  # rapidfuzz ratio of the sorted words


@dataclass
class Names:
    """The businesses of one file that have no record but their name: uid -> name, and in how many rows each stands."""

    names: dict[str, str] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)

    def note(self, plan: Plan) -> None:
        """Take those of a batch."""
        self.names |= {id: stub["name"] for id, stub in plan.missing.businesses.items()}
        if self.names and plan.label in ("Touchpoint", "PersonRecord", "Referral", "Seat"):
            self.rows.update(row["record"] for row in plan.rows if row.get("record") in self.names)

    def list_doubtful(
        self, db: Reader, index: MatchIndex, *, settled: Collection[str], brought: Collection[str]
    ) -> list[dict[str, Any]]:
        """The most frequent names that may be businesses that are known, each with those, the likeliest first.

        `settled` would be put together with one anyway; `brought` are all records that the files bring.
        """
        asked = [uid for uid, _ in self.rows.most_common() if uid not in settled][:MOST]
        likely = _Likely(lookups.list_names(db)) if asked else None
        others = {uid: _weigh(index, uid, likely, self.names[uid], brought) for uid in asked} if likely else {}
        told = _tell_things(db, {other for found in others.values() for _, other in found})
        listed = [
            {
                "name": self.names[uid],
                "rows": self.rows[uid],
                "candidates": [told[other] | {"score": score} for score, other in found if other in told],
            }
            for uid, found in others.items()
        ]
        return [one for one in listed if one["candidates"]]


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


def _weigh(
    index: MatchIndex, uid: str, likely: _Likely, name: str, brought: Collection[str]
) -> list[tuple[float, str]]:
    """(score from 0 to 1, known record) of businesses of nearly this name."""
    found: list[tuple[float, str]] = []
    for business in likely.find(name):
        record = founding_record_id(business)
        explained = index.explain(uid, record) if record not in brought else None
        if explained is not None:
            found.append((explained.score, record))
    return found


def _tell_things(db: Reader, records: Iterable[str]) -> dict[str, dict[str, Any]]:
    """record -> what its business is called, of which agencies, and how a cell refers to it."""
    resolved = resolution.find_resolved(db, "business", sorted(records))
    things: dict[str, list[Row]] = resolution.list_things(db, "business", sorted(set(resolved.values())))
    told: dict[str, dict[str, Any]] = {}
    for record, thing in resolved.items():
        known = next((row for row in things[thing] if row["id"] == record), None)
        # What would be torn apart where it is written into a rule or a cell cannot be referred to.
        if known and not set("=;\n") & set(known["key"]) and not set("=:;") & set(known["agency"]):
            told[record] = {
                "business": thing,
                "name": known["name"] or known["key"],
                "ref": f"{known['agency']}:{known['key']}",
                "agencies": sorted({row["agency"] for row in things[thing]}),
            }
    return told


def take_names(values: dict[str, dict[str, str]], said: dict[str, str]) -> dict[str, dict[str, str]]:
    """The words of a file with what was said of names of businesses: name -> `AGENCY:SOURCE_ID`."""
    names = values.get("business", {}) | {compare_word(name): ref for name, ref in said.items() if ref}
    return values | {"business": names} if names else values
