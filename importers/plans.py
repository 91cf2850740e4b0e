"""Plans: what one batch of checked rows would change in the graph, worked out before anything is written.

A dry run stops at the plan; a real run writes it in one transaction. So their counts cannot differ.
"""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from crm.graph import records, unsent
from crm.graph.agencies import name_key
from crm.graph.driver import Reader, Row
from crm.graph.records import Label, record_id
from crm.graph.repeats import Repeat
from crm.graph.tables import SYSTEM as OF_TABLES
from crm.graph.tables import table_id
from importers import renamed
from importers.asserted import (
    LABELS,
    NOTHING,
    PROPERTY,
    Asserted,
    column,
    hash_of_record,
    list_people_in,
    said_in,
    split_cell,
    version_of,
    write_row,
)
from importers.beside import LABELS as BESIDE
from importers.beside import Aside, Asides, Heard
from importers.check import Outcome, Refusal
from importers.keys import content_hash, row_key
from importers.kinds import BY_NAME, Kind
from importers.made import Made
from importers.map import Mapping as ColumnMap
from importers.parting import BUSINESSES, Parting
from importers.planned import Plan, Told
from importers.references import References, Unresolvable
from importers.repeated import born_of
from importers.rows import LeftOut
from importers.said_people import SaidPeople
from importers.verdicts import Value, to_cell
from importers.whole_lists import KINDS as WHOLE_KINDS
from importers.whole_lists import Sent

# Cells that name programs.
PROGRAM_CELLS: dict[Label, tuple[str, ...]] = {"Touchpoint": ("program",), "Referral": ("from_program", "to_program")}
# What tells one row from another where files have no ids: an end of a term that is said later is of the same seat.
KEYED_BY: dict[Label, tuple[str, ...]] = {
    "Seat": ("table", "business", "person", "from"),
    "Meeting": ("table", "date"),
}


@dataclass
class _Waiting:
    """A batch that has to wait for the one before it. What is planned of it is learnt, and is not heard once more:
    a name would mean what only later rows of the batch say. `businesses` is what it says of these, once planned."""

    plan: Plan
    asserted: list[Asserted]
    businesses: Heard | None = None


