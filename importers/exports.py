"""Exports: the region's records as plain files, as their agencies said them; importing one back changes nothing."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crm.access import Viewer
from crm.errors import Refused
from crm.graph import agencies, agreements, records, tables
from crm.graph.agencies import name_key
from crm.graph.driver import Reader, Row
from crm.spreadsheets import write_csv
from importers.asserted import LABELS, PROPERTY
from importers.kinds import BY_NAME, Kind


def export_file(db: Reader, kind_name: str, path: Path, *, viewer: Viewer, system: str | None = None) -> int:
    """Write all records of a kind (or those of one source system) to a CSV file; returns how many.

    The file appears whole or not at all. Raises Refused for an unknown kind or a path that cannot be written.
    """
    kind = BY_NAME.get(kind_name)
    if kind is None:
        raise Refused(f'There is no kind of file "{kind_name}". The kinds are: {", ".join(BY_NAME)}.')
    draft = path.with_name(f".{path.name}.part")
    count = 0

    def counted() -> Iterator[list[str]]:
        nonlocal count
        for row in list_rows(db, kind, viewer=viewer, system=system):
            count += 1
            yield row

    try:
        with draft.open("wb") as file:
            for chunk in write_csv(list_columns(db, kind, viewer=viewer, system=system), counted()):
                file.write(chunk)
        draft.replace(path)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return count


def list_rows(db: Reader, kind: Kind, *, viewer: Viewer, system: str | None = None) -> Iterator[list[str]]:
    """The rows of a plain file of this kind, in the order of its columns."""
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}
    columns = list_columns(db, kind, viewer=viewer, system=system)
    spell = _spell_tables(db, viewer, names) if kind.through else {}
    # When those whom it binds have ended it is not in the row of an agreement that came with a file.
    ends = {row["id"]: row["ends_on"] for row in agreements.list_agreements(db)} if kind.name == "agreements" else {}
    for record in records.list_all(db, LABELS[kind.name], system=system, viewer=viewer):
        if record.get("cancelled_at"):
            continue
        if record.get("ended_on"):
            record["to"] = record["ended_on"]
        if record["agency_id"] and (spelt := spell.get((record["agency_id"], name_key(record.get("table", ""))))):
            record["table"] = spelt
        if record["id"] in ends:
            record["to"] = ends[record["id"]]
        yield [_cell(record, column, names) for column in columns]


def list_columns(db: Reader, kind: Kind, *, viewer: Viewer, system: str | None = None) -> list[str]:
    """The columns of a plain file of this kind: those of its format, and the places of agreements where one has any,
    because without them it would come back as one about more than was agreed."""
    columns = [column.name for column in kind.columns]
    if kind.name == "agreements":
        every = records.list_all(db, LABELS[kind.name], system=system, viewer=viewer)
        filled = {name for record in every for name in record}
        columns += [column.name for column in kind.beside if column.name in filled]
    return columns


def _spell_tables(db: Reader, viewer: Viewer, agency_names: dict[str, str]) -> dict[tuple[str, str], str]:
    """How a table is written, by (agency id, name key), where its bare name does not say which is meant: that of
    several agencies, or one that no row of a tables file tells of.
    """
    known = tables.list_names(db, viewer)
    bearers = Counter(name_key(table.name) for table in known)
    return {
        (table.agency_id, name_key(table.name)): f"{agency_names.get(table.agency_id, '')}:{table.name}"
        for table in known
        if table.is_stub or bearers[name_key(table.name)] > 1
    }


def _cell(record: Row, column: str, agency_names: dict[str, str]) -> str:
    if column == "agency":
        return agency_names.get(record["agency_id"], "")
    if column == "source_id":
        return record["key"]
    return record.get(PROPERTY.get(column, column)) or ""
