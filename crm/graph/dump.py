"""Dumps: the whole region as one text file, for a backup and for the way from a laptop to a server.

JSON Lines: first the nodes, then the relationships, and last a manifest with the counts, a hash of the content and a
checksum of all lines. Neither depends on the engine or on the order of the lines, so a dump of one engine that is
loaded into the other gives the same ones when it is dumped again. The hash is of what the region knows, however it came
to know it: an import that is undone and done again gives the same hash, and another checksum. What belongs to one
running server only (sessions, rate limits, leases, jobs, uploads, its secret) is left out.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, LiteralString, TypeVar

from crm.batches import in_batches
from crm.errors import Refused
from crm.graph.driver import GraphSettings, Row, Store
from crm.graph.migrations import part_versions
from crm.graph.schema import CONSTRAINED, LOADING, READY, TRANSIENT, find_schema, prepare

LABELS: Final[tuple[LiteralString, ...]] = tuple(label for label in CONSTRAINED if label not in TRANSIENT)
TIES: Final[tuple[LiteralString, ...]] = (
    "ABOUT", "AT", "BETWEEN", "BINDS", "CONVENED_BY", "FILLED_BY", "FROM_PROGRAM", "HELD_BY", "HOLDS_ROLE", "LOGGED_BY",
    "MADE_BY", "MET", "OF", "PART_OF", "RESOLVES_TO", "SPEAKS_FOR", "TO_PROGRAM", "WITH", "WORKS_AT",
)  # fmt: skip
PAGE: Final = 2_000
PAGE_CHARACTERS: Final = 4_000_000
TRIES: Final = 3

K = TypeVar("K")


@dataclass(frozen=True)
class Manifest:
    """What a dump holds: how many nodes of each label and relationships of each type, the hash of what the region knows
    by it, and the checksum of it all.
    """

    nodes: dict[str, int]
    ties: dict[str, int]
    hash: str
    checksum: str

    def to_json(self) -> Row:
        return {"nodes": self.nodes, "relationships": self.ties, "hash": self.hash, "checksum": self.checksum}


# What the region knows, beside what is computed to be found fast, and how things came about.
KNOWN: Final = frozenset((
    "Agency", "Agreement", "Business", "BusinessRecord", "Executive", "Firm", "Meeting", "PersonRecord", "Program",
    "Referral", "Seat", "Sector", "Staff", "Table", "Touchpoint",
))  # fmt: skip
# When and by which file something was said.
PASSING: Final = frozenset(("import_id", "locked", "said", "seq", "stamp"))


class _Sum:
    """A hash of lines in any order: the sum of their hashes."""

    def __init__(self) -> None:
        self._sum = self._known = 0
        self.nodes: Counter[str] = Counter()
        self.ties: Counter[str] = Counter()

    def add(self, line: str, entry: Row) -> None:
        self._sum += _weigh(line)
        if known := _tell_known(entry):
            self._known += _weigh(_to_line(known))
        if "node" in entry:
            self.nodes[entry["node"]] += 1
        else:
            self.ties[entry["tie"]] += 1

    def manifest(self) -> Manifest:
        known, all_lines = ((total % 2**256).to_bytes(32, "big").hex() for total in (self._known, self._sum))
        return Manifest(dict(sorted(self.nodes.items())), dict(sorted(self.ties.items())), known, all_lines)


def _weigh(line: str) -> int:
    return int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")


def _tell_known(entry: Row) -> Row | None:
    """What a line says that the region knows; None for a line that says nothing of that kind."""
    if "node" in entry:
        if entry["node"] not in KNOWN:
            return None
        return entry | {"properties": {name: v for name, v in entry["properties"].items() if name not in PASSING}}
    return entry if {entry["from"][0], entry["to"][0]} <= KNOWN else None


def export_graph(db: Store, path: Path) -> Manifest:
    """Write the region to a file, which appears whole or not at all.

    Raises Refused when the file cannot be written, or when the region went on changing while it was written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        for _ in range(TRIES):
            before = db.clock()
            manifest = write_dump(_list_entries(db), draft)
            if db.clock() == before:
                draft.replace(path)
                return manifest
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    raise Refused("The region kept changing while it was written. Try again when nobody imports.")


def write_dump(entries: Iterable[Row], path: Path) -> Manifest:
    """Write a dump of these nodes and then relationships, each as a line has it. Raises OSError."""
    total = _Sum()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for entry in entries:
            line = _to_line(entry)
            total.add(line, entry)
            file.write(line + "\n")
        manifest = total.manifest()
        file.write(_to_line({"manifest": manifest.to_json()}) + "\n")
    return manifest


def _to_line(entry: Row) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _list_entries(db: Store) -> Iterator[Row]:
    for list_page in (_list_nodes, _list_ties):
        for label in LABELS:
            for ids in in_batches(_list_ids(db, label), PAGE):
                yield from list_page(db, label, ids)


def _list_ids(db: Store, label: LiteralString) -> list[str]:
    """All at once: page by page, ArcadeDB goes through all nodes for each."""
    query: LiteralString = f"MATCH (n:{label}) RETURN collect(n.id) AS id"
    return sorted(db.read_columns(query)["id"])


def _list_nodes(db: Store, label: LiteralString, ids: list[str]) -> Iterator[Row]:
    query: LiteralString = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN properties(n) AS node"
    for row in db.read(query, ids=ids):
        yield {"node": label, "properties": {name: value for name, value in row["node"].items() if name != "locked"}}


