"""Previewed rows: what would become of each row of a file, one by one, kept in pages so that a long file is quick to
look through.

A page holds a thousand rows in two parts. Its *head* is what rows are found by: line, fate, title, record, and the
known record that each would be put together with. Its *body* is what they say. After the rows come, in pages of the
same form, the businesses and people that rows only name (fate `named`) or say more of (`beside`). Parts are compressed
text, so that they fit into any store.
"""

import base64
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, Final, Self

from crm.graph.records import Label
from importers.asserted import LABELS, MATCHED, PROPERTY
from importers.kinds import BY_NAME, Kind
from importers.planned import Plan, Told
from importers.references import Missing
from importers.rows import shorten
from importers.samples import Change, call_by_name, compare_cells, find_title

ROWS_A_PAGE: Final = 1_000
# What a tab holds: rows of one fate, or rows with a mark.
LETTERS: Final = {"new": "n", "changed": "c", "same": "s", "named": "b", "beside": "d"}
FATES: Final = tuple(LETTERS)
# Those that are no rows of the file themselves.
ASIDES: Final = frozenset(("named", "beside"))
MARKS: Final = ("matched", "review")
LONGEST_ROW: Final = 8_000
LONGEST_CELL: Final = 300
# Control characters never get into values, so these cannot be forged from outside.
CELL, BEFORE, ROW = "\x1f", "\x1d", "\x1e"

BUSINESS_OR_PERSON: Final[dict[Label, str]] = {"BusinessRecord": "business", "PersonRecord": "person"}


@dataclass(frozen=True)
class Match:
    """The known record with which one would be put together; of a person also the business at which they would be."""

    record: str
    at: str | None = None


@dataclass(frozen=True)
class PreviewedRow:
    """One row. `label` is its record's; `said` is what it says, `before` what its record said until then.

    `with_record` is the record of the business that the row is about, of kinds that are about one. `match` is of that
    business, or of the row's own record. Named businesses and people have the line that first names them, if it is
    known.
    """

    line: int | None
    fate: str
    label: Label
    id: str
    title: str
    said: dict[str, str]
    before: dict[str, str] | None
    with_record: str | None
    match: Match | None
    marks: tuple[str, ...]

    @property
    def cells(self) -> tuple[Change, ...]:
        """The cells that change; of a new row all that say something."""
        if self.before is None:
            return tuple(Change(name, None, cell) for name, cell in self.said.items())
        return compare_cells(self.before, self.said)


@dataclass
class Head:
    """The first part of a page, column by column; `matches` and `marks` are by place in the page."""

    lines: list[int | None] = field(default_factory=list)
    fates: list[str] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    withs: list[str | None] = field(default_factory=list)
    matches: dict[int, Match] = field(default_factory=dict)
    marks: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def add(self, line: int | None, fate: str, label: Label, title: str, id: str, about: str | None) -> None:
        self.lines.append(line)
        self.fates.append(fate)
        self.labels.append(label)
        self.titles.append(title)
        self.ids.append(id)
        self.withs.append(about)

    def list_places(self, tab: str) -> list[int]:
        """The places of the rows of a tab; "" for all rows of the file."""
        if tab in MARKS:
            return sorted(place for place, marks in self.marks.items() if tab in marks)
        if tab:
            return [place for place, fate in enumerate(self.fates) if fate == tab]
        return [place for place, fate in enumerate(self.fates) if fate not in ASIDES]

    def pack(self) -> str:
        told: list[Any] = [
            self.lines,
            "".join(LETTERS[fate] for fate in self.fates),
            self.labels if len(set(self.labels)) > 1 else self.labels[0],
            self.titles,
            self.ids,
            self.withs if any(self.withs) else 0,
            [[place, match.record, match.at] for place, match in self.matches.items()],
            [[place, *marks] for place, marks in self.marks.items()],
        ]
        return pack(json.dumps(told, ensure_ascii=False, separators=(",", ":")))

    @classmethod
    def unpack(cls, text: str) -> Self:
        lines, fates, labels, titles, ids, withs, matches, marks = json.loads(unpack(text))
        by_letter = {letter: fate for fate, letter in LETTERS.items()}
        return cls(
            lines,
            [by_letter[letter] for letter in fates],
            labels if isinstance(labels, list) else [labels] * len(lines),
            titles,
            ids,
            withs or [None] * len(lines),
            {place: Match(record, at) for place, record, at in matches},
            {place: tuple(names) for place, *names in marks},
        )


