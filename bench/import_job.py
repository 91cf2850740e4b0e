"""One step of an import as a worker does it, in a process of its own: the graph is that of CRM_DATA_DIR or NEO4J_URI.

    python -m bench.import_job add FILE         receive the file and keep it; answers with the upload's id
    python -m bench.import_job add-bare FILE    the same; the contact persons in its rows are passed over
    python -m bench.import_job preview UPLOAD   read it from the graph and work out what it would do
    python -m bench.import_job import UPLOAD    take it in
    python -m bench.import_job undo IMPORT      take it back
    python -m bench.import_job order-import UPLOAD, or order-undo IMPORT: the same, done by a worker that runs elsewhere

The answer is JSON: `seconds` of the job itself by the clock, without the start of the process, and `answer`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.wide_lists import BARE_MAPS, MAPS
from crm.access import OWNER
from crm.commands.worker import learn_jobs
from crm.config import read_settings
from crm.graph import imports, jobs, uploads
from crm.graph.driver import Store
from crm.graph.schema import open_store
from crm.services.jobs import run_all
from importers import intake, orders
from importers.openings import Said

AGENCY, SYSTEM = "Agency 00", "salesforce"
ENDED = ("done", "failed", "cancelled")
EVERY = 0.2  # seconds between two looks at a job that another process does


def add(db: Store, path: str, *, maps: tuple[str, ...] = MAPS) -> str:
    said = Said(agency=AGENCY, system=SYSTEM, maps=maps, kind="businesses")
    with Path(path).open("rb") as stream:
        return intake.add_said_files(db, OWNER, [(Path(path).name, stream)], said)


Work = Callable[[Store, str], dict[str, Any] | None]


def _work(db: Store, id: str) -> dict[str, Any] | None:
    run_all(db)
    job = jobs.get_job(db, id, viewer=OWNER)
    if job.state != "done":
        raise SystemExit(f"The job is {job.state}: {job.problem}")
    return job.result


def _await(db: Store, id: str) -> dict[str, Any] | None:
    """The result of a job that another process does."""
    while (job := jobs.get_job(db, id, viewer=OWNER)).state not in ENDED:
        time.sleep(EVERY)
    if job.state != "done":
        raise SystemExit(f"The job is {job.state}: {job.problem}")
    return job.result


def preview(db: Store, id: str) -> dict[str, Any]:
    upload = uploads.get_upload(db, id, viewer=OWNER)
    orders.start_preview(db, OWNER, upload)
    _work(db, orders.preview_id(upload))
    (file,) = uploads.get_upload(db, id, viewer=OWNER).files
    return {name: (file.preview or {})[name] for name in ("rows", "created", "updated", "refused", "to_review")}


def take_in(db: Store, id: str, *, work: Work = _work) -> dict[str, Any]:
    upload = uploads.get_upload(db, id, viewer=OWNER)
    orders.start_import(db, OWNER, upload, revision=upload.revision, unseen=True)
    work(db, orders.import_job_id(id))
    (file,) = uploads.get_upload(db, id, viewer=OWNER).files
    found = imports.get_import(db, file.import_id or "", viewer=OWNER)
    return {name: getattr(found, name) for name in ("id", "rows", "created", "updated", "refused", "to_review")}


def undo(db: Store, id: str, *, work: Work = _work) -> dict[str, Any]:
    orders.start_undo(db, OWNER, imports.get_import(db, id, viewer=OWNER))
    return work(db, orders.undo_job_id(id)) or {}


STEPS: dict[str, Callable[[Store, str], Any]] = {
    "add": add,
    "add-bare": partial(add, maps=BARE_MAPS),
    "preview": preview,
    "import": take_in,
    "undo": undo,
    "order-import": partial(take_in, work=_await),
    "order-undo": partial(undo, work=_await),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("subject")
    options = parser.parse_args()
    learn_jobs()
    db = open_store(read_settings().graph)
    try:
        began = time.perf_counter()
        answer = STEPS[options.step](db, options.subject)
        json.dump({"seconds": time.perf_counter() - began, "answer": answer}, sys.stdout)
    finally:
        db.close()


if __name__ == "__main__":
    main()
