"""Records of the graph, and what people have decided of them, as the matcher takes them."""

from typing import Any

from crm.batches import in_batches
from crm.dedupe.records import BusinessRow, Judgement, PersonRow, Verdict
from crm.graph import business_records, judgements, person_records
from crm.graph.driver import Reader, Row
from crm.graph.stale import Kind

# Two sites of one firm are two sites, as are two of two firms: what joins or parts firms is `roll_up`. Who has moved is
# still the same.
TAKEN_AS: dict[str, Verdict] = {
    "same": "same", "moved": "same", "firm": "different", "two_firms": "different", "different": "different",
    "unsure": "unsure",
}  # fmt: skip
# Records that are read at a time: few enough that nobody holds many of them twice.
READ_AT_ONCE = 5_000


def list_ids(db: Reader, kind: Kind) -> list[str]:
    """The id of every record of a kind."""
    return business_records.list_ids(db) if kind == "business" else person_records.list_ids(db)


def list_rows(db: Reader, kind: Kind) -> list[BusinessRow] | list[PersonRow]:
    """Every record of a kind as the matcher takes it."""
    return list_some_rows(db, kind, list_ids(db, kind))


def list_said(db: Reader, kind: Kind) -> list[Judgement]:
    """What people have decided, as the matcher takes it."""
    return [
        Judgement(min(row["left"], row["right"]), max(row["left"], row["right"]), TAKEN_AS[row["verdict"]])
        for row in judgements.list_in_force(db, kind)
    ]


def list_some_rows(db: Reader, kind: Kind, ids: list[str]) -> list[BusinessRow] | list[PersonRow]:
    """Those of these records that are there, as the matcher takes them."""
    rows: list[Any] = []
    for batch in in_batches(ids, READ_AT_ONCE):
        rows += to_rows(kind, read_records(db, kind, batch))
    return rows


def read_records(db: Reader, kind: Kind, ids: list[str]) -> list[Row]:
    """What things are matched by and computed from, of those of these records that are there."""
    return business_records.list_said(db, ids) if kind == "business" else person_records.list_said(db, ids)


def to_rows(kind: Kind, records: list[Row]) -> list[BusinessRow] | list[PersonRow]:
    """Records as the matcher takes them."""
    if kind == "business":
        return [to_business_row(record) for record in records]
    return [to_person_row(record, record["business"]) for record in records]


BUSINESS_CELLS = (
    "name", "legal_name", "street", "city", "state", "zip", "phone", "website", "email", "ein", "naics", "parent",
    "closed_on",
)  # fmt: skip
PERSON_CELLS = ("first_name", "last_name", "name", "title", "email", "phone", "mobile")


def to_business_row(record: Row) -> BusinessRow:
    cells = {name: record[name] for name in BUSINESS_CELLS if record.get(name)}
    return BusinessRow(uid=record["id"], seq=record["seq"], agency=record["agency_id"], **cells)


def to_person_row(record: Row, business: str | None) -> PersonRow:
    """A person's record, who works at this business (id)."""
    cells = {name: record[name] for name in PERSON_CELLS if record.get(name)}
    businesses = (business,) if business else ()
    return PersonRow(uid=record["id"], seq=record["seq"], agency=record["agency_id"], businesses=businesses, **cells)