def pack(text: str) -> str:
    """Compressed, as text; the fastest grade, since a preview is looked at once or twice."""
    return base64.b64encode(zlib.compress(text.encode(), 1)).decode("ascii")


def unpack(text: str) -> str:
    return zlib.decompress(base64.b64decode(text)).decode()


class RowBook:
    """Collects the rows of one file as they are planned."""

    def __init__(self, kind: Kind) -> None:
        self._label: Label = LABELS[kind.name]
        self.columns = list_columns(kind)
        self._heads: list[Head] = []
        self._bodies: list[str] = []
        # Those who are named or told of beside, with what is said of them.
        self._named = Head()
        self._texts: list[str] = []
        self._places: dict[str, int] = {}

    def note(self, plan: Plan) -> None:
        """Take the rows of a plan, and whom they name or tell of beside."""
        told, records = plan.told, {row["props"]["id"]: row.get("record") for row in plan.rows}
        names, label = self.columns, self._label
        is_about = label not in MATCHED
        for start in range(0, len(told), ROWS_A_PAGE):
            rows = told[start : start + ROWS_A_PAGE]
            if plan.called:
                rows = [_call_by_name(row, plan.called) for row in rows]
            self._heads.append(
                Head(
                    [row.line for row in rows],
                    [row.fate for row in rows],
                    [label] * len(rows),
                    [find_title(label, row.cells) for row in rows],
                    [row.id for row in rows],
                    [records.get(row.id) if is_about else None for row in rows],
                )
            )
            texts = ["" if row.fate == "same" else write_body(names, row) for row in rows]
            self._bodies.append(pack(ROW.join(texts)))
        lines = {row.seq: row.line for row in told}
        for part in plan.beside.values():
            self._note_beside(part, lines)
        self._note_named(plan.missing, lines)

    def _note_beside(self, part: Plan, lines: Mapping[int, int]) -> None:
        for row in part.told:
            place = self._places.get(row.id)
            if place is None:
                self._places[row.id] = len(self._named.ids)
                title = find_title(part.label, row.cells) or row.cells.get("email", "")
                self._named.add(lines.get(row.seq), "beside", part.label, title, row.id, None)
                self._texts.append("")
            if row.fate != "same":
                self._texts[place if place is not None else -1] = write_body(COLUMNS[part.label], row)
        self._note_named(part.missing, lines)

    def _note_named(self, missing: Missing, lines: Mapping[int, int]) -> None:
        named = self._named
        for stub in missing.businesses.values():
            named.add(lines.get(stub["seq"]), "named", "BusinessRecord", stub["name"], stub["id"], None)
        for stub in missing.persons.values():
            props = stub["props"]
            title = props.get("name") or props.get("email") or props["key"]
            named.add(lines.get(props["seq"]), "named", "PersonRecord", title, props["id"], None)
        self._texts += [""] * (len(missing.businesses) + len(missing.persons))

    def finish(
        self, brought: Collection[str], *, known: Mapping[str, Match], reviewed: Collection[str]
    ) -> tuple[list[tuple[str, str]], dict[str, list[int]]]:
        """The pages (head, body), and for each tab how many rows of it each page has.

        `brought` are the records that count for this file; `known` the match of those that would be put together with
        one that is there; `reviewed` those that a person would have to look at.
        """
        marked: set[str] = set()
        heads, bodies = [*self._heads], [*self._bodies]
        for start in range(0, len(self._named.ids), ROWS_A_PAGE):
            heads.append(_slice(self._named, start, start + ROWS_A_PAGE))
            bodies.append(pack(ROW.join(self._texts[start : start + ROWS_A_PAGE])))
        for head in heads:
            for place, (id, about) in enumerate(zip(head.ids, head.withs, strict=True)):
                match = known.get(id) or (known.get(about) if about else None)
                if match:
                    head.matches[place] = match
                if id not in brought or id in marked:
                    continue
                marks = (*(("matched",) if id in known else ()), *(("review",) if id in reviewed else ()))
                if marks:
                    head.marks[place] = marks
                    marked.add(id)
        counts = {tab or "all": [len(head.list_places(tab)) for head in heads] for tab in ("", *FATES, *MARKS)}
        return [(head.pack(), body) for head, body in zip(heads, bodies, strict=True)], counts


def _call_by_name(row: Told, called: Mapping[str, str]) -> Told:
    """A row as people look at it: its business by its name."""
    before = row.before and call_by_name(row.before, called)
    return row._replace(cells=call_by_name(row.cells, called), before=before)


def _slice(head: Head, start: int, end: int) -> Head:
    lists = (head.lines, head.fates, head.labels, head.titles, head.ids, head.withs)
    return Head(*(column[start:end] for column in lists))  # type: ignore[arg-type]


