"""Where a file's bytes come from (a path, bytes, or an upload), and whether they can be a table at all.

Whatever comes in becomes a path on disk, because a file is read several times: once to learn its encoding, once to
preview it, once to load it. The name's ending and the first bytes must agree: a picture called `list.csv` is refused
here, in words, and never reaches a parser.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from importers.errors import ReadError

TEXT_ENDINGS = (".csv", ".txt", ".tsv", ".tab")
# What each ending promises; the bytes must keep it.
WORKBOOKS = {".xlsx": "xlsx", ".xlsm": "xlsx", ".xlsb": "xlsb", ".xls": "xls", ".ods": "ods"}
CARDS = {".vcf": "vcf", ".ics": "ics"}
# Many programs call a web page with a table in it an Excel file.
PAGES = (".xls", ".htm", ".html")
PAGE_MARKS = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style")
FORMAT_WORDS = {
    "csv": "text",
    "xlsx": "an Excel workbook",
    "xlsb": "a binary Excel workbook",
    "xls": "an old Excel workbook",
    "ods": "an OpenDocument spreadsheet",
    "zip": "a zip file",
    "vcf": "a file of contacts",
    "ics": "a calendar",
    "html": "a web page",
}
READABLE = "Files that can be read end in .csv, .tsv, .txt, .xlsx, .xlsm, .xlsb, .xls, .ods, .html, .vcf, .ics or .zip."

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

CARD_MARKS = ((b"begin:vcard", "vcf"), (b"begin:vcalendar", "ics"))
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
MAX_ENTRIES = 2_000

# What a file really is by its first bytes, and what its owner can do about it.
FOREIGN_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "Export the list as CSV or Excel from the program that made it."),
    (b"\x89PNG", "a picture", "Choose the CSV or Excel file itself."),
    (b"\xff\xd8\xff", "a picture", "Choose the CSV or Excel file itself."),
    (b"GIF8", "a picture", "Choose the CSV or Excel file itself."),
    (b"\x1f\x8b", "a compressed file", "Unpack it first and import the file inside."),
    (b"7z\xbc\xaf", "a compressed file", "Unpack it first and import the file inside."),
    (b"Rar!", "a compressed file", "Unpack it first and import the file inside."),
    (b"SQLite format 3", "a database", "Export the table as CSV."),
    (b"{\\rtf", "a text document", "Save the table as CSV or Excel."),
    (b"<!doctype html", "a web page", "Open it in a spreadsheet and save it as Excel or CSV."),
    (b"<html", "a web page", "Open it in a spreadsheet and save it as Excel or CSV."),
    (b"<table", "a web page", "Open it in a spreadsheet and save it as Excel or CSV."),
    (b"<?xml", "an XML file", "Open it in a spreadsheet and save it as Excel or CSV."),
)


class SourceFile:
    """A readable file with the name its owner knows it by. A copy made for an upload is deleted when this is closed."""

    def __init__(self, path: Path, name: str, *, temporary: bool = False) -> None:
        self.path = path
        self.name = name
        self.size = path.stat().st_size
        self._cleanup = weakref.finalize(self, _unlink, path) if temporary else None

    @cached_property
    def sha256(self) -> str:
        """Of its content."""
        with self.path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()

    def close(self) -> None:
        if self._cleanup is not None:
            self._cleanup()


def take_source(source: str | Path | bytes | BinaryIO, name: str | None = None) -> SourceFile:
    """The source as a file on disk; bytes and streams are copied under a generated name. Raises ReadError."""
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise ReadError(f"There is no file {path}.")
        return SourceFile(path, name or path.name)
    descriptor, generated = tempfile.mkstemp(prefix="crm-import-")
    with os.fdopen(descriptor, "wb") as copy:
        if isinstance(source, bytes):
            copy.write(source)
        else:
            shutil.copyfileobj(source, copy)
    return SourceFile(Path(generated), name or "file.csv", temporary=True)


def tell_format(source: SourceFile) -> str:
    """The format (a key of `FORMAT_WORDS`), by the name's ending and the first bytes together.

    Raises ReadError for anything else, and where the two do not agree.
    """
    with source.path.open("rb") as file:
        head = file.read(4096)
    ending = Path(source.name).suffix.lower()
    if not head:
        raise ReadError(f"{source.name} is empty.")
    if head.startswith(OLE):
        return _agree(source, _tell_ole(source), ending)
    if head.startswith((ZIP, EMPTY_ZIP)):
        return _agree(source, _tell_zip(source), ending)
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if ending in PAGES and start.startswith(PAGE_MARKS):
        return "html"
    for magic, what, fix in FOREIGN_KINDS:
        if start.startswith(magic.lower()):
            raise ReadError(f"{source.name} is {what}, not a table. {fix}")
    for mark, format in CARD_MARKS:
        if start.replace(b"\0", b"").startswith(mark):
            return _agree(source, format, ending)
    if ending in CARDS:
        raise ReadError(f"{source.name} ends in {ending} but is not {FORMAT_WORDS[CARDS[ending]]}.")
    if ending in WORKBOOKS or ending == ".zip":
        raise ReadError(f"{source.name} ends in {ending} but is not a workbook. If it is text, name it .csv.")
    if ending and ending not in TEXT_ENDINGS:
        raise ReadError(f"{source.name} ends in {ending}. {READABLE}")
    return "csv"


def _agree(source: SourceFile, format: str, ending: str) -> str:
    """The format that the bytes show, if the ending promises it."""
    promised = WORKBOOKS.get(ending) or CARDS.get(ending) or ("zip" if ending == ".zip" else None)
    # Programs write contacts and calendars as text, too.
    if promised == format or (promised is None and format in CARDS.values() and ending in TEXT_ENDINGS):
        return format
    usual = next((end for end, kind in (*WORKBOOKS.items(), *CARDS.items(), (".zip", "zip")) if kind == format), "")
    raise ReadError(
        f"{source.name} is {FORMAT_WORDS[format]}, but its name ends in {ending or 'nothing'}. "
        f"If that is what you meant to send, give it the ending {usual}."
    )


def _tell_zip(source: SourceFile) -> str:
    """A workbook is a zip file with certain parts; without them it is a zip file of files."""
    ending = Path(source.name).suffix.lower()
    try:
        parts = {entry.filename for entry in list_entries(source)}
    except ReadError:
        if ending in WORKBOOKS or ending == ".zip":
            raise
        return "zip"  # Then its name is the first thing that is wrong.
    if "xl/workbook.xml" in parts:
        return "xlsx"
    if "xl/workbook.bin" in parts:
        return "xlsb"
    if {"content.xml", "mimetype"} <= parts:
        return "ods"
    if "word/document.xml" in parts or "ppt/presentation.xml" in parts:
        raise ReadError(f"{source.name} is a text document or a presentation, not a table. Save the table as Excel.")
    return "zip"


def _tell_ole(source: SourceFile) -> str:
    """An old-style container names its streams in UTF-16: `Workbook` in an Excel file, `EncryptedPackage` in a
    protected one.
    """
    content = source.path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ReadError(
            f"{source.name} is protected by a password. Open it in Excel, remove the password, and save it again."
        )
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise ReadError(
            f"{source.name} is no workbook: it is another kind of Office document, or it is damaged. "
            "Save the table again, as Excel or CSV."
        )
    return "xls"


def list_entries(source: SourceFile) -> list[zipfile.ZipInfo]:
    """The parts of a zip file as its directory tells them. Raises ReadError for one that is damaged or protected."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise ReadError(f"{source.name} is damaged: it ends early or is no real zip file. Save it again.") from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise ReadError(f"{source.name} is protected by a password. Save it again without one.")
    if len(entries) > MAX_ENTRIES:
        raise ReadError(f"{source.name} is made of {len(entries):,} parts; {MAX_ENTRIES:,} are allowed. Pack fewer.")
    return entries


def check_unpacked(name: str, entries: Iterable[zipfile.ZipInfo], *, fix: str) -> None:
    """Refuse what unpacks to more than lists of businesses ever would; sizes are summed before that."""
    sizes = [(entry.file_size, entry.compress_size) for entry in entries]
    unpacked, packed = sum(size for size, _ in sizes), max(1, sum(size for _, size in sizes))
    if unpacked > MAX_UNPACKED or unpacked / packed > MAX_RATIO:
        raise ReadError(
            f"{name} unpacks to {unpacked / 1e6:,.0f} MB, {unpacked / packed:,.0f} times its size. "
            f"At most {MAX_UNPACKED // 1024**2} MB and {MAX_RATIO} times are allowed. {fix}"
        )


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
