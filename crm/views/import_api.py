"""The API of imports: send files and have them taken in, look at an import, take one back.

The work is done by a worker. Who asks waits for it, for up to `wait` seconds; if it takes longer the answer is the job
(status 202), which can be asked for again at `/jobs/<job>`.
"""

import time
from collections.abc import Callable
from typing import Any, TypedDict

from crm.access import Viewer
from crm.errors import Refused
from crm.extensions import wake_worker
from crm.graph import imports, jobs, upload_files, uploads
from crm.graph.driver import Store
from crm.graph.imports import Import
from crm.graph.jobs import Job
from crm.views.api import Accepted, endpoint
from crm.views.params import Param
from importers import intake, orders
from importers.check import Refusal
from importers.intake import Brought
from importers.kinds import BY_NAME
from importers.openings import Said
from importers.rows import LeftOut

POLL_SECONDS = 0.25
LONGEST_WAIT = 300
WAIT = Param("wait", "How many seconds to wait for the end, at most 300.", int, default=50)

IMPORT_PARAMS = (
    Param("agency", "Whose rows these are, where no column says it. Members: always their own agency."),
    Param("system", "The system that the source ids belong to.", default=None),
    Param("map", "HEADING=COLUMN, as in `crm import --map`; may be sent several times.", list, default=()),
    Param(
        "value",
        "COLUMN:THEIR WORD=OUR WORD, as in `channel:Site Visit=visit`; may be sent several times.",
        list,
        default=(),
    ),
    Param("date-format", "HEADING=FORMAT, as in `Met on=d/m/yyyy`; may be sent several times.", list, default=()),
    Param("kind", "What the rows are, where the headings do not say it.", tuple(BY_NAME)),
    Param("encoding", "How the letters are written, where the guess is wrong."),
    Param("delimiter", "What separates the cells: comma, semicolon, tab, pipe, or one character."),
    Param("sheet", "The sheet of a workbook; the first that looks like a table unless said."),
    Param("header-row", "The row of the headings, from 0; -1 for none.", int),
    Param("keep-footers", "Take totals and notes below the table for rows like others.", bool, default=False),
    Param("dry_run", "Say what would happen, and change nothing.", bool, default=False),
    WAIT,
)

ImportAnswer = TypedDict(
    "ImportAnswer",
    {
        "import": str | None,
        "file": str,
        "kind": str,
        "rows": int,
        "created": int,
        "updated": int,
        "unchanged": int,
        "refused": int,
        "to_review": int,
        "refusals": list[Refusal],
        "left_out": list[LeftOut],
        "agency": str | None,
        "system": str,
        "by": str,
        "at": str | None,
        "stage": str,
        "profile": str | None,
        "profile_version": int | None,
        "new_agencies": list[str],
        "new_programs": list[str],
        "new_tables": list[str],
        "unused_columns": list[str],
        "beside": dict[str, dict[str, int]],
    },
)
UndoAnswer = TypedDict("UndoAnswer", {"import": str, "removed": int, "restored": int})


class JobAnswer(TypedDict):
    """Work that goes on, or went on, in the background; `answer` is what was asked for, once it is done."""

    job: str
    kind: str
    state: str
    stage: str | None
    done: int
    total: int
    problem: str | None
    answer: list[ImportAnswer] | UndoAnswer | None


@endpoint(
    "/imports", method="POST", files=True, params=IMPORT_PARAMS, answer=list[ImportAnswer], later=JobAnswer,
    summary="Take files in, or with dry_run say what they would do.",
)  # fmt: skip
def import_files(
    db: Store, viewer: Viewer, *, files: list[Brought], dry_run: bool, wait: int, **said: Any
) -> list[ImportAnswer] | Accepted:
    brought = [(name, stream) for name, stream in files if name]
    if not brought:
        raise Refused("Send at least one file, as a form field called file.")
    words = Said(
        agency=said["agency"],
        system=said["system"],
        maps=tuple(said["map"]),
        date_formats=tuple(said["date_format"]),
        values=tuple(said["value"]),
        kind=said["kind"],
        encoding=said["encoding"],
        delimiter=said["delimiter"],
        sheet=said["sheet"],
        header_row=said["header_row"],
        footers=False if said["keep_footers"] else None,
    )
    upload = uploads.get_upload(db, intake.add_said_files(db, viewer, brought, words), viewer=viewer)
    if dry_run:
        orders.start_preview(db, viewer, upload)
        id = orders.preview_id(upload)
    else:
        orders.start_import(db, viewer, upload, revision=upload.revision, unseen=True)
        id = orders.import_job_id(upload.id)
    return _wait(db, viewer, id, wait)


@endpoint("/imports", answer=list[ImportAnswer], summary="The latest imports, newest first, without refused rows.")
def list_imports(db: Store, viewer: Viewer) -> list[ImportAnswer]:
    return [_answer(found, [], [], None) for found in imports.list_imports(db, viewer)]


