"""Uploads: files that somebody brought to be imported, from the moment they arrive until they are taken in or thrown
away.

An upload is one delivery: its files are looked at, previewed and imported together. What is known of each file is in
`upload_files`, its content in `upload_bytes`, and what its preview says of each row in `preview_rows`.

Every change of the files or of what is said about them moves the upload's `revision`: a preview belongs to one
revision, and only what was previewed can be imported.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from crm.access import Viewer
from crm.errors import Conflict, NotFound
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.upload_bytes import drop_bytes
from crm.graph.upload_files import UploadFile, drop_file, forget_imports, list_files
from crm.json_values import to_short_json


@dataclass(frozen=True)
class Upload:
    """One delivery of files. `problems` are files of it that could not be read: name and why, in words.

    `system` is the source system that the files' ids belong to. `is_committed`: its import was asked for, so it can no
    longer be changed. `stopped` says why an import stopped before it began, in sentences: something had changed since
    its preview.
    """

    id: str
    agency_id: str | None
    by: str
    user_id: str
    system: str
    created_at: float
    touched_at: float
    revision: int
    is_committed: bool
    problems: list[dict[str, str]]
    stopped: list[str]
    files: list[UploadFile] = field(default_factory=list)


UPLOAD = """
u.id AS id, u.agency_id AS agency_id, u.by AS by, u.user_id AS user_id, u.system AS system, u.created_at AS created_at,
u.touched_at AS touched_at, u.revision AS revision, u.is_committed AS is_committed, u.problems AS problems,
u.stopped AS stopped
"""
ADD_UPLOAD = """
MERGE (u:Upload {id: $id})
ON CREATE SET u.agency_id = $agency_id, u.by = $by, u.user_id = $user_id, u.system = $system, u.created_at = $now,
              u.touched_at = $now, u.revision = 0, u.is_committed = false, u.problems = '[]'
"""


def add_upload(db: Store, id: str, *, system: str, viewer: Viewer) -> None:
    """Begin a delivery. One of this id that is there already stays as it is."""
    db.write(
        ADD_UPLOAD,
        id=id,
        agency_id=viewer.agency_id,
        by=viewer.email or viewer.user_id,
        user_id=viewer.user_id,
        system=system,
        now=time.time(),
    )


ONE_UPLOAD = (
    """
MATCH (u:Upload {id: $id})
WHERE $sees_all OR u.agency_id = $agency_id
RETURN"""
    + UPLOAD
)


def find_upload(db: Reader, id: str, *, viewer: Viewer) -> Upload | None:
    """An upload of the viewer's agency, with its files; administrators may see every upload."""
    rows = db.read(ONE_UPLOAD, id=id, agency_id=viewer.agency_id, sees_all=viewer.is_admin)
    if not rows:
        return None
    return _upload(rows[0], list_files(db, id))


def get_upload(db: Reader, id: str, *, viewer: Viewer) -> Upload:
    """The same. Raises NotFound."""
    upload = find_upload(db, id, viewer=viewer)
    if upload is None:
        raise NotFound("There is no such upload. It may have been thrown away, or imported.")
    return upload


# Newest first; what was touched at the same moment by id. Only files' names are needed for the list.
OPEN_UPLOADS = (
    """
MATCH (u:Upload)
WHERE u.touched_at > $after AND u.is_committed = false AND ($sees_all OR u.agency_id = $agency_id)
RETURN"""
    + UPLOAD
    + """
ORDER BY touched_at DESC, id
LIMIT 50
"""
)


def list_open_uploads(db: Reader, viewer: Viewer, *, after: float) -> list[Upload]:
    """Uploads that wait for somebody, the one touched last first, with their files."""
    rows = db.read(OPEN_UPLOADS, after=after, agency_id=viewer.agency_id, sees_all=viewer.is_admin)
    return [_upload(row, list_files(db, row["id"])) for row in rows]


# The SET before the WHERE takes the node's lock: whoever changes an upload waits for whoever commits it.
TOUCH = """
MATCH (u:Upload {id: $id})
SET u.touched_at = $now
WITH u
WHERE u.is_committed = false
SET u.revision = u.revision + 1
RETURN u.revision AS revision
"""
SET_PROBLEMS = "MATCH (u:Upload {id: $id}) SET u.problems = $problems"
SET_SYSTEM = "MATCH (u:Upload {id: $id}) SET u.system = $system"


def change_upload(tx: Transaction, id: str) -> int:
    """Begin a change of an upload, in the transaction that makes it; its new revision.

    Raises Conflict when its import was asked for already.
    """
    rows = tx.run(TOUCH, id=id, now=time.time())
    if not rows:
        raise Conflict("These files are being imported already, or were thrown away. Nothing was changed.")
    return rows[0]["revision"]


def set_problems(tx: Transaction, id: str, problems: list[dict[str, str]]) -> None:
    """Remember which files could not be read, and why."""
    tx.run(SET_PROBLEMS, id=id, problems=to_short_json(problems))


def set_system(tx: Transaction, id: str, system: str) -> None:
    """Say which source system the files come from."""
    tx.run(SET_SYSTEM, id=id, system=system)


COMMIT = """
MATCH (u:Upload {id: $id})
SET u.touched_at = $now
WITH u
WHERE u.revision = $revision
SET u.is_committed = true
RETURN u.id AS id
"""


def commit_upload(db: Store, id: str, *, revision: int) -> bool:
    """From now on the files are imported as previewed. False when they have changed since that preview."""
    return bool(db.write(COMMIT, id=id, revision=revision, now=time.time()))


REOPEN = """
MATCH (u:Upload {id: $id})
SET u.is_committed = false, u.touched_at = $now, u.revision = u.revision + 1,
    u.stopped = $stopped
"""


def reopen_upload(db: Store, id: str, *, stopped: Sequence[str] = ()) -> None:
    """Let the files of an import that was cancelled or stopped wait again, as a new revision: nothing of them is
    imported. `stopped` says why, in sentences.
    """

    def work(tx: Transaction) -> None:
        tx.run(REOPEN, id=id, now=time.time(), stopped=to_short_json(list(stopped)) if stopped else None)
        forget_imports(tx, id)

    db.transact(work)


DROP_UPLOAD = "MATCH (u:Upload {id: $id}) DELETE u"


def drop_upload(db: Store, upload: Upload) -> None:
    """Forget an upload with all that is kept of its files."""
    for file in upload.files:
        drop_bytes(db, file.id)
        db.transact(partial(drop_file, file=file.id))
    db.write(DROP_UPLOAD, id=upload.id)


OLD_UPLOADS = (
    """
MATCH (u:Upload)
WHERE u.touched_at < CASE WHEN u.is_committed THEN $imported_before ELSE $before END
RETURN"""
    + UPLOAD
    + """
ORDER BY touched_at, id
LIMIT 100
"""
)


def list_old_uploads(db: Reader, *, before: float, imported_before: float) -> list[Upload]:
    """Uploads that nobody has touched since (an instant of its own for those that were imported), the oldest first."""
    rows = db.read(OLD_UPLOADS, before=before, imported_before=imported_before)
    return [_upload(row, list_files(db, row["id"])) for row in rows]


def _upload(row: Row, files: list[UploadFile]) -> Upload:
    row["problems"] = json.loads(row["problems"])
    row["stopped"] = json.loads(row["stopped"] or "[]")
    return Upload(files=files, **row)
