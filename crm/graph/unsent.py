"""What a source no longer sends: records that an agency's whole list lacks since some import.

Some systems send everything each time. What such a file lacks was taken out there, and nobody says why: it may be a
business that closed, or a duplicate that was mended. So nothing is deleted and nothing stops counting; a mark says
since which file the record is missing. The mark ends (`until`) with the import that sends the row again, and so each
import can be taken back: with its own marks, and with the ends that it put to others'.

A mark is a node of its own, because the record says what its agency said, and this nobody said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.records import Label
from crm.ids import mint


@dataclass(frozen=True)
class Mark:
    """Since when, and since which file, a record is no longer sent."""

    record_id: str
    on: str
    file: str


def list_sent_before(db: Reader, label: Label, *, agency_ids: Sequence[str], system: str) -> set[str]:
    """Ids of the records of these agencies and this system that have a row of their own, as far as they are still
    sent.
    """
    known: LiteralString = f"""
    MATCH (n:{label})
    WHERE n.system = $system AND n.agency_id IN $agency_ids AND n.stub IS NULL
    RETURN collect(n.id) AS ids
    """
    gone = """
    MATCH (u:Unsent {label: $label})
    WHERE u.system = $system AND u.agency_id IN $agency_ids AND u.until IS NULL
    RETURN collect(u.record_id) AS ids
    """
    of = {"agency_ids": list(agency_ids), "system": system}
    return set(db.read(known, **of)[0]["ids"]) - set(db.read(gone, label=label, **of)[0]["ids"])


ANY = """
MATCH (u:Unsent {label: $label})
WHERE u.system = $system AND u.until IS NULL
RETURN u.id AS id
LIMIT 1
"""


def has_open(db: Reader, label: Label, *, system: str) -> bool:
    """Whether anything of this system is no longer sent."""
    return bool(db.read(ANY, label=label, system=system))


OPEN = """
UNWIND $ids AS id
MATCH (u:Unsent {record_id: id})
WHERE u.until IS NULL
OPTIONAL MATCH (i:Import {id: u.import_id})
RETURN u.record_id AS record_id, u.on AS on, coalesce(i.file, '') AS file, u.id AS id
ORDER BY record_id, on DESC, id
"""


def find_open(db: Reader, record_ids: Sequence[str]) -> dict[str, Mark]:
    """record id -> its mark, of those of these records that are no longer sent."""
    rows = db.read(OPEN, ids=list(record_ids))
    return {row["record_id"]: Mark(row["record_id"], row["on"], row["file"]) for row in rows}


MARK = """
UNWIND $rows AS row
MERGE (u:Unsent {id: row.id})
ON CREATE SET u = row
"""


def mark(
    tx: Transaction, label: Label, found: Sequence[tuple[str, str]], *, system: str, import_id: str, on: str
) -> None:
    """Mark these (record id, agency id) as lacking in the file of this import, since this day. Repeated, it changes
    nothing.
    """
    rows = [
        {
            "id": mint("v", "unsent", import_id, record),
            "record_id": record,
            "label": label,
            "agency_id": agency,
            "system": system,
            "import_id": import_id,
            "on": on,
        }
        for record, agency in found
    ]
    tx.run(MARK, rows=rows)


def find_owners(db: Reader, label: Label, ids: Sequence[str]) -> list[tuple[str, str]]:
    """(record id, agency id) of these records."""
    query: LiteralString = f"""
    UNWIND $ids AS id
    MATCH (n:{label} {{id: id}})
    RETURN n.id AS id, n.agency_id AS agency
    ORDER BY id
    """
    return [(row["id"], row["agency"]) for row in db.read(query, ids=list(ids))]


END = """
UNWIND $ids AS id
MATCH (u:Unsent {record_id: id})
WHERE u.until IS NULL
SET u.until = $import_id
"""


def end(tx: Transaction, record_ids: Sequence[str], *, import_id: str) -> None:
    """These records are sent again, by this import."""
    tx.run(END, ids=list(record_ids), import_id=import_id)


COUNT = "MATCH (u:Unsent {import_id: $import_id}) RETURN count(u) AS count"
COUNT_ENDED = "MATCH (u:Unsent {until: $import_id}) RETURN count(u) AS count"
IDS = """
MATCH (u:Unsent {import_id: $import_id})
RETURN u.record_id AS id
ORDER BY id
SKIP $skip
LIMIT $limit
"""


def count_of_import(db: Reader, import_id: str) -> tuple[int, int]:
    """How many records the file of this import lacked first, and how many it sent again."""
    lacked, ended = db.read(COUNT, import_id=import_id), db.read(COUNT_ENDED, import_id=import_id)
    return lacked[0]["count"], ended[0]["count"]


def list_of_import(db: Reader, import_id: str, *, skip: int, limit: int) -> list[str]:
    """Ids of the records that the file of this import lacked first."""
    return [row["id"] for row in db.read(IDS, import_id=import_id, skip=skip, limit=limit)]


REOPEN = """
MATCH (u:Unsent {until: $import_id})
REMOVE u.until
"""

# A later whole list that lacks the record too is the one that it is missing from then, unless it came back before.
OF_IMPORT = """
MATCH (u:Unsent {import_id: $import_id})
OPTIONAL MATCH (e:Import {id: u.until})
RETURN u.id AS id, u.label AS label, u.agency_id AS agency_id, u.system AS system, e.no AS ended, u.until AS until,
       u.record_id AS record_id
