"""What a preview's match has found is taken up by the import of the same records, and by nothing else."""

import io
import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from crm.access import OWNER
from crm.commands.worker import learn_jobs
from crm.dedupe.apart import Apart
from crm.graph import imports, jobs, uploads
from crm.graph.driver import Store
from crm.graph.uploads import Upload
from crm.services import from_nothing, kept_matches, resolution
from crm.services.jobs import run_all
from crm.services.judgements import judge
from crm.services.matcher_file import find_folder
from crm.services.resolution import recompute
from importers import intake, orders
from importers.openings import Said
from tests.factories import import_text, snapshot

HEADER = "agency,source_id,name,street,city,zip,phone"
ROWS = [
    *(f"Board,{n},Harbor {n} Tool,{n} Main St,Everett,98201,425 555 01{n:02}" for n in range(10, 40)),
    "Chamber,1,Harbor 12 Tool Inc,12 Main Street,Everett,98201,",
    "College,1,Harbor 13 Tool,13 Main,Everett,98201,4255550113",
]
THERE = f"{HEADER}\nPort,1,Cascade Casting,1 Dock St,Everett,98201,\nPort,2,Cascade Casting,1 Dock St,Everett,,\n"
PEOPLE = "agency,source_id,name,business,email\nBoard,1,Ana Silva,10,ana@h10.example\nBoard,2,A Silva,10,\n"


@pytest.fixture(autouse=True)
def matched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All are many here; what was asked of processes apart."""
    asked: list[str] = []
    match = Apart.match

    def note(self: Apart, *about: Any) -> Any:
        asked.append("match")
        return match(self, *about)

    monkeypatch.setattr(from_nothing, "MANY", 1)
    monkeypatch.setattr(resolution, "FEW", 0)
    monkeypatch.setattr(Apart, "match", note)
    learn_jobs()
    return asked


def preview(db: Store, *texts: str) -> Upload:
    files = [(f"{n}.csv", io.BytesIO(text.encode())) for n, text in enumerate(texts)]
    upload = uploads.get_upload(db, intake.add_said_files(db, OWNER, files, Said()), viewer=OWNER)
    orders.start_preview(db, OWNER, upload)
    run_all(db)
    return uploads.get_upload(db, upload.id, viewer=OWNER)


def take_in(db: Store, upload: Upload) -> None:
    orders.start_import(db, OWNER, upload, revision=upload.revision)
    run_all(db)
    job = jobs.get_job(db, orders.import_job_id(upload.id), viewer=OWNER)
    assert job.state == "done", job.problem
    for file in uploads.get_upload(db, upload.id, viewer=OWNER).files:
        assert imports.get_import(db, file.import_id or "", viewer=OWNER).to_review == (file.preview or {})["to_review"]


LIST = "\n".join([HEADER, *ROWS])


def kept(db: Store) -> list[str]:
    return sorted(path.name for path in find_folder(db.settings.data_dir).glob("*.match"))


def test_an_import_takes_up_what_its_preview_found(db: Store, matched: list[str]) -> None:
    upload = preview(db, LIST, PEOPLE)
    assert kept(db) == ["business.match", "person.match"]
    assert len(matched) == 2
    take_in(db, upload)
    assert len(matched) == 2
    assert kept(db) == []
    found = snapshot(db)
    recompute(db)
    assert len(matched) == 4
    assert snapshot(db) == found


def test_what_is_remembered_then_goes_on(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in(db, preview(db, LIST))
    with monkeypatch.context() as patch:
        patch.setattr(resolution, "FEW", 10)
        patch.setattr(resolution, "match_all", lambda *_: pytest.fail("what is remembered was not used"))
        import_text(db, f"{HEADER}\nCollege,2,Harbor 14 Tool LLC,14 Main St,Everett,98201,4255550114\n")
    found = snapshot(db)
    recompute(db)
    assert snapshot(db) == found


def say_another_cell(db: Store) -> None:
    import_text(db, THERE.replace("1 Dock St", "9 Dock St"))


def add_a_record(db: Store) -> None:
    import_text(db, THERE.replace("Port,1", "Port,3"))


def decide(db: Store) -> None:
    left, right = (row["id"] for row in db.read("MATCH (r:BusinessRecord) RETURN r.id AS id ORDER BY id"))
    judge(db, OWNER, left=left, right=right, verdict="different")


def damage(db: Store) -> None:
    path = find_folder(db.settings.data_dir) / "business.match"
    path.write_bytes(path.read_bytes()[:-100] + bytes(100))


def cut_off(db: Store) -> None:
    path = find_folder(db.settings.data_dir) / "business.match"
    path.write_bytes(path.read_bytes()[:20])


def grow_old(db: Store) -> None:
    path = find_folder(db.settings.data_dir) / "business.match"
    os.utime(path, (1.0, 1.0))


@pytest.mark.parametrize("do", [say_another_cell, add_a_record, decide, damage, cut_off, grow_old])
def test_what_is_not_the_same_is_matched_again(db: Store, matched: list[str], do: Callable[[Store], None]) -> None:
    import_text(db, THERE)
    upload = preview(db, LIST)
    assert kept(db) == ["business.match"]
    # What others do now takes up nothing.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resolution, "FEW", 100)
        do(db)
    matched.clear()
    take_in(db, upload)
    assert matched
    found = snapshot(db)
    recompute(db)
    assert snapshot(db) == found


def test_another_matcher_takes_up_nothing(db: Store, matched: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    upload = preview(db, LIST)
    monkeypatch.setattr(kept_matches, "tell_version", lambda: "another")
    matched.clear()
    take_in(db, upload)
    assert matched


def test_nothing_is_kept_of_files_that_are_thrown_away(db: Store) -> None:
    upload = preview(db, LIST)
    assert kept(db)
    intake.remove_upload(db, upload)
    assert not kept(db)


def test_nothing_is_kept_for_long(db: Store) -> None:
    preview(db, LIST)
    intake.forget_old(db)
    assert kept(db)
    grow_old(db)
    intake.forget_old(db)
    assert not kept(db)


def test_only_its_owner_may_read_what_is_kept(db: Store) -> None:
    preview(db, LIST)
    (path,) = find_folder(db.settings.data_dir).glob("*.match")
    assert path.stat().st_mode & 0o077 == 0


def test_nothing_is_kept_where_nothing_can_be_written(db: Store) -> None:
    folder = find_folder(db.settings.data_dir)
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("not a folder")
    try:
        take_in(db, preview(db, LIST))
    finally:
        folder.unlink()
    assert len(db.read("MATCH (r:BusinessRecord) RETURN r.id AS id")) == len(ROWS)
