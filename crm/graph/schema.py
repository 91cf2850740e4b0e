"""What the graph promises about itself: one unique id a label, the indexes that searches start from, and a version.

`CONSTRAINED` and `INDEXED` are plain tables: whoever adds a label or looks things up by a new property adds a line, and
the next process that opens the graph sees to it.

A node of label Schema says which version wrote the graph, with which of these lines, and whether the graph is whole.
Every process looks at it before its first statement and now and then afterwards, so that it stops when a backup is
being loaded or a newer version has taken over. `open_store` gives a store that does all this by itself.
"""

import contextlib
import random
import time
from functools import cache
from hashlib import sha256
from typing import Final, LiteralString

from neo4j.exceptions import Neo4jError

from crm.errors import CrmError, SchemaNewer
from crm.graph.driver import GraphSettings, Row, Store
from crm.graph.migrations import MIGRATIONS

READY: Final = "ready"
LOADING: Final = "loading"

# Every label has a unique `id`: each MERGE finds its node by it, and two writers cannot make it twice.
CONSTRAINED: Final[tuple[LiteralString, ...]] = (
    "Agency",
    "Agreement",
    "AgreementStep",
    "Business",
    "BusinessRecord",
    "Check",
    "Clock",
    "ContactList",
    "CoverageGoal",
    "Edit",
    "Executive",
    "Firm",
    "Forward",
    "Gone",
    "Import",
    "Job",
    "Judgement",
    "Lease",
    "Meeting",
    "Participant",
    "PersonRecord",
    "PreviewPage",
    "Profile",
    "Program",
    "Protocol",
    "RateLimit",
    "RecordVersion",
    "Referral",
    "RefusalList",
    "Repeats",
    "Review",
    "ReviewTurn",
    "Schema",
    "Seat",
    "Secret",
    "Sector",
    "Session",
    "Staff",
    "Stale",
    "Survey",
    "Table",
    "Threshold",
    "Token",
    "Touchpoint",
    "Unsent",
    "Upload",
    "UploadChunk",
    "UploadFile",
    "User",
    "Workshop",
    "WorkshopEntry",
)

# Label and properties of the range indexes that lookups other than by id start from.
INDEXED: Final[tuple[tuple[LiteralString, tuple[LiteralString, ...]], ...]] = (
    ("AgreementStep", ("agreement",)),
    ("Business", ("stamp",)),
    ("BusinessRecord", ("name_ref",)),
    ("BusinessRecord", ("ref",)),
    ("Check", ("kind",)),
    ("CoverageGoal", ("retired_by",)),
    ("CoverageGoal", ("sector",)),
    ("Edit", ("touchpoint",)),
    ("Executive", ("stamp",)),
    ("Forward", ("record",)),
    ("Gone", ("stamp",)),
    ("Import", ("fingerprint",)),
    ("Job", ("due",)),
    ("Job", ("finished_at",)),
    ("Judgement", ("is_answer",)),
    ("Judgement", ("kind",)),
    ("Judgement", ("pair",)),
    ("Judgement", ("wants_second",)),
    ("Participant", ("workshop",)),
    ("PersonRecord", ("email_key",)),
    ("PersonRecord", ("ref",)),
    ("PreviewPage", ("file_id",)),
    ("RateLimit", ("ends_at",)),
    ("RecordVersion", ("part",)),
    ("RecordVersion", ("record_id",)),
    ("RefusalList", ("import_id",)),
    ("Repeats", ("import_id",)),
    ("Review", ("left",)),
    ("Review", ("right",)),
    ("Session", ("seen_at",)),
    ("Touchpoint", ("joint_plan",)),
    ("Touchpoint", ("plan",)),
    ("Touchpoint", ("promise_open",)),
    ("Unsent", ("import_id",)),
    ("Unsent", ("record_id",)),
    ("Unsent", ("until",)),
    ("Upload", ("touched_at",)),
    ("UploadChunk", ("file_id",)),
    ("UploadFile", ("import_id",)),
    ("UploadFile", ("upload_id",)),
    ("Workshop", ("code",)),
    ("WorkshopEntry", ("workshop",)),
)

# What only this running installation means something to: who is signed in, counted, waiting or half uploaded, and what
# copies in memory have yet to follow. A backup
# leaves it out, so that nobody is signed in to a restored graph who was to the old one.
TRANSIENT: Final[tuple[LiteralString, ...]] = (
    "Gone",
    "Job",
    "Lease",
    "PreviewPage",
    "RateLimit",
    "ReviewTurn",
    "Schema",
    "Secret",
    "Session",
    "Upload",
    "UploadChunk",
    "UploadFile",
)

