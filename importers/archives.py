"""Several files at once: the members of a zip file, or the files of a folder, each a file of the import.

A member is shown as `list.zip/contacts.csv`. Its name is only shown: on disk it has a generated one, so it leads
nowhere. What cannot be read is named with the reason and does not keep the others from going in.
"""

import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from importers.errors import ReadError
from importers.sources import SourceFile, check_unpacked, list_entries, tell_format

MOST_FILES = 200  # of a folder
ZIP_INSIDE = "It is a zip file inside a zip file, which is not opened. Unpack it first."
LONGEST_NAME = 120
# What systems and programs leave in folders and archives.
LITTER = frozenset((".ds_store", "thumbs.db", "desktop.ini", "__macosx"))


@dataclass(frozen=True)
class Part:
    """One file among several: its name as it is shown, and its content, or why it is not read."""

    name: str
    stream: BinaryIO | None
    problem: str = ""


def is_archive(path: Path, name: str) -> bool:
    """Whether this is a zip file of files. Raises ReadError for one that only says so."""
    return Path(name).suffix.lower() == ".zip" and tell_format(SourceFile(path, name)) == "zip"


def list_members(path: Path, name: str = "") -> list[zipfile.ZipInfo]:
    """What is in a zip file besides folders and litter. Raises ReadError for one that is damaged, protected, or unpacks
    to too much: sizes are summed before anything is unpacked.
    """
    name = name or path.name
    entries = [
        entry for entry in list_entries(SourceFile(path, name)) if not entry.is_dir() and not _is_litter(entry.filename)
    ]
    check_unpacked(name, entries, fix="Send the files one by one.")
    if not entries:
        raise ReadError(f"{name} holds no files.")
    return entries


def read_archive(path: Path, name: str) -> Iterator[Part]:
    """The members in the archive's order; take each stream before asking for the next.

    Raises ReadError as `list_members` does. No member gives more than its own size says.
    """
    entries = list_members(path, name)
    with zipfile.ZipFile(path) as archive:
        for entry in entries:
            shown = f"{name}/{clean_path(entry.filename)}"
            if entry.filename.lower().endswith(".zip"):
                yield Part(shown, None, ZIP_INSIDE)
                continue
            with tempfile.TemporaryFile(prefix="crm-member-") as copy:
                try:
                    with archive.open(entry) as stream:
                        shutil.copyfileobj(stream, copy)
                except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zlib.error):
                    yield Part(shown, None, "This file inside the zip file is damaged.")
                    continue
                copy.seek(0)
                yield Part(shown, copy)


def read_folder(folder: Path) -> Iterator[Part]:
    """The files of a folder and of those in it, in the order of their names. Links are not followed."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_litter(name))
        found += [Path(place, name) for name in sorted(names) if not _is_litter(name)]
        if len(found) > MOST_FILES:
            raise ReadError(f"{folder} holds more than {MOST_FILES} files. Import some of them at a time.")
    files = [path for path in found if path.is_file() and not path.is_symlink()]
    if not files:
        raise ReadError(f"{folder} holds no files.")
    for path in files:
        shown = f"{folder.name}/{clean_path(path.relative_to(folder).as_posix())}"
        with path.open("rb") as stream:
            yield Part(shown, stream)


def clean_path(path: str) -> str:
    """A member's path as it is shown: printable, short, its end kept."""
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in path.replace("\\", "/")).split())
    return shown if len(shown) <= LONGEST_NAME else f"…{shown[1 - LONGEST_NAME :]}"


def _is_litter(path: str) -> bool:
    return any(
        part.lower() in LITTER or part.startswith(("._", "~$", ".git")) for part in path.replace("\\", "/").split("/")
    )