ORDER BY id
"""
LATER_LISTS = """
MATCH (i:Import {is_whole: true})
WHERE i.no > $no AND i.system = $system AND i.kind = $kind AND i.stage = 'done'
RETURN i.id AS id, i.no AS no, i.whole_of AS agencies, i.started_at AS at
ORDER BY no, id
"""
DROP_OF_IMPORT = "MATCH (u:Unsent {import_id: $import_id}) DELETE u"
ADD = """
UNWIND $rows AS row
MERGE (u:Unsent {id: row.id})
SET u = row
"""


def take_back(db: Store, import_id: str, *, no: int, system: str, kind: str) -> None:
    """Take back what an import (its id, number, system and kind) said about what is no longer sent."""

    def work(tx: Transaction) -> None:
        rows = tx.run(OF_IMPORT, import_id=import_id)
        later = tx.run(LATER_LISTS, no=no, system=system, kind=kind) if rows else []
        handed = [one for row in rows if (one := _hand_over(row, later)) is not None]
        tx.run(DROP_OF_IMPORT, import_id=import_id)
        tx.run(ADD, rows=handed)
        tx.run(REOPEN, import_id=import_id)

    db.transact(work)


def _hand_over(row: Row, later: list[Row]) -> Row | None:
    heir = next(
        (
            list_
            for list_ in later
            if row["agency_id"] in (list_["agencies"] or ()) and (row["ended"] is None or list_["no"] < row["ended"])
        ),
        None,
    )
    if heir is None:
        return None
    made = {name: row[name] for name in ("record_id", "label", "agency_id", "system")}
    made |= {"id": mint("v", "unsent", heir["id"], row["record_id"]), "import_id": heir["id"], "on": heir["at"][:10]}
    return made | ({"until": row["until"]} if row["until"] else {})


SET_WHOLE = """
MATCH (i:Import {id: $id})
SET i.is_whole = true, i.whole_of = $agency_ids
"""
IS_WHOLE = "MATCH (i:Import {id: $id}) RETURN i.is_whole AS is_whole"


def note_whole(db: Store, import_id: str, *, agency_ids: Sequence[str]) -> None:
    """Remember that the file of this import was the whole list of these agencies, and that what it lacks is marked."""
    db.write(SET_WHOLE, id=import_id, agency_ids=list(agency_ids))


def is_noted(db: Reader, import_id: str) -> bool:
    """Whether that is done for this import."""
    rows = db.read(IS_WHOLE, id=import_id)
    return bool(rows and rows[0]["is_whole"])