def _list_ties(db: Store, label: LiteralString, ids: list[str]) -> Iterator[Row]:
    query: LiteralString = f"""
    UNWIND $ids AS id
    MATCH (a:{label} {{id: id}})-[r]->(b)
    RETURN id AS source, type(r) AS tie, labels(b)[0] AS target_label, b.id AS target, properties(r) AS properties
    ORDER BY source, tie, target
    """
    for row in db.read(query, ids=ids):
        if row["target_label"] not in TRANSIENT:
            yield {
                "tie": row["tie"],
                "from": [label, row["source"]],
                "to": [row["target_label"], row["target"]],
                "properties": row["properties"],
            }


MARK_LOADING: Final = "MATCH (s:Schema {id: 'schema'}) SET s.state = $state, s.loading = $hash"
LOADING_HASH: Final = "MATCH (s:Schema {id: 'schema'}) RETURN s.loading AS hash"


def load_graph(settings: GraphSettings, path: Path) -> Manifest:
    """Read a dump into an empty graph, or finish a load of the same dump that was interrupted.

    The file is checked from beginning to end before anything is written. While it is loaded, and after an interruption,
    the graph is marked and is served by nobody. Raises Refused for a graph that is not empty, and for a file that is no
    whole dump.
    """
    manifest = _check(path)
    # A store that does not look at the mark which every other store stops at.
    db = Store(settings)
    try:
        _begin(db, manifest)
        _load(db, path)
        # A dump of an older version knows of no parts.
        part_versions(db)
        db.write(MARK_LOADING, state=READY, hash=None)
    finally:
        db.close()
    return manifest


def _begin(db: Store, manifest: Manifest) -> None:
    found = find_schema(db)
    if found is not None and found["state"] == LOADING:
        if db.read(LOADING_HASH)[0]["hash"] != manifest.checksum:
            raise Refused(
                "Another dump was being loaded into this graph. Load that one again, or empty the graph first."
            )
        return
    prepare(db)
    _require_empty(db)
    db.write(MARK_LOADING, state=LOADING, hash=manifest.checksum)


def _load(db: Store, path: Path) -> None:
    nodes = ((entry["node"], entry["properties"], size) for entry, size in _read_entries(path) if "node" in entry)
    for label, rows in _gather(nodes):
        _add_nodes(db, label, rows)
    ties = ((_name_kind(entry), _name_ends(entry), size) for entry, size in _read_entries(path) if "tie" in entry)
    for kind, rows in _gather(ties):
        _add_ties(db, kind, rows)


def _name_kind(entry: Row) -> tuple[str, str, str]:
    return entry["tie"], entry["from"][0], entry["to"][0]


def _name_ends(entry: Row) -> Row:
    return {"source": entry["from"][1], "target": entry["to"][1], "properties": entry["properties"]}


def _gather(entries: Iterable[tuple[K, Row, int]]) -> Iterator[tuple[K, list[Row]]]:
    """Rows of one kind, as many as one statement may carry: some hold thousands of contacts of a large firm."""
    waiting: dict[K, list[Row]] = {}
    sizes: dict[K, int] = {}
    for kind, row, size in entries:
        waiting.setdefault(kind, []).append(row)
        sizes[kind] = sizes.get(kind, 0) + size
        if len(waiting[kind]) >= PAGE or sizes[kind] >= PAGE_CHARACTERS:
            yield kind, waiting.pop(kind)
            sizes[kind] = 0
    yield from waiting.items()


def _add_nodes(db: Store, label: str, rows: list[Row]) -> None:
    query: LiteralString = f"UNWIND $rows AS row MERGE (n:{LABELS[LABELS.index(label)]} {{id: row.id}}) SET n = row"
    db.write(query, rows=rows)


def _add_ties(db: Store, kind: tuple[str, str, str], rows: list[Row]) -> None:
    tie, source, target = TIES[TIES.index(kind[0])], LABELS[LABELS.index(kind[1])], LABELS[LABELS.index(kind[2])]
    query: LiteralString = f"""
    UNWIND $rows AS row
    MATCH (a:{source} {{id: row.source}})
    MATCH (b:{target} {{id: row.target}})
    MERGE (a)-[r:{tie}]->(b)
    SET r = row.properties
    """
    db.write(query, rows=rows)


def _check(path: Path) -> Manifest:
    """The manifest of a dump that is whole. Raises Refused."""
    total, said = _Sum(), None
    known = {*LABELS, *TIES}
    try:
        for number, line in enumerate(_read_lines(path), start=1):
            if said is not None:
                raise Refused(f"{path}, line {number}: there is more after the manifest, so this is no dump.")
            entry: Any = json.loads(line)
            if "manifest" in entry:
                said = entry["manifest"]
            elif {entry.get("node"), entry.get("tie")} & known:
                total.add(line, entry)
            else:
                raise Refused(f"{path}, line {number}: what stands there is unknown. A newer version wrote this dump.")
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, AttributeError, TypeError) as error:
        raise Refused(f"{path} is no dump, or a damaged one. Choose a file that `crm graph export` wrote.") from error
    if said is None:
        raise Refused(f"{path} ends before its manifest: it is not whole. Use another copy.")
    made = total.manifest().to_json()
    if "checksum" not in said:  # An older dump: its hash is of all lines.
        made = {name: made[name] for name in ("nodes", "relationships")} | {"hash": made["checksum"]}
    if said != made:
        raise Refused(f"{path} does not hold what its manifest says: it was changed or damaged. Use another copy.")
    return total.manifest()


def _read_entries(path: Path) -> Iterator[tuple[Row, int]]:
    """Each node and relationship, with the length of its line."""
    return ((entry, len(line)) for line in _read_lines(path) if "manifest" not in (entry := json.loads(line)))


def _read_lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def _require_empty(db: Store) -> None:
    for label in LABELS:
        query: LiteralString = f"MATCH (n:{label}) RETURN n.id AS id LIMIT 1"
        if label != "Clock" and db.read(query):
            raise Refused("The graph is not empty, and loading never mixes two regions. Load into an empty one.")
