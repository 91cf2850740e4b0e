"""The matcher's memory of a region, in files beside the engine, so that a change needs only what it touches.

The graph is the truth and a file a picture of it, good for exactly one state of the graph: the graph names a token, and
so does the file. A step of the matcher takes the token out of the graph before it writes anything, and puts a new one
into both when all is written. Whoever finds two that differ (a step was cut off, another machine did the last one, a
backup was loaded) makes the file again from the whole graph.
"""

import sqlite3
import time
from collections.abc import Callable, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import uuid4

import crm.dedupe
from crm.collector import give_back
from crm.dedupe import remembered
from crm.dedupe.apart import Apart, MatcherGone
from crm.dedupe.crew import Crew
from crm.dedupe.firms import FirmIndex
from crm.dedupe.index import MatchIndex
from crm.dedupe.judge import Judgements
from crm.dedupe.kinds import Kind, Progress, no_progress
from crm.dedupe.once import OneTime
from crm.dedupe.pool import Keep
from crm.dedupe.records import Judgement
from crm.services.kept_mappings import KeptMapping, MappingFile, digest, dump

# What the indexes keep, and how SQLite keeps its keys. A form and a clue are found by their digests.
MAPPINGS = {
    "forms": "INTEGER", "members": "INTEGER", "number_of": "TEXT", "seq_of": "TEXT", "numbers": "BLOB",
    "blocks": "INTEGER", "scores": "INTEGER", "own": "INTEGER", "cluster_of": "TEXT", "links": "TEXT",
    "reviews": "TEXT", "sites": "TEXT", "holders": "BLOB",
}  # fmt: skip


# Parts that are as old were left by a process that was killed.
LEFT_OVER_SECONDS = 86_400.0
# What must be known of an index beside its mappings: the number of the next form, what people have decided, and the
# thresholds.
About = tuple[int, list[Judgement], tuple[int, int]]


@cache
def tell_version() -> str:
    """Another one whenever the matcher is another one: what it made of a region before is then of no use."""
    files = [Path(__file__), *sorted(path for path in Path(crm.dedupe.__file__).parent.iterdir() if path.is_file())]
    return blake2b(b"".join(path.read_bytes() for path in files), digest_size=8).hexdigest()


def find_folder(data_dir: Path) -> Path:
    """Where what the matcher knows is kept."""
    return data_dir / "matcher"


