"""Where a file's bytes come from (a path, bytes, or an upload), and whether they can be a table at all.

Whatever comes in becomes a path on disk, because a file is read several times: once to learn its encoding, once to
preview it, once to load it. The name's ending and the first bytes must agree: a picture called `list.csv` is refused
here, in words, and never reaches a parser.
"""

import contextlib
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import BinaryIO

from importers.errors import ReadError

TEXT_ENDINGS = (".csv", ".txt", ".tsv", ".tab")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

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
    """`"csv"` or `"xlsx"`, by the name's ending and the first bytes together. Raises ReadError for anything else."""
    with source.path.open("rb") as file:
        head = file.read(4096)
    ending = Path(source.name).suffix.lower()
    if not head:
        raise ReadError(f"{source.name} is empty.")
    if head.startswith(OLE):
        raise ReadError(_explain_ole(source))
    if head.startswith(ZIP):
        if ending not in WORKBOOK_ENDINGS:
            raise ReadError(
                f"{source.name} is a zip file or an Excel workbook, but its name ends in {ending or 'nothing'}. "
                "If it is a workbook, give it the ending .xlsx; if it is a zip file, unpack it first."
            )
        return "xlsx"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, what, fix in FOREIGN_KINDS:
        if start.startswith(magic.lower()):
            raise ReadError(f"{source.name} is {what}, not a table. {fix}")
    if ending in WORKBOOK_ENDINGS:
        raise ReadError(f"{source.name} ends in {ending} but is not an Excel workbook. If it is text, name it .csv.")
    if ending and ending not in TEXT_ENDINGS:
        raise ReadError(f"{source.name} ends in {ending}. Files that can be read end in .csv, .tsv, .txt or .xlsx.")
    return "csv"


def _explain_ole(source: SourceFile) -> str:
    # An encrypted workbook is an old-style container whose directory names a stream "EncryptedPackage" in UTF-16.
    if "EncryptedPackage".encode("utf-16-le") in source.path.read_bytes():
        return f"{source.name} is protected by a password. Open it in Excel, remove the password, and save it again."
    return f"{source.name} is an old Excel file (.xls). Open it and save it as .xlsx or CSV."


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