class Planner:
    """Makes the plans of one file, batch by batch. `import_no` orders this import among all."""

    def __init__(
        self,
        db: Reader,
        mapping: ColumnMap,
        references: References,
        *,
        system: str,
        import_id: str,
        import_no: int,
        made: Made | None = None,
    ) -> None:
        """`made` is what earlier files of a dry run would make; a real run leaves it out, for the graph shows it."""
        self._db = db
        self._mapping = mapping
        self._kind: Kind = mapping.kind
        self.label: Label = LABELS[mapping.kind.name]
        self._references = references
        self._system = system
        self._import_id = import_id
        self._base = import_no * records.ROWS_A_NUMBER
        self._keeps = made is not None
        self._made = Made() if made is None else made
        # What was sent is noted for whole lists only.
        self.sent: Sent | None = None
        self._said_again: set[str] = set()
        self._misses = unsent.has_open(db, self.label, system=system)
        self._parting = Parting(mapping, references)
        self._asides = Asides(mapping, references, system=system)
        self._said_people = SaidPeople(mapping)
        self._owners: dict[str, str] = {}  # agencies by how rows name them
        # What this run has written of agencies of which there was nothing before.
        self._written: set[str] = set()
        # Records that were counted as created or updated, of those of which rows of other kinds say something.
        self._changed: set[str] = set()
        self._is_beside = False
        self._waiting: _Waiting | None = None
        self._parts: dict[str, Planner] = {}
        for kind in self._parting.kinds:
            part = Planner(
                db,
                ColumnMap(BY_NAME[kind], (), ()),
                references,
                system=system,
                import_id=import_id,
                import_no=import_no,
                made=made,
            )
            part._is_beside = True
            self._parts[kind] = part

    def plan(self, offset: int, batch: Sequence[Outcome]) -> Plan:
        """The plan of a batch whose first row is the `offset`-th of the file (from 0)."""
        plan = self.plan_unless(offset, batch, set())
        assert plan is not None
        return plan

    def plan_unless(self, offset: int, batch: Sequence[Outcome], written: set[str]) -> Plan | None:
        """The same; None for a batch that says something of one of these records (ids), which are being written."""
        if not self._keeps:
            self._made.clear()
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            plan = Plan(self.label)
            waiting = _Waiting(plan, list(self._assert_rows(offset, batch, plan)))
        plan, asserted = waiting.plan, waiting.asserted
        if not written.isdisjoint(row.id for row in asserted):
            self._waiting = waiting
            return None
        if self._parts:
            meaning = self._plan_beside(asserted, plan, written, waiting)
            if meaning is None:
                self._waiting = waiting
                return None
            asserted = meaning
        plan.called = {
            row.beside["businesses.key"]: name for row in asserted if (name := row.beside.get("businesses.name"))
        }
        if self._misses:
            plan.again = sorted(unsent.find_open(self._db, [row.id for row in asserted]).keys() - self._said_again)
            self._said_again.update(plan.again if self._keeps else ())
        self._look_up(asserted)
        self._plan_rows(asserted, plan)
        plan.missing = self._references.take_missing()
        plan.refusals.sort(key=lambda refusal: refusal.line)
        return plan

    def pass_over(self, offset: int, batch: Sequence[Outcome]) -> None:
        """Hear what a batch says beside that an earlier run of this import has written."""
        if self._parts:
            plan = Plan(self.label)
            waiting = _Waiting(plan, list(self._assert_rows(offset, batch, plan)))
            self._plan_beside(waiting.asserted, None, set(), waiting)
            self._references.take_missing()

    def recall(self) -> None:
        """Before anything is passed over: names mean whom they meant before the first part of this import."""
        renamed.recall(self._references, self._db, self._import_id)

    def _plan_beside(
        self, asserted: Sequence[Asserted], plan: Plan | None, written: set[str], waiting: "_Waiting"
    ) -> list[Asserted] | None:
        """Plan what rows say beside; without a `plan` it is only remembered. The rows, with the business records that
        they mean; None if some of it is being written."""
        rows, refused = list(asserted), {row.seq for row in asserted if not self._can_be_spelt(row)}
        said: dict[str, Heard] = {}
        for kind in self._parts:
            taken = [row for row in rows if row.seq not in refused]
            if kind == BUSINESSES:
                heard = waiting.businesses or self._asides.hear_businesses(taken)
                rows = [row._replace(record=heard.meant[row.seq]) if row.seq in heard.meant else row for row in rows]
            else:
                heard = self._asides.hear_people(taken)
            if not written.isdisjoint(heard.asides):
                return None
            if plan and kind not in plan.beside:
                plan.beside[kind] = self._plan_part(kind, heard)
                waiting.businesses = heard if kind == BUSINESSES else waiting.businesses
            said[kind] = heard
        # Only now that the whole batch is planned: what is remembered as said is not written again.
        for kind, heard in said.items():
            known = self._asides.keep(kind, heard)
            if plan:
                part = plan.beside[kind]
                part.known, part.differing, part.unplaced = known, heard.differing, heard.unplaced
        return rows

    def _plan_part(self, kind: str, heard: Heard) -> Plan:
        part, plan = self._parts[kind], Plan(BESIDE[kind])
        if not part._keeps:
            part._made.clear()
        again = {id for id in heard.asides if self._asides.has_heard(kind, id)}
        rows = [_to_asserted(aside) for aside in heard.asides.values()]
        part._plan_rows(rows, plan, again=again)
        return plan

    def _can_be_spelt(self, row: Asserted) -> bool:
        """Whether the programs that a row names can be told: a row that is refused brings no business or person."""
        try:
            self._spell_out(row)
        except Unresolvable:
            return False
        return True

    def _plan_rows(self, asserted: Sequence[Asserted], plan: Plan, *, again: Set[str] = frozenset()) -> None:
        """Plan these rows; `again` are those of records of which an earlier batch has said something."""
        hashes = self._find_hashes(asserted)
        stored = self._read_changed(asserted, hashes)
        said = records.list_versions(self._db, list(stored)) if stored else {}
        if stored and not self._keeps:
            renamed.hold(self._references, self._db, self.label, asserted, stored)
        in_batch: dict[str, dict[str, Any]] = {}
        for row in asserted:
            is_again = row.id in again
            try:
                self._plan_row(row, plan, hashes=hashes, stored=stored, said=said, in_batch=in_batch, is_again=is_again)
            except Unresolvable as error:
                plan.refusals.append(self._refuse(row, error))
        plan.rows = list(in_batch.values())

    def _find_hashes(self, asserted: Sequence[Asserted]) -> dict[str, str]:
        """The content hashes of those of these records that are there."""
        has_none = partial(self._references.newcomers.has_none, self.label)
        new = {row.id for row in asserted if has_none(row.agency)}
        asked = [row.id for row in asserted if row.id not in new or row.id in self._written]
        self._written |= new
        return records.find_hashes(self._db, self.label, asked) if asked else {}

    def begin_noting(self) -> Sent:
        """From now on note what is sent, in what this returns."""
        self.sent = Sent(self.label, self._system)
        return self.sent

    def note_sent(self, batch: Iterable[Outcome]) -> None:
        """Note the rows of a batch as sent, and plan nothing."""
        for _ in self._assert_rows(0, batch, Plan(self.label)):
            pass
        self._references.take_missing()

    def _note_refused(self, row: Refusal) -> None:
        """A row that cannot be taken was sent all the same, if it can be told which it is."""
        name, key = row.said
        agency = self._references.find_agency(name or self._mapping.agency or "") if key else None
        if agency is not None and self.sent and self._mapping.kind.name in WHOLE_KINDS:
            self.sent.records.add(record_id(self.label, agency, self._system, key))

    def _assert_rows(self, offset: int, batch: Iterable[Outcome], plan: Plan) -> Iterable[Asserted]:
        owned = list(self._find_owners(batch, plan))
        if self._parts:
            self._references.look_up_businesses(
                (agency, to_cell(values.get("business"))) for *_, agency, values in owned
            )
        says_people = bool(self._said_people)
        for place, line, agency, values in owned:
            own, beside = self._parting.part(agency, values) if self._parts else (values, NOTHING)
            if says_people:
                own = self._said_people.put_in(own)
            key = self._key(own)
            id = self._id(agency, key, own)
            if self.sent:
                self.sent.records.add(id)
                self.sent.agencies.add(agency)
            yield Asserted(line, id, agency, key, self._base + offset + place, own, _to_cells(own), beside)

    def _find_owners(self, batch: Iterable[Outcome], plan: Plan) -> Iterable[tuple[int, int, str, dict[str, Value]]]:
        """(place in the batch, line, agency id, values) of each row whose agency can be told."""
        for place, row in enumerate(batch):
            if isinstance(row, Refusal):
                plan.refusals.append(row)
                self._note_refused(row)
                continue
            if isinstance(row, LeftOut):
                plan.left_out.append(row)
                continue
            values = row.values
            agency = ""
            if self._kind.through:
                cell = str(values[self._kind.through])
                try:
                    agency, name = self._references.table(cell, said_for=self._mapping.agency)
                except Unresolvable as error:
                    header = self._header_of(self._kind.through)
                    plan.refusals.append(Refusal(row.line, header, cell, error.reason, error.fix))
                    continue
                values = {**values, self._kind.through: name}
            if self._kind.takes_agency:
                name = str(values.get("agency") or self._mapping.agency)
                try:
                    agency = self._owners.get(name) or self._references.row_agency(name)
                    self._owners[name] = agency
                except Unresolvable as error:
                    header = self._header_of("agency")
                    plan.refusals.append(Refusal(row.line, header, name, error.reason, error.fix))
                    continue
            yield place, row.line, agency, values

    def _key(self, values: dict[str, Value]) -> str:
        if self.label in KEYED_BY:
            return " | ".join(name_key(to_cell(values.get(name))) for name in KEYED_BY[self.label])
        key = row_key(self._kind, values)
        if self.label in ("Program", "Agreement", "Table"):
            return name_key(key)
        if self.label == "Sector":
            return f"{name_key(key)} {values.get('version') or ''}".strip()
        return key

    def _id(self, agency: str, key: str, values: dict[str, Value]) -> str:
        if self.label == "Program":
            return self._references.own_program(agency, str(values["program"]))
        if self.label == "Table":
            return table_id(agency, str(values["table"]))
        if self.label in KEYED_BY:
            return record_id(self.label, agency, OF_TABLES, key)
        return record_id(self.label, agency, self._system, key)

    def _look_up(self, asserted: Sequence[Asserted]) -> None:
        if self._kind.column("business"):
            self._references.look_up_businesses((row.agency, row.cells.get("business", "")) for row in asserted)
        if self.label in ("Touchpoint", "Seat"):
            find = self._references.find_business
            self._references.look_up_persons(
                (row.agency, cell, find(row.cells.get("business", ""), agency=row.agency))
                for row in asserted
                for cell in list_people_in(self.label, row.cells)
            )

    def _read_changed(self, asserted: Sequence[Asserted], hashes: dict[str, str]) -> dict[str, Row]:
        changed = [
            row.id for row in asserted if row.id in hashes and row.id not in self._made and hashes[row.id] != row.hash
        ]
        return records.find_records(self._db, self.label, changed) if changed else {}

    def _plan_row(
        self,
        row: Asserted,
        plan: Plan,
        *,
        hashes: dict[str, str],
        stored: dict[str, Row],
        said: dict[str, list[Row]],
        in_batch: dict[str, dict[str, Any]],
        is_again: bool,
    ) -> None:
        made = self._made.get(row.id)
        if made is None and row.id in hashes and hashes[row.id] == row.hash:
            self._repeat(row, plan, is_again=is_again)
            return
        row = self._spell_out(row) if self.label in PROGRAM_CELLS else row
        before = made
        if before is None and row.id in stored:
            before = said_in(self.label, stored[row.id])
        cells = {name: text for name, text in row.cells.items() if text}
        if before is not None:
            # Columns that this file does not have stay as an earlier file said.
            cells = {name: text for name, text in before.items() if name not in row.cells} | cells
            if cells == before:
                self._repeat(row, plan, is_again=is_again, hash=row.hash)
                return
        born = in_batch[row.id]["props"]["seq"] if row.id in in_batch else stored.get(row.id, {}).get("seq")
        versions = None
        if before is not None:
            versions = self._list_versions(row, plan.versions.get(row.id), stored.get(row.id), said.get(row.id))
        written = write_row(
            self._references,
            self.label,
            row,
            cells,
            system=self._system,
            import_id=self._import_id,
            hash=self._tell_hash(row, cells, versions),
        )
        if before is not None and born is not None:
            written["props"]["seq"] = born
        elif row.born is not None:
            written["props"]["seq"] = row.born
        in_batch[row.id] = written
        plan.told.append(Told(row.line, "new" if before is None else "changed", row.id, row.seq, before, cells))
        if before is not None and row.id in hashes:
            plan.updated_ids.append(row.id)
        if versions:
            plan.versions[row.id] = versions
        self._count(row.id, plan, is_new=before is None, is_again=is_again, stored=stored.get(row.id, {}))
        # Kept for the batch at least, so that a row said twice in one file is told from its first saying.
        self._made.put(row.id, cells)

    def _repeat(self, row: Asserted, plan: Plan, *, is_again: bool, hash: str = "") -> None:
        """A row that says nothing new."""
        plan.unchanged += not is_again
        plan.told.append(Told(row.line, "same", row.id, row.seq, None, row.cells))
        if not self._keeps and row.id not in self._made:
            plan.repeats.append(Repeat(row.id, row.seq, tuple(row.cells), hash))

    def _tell_hash(self, row: Asserted, cells: Mapping[str, str], versions: Sequence[Row] | None) -> str | None:
        """What the graph keeps as the record's hash; nothing in a dry run, which keeps nothing."""
        if self._keeps:
            return ""
        if versions:
            return hash_of_record(versions[-1]["hash"], cells, json.loads(versions[-1]["cells"]))
        return content_hash(cells) if self._is_beside else row.hash

    def _count(self, id: str, plan: Plan, *, is_new: bool, is_again: bool, stored: Row) -> None:
        """Count a row that is written; what rows say beside is counted once a record, whatever later batches add."""
        if is_again:
            if id in self._changed or stored.get("import_id") == self._import_id:
                return
            plan.unchanged -= 1  # So it was counted.
        if self._is_beside:
            self._changed.add(id)
        if is_new:
            plan.created += 1
        else:
            plan.updated += 1

    def _spell_out(self, row: Asserted) -> Asserted:
        spelt: dict[str, str] = {}
        for name in PROGRAM_CELLS.get(self.label, ()):
            with column(name):
                parts = (self._references.spell_out(cell, agency=row.agency) for cell in split_cell(row.cells[name]))
                spelt[name] = ";".join(parts)
        return row._replace(cells=row.cells | spelt) if spelt else row

    def _list_versions(
        self, row: Asserted, planned: list[Row] | None, stored: Row | None, earlier: list[Row] | None
    ) -> list[Row] | None:
        """What was said of a record (its versions as they are `planned`, else `earlier`, else the one that is stored)
        with what is said now, for an undo; None for a record that is not there yet."""
        versions = planned
        if versions is None and stored is not None:
            versions = earlier or [version_of(self.label, stored)]
        if versions is None:
            return None
        cells, born = row.cells, row.seq if row.born is None else row.born
        for version in versions:
            if version["import_id"] == self._import_id:
                born = born_of(version)
                # Rows of one file each add to what the others say of a record beside.
                cells = json.loads(version["cells"]) | cells if self._is_beside else cells
        said = json.dumps(cells, ensure_ascii=False, sort_keys=True)
        hash = "" if self._keeps else content_hash(cells) if self._is_beside else row.hash
        new = {"import_id": self._import_id, "seq": row.seq, "born": born, "hash": hash, "cells": said}
        # One import says a record once: its last word counts.
        return [version for version in versions if version["import_id"] != self._import_id] + [new]

    def _refuse(self, row: Asserted, error: Unresolvable) -> Refusal:
        value = row.cells.get(error.column or "", "")
        return Refusal(row.line, self._header_of(error.column), value, error.reason, error.fix)

    def _header_of(self, column: str | None) -> str | None:
        return next((f.header for f in self._mapping.fields if f.column.name == column), column)


def _to_cells(own: Mapping[str, Value]) -> dict[str, str]:
    """What a row says, by the properties of its record."""
    texts = [value if type(value) is str else "" if value is None else to_cell(value) for value in own.values()]
    cells = dict(zip(_list_properties(tuple(own)), texts, strict=True))
    cells.pop("agency", None)
    cells.pop("source_id", None)
    return cells


@lru_cache(1_000)
def _list_properties(names: tuple[str, ...]) -> list[str]:
    return [PROPERTY.get(name, name) for name in names]


def _to_asserted(aside: Aside) -> Asserted:
    said = aside.cells
    row = Asserted(aside.line, aside.id, aside.agency, aside.key, aside.seq, said, said, record=aside.record)
    return row._replace(born=aside.born) if aside.born != aside.seq else row
