"""What the graph promises about itself: one unique id a label, the indexes that searches start from, and a version.

`CONSTRAINED` and `INDEXED` are plain tables: whoever adds a label or looks things up by a new property adds a line.
`open_store` gives a store that has seen to all of it by the time the first statement runs.
"""

from typing import Final, LiteralString

from crm.errors import CrmError, SchemaNewer
from crm.graph.driver import GraphSettings, Store

VERSION: Final = 1

# Every label has a unique `id`: each MERGE finds its node by it, and two writers cannot make it twice.
CONSTRAINED: Final[tuple[LiteralString, ...]] = (
    "Agency",
    "Agreement",
    "Business",
    "BusinessRecord",
    "Clock",
    "Executive",
    "Firm",
    "Forward",
    "Import",
    "Job",
    "Judgement",
    "Lease",
    "PersonRecord",
    "Profile",
    "Program",
    "RateLimit",
    "RecordVersion",
    "Referral",
    "RefusalList",
    "Schema",
    "Secret",
    "Sector",
    "Session",
    "Staff",
    "Token",
    "Touchpoint",
    "Upload",
    "UploadChunk",
    "UploadFile",
    "User",
)

# Label and properties of the range indexes that lookups other than by id start from.
INDEXED: Final[tuple[tuple[LiteralString, tuple[LiteralString, ...]], ...]] = (
    ("Business", ("stamp",)),
    ("BusinessRecord", ("name_ref",)),
    ("BusinessRecord", ("ref",)),
    ("Executive", ("stamp",)),
    ("Forward", ("record",)),
    ("Import", ("fingerprint",)),
    ("Job", ("due",)),
    ("Job", ("finished_at",)),
    ("Judgement", ("kind",)),
    ("Judgement", ("pair",)),
    ("PersonRecord", ("email_key",)),
    ("PersonRecord", ("name_ref",)),
    ("PersonRecord", ("ref",)),
    ("RateLimit", ("ends_at",)),
    ("RecordVersion", ("import_id",)),
    ("RecordVersion", ("record_id",)),
    ("RefusalList", ("import_id",)),
    ("Session", ("seen_at",)),
    ("Touchpoint", ("plan",)),
    ("Touchpoint", ("promise_open",)),
    ("Upload", ("touched_at",)),
    ("UploadChunk", ("file_id",)),
    ("UploadFile", ("import_id",)),
    ("UploadFile", ("upload_id",)),
)

READ: Final = "MATCH (s:Schema {id: 'schema'}) RETURN s.version AS version, s.state AS state"

MARK: Final = """
MERGE (s:Schema {id: 'schema'})
SET s.version = $version, s.state = 'ready'
"""


def open_store(settings: GraphSettings) -> Store:
    """A store on these settings whose schema is made or checked before its first statement, once a process."""
    return Store(settings, prepare=prepare)


def prepare(db: Store) -> None:
    """Make the schema on an empty graph, and refuse a graph that this version must not touch.

    Safe to run twice and in several processes at once; when all is in place it costs one read.
    Raises SchemaNewer for a graph of a newer version.
    """
    found = db.read(READ)
    if found and found[0]["version"] > VERSION:
        raise SchemaNewer("A newer version of this software wrote the data. Install that version, or a newer one.")
    if found and found[0]["state"] != "ready":
        raise CrmError("Loading a backup into this graph was interrupted. Empty it, then load the backup again.")
    if not found or found[0]["version"] < VERSION:
        for statement in list_statements():
            db.write(statement)
        db.write(MARK, version=VERSION)


def list_statements() -> list[LiteralString]:
    """Every constraint and index as a statement that does nothing where it is there already."""
    return [
        *(f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{name}) REQUIRE n.id IS UNIQUE" for name in CONSTRAINED),
        *(f"CREATE INDEX IF NOT EXISTS FOR (n:{label}) ON ({_list(names)})" for label, names in INDEXED),
    ]


def _list(names: tuple[LiteralString, ...]) -> LiteralString:
    return ", ".join(f"n.{name}" for name in names)
