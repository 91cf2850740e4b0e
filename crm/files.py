"""Files that are written whole or not at all: those of commands, never found out to be impossible after the work is
done, and what the application keeps for itself."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from crm.errors import Refused


@contextmanager
def write_whole(path: Path) -> Generator[TextIO]:
    """A text file that stands at `path` when the block has ended well; else what was there before is there still.

    Raises Refused before the block begins when nothing can be written there, and after it when the disk is full.
    """
    target = path.resolve()
    if target.exists() and not (target.is_file() and os.access(target, os.W_OK)):
        raise Refused(f"{path} cannot be written: it is {'write-protected' if target.is_file() else 'no file'}.")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        file = draft.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with file:
            yield file
        draft.replace(target)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def write_privately(path: Path) -> Generator[BinaryIO]:
    """A file that only the application's own user may read, which stands at `path` when the block has ended well; else
    nothing has changed. A draft that a killed process leaves is called `draft-….part`. Raises OSError."""
    descriptor, generated = tempfile.mkstemp(prefix="draft-", suffix=".part", dir=path.parent)
    draft = Path(generated)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
