"""Asserted rows: what a row says, with its identity, and the record of the graph that it becomes.

A record keeps the cells word for word, beside what follows from them (`DERIVED`) and the ids of what they refer to.
"""

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from crm.graph.agencies import name_key
from crm.graph.business_records import name_ref_of, ref_of
from crm.graph.driver import Row
from crm.graph.records import Label, cells_of
from crm.graph.touchpoints import mark_due
from importers.keys import content_hash
from importers.references import References, Unresolvable
from importers.verdicts import Value

LABELS: dict[str, Label] = {
    "programs": "Program",
    "businesses": "BusinessRecord",
    "people": "PersonRecord",
    "touchpoints": "Touchpoint",
    "referrals": "Referral",
    "agreements": "Agreement",
    "tables": "Table",
    "seats": "Seat",
    "meetings": "Meeting",
    "sectors": "Sector",
}
# Columns that are kept under another name: every record has a `system`, the one that it came from.
PROPERTY = {"system": "agency_system"}
# Kinds whose records are matched with other agencies' records.
MATCHED = frozenset(("BusinessRecord", "PersonRecord"))


NOTHING: Mapping[str, str] = MappingProxyType({})


class Asserted(NamedTuple):
    """A row with its identity: what it says, column by column, as text; "" for a cell that is there and blank."""

    line: int
    id: str
    agency: str
    key: str
    seq: int
    # What its hash is of.
    values: Mapping[str, Value]
    cells: dict[str, str]
    # What it says of the business or person beside; never changed.
    beside: Mapping[str, str] = NOTHING
    # The business record that it is about, where that is known already.
    record: str | None = None
    # Its place among all rows where it is put together from several, of which the first is this; else it is `seq`.
    born: int | None = None

    @property
    def hash(self) -> str:
        """The same for rows that say the same. Computed when it is asked for: a row that is new needs none to be
        planned."""
        return content_hash(self.values)


def write_row(
    references: References,
    label: Label,
    row: Asserted,
    cells: Mapping[str, str],
    *,
    system: str,
    import_id: str,
    hash: str | None,
) -> dict[str, Any]:
    """A row as it is written: `props`, and the ids of what its cells refer to. Raises Unresolvable."""
    props: dict[str, Any] = {
        **cells,
        "id": row.id,
        "agency_id": row.agency,
        "system": system,
        "key": row.key,
        "seq": row.seq,
        "said": row.seq,
        "hash": hash,
        "import_id": import_id,
    }
    if label in MATCHED:
        props["ref"] = ref_of(row.agency, row.key)
    return WRITERS[label](references, row, props)


# Properties of a record that follow from its cells and from what they refer to.
DERIVED: dict[Label, frozenset[str]] = {
    "PersonRecord": frozenset(("email_key",)),
    "Agreement": frozenset(("covers",)),
    "Program": frozenset(("name", "name_key")),
    "Table": frozenset(("name", "name_key")),
    "Touchpoint": frozenset(("joint_plan", "plan", "promise_open")),
}


def said_in(label: Label, record: Mapping[str, Any]) -> dict[str, str]:
    """What a stored record says: its cells without what was derived from them."""
    derived = DERIVED.get(label, frozenset())
    return {name: text for name, text in cells_of(record).items() if name not in derived}


def version_of(label: Label, record: Row) -> Row:
    """What a record with a single version said, as that version."""
    return {
        "import_id": record.get("import_id"),
        "seq": record["said"],
        "born": record["seq"],
        "hash": record.get("hash"),
        "cells": json.dumps(said_in(label, record), ensure_ascii=False, sort_keys=True),
    }


# Stands behind the hash of a record that says more than the row that was read last.
MORE = "+"


def hash_of_record(hash: str | None, cells: Mapping[str, str], said: Mapping[str, str]) -> str | None:
    """The hash of a record that says `cells`, where the last version of it, with this hash, `said` so much.

    Blank is the same as absent in a hash. So a record that kept cells of columns which the last file lacked has another
    one than the row of a file that has these columns and leaves them blank: that row changes it.
    """
    kept = any(name not in said for name in cells)
    return f"{hash}{MORE}" if hash and kept else hash


