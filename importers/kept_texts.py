"""What workbooks were read as, kept for a while: a file that is uploaded, previewed and imported is parsed once.

Plain text in a folder that only the application's own user may read, named by the file's content and by all that
determines how it is read, and by nothing of who sent it. It is a convenience: whatever is missing, damaged or of
another version of the reader is made again, and where nothing can be written nothing is kept.
"""

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from crm.files import write_privately

FOLDER = "readings"
KEPT_SECONDS = 86_400.0  # since it was last used
MOST_BYTES = 512 * 1024 * 1024
PIECE = 1 << 20
ENDING = ".text"


class KeptTexts:
    """The texts kept in a data folder. Any number of processes may use it at once."""

    def __init__(self, data_dir: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = data_dir / FOLDER
        self._most = most_bytes

    def take(self, sha256: str, arguments: tuple[str, ...], to: BinaryIO) -> bool:
        """Write the text of the file with this content, read with these arguments, to `to`; False, and nothing written,
        where it is not kept."""
        kept = self._path(sha256, arguments)
        try:
            with kept.open("rb") as text:
                told, found = text.readline(), hashlib.blake2b()
                for piece in _cut(text):
                    found.update(piece)
                    to.write(piece)
            if told == _first_line(found):
                os.utime(kept)
                return True
            kept.unlink()
        except OSError:
            pass
        to.seek(0)
        to.truncate()
        return False

    def keep(self, sha256: str, arguments: tuple[str, ...], text: Path) -> None:
        """Keep the text of the file with this content; what is old, or too much, goes. Nothing happens where nothing
        can be written."""
        with suppress(OSError):
            if text.stat().st_size > self._most:
                return
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = hashlib.blake2b()
            with text.open("rb") as written:
                for piece in _cut(written):
                    found.update(piece)
            with write_privately(self._path(sha256, arguments)) as copy, text.open("rb") as written:
                copy.write(_first_line(found))
                for piece in _cut(written):
                    copy.write(piece)
        self.clear()

    def forget(self, sha256: str) -> None:
        """Keep nothing any longer of the file with this content."""
        with suppress(OSError):
            for path in list(self.folder.glob(f"{sha256}-*{ENDING}")) if sha256 else ():
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what was not used for a day, and of the rest what was used longest ago until it is few enough."""
        room, now = self._most, time.time()
        for used, size, path in self._list():
            room -= size
            if room < 0 or used < now - KEPT_SECONDS:
                with suppress(OSError):
                    path.unlink()

    def _list(self) -> list[tuple[float, int, Path]]:
        """(when it was last used, bytes, path) of each file, the latest first; drafts that were cut off are among
        them."""
        found: list[tuple[float, int, Path]] = []
        with suppress(OSError):
            for path in self.folder.iterdir():
                with suppress(OSError):
                    about = path.stat()
                    found.append((about.st_mtime, about.st_size, path))
        return sorted(found, reverse=True)

    def _path(self, sha256: str, arguments: tuple[str, ...]) -> Path:
        way = hashlib.blake2b("\x1f".join((tell_version(), *arguments)).encode(), digest_size=16).hexdigest()
        return self.folder / f"{sha256}-{way}{ENDING}"


@cache
def tell_version() -> str:
    """Another one whenever the reader is another one: what it made of a file before is then of no use."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    code = hashlib.blake2b(b"".join(path.read_bytes() for path in files), digest_size=16).hexdigest()
    return f"{code} {version('python-calamine')} {sys.version}"


def _cut(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(PIECE), b"")


def _first_line(found: hashlib.blake2b) -> bytes:
    return f"{found.hexdigest()}\n".encode()