@endpoint(
    "/imports/<import_id>", answer=ImportAnswer, summary="One import; its refused rows for the agency they are of."
)
def get_import(db: Store, viewer: Viewer, *, import_id: str) -> ImportAnswer:
    return _read_import(db, viewer, import_id)


@endpoint(
    "/imports/<import_id>/undo", method="POST", answer=UndoAnswer, later=JobAnswer,
    summary="Take an import back, as if it had never been.",
)  # fmt: skip
def undo_import(db: Store, viewer: Viewer, *, import_id: str) -> UndoAnswer | Accepted:
    orders.start_undo(db, viewer, imports.get_import(db, import_id, viewer=viewer))
    return _wait(db, viewer, orders.undo_job_id(import_id), WAIT.default)


@endpoint("/jobs/<job_id>", answer=JobAnswer, summary="How far a job is, and its answer once it is done.")
def get_job(db: Store, viewer: Viewer, *, job_id: str) -> JobAnswer:
    return _describe(db, viewer, jobs.get_job(db, job_id, viewer=viewer))


def _wait(db: Store, viewer: Viewer, id: str, seconds: int) -> Any:
    """What the job answers, or the job itself when it takes longer. Raises Refused when it fails."""
    wake_worker()
    deadline = time.monotonic() + min(seconds, LONGEST_WAIT)
    job = jobs.get_job(db, id, viewer=viewer)
    while job.is_open and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        job = jobs.get_job(db, id, viewer=viewer)
    if job.state == "failed":
        raise Refused(job.problem or "This did not work.")
    described = _describe(db, viewer, job)
    return Accepted(described) if job.is_open else described["answer"]


def _describe(db: Store, viewer: Viewer, job: Job) -> JobAnswer:
    read = ANSWERS.get(job.kind) if job.state == "done" else None
    return {
        "job": job.id,
        "kind": job.kind,
        "state": job.state,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "problem": job.problem,
        "answer": read(db, viewer, job) if read else None,
    }


def _read_preview(db: Store, viewer: Viewer, job: Job) -> list[ImportAnswer] | None:
    upload = uploads.find_upload(db, job.subject, viewer=viewer)
    if upload is None:
        return None
    names = ImportAnswer.__annotations__
    return [
        {"agency": file.said.get("agency"), "system": upload.system, "by": upload.by, "at": None, "stage": "preview"}
        | {"profile": None, "profile_version": None}
        | {name: value for name, value in (file.preview or {}).items() if name in names}
        | {"refusals": imports.list_refusals(db, file.id), "left_out": imports.list_left_out(db, file.id)}
        for file in upload.files
    ]  # type: ignore[return-value]


def _read_imports(db: Store, viewer: Viewer, job: Job) -> list[ImportAnswer]:
    return [_read_import(db, viewer, id) for id in (job.result or {}).get("imports", [])]


def _read_undo(db: Store, viewer: Viewer, job: Job) -> UndoAnswer:
    removed, restored = imports.get_undone(db, job.subject)
    return {"import": job.subject, "removed": removed, "restored": restored}


ANSWERS: dict[str, Callable[[Store, Viewer, Job], Any]] = {
    "preview": _read_preview,
    "import": _read_imports,
    "undo": _read_undo,
}


def _read_import(db: Store, viewer: Viewer, id: str) -> ImportAnswer:
    found = imports.get_import(db, id, viewer=viewer)
    sees = orders.may_see_rows(viewer, found)
    file = upload_files.find_file_of_import(db, id)
    refusals = imports.list_refusals(db, id) if sees else []
    left_out = imports.list_left_out(db, id) if sees else []
    return _answer(found, refusals, left_out, file.preview if file else None)


def _answer(
    found: Import, refusals: list[dict[str, Any]], left_out: list[dict[str, Any]], beside: dict[str, Any] | None
) -> ImportAnswer:
    told = beside or {}
    return {
        "import": found.id,
        "file": found.file,
        "kind": found.kind,
        "rows": found.rows,
        "created": found.created,
        "updated": found.updated,
        "unchanged": found.unchanged,
        "refused": found.refused,
        "to_review": found.to_review,
        "refusals": [Refusal(**refusal) for refusal in refusals],
        "left_out": [LeftOut(**row) for row in left_out],
        "agency": found.agency,
        "system": found.system,
        "by": found.by,
        "at": found.started_at,
        "stage": found.stage,
        "profile": found.profile,
        "profile_version": found.profile_version,
        "new_agencies": told.get("new_agencies", []),
        "new_programs": told.get("new_programs", []),
        "new_tables": told.get("new_tables", []),
        "unused_columns": told.get("unused_columns", []),
        "beside": told.get("beside", {}),
    }