def split_cell(cell: str) -> list[str]:
    """The several values of a cell."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def list_people_in(label: Label, cells: Mapping[str, str]) -> list[str]:
    """The cells of a contact's or seat's row that each name a person."""
    return [cells["person"]] if label == "Seat" else split_cell(cells.get("person", ""))


def _write_program(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    name = " ".join(props["program"].split())
    return {"props": props | {"name": name, "name_key": name_key(name)}}


def _write_business(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    props["name_ref"] = name_ref_of(row.agency, props["name"])
    refs.learn_business(id=row.id, ref=props["ref"], name_ref=props["name_ref"])
    return {"props": props}


def _write_person(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    business = props.get("business")
    record = (row.record or refs.business(business, agency=row.agency, seq=row.seq)) if business else None
    name = props.get("name") or " ".join(filter(None, (props.get("first_name"), props.get("last_name"))))
    email = props.get("email", "") if "@" in props.get("email", "") else ""
    refs.learn_person(id=row.id, agency=row.agency, key=row.key, name=name, email=email, record=record)
    derived = {"name_ref": name_ref_of(row.agency, name)} if name else {}
    derived |= {"email_key": email.casefold()} if email else {}
    return {"props": props | derived, "record": record}


def _write_touchpoint(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    with column("program"):
        programs = [refs.program(cell, agency=row.agency) for cell in split_cell(props["program"])]
    record = row.record or refs.business(props["business"], agency=row.agency, seq=row.seq)
    with column("person"):
        people = split_cell(props.get("person", ""))
        persons = [refs.person(cell, agency=row.agency, record=record, seq=row.seq) for cell in people]
    staff = [refs.staff(cell, agency=row.agency) for cell in split_cell(props.get("staff", ""))]
    unique = {"programs": programs, "persons": persons, "staff": staff}
    return {"props": props | mark_due(props, today=date.today().isoformat()), "record": record} | {
        name: list(dict.fromkeys(ids)) for name, ids in unique.items()
    }


def _write_referral(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    with column("from_program"):
        source = refs.program(props["from_program"], agency=row.agency)
    with column("to_program"):
        target = refs.program(props["to_program"], agency=row.agency)
    record = row.record or refs.business(props["business"], agency=row.agency, seq=row.seq)
    return {"props": props, "record": record, "from_program": source, "to_program": target}


def _write_agreement(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    agencies = [refs.agency(name) for name in split_cell(props["agencies"])]
    covers: list[str] = []
    for cell in split_cell(props.get("businesses", "")):
        owner, _, key = cell.partition(":")
        covers.append(ref_of(refs.agency(owner.strip()), key.strip()))
    return {"props": props | {"covers": covers}, "agencies": agencies}


def _write_table(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    name = " ".join(props["table"].split())
    refs.learn_table(row.agency, name)
    return {"props": props | {"name": name, "name_key": name_key(name)}}


def _write_seat(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    table = refs.own_table(row.agency, props["table"])
    with column("business"):
        record = refs.seated_business(props["business"], agency=row.agency, seq=row.seq, known=row.record)
    with column("person"):
        person = refs.person(props["person"], agency=row.agency, record=record, seq=row.seq)
    return {"props": props, "table": table, "record": record, "person": person}


def _write_meeting(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    return {"props": props, "table": refs.own_table(row.agency, props["table"])}


def _write_sector(refs: References, row: Asserted, props: dict[str, Any]) -> dict[str, Any]:
    return {"props": props}


WRITERS: dict[Label, Callable[[References, Asserted, dict[str, Any]], dict[str, Any]]] = {
    "Program": _write_program,
    "BusinessRecord": _write_business,
    "PersonRecord": _write_person,
    "Touchpoint": _write_touchpoint,
    "Referral": _write_referral,
    "Agreement": _write_agreement,
    "Table": _write_table,
    "Seat": _write_seat,
    "Meeting": _write_meeting,
    "Sector": _write_sector,
}


@contextmanager
def column(name: str) -> Generator[None]:
    """Let an Unresolvable that is raised within say which column's cell it is about."""
    try:
        yield
    except Unresolvable as error:
        error.column = name
        raise
