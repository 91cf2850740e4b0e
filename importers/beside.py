"""What rows say beside: of the business, and of the person, that a contact, a seat or a person's row is about; and of
the contact person of a business, in the business's own row.

A visit log that gives the address of the business and the e-mail of the person is often the only list that its agency
has of them. So these cells make a record of the business and one of the person, as rows of a businesses or people file
would, and the row refers to them. Each record has a key of its own, so that many rows of one business make one record:
the source's own id; else the business's name with its ZIP (street, city), and the person's name at that business. So
several rows of one business, each with another contact, make one business and all of its people.

Of what several rows of one file say of one record, the first that fills a cell counts; those that say something else
are counted as `differing`. Blank cells say nothing. A business that is known by its name alone, or a person by name or
e-mail, is the one of whom an earlier row has said more, and gets what it lacks. One of whom the agency has a record
from another list already is that one (`known`): what that list says stays. A row means whom it means when it is heard:
what comes later in the file changes nothing of that, and who has got another name by the file is meant by the old one
still (`renamed`), so it is all the same how rows are cut into batches.
A row of a business may name several people in one cell, each of whom becomes a contact of it, with the title that
stands in brackets behind the name.
Cells about a business or person that the row does not name, or about one of several people, are kept nowhere; the rows
that have such are counted as `unplaced`. In a row of a business an id alone names nobody.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crm.graph.business_records import name_ref_of, ref_of
from crm.graph.records import Label, record_id
from importers.kinds import BY_NAME, Kind
from importers.map import Mapping as ColumnMap
from importers.parting import BUSINESSES, PEOPLE, SEVERAL, UNPLACED, call_person, list_kinds, list_several
from importers.references import References, Unresolvable, named_key

LABELS: dict[str, Label] = {BUSINESSES: "BusinessRecord", PEOPLE: "PersonRecord"}
COUNTS = ("created", "updated", "unchanged", "known", "differing", "unplaced")


class Said(NamedTuple):
    """Of one record: its key, of a person the business record of the first row, and for each column a hash of what was
    said first, 0 where nothing was."""

    key: str
    record: str | None
    marks: "array[int]"


@dataclass
class Aside:
    """What rows of a batch newly say of one record: its cells that no earlier row of the file has filled. `born` is the
    place of the first of these rows among all rows, `seq` that of the last."""

    line: int
    id: str
    agency: str
    key: str
    born: int
    seq: int
    cells: dict[str, str]
    # Of a person the business record that the first row was about.
    record: str | None = None


@dataclass
class Heard:
    """What a batch says of records of one kind; `said` is what will have been said of each once it is planned.

    `met` is how rows may mean records that this batch is the first to say something of. `meant` are the business
    records that rows (by their `seq`) are about.
    """

    asides: dict[str, Aside] = field(default_factory=dict)
    said: "dict[str, Said]" = field(default_factory=dict)
    met: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    meant: dict[int, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    differing: int = 0
    unplaced: int = 0


class Asides:
    """Of one file: hears what rows say beside, and remembers what has been said of each record."""

    def __init__(self, mapping: ColumnMap, references: References, *, system: str) -> None:
        self._kinds = list_kinds(mapping)
        self._main: Kind = mapping.kind
        self._references = references
        self._system = system
        self._columns = {
            kind: {name: n for n, name in enumerate(column.name for column in BY_NAME[kind].columns)}
            for kind in self._kinds
        }
        # A row of a business is no row about somebody: it only tells who is to be asked for there.
        self._is_of_businesses = mapping.kind.name == BUSINESSES
        # kind -> record id -> what rows so far have said.
        self._said: dict[str, dict[str, Said]] = {kind: {} for kind in self._kinds}
        self._known: dict[str, set[str]] = {kind: set() for kind in self._kinds}

    def has_heard(self, kind: str, id: str) -> bool:
        """Whether an earlier batch of this file said something of the record."""
        return id in self._said[kind]

    def hear_businesses(self, rows: Sequence[Any]) -> Heard:
        """What these rows (`asserted.Asserted`) say of businesses."""
        named = [row for row in rows if "businesses.key" in row.beside]
        heard = Heard(unplaced=_count_unplaced(rows, BUSINESSES, named))
        self._references.look_up_businesses((row.agency, row.beside["businesses.name"]) for row in named)
        for row in named:
            key, meant = row.beside["businesses.key"], row.beside["businesses.meant"]
            id = record_id("BusinessRecord", row.agency, self._system, key)
            found = self._find_business(heard, meant, row.agency) if meant else None
            said = self._find_said(heard, BUSINESSES, found)
            name = row.beside["businesses.name"]
            if found is not None and found != id:
                if said is None:
                    heard.known.add(found)
                else:
                    self._hear(heard, BUSINESSES, row, id=found, key=said.key)
            elif name or found:
                self._hear(heard, BUSINESSES, row, id=id, key=key)
                if name and not key.startswith("name:"):
                    heard.met.setdefault(("", name_ref_of(row.agency, name)), []).append(id)
            else:
                continue
            heard.meant[row.seq] = found or id
        return heard

    def _find_business(self, heard: Heard, meant: str, agency: str) -> str | None:
        also = heard.met.get(("", name_ref_of(agency, meant)), ())
        return self._references.find_business(meant, agency=agency, also=also)

    def _find_said(self, heard: Heard, kind: str, id: str | None) -> Said | None:
        """What rows of this file have said of a record."""
        return (heard.said.get(id) or self._said[kind].get(id)) if id else None

    def hear_people(self, rows: Sequence[Any]) -> Heard:
        """The same of people; their businesses must have been learnt before."""
        rows = [one for row in rows for one in (list_several(row) if SEVERAL in row.beside else (row,))]
        named = [
            row
            for row in rows
            if ("people.met" in row.beside or "people.key" in row.beside) and self._get_business(row)
        ]
        unplaced = _count_unplaced(rows, PEOPLE, named) + len({row.line for row in rows if UNPLACED in row.beside})
        heard = Heard(unplaced=unplaced)
        if self._main.name == "seats":
            named = [row for row in named if row.cells.get("title") or row.cells.get("email")]
        if self._is_of_businesses:
            for row in named:
                ref, name_ref = ref_of(row.agency, row.key), name_ref_of(row.agency, row.cells["name"])
                self._references.learn_business(id=row.id, ref=ref, name_ref=name_ref)
        else:
            self._references.look_up_businesses((row.agency, row.cells["business"]) for row in named)
        self._references.look_up_persons(
            (row.agency, row.beside.get("people.met", ""), self._find_known_record(row)) for row in named
        )
        for row in named:
            key, met = row.beside.get("people.key", ""), row.beside.get("people.met", "")
            try:
                record = self._find_record(row)
                found = self._find_person(heard, met, row.agency, record) if met else None
            except Unresolvable:
                # The row itself is refused for it, but for a business's, which stands without its contact.
                heard.unplaced += self._is_of_businesses
                continue
            key = key or named_key(met, record)
            id = record_id("PersonRecord", row.agency, self._system, key)
            if found is not None and found != id:
                said = self._find_said(heard, PEOPLE, found)
                if said is None:
                    heard.known.add(found)
                    continue
                id, key = found, said.key
            self._hear(heard, PEOPLE, row, id=id, key=key, business=self._get_business(row), record=record)
            self._meet(heard, row, id, record)
        return heard

    def _find_person(self, heard: Heard, met: str, agency: str, record: str) -> str | None:
        """The person whom a cell means, of those who are there and those whom earlier rows have named."""
        found = self._references.find_person(met, agency=agency, record=record, only_own=True)
        at = (agency, met.casefold()) if "@" in met else (record, name_ref_of(agency, met))
        return found or next(iter(heard.met.get(at, ())), None)

    def _meet(self, heard: Heard, row: Any, id: str, record: str) -> None:
        """Remember how later rows of the batch may mean a person."""
        if name := call_person(row.beside):
            heard.met.setdefault((record, name_ref_of(row.agency, name)), []).append(id)
        if "@" in (email := row.beside.get("people.email", "")):
            heard.met.setdefault((row.agency, email.casefold()), []).append(id)

    def _get_business(self, row: Any) -> str:
        """How the person's record refers to the business."""
        return row.key if self._is_of_businesses else row.cells.get("business", "")

    def _find_known_record(self, row: Any) -> str | None:
        """The business record that the person is at, if it is there or learnt."""
        if self._is_of_businesses:
            return row.id
        return row.record or self._references.find_business(row.cells["business"], agency=row.agency)

    def _find_record(self, row: Any) -> str:
        if self._is_of_businesses:
            return row.id
        if self._main.name == "seats":
            business = row.cells["business"]
            return self._references.seated_business(business, agency=row.agency, seq=row.seq, known=row.record)
        return row.record or self._references.business(row.cells["business"], agency=row.agency, seq=row.seq)

    def _hear(
        self, heard: Heard, kind: str, row: Any, *, id: str, key: str, business: str = "", record: str | None = None
    ) -> None:
        prefix, columns = f"{kind}.", self._columns[kind]
        cells = {name.removeprefix(prefix): text for name, text in row.beside.items() if name.startswith(prefix)}
        cells = {name: text for name, text in cells.items() if text and name in columns}
        if business:
            cells["business"] = business
        before = self._find_said(heard, kind, id)
        said = array("q", before.marks) if before else array("q", bytes(8 * len(columns)))
        first = before.record if before else record
        new: dict[str, str] = {}
        for name, text in cells.items():
            # A person's business may be called in several ways.
            mark = hash(record or text if name == "business" else text) or 1
            if not said[columns[name]]:
                said[columns[name]] = mark
                new[name] = text
            elif said[columns[name]] != mark:
                heard.differing += 1
        heard.said[id] = Said(key, first, said)
        if new or before is None:
            if aside := heard.asides.get(id):
                aside.cells.update(new)
                aside.seq = row.seq
            else:
                heard.asides[id] = Aside(row.line, id, row.agency, key, row.seq, row.seq, new, first)

    def keep(self, kind: str, heard: Heard) -> int:
        """Remember what a batch said, once it is planned; how many records of other lists it is the first to mean."""
        self._said[kind] |= heard.said
        new = len(heard.known - self._known[kind])
        self._known[kind] |= heard.known
        return new


def _count_unplaced(rows: Sequence[Any], kind: str, named: Sequence[Any]) -> int:
    """Rows that say something of a business or person, and not of which."""
    lines = {row.line for row in named}
    return sum(row.line not in lines and any(name.startswith(f"{kind}.") for name in row.beside) for row in rows)


def add_counts(total: dict[str, dict[str, int]], more: Mapping[str, Mapping[str, int]]) -> None:
    """Add counts of records by kind to others."""
    for kind, counts in more.items():
        of_kind = total.setdefault(kind, dict.fromkeys(COUNTS, 0))
        for name in COUNTS:
            of_kind[name] += counts[name]


def count_beside(plans: Iterable[tuple[str, Any]]) -> dict[str, dict[str, int]]:
    """What plans of records beside would do, as counts by kind."""
    return {kind: {name: getattr(plan, name) for name in COUNTS} for kind, plan in plans}
