"""Renamed: a cell that calls somebody by a name or an e-mail means whom it meant before the file, wherever it stands.

The rows of one file may give a business or a person another name while others of its rows call them by the old one.
What is there already is asked for before a batch changes it, so that it is all the same whether the change is written
when such a row is read; after a cut it is recalled from what was said before.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.graph import person_records, records, resolution
from crm.graph.business_records import name_ref_of
from crm.graph.driver import Reader, Row
from crm.graph.records import Label
from importers.references import References
from importers.repeated import fold

PARTS = ("name", "first_name", "last_name", "business")


def call(cells: Mapping[str, Any]) -> str:
    """The name of a business or person by its cells; "" for one that has none."""
    parts = (cells.get("first_name"), cells.get("last_name"))
    return cells.get("name") or " ".join(part for part in parts if part)


def hold(references: References, db: Reader, label: Label, rows: Sequence[Any], stored: Mapping[str, Row]) -> None:
    """Ask for all whom names and e-mails mean that these rows (`asserted.Asserted`) give to records that are `stored`,
    and for those whom their old ones do."""
    pairs = [(row, stored[row.id]) for row in rows if row.id in stored]
    if label == "BusinessRecord":
        changed = [(row, old) for row, old in pairs if row.cells.get("name") != old.get("name")]
        references.look_up_businesses((row.agency, call(of)) for row, old in changed for of in (row.cells, old))
    elif label == "PersonRecord":
        emails = [(row, old) for row, old in pairs if _says_other(row, old, ("email",))]
        _look_up_emails(
            references, ((row.agency, of.get("email", "")) for row, old in emails for of in (row.cells, old))
        )
        named = [(row, call(old)) for row, old in pairs if _says_other(row, old, PARTS)]
        at = person_records.list_business_records(db, [row.id for row, _ in named])
        agency = next(((row.agency, name) for row, name in named if name), None)
        if agency:
            references.look_up_persons((*agency, record) for record in at)


def recall(references: References, db: Reader, import_id: str) -> None:
    """Let names and e-mails mean whom they meant before this import, some of which is written."""
    overwritten = records.list_overwritten_of_import(db, import_id)
    for label in ("BusinessRecord", "PersonRecord"):
        ids = [id for of, id in overwritten if of == label]
        stored = records.find_records(db, label, ids)
        before = {id: _fold_before(of, import_id) for id, of in records.list_versions(db, ids).items()}
        known = [(stored[id], cells) for id, cells in before.items() if id in stored]
        if label == "BusinessRecord":
            resolved = resolution.find_resolved(db, "business", ids)
            references.look_up_businesses((record["agency_id"], call(cells)) for record, cells in known)
            for record, cells in known:
                name_ref = name_ref_of(record["agency_id"], call(cells))
                references.recall_business(record["id"], name_ref, resolved.get(record["id"]))
            continue
        references.look_up_businesses((record["agency_id"], cells.get("business", "")) for record, cells in known)
        _look_up_emails(references, ((record["agency_id"], cells.get("email", "")) for record, cells in known))
        for record, cells in known:
            agency, business = record["agency_id"], cells.get("business", "")
            at = references.find_business(business, agency=agency) if business else None
            references.look_up_persons([(agency, call(cells), at)] if at else [])
            references.recall_person(record["id"], agency, name=call(cells), email=cells.get("email", ""), record=at)


def _says_other(row: Any, old: Row, names: Iterable[str]) -> bool:
    return any(name in row.cells and row.cells[name] != old.get(name, "") for name in names)


def _look_up_emails(references: References, emails: Iterable[tuple[str, str]]) -> None:
    references.look_up_persons((agency, email, None) for agency, email in emails if "@" in email)


def _fold_before(versions: Sequence[Row], import_id: str) -> dict[str, str]:
    own = next((n for n, version in enumerate(versions) if version["import_id"] == import_id), len(versions))
    return fold(versions[:own])