FIND: Final = """
MATCH (s:Schema {id: 'schema'})
RETURN s.version AS version, s.state AS state, s.fingerprint AS fingerprint
"""

MARK: Final = """
MERGE (s:Schema {id: 'schema'})
ON CREATE SET s.state = 'ready'
SET s.version = CASE WHEN s.version > $version THEN s.version ELSE $version END,
    s.fingerprint = $fingerprint
"""

SHOW: Final = "SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties"

TRIES = 6


class GraphIncomplete(CrmError):
    """A backup is being loaded, or its loading was cut off: what is there so far must not be taken for the data."""

    status = 503
    retry_after = 60


def open_store(settings: GraphSettings, *, thorough: bool = False) -> Store:
    """A store on these settings whose graph is prepared before the first statement of each process.

    `thorough` asks the engine itself whether every constraint is there, as a server should when it starts.
    """
    return Store(settings, prepare=_Checks(thorough))


def prepare(db: Store) -> None:
    """Make the schema where there is none, migrate an older graph, refuse one that this version must not touch.

    Costs one read where all is in place. Raises SchemaNewer or GraphIncomplete.
    """
    found = check_state(db)
    if found is None or found["version"] < len(MIGRATIONS) or found["fingerprint"] != fingerprint():
        migrate(db, 0 if found is None else found["version"])


def check_state(db: Store) -> Row | None:
    """What the graph says about itself (None: nothing yet). Raises SchemaNewer or GraphIncomplete."""
    found = find_schema(db)
    if found is not None and found["version"] > len(MIGRATIONS):
        raise SchemaNewer("A newer version of this software wrote the data. Install that version, or a newer one.")
    if found is not None and found["state"] != READY:
        raise GraphIncomplete(
            "A backup is being loaded into this graph, or was cut off while it was. "
            "To finish it, run 'crm graph load' with the same file again."
        )
    return found


def migrate(db: Store, version: int) -> None:
    """Run the statements of the schema and the migrations that this version of the graph lacks, then say so in it."""
    for tried in range(1, TRIES + 1):
        try:
            db.transact(lambda tx: [tx.run(statement) for statement in list_statements()])
            break
        except Neo4jError as error:
            # Another process makes the same schema at this moment, and the engine lets only one of them.
            if tried == TRIES:
                raise CrmError(f"The database cannot make the constraints of this version: {error.code}.") from error
            time.sleep(random.uniform(0, 0.1 * 2**tried))
    check_constraints(db)
    for migration in MIGRATIONS[version:]:
        migration.change(db)
    db.write(MARK, version=len(MIGRATIONS), fingerprint=fingerprint())


def check_constraints(db: Store) -> None:
    """Raises CrmError when a label's ids are not kept unique: two writers could make one thing twice."""
    unique = {
        row["labelsOrTypes"][0] for row in db.read(SHOW) if "UNIQUE" in row["type"] and row["properties"] == ["id"]
    }
    missing = [label for label in CONSTRAINED if label not in unique]
    if missing:
        raise CrmError(f"The database lacks the uniqueness constraint on the id of {', '.join(missing)}.")


def find_schema(db: Store) -> Row | None:
    """What the graph says about its version, state and fingerprint; None for a graph that nobody has prepared."""
    rows = db.read(FIND)
    return rows[0] if rows else None


def list_statements() -> list[LiteralString]:
    """Every constraint and index as a statement that does nothing where it is there already."""
    return [
        *(f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{name}) REQUIRE n.id IS UNIQUE" for name in CONSTRAINED),
        *(f"CREATE INDEX IF NOT EXISTS FOR (n:{label}) ON ({_list(names)})" for label, names in INDEXED),
    ]


@cache
def fingerprint() -> str:
    """What the statements are now: a graph that was prepared with others is prepared again."""
    return sha256("\n".join(list_statements()).encode()).hexdigest()[:16]


def _list(names: tuple[LiteralString, ...]) -> LiteralString:
    return ", ".join(f"n.{name}" for name in names)


class _Checks:
    """Prepares the graph before the first statement of a store, and looks at its state from then on."""

    def __init__(self, thorough: bool) -> None:
        self._thorough = thorough
        self._prepared = False

    def __call__(self, db: Store) -> None:
        if self._prepared:
            check_state(db)
            return
        prepare(db)
        if self._thorough:
            _mend_constraints(db)
        self._prepared = True


def _mend_constraints(db: Store) -> None:
    """Make again what somebody dropped by hand; what cannot be made, because ids are double now, is a refusal."""
    try:
        check_constraints(db)
    except CrmError:
        with contextlib.suppress(CrmError):
            migrate(db, len(MIGRATIONS))
        check_constraints(db)