class Memory:
    """The indexes of a region between two steps, by kind. `token` is of the state that the graph is in (None: nobody
    knows): it names the file and, behind a point, the step that left it so."""

    def __init__(self, folder: Path, token: str | None) -> None:
        self.folder = find_folder(folder)
        self.token = token
        self.file = self.find_file()
        self.notes: dict[str, Any] = {}
        self.held: dict[str, tuple[dict[str, MutableMapping[Any, Any]], Callable[[], Any]]] = {}
        self.helper = ThreadPoolExecutor(1, thread_name_prefix="memory")
        self.aparts: dict[str, Apart] = {}
        # Others may be at work in the folder, too: a preview beside an import.
        self.own = uuid4().hex
        self.begun: list[tuple[str, Path, Future[Any]]] = []

    def path(self, token: str) -> Path:
        return self.folder / f"{token.partition('.')[0]}.sqlite"

    def find_file(self) -> MappingFile | None:
        """The file, if it is of this token."""
        if self.token is None or not self.path(self.token).exists():
            return None
        try:
            file = MappingFile(self.path(self.token))
        except sqlite3.Error:
            return None
        if file.about.get("token") == [tell_version(), self.token]:
            return file
        file.close()
        return None

    def find(self, name: str, kind: Kind) -> MatchIndex | None:
        """The index of this name as it was left; None if there is none with these thresholds. What is done to it is for
        `keep`."""
        if (about := self.about(name)) is None:
            return None
        next_form, said, thresholds = about
        if thresholds != (kind.join, kind.ask):
            return None
        index = MatchIndex(kind, keep=self.keeper(name))
        index.pool.next = next_form
        index.judgements.put(said)
        self.take(name, index)
        return index

    def take(self, name: str, index: MatchIndex) -> None:
        """Let this index be kept in place of what there was."""
        self.held[name] = list_mappings(index), lambda: describe(index.kind, index.pool.next, index.judgements)

    def find_firms(self) -> tuple[FirmIndex, int] | None:
        """The firms' index as it was left, and up to which time of the graph it knows its businesses."""
        if (about := self.about("firm")) is None:
            return None
        index, (until, said, barred) = FirmIndex(self.keeper("firm")), about
        index.hear(said, barred)
        return index, until

    def take_firms(self, index: FirmIndex, until: int) -> None:
        """Let this index be kept, which knows all businesses as they were at this time of the graph."""
        mappings = {"sites": index.sites, "holders": index.holders}
        self.held["firm"] = mappings, lambda: (until, sorted(index.said), sorted(index.barred))

    def note(self, name: str, said: Any) -> None:
        """Let this be kept as what is known `about` a name."""
        self.notes[name] = said

    def about(self, name: str) -> Any:
        return self.file.about.get(name) if self.file else None

    def keeper(self, name: str) -> Keep:
        file = self.file
        assert file is not None
        return lambda mapping: file.mapping(f"{name}_{mapping}", write_key=key_writer(mapping))

    def hand_over(self, name: str, apart: Apart) -> None:
        """Let the process in which all records of this name were matched write what is to be kept of them, while this
        one does other work; it counts when all is kept. The process is closed then."""
        self.aparts[name] = apart
        self.begin(name, apart, write_whole, name)

    def begin(self, name: str, apart: Apart, write: Callable[..., Any], *about: Any) -> None:
        """Let a process that was handed over write what is to be kept of this name. `write` is for `ask`, gets what it
        is about and a path, and gives what must be known beside."""
        path = self.folder / f"{self.own}-{len(self.begun)}.part"
        self.held.pop(name, None)
        self.begun.append((name, path, self.helper.submit(apart.ask, write, *about, path)))

    def write(self, name: str, mappings: dict[str, MutableMapping[Any, Any]], progress: Progress) -> None:
        """Write those mappings that are in memory, and forget them."""
        file = self.file or self.start_file()
        whole = [mapping for mapping, values in mappings.items() if not isinstance(values, KeptMapping)]
        for place, mapping in enumerate(whole, 1):
            fill(file, f"{name}_{mapping}", mapping, mappings.pop(mapping))
            progress("remembering", place, len(whole))
        give_back()

    def keep(self, progress: Progress = no_progress) -> str | None:
        """Write what has changed; returns the token of what is then kept, or None if nothing can be written here. An
        index that nobody asked for stays as it was."""
        try:
            for place, (name, path, written) in enumerate(self.begun, 1):
                self.notes[name] = written.result()
                if self.file is None:
                    self.start_file(path)
                else:
                    self.file.take_over(path)
                    path.unlink()
                progress("remembering", place, len(self.begun))
            for name, (mappings, describe) in self.held.items():
                self.notes[name] = describe()
                self.write(name, mappings, progress)
            file = self.file or self.start_file()
            token = f"{file.path.stem}.{uuid4().hex}"
            file.save(self.notes | {"token": [tell_version(), token]})
        except (OSError, sqlite3.Error, MatcherGone):
            return None
        return token

    def start_file(self, written: Path | None = None) -> MappingFile:
        """A new file, or what another process has written; those of earlier states of the region are of no use."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.drop("*.sqlite*")
        self.drop("*.part*", older=LEFT_OVER_SECONDS)
        path = self.path(uuid4().hex)
        if written is not None:
            written.replace(path)
        self.file = MappingFile(path)
        return self.file

    def drop(self, pattern: str, *, older: float = 0.0) -> None:
        """Remove these files, if they are as old as this (seconds)."""
        for old in self.folder.glob(pattern):
            with suppress(FileNotFoundError):
                if not older or time.time() - old.stat().st_mtime >= older:
                    old.unlink()

    def close(self) -> None:
        """What was not kept is forgotten."""
        for apart in self.aparts.values():
            apart.stop()
        self.helper.shutdown()
        for apart in self.aparts.values():
            apart.close()
        self.drop(f"{self.own}-*")
        if self.file is not None:
            self.file.close()


def key_writer(mapping: str) -> Callable[[Any], Any] | None:
    """How the keys of this mapping are written; None: as they are."""
    return digest if MAPPINGS[mapping] == "BLOB" else None


def describe(kind: Kind, next_form: int, judgements: Judgements) -> About:
    """What must be known of an index beside its mappings."""
    return next_form, judgements.list_all(), (kind.join, kind.ask)


def write_whole(matcher: OneTime, name: str, path: Path) -> About:
    """Write what an index would hold of the records of this matcher into a file of their own; returns what must be
    known beside. For a process apart."""
    held = matcher.held
    assert held is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    file = MappingFile(path)
    for mapping, rows in remembered.list_mappings(held, digest, Crew()):
        # Forms are written down already.
        written = rows if mapping == "forms" else ((key, dump(value)) for key, value in rows)
        file.fill(f"{name}_{mapping}", MAPPINGS[mapping], written)
    file.save({})
    about = describe(matcher.kind, len(held.forms), held.judgements)
    del held
    # It may have other work to do.
    matcher.forget()
    give_back()
    return about


def fill(file: MappingFile, name: str, mapping: str, values: MutableMapping[Any, Any]) -> None:
    """Write a whole mapping that is held in memory."""
    write_key = key_writer(mapping)
    # Rows come in the order in which the file has them, so that each is written behind the one before it.
    rows = (
        sorted((write_key(key), dump(value)) for key, value in values.items())
        if write_key
        else ((key, dump(values[key])) for key in sorted(values))
    )
    file.fill(name, MAPPINGS[mapping], rows)


def list_mappings(index: MatchIndex) -> dict[str, MutableMapping[Any, Any]]:
    pool, partition = index.pool, index.partition
    return {
        "forms": pool.forms,
        "members": pool.members,
        "number_of": pool.number_of,
        "seq_of": pool.seq_of,
        "numbers": pool.numbers,
        "blocks": index.blocks.members,
        "scores": index.graph.links.scores,
        "own": index.own.kept,
        "cluster_of": partition.cluster_of,
        "links": partition.links,
        "reviews": partition.reviews,
    }
