"""What went wrong with a call to the graph: whether it passes by itself, and how to say it if it does not."""

import shutil
from enum import Enum
from pathlib import Path

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConnectionAcquisitionTimeoutError,
    ConstraintError,
    DatabaseError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from crm.errors import CrmError, EngineUnavailable

GraphError = DriverError | Neo4jError
FULL_BYTES = 32 * 1024 * 1024
NO_SUCH_DATABASE = "Neo.ClientError.Database.DatabaseNotFound"


class Fault(Enum):
    """What to do about an error: each kind is tried again for another while, or not at all."""

    AWAY = "no server answers"
    BUSY = "another writer was in the way, or the server has too much to do"
    CLASH = "a unique key is there already: because of another writer at this moment, or for good"
    FINAL = "the same call would fail again"


def judge(error: GraphError) -> Fault:
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return Fault.AWAY
    if isinstance(error, ConstraintError):
        return Fault.CLASH
    return Fault.BUSY if error.is_retryable() else Fault.FINAL


def explain(error: GraphError, *, uri: str | None, folder: Path) -> CrmError | None:
    """An error other than AWAY in words that help whoever runs this; None for one that is the program's own fault."""
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return EngineUnavailable("The database has too much to do. Try again in a moment.")
    if isinstance(error, AuthError):
        return EngineUnavailable("The database refuses the name or the password: see NEO4J_USERNAME, NEO4J_PASSWORD.")
    if isinstance(error, ClientError) and error.code == NO_SUCH_DATABASE:
        return EngineUnavailable("The Neo4j server has no such database: see NEO4J_DATABASE.")
    if isinstance(error, DatabaseError) and uri is None and shutil.disk_usage(folder).free < FULL_BYTES:
        return EngineUnavailable(f"The disk that holds {folder} is full: nothing more can be written.")
    return None
