"""What the match of a preview has found, kept for the import that mostly follows: the same records are matched once.

One file a kind, beside the matcher's memory and of the same content, so for the application's own user only. It is good
for exactly the records, judgements, thresholds and matcher that it was made with, and is a convenience: whatever is
missing, old, damaged or of something else is matched again, and where nothing can be written nothing is kept.
"""

import json
import marshal
import os
import pickle
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass, fields, replace
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import Any

from crm.dedupe.kinds import Kind
from crm.dedupe.once import Found, OneTime
from crm.dedupe.records import BusinessRow, Judgement, PersonRow
from crm.files import write_privately
from crm.services.matcher_file import find_folder, tell_version

ENDING = ".match"
KEPT_SECONDS = 86_400.0
MOST_BYTES = 512 * 1024 * 1024
DIGEST_BYTES = 16


class Sum:
    """A digest of records that is the same in whatever order they come: of all that they say, and not of when each was
    born."""

    def __init__(self) -> None:
        self.count = 0
        self._total = 0

    def add(self, rows: Sequence[BusinessRow] | Sequence[PersonRow]) -> None:
        if not rows:
            return
        told = attrgetter(*(field.name for field in fields(rows[0]) if field.name != "seq"))
        total = 0
        for row in rows:
            # In its second version equal values are written in one way.
            total += int.from_bytes(blake2b(marshal.dumps(told(row), 2), digest_size=DIGEST_BYTES).digest(), "big")
        self._total = (self._total + total) % (1 << 8 * DIGEST_BYTES)
        self.count += len(rows)

    def tell(self) -> str:
        return f"{self._total:0{2 * DIGEST_BYTES}x}"


@dataclass(frozen=True)
class Matched:
    """What was matched: the matcher and its thresholds, how many records, their `Sum`, and a digest of what people have
    decided."""

    version: str
    thresholds: tuple[int, int]
    count: int
    records: str
    said: str

    @classmethod
    def of(cls, kind: Kind, records: Sum, said: Iterable[Judgement]) -> "Matched":
        return cls(tell_version(), (kind.join, kind.ask), records.count, records.tell(), digest_said(said))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Matched":
        """The reverse of `asdict`, after JSON has made a list of the thresholds."""
        said: dict[str, Any] = data | {"thresholds": tuple(data["thresholds"])}
        return cls(**said)

    def may_be(self, kind: Kind, count: int, said: Iterable[Judgement]) -> bool:
        """Whether this was so matched, and of so many records."""
        return self == replace(Matched.of(kind, Sum(), said), count=count, records=self.records)


def digest_said(said: Iterable[Judgement]) -> str:
    return _digest(repr(sorted(map(astuple, said))).encode())


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=DIGEST_BYTES).hexdigest()


def find_path(folder: Path, name: str) -> Path:
    """Where the match of this kind (by name) is kept; the folder is that of the matcher's memory."""
    return folder / f"{name}{ENDING}"


def read_about(path: Path) -> Matched | None:
    """What was matched, of the match that is kept there."""
    with suppress(OSError, ValueError, TypeError), path.open("rb") as file:
        if time.time() - os.fstat(file.fileno()).st_mtime < KEPT_SECONDS:
            return Matched.from_json(json.loads(file.readline())["matched"])
    return None


def keep(matcher: OneTime, path: Path, matched: Matched) -> None:
    """Keep what this matcher has found, unless it is too much. For a process apart."""
    text = pickle.dumps(matcher.held, pickle.HIGHEST_PROTOCOL)
    about = {"matched": asdict(matched), "digest": _digest(text)}
    forget(path)
    if len(text) > MOST_BYTES:
        return
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_privately(path) as file:
            file.write(json.dumps(about).encode() + b"\n")
            file.write(text)


def take(matcher: OneTime, path: Path, matched: Matched, seq_of: Mapping[str, int]) -> Found | None:
    """Let this matcher go on from what is kept there, if it is that; `seq_of` are the places of the records in the
    order of birth. For a process apart."""
    with suppress(OSError, ValueError), path.open("rb") as file:
        told = json.loads(file.readline())
        text = file.read()
        if told["digest"] != _digest(text) or Matched.from_json(told["matched"]) != matched:
            return None
        return matcher.take_up(pickle.loads(text), seq_of)  # noqa: S301 - our own file, whole
    return None


def forget(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def forget_all(data_dir: Path, *, older: float = 0.0) -> None:
    """Keep none of the matches that are as old as this (seconds)."""
    with suppress(OSError):
        for path in find_folder(data_dir).glob(f"*{ENDING}"):
            if not older or time.time() - path.stat().st_mtime >= older:
                forget(path)
