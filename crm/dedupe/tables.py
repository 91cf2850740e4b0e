"""A table of records as the matcher takes it: one row of cells in, by a layout, one record out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from operator import itemgetter
from typing import Any

import numpy as np

from crm.dedupe.bare_names import NAME
from crm.dedupe.businesses import BUSINESS, BusinessForm, read_business, read_co_names
from crm.dedupe.cells import split_list
from crm.dedupe.columns import Layout
from crm.dedupe.headings import REC_ID
from crm.dedupe.kinds import Kind, Row
from crm.dedupe.records import BusinessRow
from crm.dedupe.registers import REGISTER, RegisterRow
from crm.dedupe.score import score_pairs
from crm.dedupe.text import fold, split_words
from crm.dedupe.words import UNIT_MARKS

Cells = Sequence[str]
Reader = Callable[[Cells], str]

# The parts of which a field of a record is put together; any other is its column of the same name.
PARTS = {
    "street": ("street", "unit"),
    "first_name": ("first_name", "middle_name"),
    "last_name": ("last_name", "suffix"),
    "legal_name": ("dba", "legal_name"),
    "people": ("people", "first_name", "last_name"),
    "employers": ("employer",),
}
ROWS = {"business": BusinessRow, "person": RegisterRow}
KINDS = {"business": BUSINESS, "person": REGISTER}
NAMES = {"name", "first_name", "middle_name", "last_name", "suffix"}
WEIGHED = {
    kind: {meaning for field in fields(row) for meaning in PARTS.get(field.name, (field.name,))} | {REC_ID}
    for kind, row in ROWS.items()
}

# Carried along, or told of the list and not of the record: no evidence for or against two records being one.
NO_EVIDENCE = {REC_ID, "agency", "parent", "county", "closed_on", "gender", "title"}


def list_unused(layout: Layout) -> list[str]:
    """The headings of columns that say nothing, or nothing that the matcher looks at."""
    return [column.header for column in layout.columns if column.meaning not in WEIGHED[layout.kind]]


def choose_kind(layout: Layout) -> Kind:
    """As what the rows are matched: people by their names alone where the list tells nothing else of them."""
    telling = {column.meaning for column in layout.columns} & (WEIGHED[layout.kind] - NO_EVIDENCE)
    return NAME if layout.kind == "person" and telling <= NAMES else KINDS[layout.kind]


def is_bare(layout: Layout) -> bool:
    """Whether no column says anything by which one record is told from another."""
    telling = WEIGHED[layout.kind] - NO_EVIDENCE
    return not any(column.meaning in telling for column in layout.columns)


def record_reader(layout: Layout) -> Callable[[str, Cells], Row]:
    """A function from a row's id and cells to its record. All are born at once: their order in a file says nothing."""
    return business_reader(layout) if layout.kind == "business" else person_reader(layout)


def business_reader(layout: Layout) -> Callable[[str, Cells], BusinessRow]:
    plain = plain_readers(layout, BusinessRow, besides={"name", "legal_name", "street", "people", "co_names"})
    name, dba, legal = (read_first(layout.places(part)) for part in ("name", "dba", "legal_name"))
    street, unit = read_joined(layout.places("street")), read_first(layout.places("unit"))
    first, last = read_joined(layout.places("first_name")), read_joined(layout.places("last_name"))
    people, co_names = layout.places("people"), layout.places("co_names")

    def read(uid: str, cells: Cells) -> BusinessRow:
        cells = list(map(str.strip, cells))
        cell_of: dict[str, Any] = {field: reader(cells) for field, reader in plain}
        names = [text for text in (name(cells), legal(cells), dba(cells)) if text]
        contact = f"{first(cells)} {last(cells)}".strip()
        named = [part.strip() for place in people if cells[place] for part in cells[place].split(";")]
        return BusinessRow(
            uid,
            name=names[0] if names else "",
            legal_name=" dba ".join(names[1:]),
            street=add_unit(street(cells), unit(cells)),
            people=tuple([text for text in (*named, contact) if text]),
            co_names=tuple([name for place in co_names for name in split_list(cells[place])]) if co_names else (),
            **cell_of,
        )

    return read


