"""A workbook is parsed once for its upload, preview and import; what is kept of it is trusted only when it is whole."""

import hashlib
import io
import os
import stat
import time
from pathlib import Path
from threading import Thread

import pytest

from crm.access import OWNER
from crm.commands.worker import learn_jobs
from crm.graph import uploads
from crm.graph.driver import Store
from crm.services.jobs import run_all
from importers import children, intake, kept_texts, orders
from importers.kept_texts import KEPT_SECONDS, KeptTexts
from importers.openings import Said
from importers.read import open_sheet
from importers.rows import Row
from tests.importers.test_reading_workbooks import workbook_of

HEADINGS = ["agency", "source_id", "name", "zip"]
LIST = workbook_of(HEADINGS, ["Board", "1", "Zeta Foods", "61101"], ["Board", "2", "Kinzie\nTool", "61102"])
ROWS = [["Board", "1", "Zeta Foods", "61101"], ["Board", "2", "Kinzie\nTool", "61102"]]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that a child process has parsed."""
    names: list[str] = []
    run = children._run

    def note(source: children.SourceFile, *rest: object) -> None:
        names.append(source.name)
        run(source, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(children, "_run", note)
    return names


def read(data: bytes, kept: KeptTexts, name: str = "list.xlsx", **said: str) -> list[list[str]]:
    with open_sheet(data, name, kept=kept, **said) as sheet:  # type: ignore[arg-type]
        return [row.cells for row in sheet.rows() if isinstance(row, Row)]


def files_in(kept: KeptTexts) -> list[Path]:
    return sorted(kept.folder.iterdir()) if kept.folder.exists() else []


def test_the_same_file_is_parsed_once(tmp_path: Path, parsed: list[str]) -> None:
    kept = KeptTexts(tmp_path)
    assert read(LIST, kept) == read(LIST, kept, "the same by another name.xlsx") == ROWS
    assert len(parsed) == 1


def test_another_sheet_is_another_text(tmp_path: Path, parsed: list[str]) -> None:
    kept, data = KeptTexts(tmp_path), workbook_of(["name"], ["A"], others=("Notes",))
    assert read(data, kept) == read(data, kept, sheet="List") == [["A"]]
    assert len(parsed) == len(files_in(kept)) == 2


def test_only_the_owner_may_read_it_and_it_does_not_tell_who_sent_it(tmp_path: Path) -> None:
    kept = KeptTexts(tmp_path)
    read(LIST, kept, "Agency of Ana, rivals.xlsx")
    (path,) = files_in(kept)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700
    assert b"Ana" not in path.read_bytes()
    assert "Ana" not in path.name


def test_another_version_of_the_reader_reads_again(
    tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptTexts(tmp_path)
    read(LIST, kept)
    monkeypatch.setattr(kept_texts, "tell_version", lambda: "the next one")
    assert read(LIST, kept) == ROWS
    assert len(parsed) == 2


@pytest.mark.parametrize("harm", ["cut off", "other", "empty"])
def test_a_torn_text_is_read_again(tmp_path: Path, parsed: list[str], harm: str) -> None:
    kept = KeptTexts(tmp_path)
    read(LIST, kept)
    (path,) = files_in(kept)
    whole = path.read_bytes()
    path.write_bytes(
        {"cut off": whole[:-20], "other": whole.replace(b"Zeta", b"Beta") + b"x" * 500, "empty": b""}[harm]
    )
    assert read(LIST, kept) == ROWS
    assert len(parsed) == 2
    assert path.read_bytes() == whole


def test_what_was_used_longest_ago_goes_when_it_is_too_much(tmp_path: Path, parsed: list[str]) -> None:
    lists = [workbook_of(["name"], [f"{n} " + "x" * 3_000]) for n in range(3)]
    kept = KeptTexts(tmp_path, most_bytes=8_000)
    for n, data in enumerate(lists[:2]):
        read(data, kept)
        os.utime(
            max(files_in(kept), key=lambda path: path.stat().st_mtime),
            times=(time.time() - 100 + n, time.time() - 100 + n),
        )
    read(lists[0], kept)
    read(lists[2], kept)
    assert len(files_in(kept)) == 2
    assert len(parsed) == 3
    read(lists[0], kept)
    assert len(parsed) == 3
    read(lists[1], kept)
    assert len(parsed) == 4


def test_a_text_longer_than_all_that_may_be_kept_is_not_kept(tmp_path: Path) -> None:
    kept = KeptTexts(tmp_path, most_bytes=10)
    assert read(LIST, kept) == ROWS
    assert not files_in(kept)


def test_what_nobody_used_for_a_day_goes_with_drafts_that_were_cut_off(tmp_path: Path) -> None:
    kept = KeptTexts(tmp_path)
    read(LIST, kept)
    (kept.folder / "draft-1").write_bytes(b"half")
    kept.clear()
    assert len(files_in(kept)) == 2
    old = time.time() - KEPT_SECONDS - 1
    for path in files_in(kept):
        os.utime(path, times=(old, old))
    kept.clear()
    assert not files_in(kept)


def test_where_nothing_can_be_written_it_is_parsed_each_time(tmp_path: Path, parsed: list[str]) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = KeptTexts(tmp_path / "file")
    assert read(LIST, kept) == read(LIST, kept) == ROWS
    assert len(parsed) == 2
    kept.forget("0" * 64)


def test_several_may_write_and_read_at_once(tmp_path: Path) -> None:
    found: list[list[list[str]]] = []
    threads = [Thread(target=lambda: found.append(read(LIST, KeptTexts(tmp_path)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [ROWS] * 4
    assert len(files_in(KeptTexts(tmp_path))) == 1


def add(db: Store) -> str:
    learn_jobs()
    return intake.add_said_files(db, OWNER, [("list.xlsx", io.BytesIO(LIST))], Said(kind="businesses"))


def texts_of_list(db: Store) -> list[Path]:
    digest = hashlib.sha256(LIST).hexdigest()
    return [path for path in files_in(intake.texts_of(db)) if path.name.startswith(digest)]


def test_an_import_leaves_nothing_behind(db: Store, parsed: list[str]) -> None:
    upload = uploads.get_upload(db, add(db), viewer=OWNER)
    orders.start_preview(db, OWNER, upload)
    run_all(db)
    assert len(texts_of_list(db)) == 1
    orders.start_import(db, OWNER, upload, revision=upload.revision, unseen=True)
    run_all(db)
    assert uploads.get_upload(db, upload.id, viewer=OWNER).files[0].import_id
    assert parsed == ["list.xlsx"]
    assert not texts_of_list(db)


def test_nor_does_an_upload_that_is_thrown_away(db: Store) -> None:
    upload = uploads.get_upload(db, add(db), viewer=OWNER)
    assert len(texts_of_list(db)) == 1
    intake.remove_upload(db, upload)
    assert not texts_of_list(db)
