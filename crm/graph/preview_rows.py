"""What a preview says of the rows of an uploaded file, kept under the file's id until the file goes."""

import json
from collections.abc import Sequence
from typing import Any

from crm.graph.driver import Reader, Row, Store
from crm.ids import mint
from crm.json_values import to_short_json

ROWS_A_PAGE = 1_000
ADD_REFUSALS = """
MERGE (r:RefusalList {id: $id})
SET r.import_id = $file_id, r.n = $n, r.refusals = $refusals, r.left_out = $left_out
"""
DROP_REFUSALS = "MATCH (r:RefusalList {import_id: $file_id}) DELETE r"


def put_refusals(db: Store, file: str, refusals: list[Row], left_out: list[Row]) -> None:
    """Keep the rows that a preview refuses or leaves out, as those of an import are kept, under the file's id."""
    db.write(DROP_REFUSALS, file_id=file)
    for n, at in enumerate(range(0, max(len(refusals), len(left_out)), ROWS_A_PAGE)):
        page = {
            "refusals": to_short_json(refusals[at : at + ROWS_A_PAGE]),
            "left_out": to_short_json(left_out[at : at + ROWS_A_PAGE]),
        }
        db.write(ADD_REFUSALS, id=mint("x", file, str(n)), file_id=file, n=n, **page)


PUT_PAGES = """
UNWIND $pages AS page
MERGE (p:PreviewPage {id: page.id})
SET p.file_id = $file_id, p.n = page.n, p.head = page.head, p.body = page.body
"""
PAGES_AT_ONCE = 20
DROP_PAGES = "MATCH (p:PreviewPage {file_id: $file_id}) DELETE p"
HEADS = """
UNWIND $ids AS id
MATCH (p:PreviewPage {id: id})
RETURN p.n AS n, p.head AS part
ORDER BY n
"""
BODIES = """
UNWIND $ids AS id
MATCH (p:PreviewPage {id: id})
RETURN p.n AS n, p.body AS part
ORDER BY n
"""


def put_rows(db: Store, file: str, pages: list[tuple[str, str]]) -> None:
    """Keep what a preview says of each row of a file (id), in pages of a head and a body."""
    db.write(DROP_PAGES, file_id=file)
    _put_pages(db, file, [(n, head, body) for n, (head, body) in enumerate(pages)])


def _put_pages(db: Store, file: str, pages: list[tuple[int, str, str]]) -> None:
    for at in range(0, len(pages), PAGES_AT_ONCE):
        some = [
            {"id": _page_id(file, n), "n": n, "head": head, "body": body}
            for n, head, body in pages[at : at + PAGES_AT_ONCE]
        ]
        db.write(PUT_PAGES, file_id=file, pages=some)


def read_heads(db: Reader, file: str, numbers: Sequence[int]) -> dict[int, str]:
    """Number -> head of these pages."""
    rows = db.read(HEADS, ids=[_page_id(file, n) for n in numbers]) if numbers else []
    return {row["n"]: row["part"] for row in rows}


def read_bodies(db: Reader, file: str, numbers: Sequence[int]) -> dict[int, str]:
    """Number -> body of these pages."""
    rows = db.read(BODIES, ids=[_page_id(file, n) for n in numbers]) if numbers else []
    return {row["n"]: row["part"] for row in rows}


def put_remarked(db: Store, file: str, cells: Sequence[Sequence[Any]]) -> None:
    """Keep the cells that are taken with a remark: line, heading, cell, remark. They go when rows are put again."""
    pages = [to_short_json(cells[at : at + ROWS_A_PAGE]) for at in range(0, len(cells), ROWS_A_PAGE)]
    # Behind the pages of rows, which count from 0 upwards.
    _put_pages(db, file, [(-n, page, "") for n, page in enumerate(pages, 1)])


def read_remarked(db: Reader, file: str, *, count: int) -> list[list[Any]]:
    """The first `count` of these cells."""
    heads = read_heads(db, file, [-n for n in range(1, -(-count // ROWS_A_PAGE) + 1)])
    return [cell for n in sorted(heads, reverse=True) for cell in json.loads(heads[n])]


def _page_id(file: str, n: int) -> str:
    return mint("w", file, str(n))


LACKING = """
MATCH (r:RefusalList {import_id: $owner})
WHERE r.n >= $first AND r.n <= $last
RETURN r.n AS n, r.refusals AS ids, r.id AS id
ORDER BY n, id
"""
LACKING_A_PAGE = 1_000


def put_lacking(db: Store, file: str, ids: list[str]) -> None:
    """Keep which records a file (id) that is a whole list lacks, beside the rows that its preview refuses."""
    owner = f"{file} lacks"
    db.write(DROP_REFUSALS, file_id=owner)
    for n, at in enumerate(range(0, len(ids), LACKING_A_PAGE)):
        page = to_short_json(ids[at : at + LACKING_A_PAGE])
        db.write(ADD_REFUSALS, id=mint("x", owner, str(n)), file_id=owner, n=n, refusals=page, left_out=None)


def list_lacking(db: Reader, file: str, *, skip: int, limit: int) -> list[str]:
    """Ids of some of these records."""
    first = skip // LACKING_A_PAGE
    rows = db.read(LACKING, owner=f"{file} lacks", first=first, last=(skip + limit) // LACKING_A_PAGE)
    ids = [id for row in rows for id in json.loads(row["ids"])]
    return ids[skip - first * LACKING_A_PAGE :][:limit]


def drop_preview_rows(db: Store, file: str) -> None:
    """Forget what the preview of a file (id) said of its rows."""
    db.write(DROP_REFUSALS, file_id=file)
    db.write(DROP_REFUSALS, file_id=f"{file} lacks")
    db.write(DROP_PAGES, file_id=file)