def list_columns(kind: Kind) -> tuple[str, ...]:
    """The names under which a record of this kind keeps its cells."""
    names = (column.name for column in kind.known if column.name not in ("agency", "source_id"))
    return tuple(PROPERTY.get(name, name) for name in names)


# What is kept of those who are told of beside.
COLUMNS: Final[dict[Label, tuple[str, ...]]] = {
    LABELS[name]: list_columns(BY_NAME[name]) for name in ("businesses", "people")
}


def write_body(names: Sequence[str], row: Told) -> str:
    """What a row says, cell by cell in the order of the columns, and behind it what its record said before."""
    cells = row.cells
    text = CELL.join(map(cells.get, names, repeat("")))
    if row.before is not None:
        text += BEFORE + CELL.join(map(row.before.get, names, repeat("")))
    if len(text) > LONGEST_ROW:
        parts = (part.split(CELL) for part in text.split(BEFORE))
        text = BEFORE.join(CELL.join(shorten(cell, LONGEST_CELL) for cell in part) for part in parts)
    return text


def read_body(names: Sequence[str], text: str) -> tuple[dict[str, str], dict[str, str] | None]:
    """The reverse: what a row says, and what its record said before."""
    if not text:
        return {}, None
    after, has_before, before = text.partition(BEFORE)
    return _read_cells(names, after), _read_cells(names, before) if has_before else None


def _read_cells(names: Sequence[str], text: str) -> dict[str, str]:
    return {name: cell for name, cell in zip(names, text.split(CELL), strict=True) if cell}


@dataclass(frozen=True)
class Pages:
    """The pages of a previewed file: how many rows of each tab they have, and how to get heads and bodies by number."""

    columns: tuple[str, ...]
    counts: Mapping[str, Sequence[int]]
    read_heads: Callable[[Sequence[int]], dict[int, Head]]
    read_bodies: Callable[[Sequence[int]], dict[int, str]]

    def list_rows(
        self, tab: str, *, search: str = "", skip: int = 0, limit: int | None = None
    ) -> tuple[list[PreviewedRow], int]:
        """Some rows of a tab ("" for all rows of the file) in the order of the file, and how many there are.

        `search` is a part of what a row is known by, or a line's number.
        """
        if search:
            places = self._search(tab, search)
            wanted = places[skip:] if limit is None else places[skip : skip + limit]
            return self._read(wanted), len(places)
        counts = self.counts.get(tab or "all", ())
        wanted, total = self._find(tab, counts, skip, limit), sum(counts)
        return self._read(wanted), total

    def _find(self, tab: str, counts: Sequence[int], skip: int, limit: int | None) -> list[tuple[int, int]]:
        end = sum(counts) if limit is None else skip + limit
        passed, pages = 0, list[tuple[int, int]]()
        for page, count in enumerate(counts):
            if count and passed < end and passed + count > skip:
                pages.append((page, passed))
            passed += count
        heads = self.read_heads([page for page, _ in pages])
        found: list[tuple[int, int]] = []
        for page, before in pages:
            places = heads[page].list_places(tab)
            found += [(page, place) for place in places[max(0, skip - before) : max(0, end - before)]]
        return found

    def _search(self, tab: str, search: str) -> list[tuple[int, int]]:
        needle = search.casefold()
        pages = [page for page, count in enumerate(self.counts.get(tab or "all", ())) if count]
        found: list[tuple[int, int]] = []
        for page, head in sorted(self.read_heads(pages).items()):
            found += [
                (page, place)
                for place in head.list_places(tab)
                if needle in head.titles[place].casefold() or needle == str(head.lines[place])
            ]
        return found

    def _read(self, places: Iterable[tuple[int, int]]) -> list[PreviewedRow]:
        places = list(places)
        pages = sorted({page for page, _ in places})
        heads = self.read_heads(pages)
        bodies = {page: unpack(body).split(ROW) for page, body in self.read_bodies(pages).items()}
        rows: list[PreviewedRow] = []
        for page, place in places:
            head, body = heads[page], bodies[page]
            rows.append(
                PreviewedRow(
                    head.lines[place],
                    head.fates[place],
                    head.labels[place],
                    head.ids[place],
                    head.titles[place],
                    *read_body(
                        COLUMNS[head.labels[place]] if head.fates[place] in ASIDES else self.columns, body[place]
                    ),
                    head.withs[place],
                    head.matches.get(place),
                    head.marks.get(place, ()),
                )
            )
        return rows