def needs_whole(layout: Layout) -> bool:
    """Whether all rows together say something of each."""
    return layout.kind == "business" and bool(layout.places("co_names"))


def complete(layout: Layout, rows: Iterable[Any]) -> Iterable[Row]:
    """The rows with what only all of them together say of each."""
    return pool_co_names(rows) if needs_whole(layout) else rows


def pool_co_names(rows: Iterable[BusinessRow]) -> Iterator[BusinessRow]:
    """The rows again, each with those named with any row of the same form who are named with another form too.

    Rows that differ in nothing but who is named with them are one thing to the matcher, and what is known of one of
    them is known of all. Rows whose form is not sure of itself ("Council", a blank name) may be many things: they keep
    their own.
    """
    rows = list(rows)
    forms = [read_business(replace(row, co_names=())) for row in rows]
    distinct = list(dict.fromkeys(forms))
    each = np.arange(len(distinct))
    own = score_pairs(BUSINESS, distinct, each, each)
    sure = {distinct[place] for place in np.flatnonzero(own >= BUSINESS.join).tolist()}
    whose: list[BusinessForm | str] = [form if form in sure else row.uid for row, form in zip(rows, forms, strict=True)]
    named: dict[BusinessForm | str, set[str]] = {}
    for row, owner in zip(rows, whose, strict=True):
        named.setdefault(owner, set()).update(read_co_names(row.co_names))
    bearers = Counter(name for names in named.values() for name in names)
    shared = {owner: tuple(sorted(n for n in names if bearers[n] > 1)) for owner, names in named.items()}
    for row, owner in zip(rows, whose, strict=True):
        yield replace(row, co_names=shared[owner])


def person_reader(layout: Layout) -> Callable[[str, Cells], RegisterRow]:
    plain = plain_readers(layout, RegisterRow, besides={"first_name", "last_name", "street", "employers"})
    first = read_joined(layout.places("first_name") + layout.places("middle_name"))
    last = read_joined(layout.places("last_name") + layout.places("suffix"))
    street, unit = read_joined(layout.places("street")), read_first(layout.places("unit"))
    employers = layout.places("employer")

    def read(uid: str, cells: Cells) -> RegisterRow:
        cells = list(map(str.strip, cells))
        cell_of: dict[str, Any] = {field: reader(cells) for field, reader in plain}
        return RegisterRow(
            uid,
            first_name=first(cells),
            last_name=last(cells),
            street=add_unit(street(cells), unit(cells)),
            employers=tuple(cell for place in employers if (cell := cells[place])),
            **cell_of,
        )

    return read


def plain_readers(layout: Layout, row: type, *, besides: set[str]) -> list[tuple[str, Reader]]:
    """The fields that are their column of the same name, where there is one."""
    names = [field.name for field in fields(row) if field.name not in {"uid", "seq"} | besides]
    return [(name, read_first(places)) for name in names if (places := layout.places(name))]


def read_first(places: tuple[int, ...]) -> Reader:
    """The first of these cells that is not blank; those of a row, stripped."""
    if len(places) == 1:
        return itemgetter(places[0])
    if not places:
        return lambda _: ""
    return lambda cells: next((cell for place in places if (cell := cells[place])), "")


def read_joined(places: tuple[int, ...]) -> Reader:
    """These cells as one text, in the order of the file; those of a row, stripped."""
    if len(places) < 2:
        return read_first(places)
    return lambda cells: " ".join([cell for place in places if (cell := cells[place])])


def add_unit(street: str, unit: str) -> str:
    """The street with the unit that has a column of its own: "4" there is unit 4, "Suite 4" says so itself."""
    if not unit:
        return street
    marked = not UNIT_MARKS.isdisjoint(split_words(fold(unit))) or "#" in unit
    return f"{street} {unit if marked else f'unit {unit}'}".strip()
