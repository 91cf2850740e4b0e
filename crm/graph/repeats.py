"""Repeats: what an import sent again that was said already.

Such a row changes nothing, and yet somebody said it: it has to stay when the import goes that said it first. So each
batch of an import notes which records its rows repeated, and in which columns. What they said there is what the record
said at the time, which its versions tell (see `records`); `importers.repeated` makes versions of it when it is needed.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple

from crm.graph.driver import Reader, Transaction
from crm.graph.records import Label
from crm.ids import mint


class Repeat(NamedTuple):
    """A row that said nothing new of a record, in these columns; `seq` is its place among all rows of all imports.

    `hash` is the row's where it is another than that of the record's last version.
    """

    id: str
    seq: int
    columns: tuple[str, ...]
    hash: str = ""


class Repeated(NamedTuple):
    """The same, with the import whose row it is."""

    import_id: str
    repeat: Repeat


# One node for each batch: one for each row would take many times longer to write.
ADD: Final = """
MERGE (p:Repeats {id: $id})
SET p.import_id = $import_id, p.label = $label, p.n = $n, p.rows = $rows
"""

LATER: Final = """
MATCH (own:Import {id: $import_id})
MATCH (i:Import)
WHERE i.no > own.no AND i.system = own.system AND i.stage <> 'undone'
MATCH (p:Repeats {import_id: i.id})
"""
OF_LABEL: Final = """
WHERE p.label = $label
RETURN p.id AS id, i.no AS no, p.n AS n
ORDER BY no, n, id
"""
READ: Final = "MATCH (p:Repeats {id: $id}) RETURN p.import_id AS import_id, p.rows AS rows"

DROP: Final = "MATCH (p:Repeats {import_id: $import_id}) DELETE p"


def add(tx: Transaction, import_id: str, label: Label, repeats: Sequence[Repeat], *, n: int) -> None:
    """Note what the batch of this import that begins with its `n`-th row repeated."""
    if not repeats:
        return
    columns = {columns: place for place, columns in enumerate(dict.fromkeys(repeat.columns for repeat in repeats))}
    rows = [(repeat.id, repeat.seq, columns[repeat.columns], repeat.hash) for repeat in repeats]
    text = json.dumps({"columns": list(columns), "rows": rows}, separators=(",", ":"))
    tx.run(ADD, id=mint("v", "repeats", import_id, label, str(n)), import_id=import_id, label=label, n=n, rows=text)


def has_later(db: Reader, import_id: str) -> bool:
    """Whether imports after this one repeated something that may be of it."""
    return bool(db.read(LATER + "RETURN p.id AS id LIMIT 1", import_id=import_id))


def find_later(
    db: Reader, import_id: str, label: Label, ids: Collection[str], *, several: Collection[str]
) -> dict[str, list[Repeated]]:
    """record id -> how imports after this one repeated it, in order, of those of these records that were. Of a record
    that said one thing all along, which those not in `several` did, what was repeated once is enough.
    """
    found: dict[str, list[Repeated]] = {}
    for part in db.read(LATER + OF_LABEL, import_id=import_id, label=label) if ids else []:
        for other, repeat in _read(db, part["id"]):
            if repeat.id not in ids:
                continue
            known = found.setdefault(repeat.id, [])
            if repeat.id in several or not _is_covered(repeat.columns, known):
                known.append(Repeated(other, repeat))
    return found


def _read(db: Reader, id: str) -> Iterator[tuple[str, Repeat]]:
    for row in db.read(READ, id=id):
        said: dict[str, list[Any]] = json.loads(row["rows"])
        columns = [(*map(str, names),) for names in said["columns"]]
        for record, seq, place, hash in said["rows"]:
            yield row["import_id"], Repeat(record, seq, columns[place], hash)


def _is_covered(columns: tuple[str, ...], known: Sequence[Repeated]) -> bool:
    if any(columns == one.repeat.columns for one in known):
        return True
    return bool(known) and {name for one in known for name in one.repeat.columns}.issuperset(columns)


def drop(tx: Transaction, import_id: str) -> None:
    """Forget what an import repeated."""
    tx.run(DROP, import_id=import_id)
