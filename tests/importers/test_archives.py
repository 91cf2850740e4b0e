"""A zip file or a folder stands for the files in it; names lead nowhere, and what cannot be read keeps nothing out."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from crm.access import OWNER
from crm.graph import uploads
from crm.graph.driver import Store
from importers.archives import clean_path, read_archive, read_folder
from importers.errors import ReadError
from importers.intake import NothingRead, add_files
from importers.openings import Said, close_sources, open_sources
from importers.sources import MAX_UNPACKED

BUSINESSES = b"agency,source_id,name\nBoard,1,Harbor Bakery\n"


def zip_of(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def write_zip(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "list.zip"
    path.write_bytes(zip_of(members))
    return path


MEMBERS = {
    "2026/businesses.csv": BUSINESSES,
    "__MACOSX/._businesses.csv": b"junk",
    ".DS_Store": b"junk",
    "~$open.xlsx": b"junk",
    "../../etc/cron.csv": BUSINESSES.replace(b"1,", b"2,"),
    "logo.png": b"\x89PNG\r\n\x1a\n",
    "more.zip": zip_of({"a.csv": BUSINESSES}),
}


def test_members_are_files_of_the_import_and_the_others_are_named(db: Store, tmp_path: Path) -> None:
    passed: dict[str, str] = {}
    path = write_zip(tmp_path, MEMBERS)
    sources = open_sources(db, [path], Said(), passed_over=lambda name, why: passed.update({name: why}))
    try:
        assert [source.sheet.name for source in sources] == [
            "list.zip/2026/businesses.csv",
            "list.zip/../../etc/cron.csv",
        ]
        assert [source.sheet.count_rows() for source in sources] == [1, 1]
    finally:
        close_sources(sources)
    assert passed.keys() == {"list.zip/logo.png", "list.zip/more.zip"}
    assert "is a picture" in passed["list.zip/logo.png"]
    assert "zip file inside a zip file" in passed["list.zip/more.zip"]
    # The name with dots in it was only shown: nothing lies beside the archive.
    assert [file.name for file in tmp_path.iterdir()] == ["list.zip"]


def test_a_folder_is_read_with_what_is_in_it_and_links_are_not_followed(db: Store, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    (folder / "old").mkdir(parents=True)
    (folder / "b.csv").write_bytes(BUSINESSES)
    (folder / "old" / "a.csv").write_bytes(BUSINESSES.replace(b"1,", b"2,"))
    (folder / ".DS_Store").write_bytes(b"junk")
    (tmp_path / "secret.csv").write_bytes(BUSINESSES)
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    sources = open_sources(db, [folder], Said())
    try:
        assert [source.sheet.name for source in sources] == ["lists/b.csv", "lists/old/a.csv"]
    finally:
        close_sources(sources)


def test_an_upload_of_a_zip_is_an_upload_of_its_files(db: Store) -> None:
    id = add_files(db, OWNER, [("list.zip", io.BytesIO(zip_of(MEMBERS)))])
    upload = uploads.get_upload(db, id, viewer=OWNER)
    assert [file.name for file in upload.files] == ["list.zip/2026/businesses.csv", "list.zip/../../etc/cron.csv"]
    assert [problem["file"] for problem in upload.problems] == ["list.zip/logo.png", "list.zip/more.zip"]


def test_a_zip_in_which_nothing_can_be_read_says_why(db: Store, tmp_path: Path) -> None:
    members = {"logo.png": b"\x89PNG\r\n\x1a\n"}
    with pytest.raises(ReadError, match=r"Nothing in list.zip can be read. list.zip/logo.png: .* is a picture"):
        open_sources(db, [write_zip(tmp_path, members)], Said())
    with pytest.raises(NothingRead, match="is a picture"):
        add_files(db, OWNER, [("list.zip", io.BytesIO(zip_of(members)))])


def test_sizes_are_summed_before_anything_is_unpacked(tmp_path: Path) -> None:
    path = write_zip(tmp_path, {f"{n}.csv": bytes(10_000_000) for n in range(3)})
    with pytest.raises(ReadError, match=r"unpacks to 30 MB, .* times its size"):
        next(read_archive(path, "list.zip"))
    # A directory that promises more than is allowed is refused on its word alone.
    data = bytearray(zip_of({"a.csv": BUSINESSES * 500}))
    place = data.find(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", MAX_UNPACKED + 1)
    path.write_bytes(data)
    with pytest.raises(ReadError, match="are allowed"):
        next(read_archive(path, "list.zip"))


def test_a_member_that_is_damaged_or_lies_about_its_size_is_named(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.csv": BUSINESSES * 500, "b.csv": BUSINESSES}))
    place = data.find(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    path = tmp_path / "list.zip"
    path.write_bytes(data)
    first, second = ((part.name, part.problem) for part in read_archive(path, "list.zip"))
    assert first == ("list.zip/a.csv", "This file inside the zip file is damaged.")
    assert second == ("list.zip/b.csv", "")


@pytest.mark.parametrize(
    ("members", "message"),
    [({}, "holds no files"), ({f"{n}.csv": b"a,b\n" for n in range(2_001)}, "is made of 2,001 parts")],
)
def test_an_empty_zip_and_one_of_too_many_files_are_refused(
    tmp_path: Path, members: dict[str, bytes], message: str
) -> None:
    with pytest.raises(ReadError, match=message):
        next(read_archive(write_zip(tmp_path, members), "list.zip"))


def test_a_folder_of_too_many_files_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="holds no files"):
        next(read_folder(tmp_path))
    for n in range(201):
        (tmp_path / f"{n}.csv").write_bytes(b"")
    with pytest.raises(ReadError, match="more than 200 files"):
        next(read_folder(tmp_path))


def test_names_are_shown_in_one_line() -> None:
    assert clean_path("a\\b\r\n\u202ec.csv") == "a/b c.csv"
    assert len(clean_path("x" * 500 + ".csv")) == 120
