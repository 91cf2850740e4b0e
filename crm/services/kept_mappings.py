"""Mappings in a file, of which only what is asked for is read: a process that changes little reads little.

One SQLite file holds several, and a stamp that says what they are a picture of. What was changed is written by `save`,
with the next stamp, all or nothing; nothing else is ever written.
"""

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

CACHE_KB = 32_000
# The names of mappings are the program's own.
SQL = {
    "one": "SELECT value FROM {} WHERE key = ?",
    "keys": "SELECT key FROM {}",
    "count": "SELECT count(*) FROM {}",
    "all": "SELECT key, value FROM {}",
    "delete": "DELETE FROM {} WHERE key = ?",
    "put": "INSERT OR REPLACE INTO {} VALUES (?, ?)",
}


# Numbers and texts, which are most of it, stand in the file as they are.
Written = bytes | int | str


def dump(value: Any) -> Written:
    return value if type(value) in (int, str) else pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def load(written: Written) -> Any:
    return written if isinstance(written, int | str) else pickle.loads(written)  # noqa: S301


def digest(key: Any) -> bytes:
    """A short key for any tuple of texts."""
    return blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=16).digest()


class KeptMapping(MutableMapping[Any, Any]):
    """A mapping of the file. Values may be changed in place: `changes` compares all that were handed out."""

    def __init__(self, file: sqlite3.Connection, name: str, write_key: Callable[[Any], Any] | None) -> None:
        self.file = file
        self.write_key = write_key
        self.held: dict[Any, Any] = {}
        self.stored: dict[Any, Written | None] = {}  # as in the file; None: not there
        self.sql = {purpose: sql.format(name) for purpose, sql in SQL.items()}

    def __getitem__(self, key: Any) -> Any:
        if key in self.held:
            return self.held[key]
        if key in self.stored or not self.find(key):
            raise KeyError(key)
        return self.held[key]

    def find(self, key: Any) -> bool:
        """Read it from the file."""
        row = self.file.execute(self.sql["one"], (self.write_key(key) if self.write_key else key,)).fetchone()
        self.stored[key] = row[0] if row else None
        if row:
            self.held[key] = load(row[0])
        return row is not None

    def __setitem__(self, key: Any, value: Any) -> None:
        if key not in self.held and key not in self.stored:
            self.find(key)
        self.held[key] = value

    def __delitem__(self, key: Any) -> None:
        self[key]
        del self.held[key]

    def __contains__(self, key: object) -> bool:
        return key in self.held or (key not in self.stored and self.find(key))

    def __iter__(self) -> Iterator[Any]:
        """Every key. Only for mappings whose keys are written as they are."""
        yield from list(self.held)
        for (key,) in self.file.execute(self.sql["keys"]):
            if key not in self.stored:
                yield key

    def __len__(self) -> int:
        (count,) = self.file.execute(self.sql["count"]).fetchone()
        return count + len(self.held) - sum(stored is not None for stored in self.stored.values())

    def all_values(self) -> Iterator[Any]:
        """Every value, without holding those that nobody asked for."""
        yield from list(self.held.values())
        for key, value in self.file.execute(self.sql["all"]):
            if key not in self.stored:
                yield load(value)

    def values(self) -> Any:
        return self.all_values()

    def changes(self) -> tuple[list[tuple[Any, Written]], list[tuple[Any]]]:
        """What must be put into the file, and the keys that must go out of it, as they are written."""
        write = self.write_key or (lambda key: key)
        put = [
            (write(key), written)
            for key, value in self.held.items()
            if (written := dump(value)) != self.stored.get(key)
        ]
        gone = [(write(key),) for key, stored in self.stored.items() if stored is not None and key not in self.held]
        return put, gone


class MappingFile:
    """The file. It shows what was there when it was opened, also while another process writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # One thread at a time: see `Memory.begin`.
        self.file = sqlite3.connect(path, isolation_level=None, timeout=60, check_same_thread=False)
        self.file.execute("PRAGMA journal_mode = WAL")
        # A file that a power cut has set back is one of another stamp.
        self.file.execute("PRAGMA synchronous = NORMAL")
        self.file.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        self.file.execute("CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        self.taken = 0
        self.mappings: dict[str, KeptMapping] = {}
        self.file.execute("BEGIN")
        rows = self.file.execute("SELECT key, value FROM about")
        self.about = {key: load(value) for key, value in rows}

    def mapping(self, name: str, *, write_key: Callable[[Any], Any] | None = None) -> KeptMapping:
        """The mapping of this name, which is there."""
        self.mappings[name] = KeptMapping(self.file, name, write_key)
        return self.mappings[name]

    def fill(self, name: str, key: str, rows: Iterable[tuple[Any, Written]]) -> None:
        """Put a whole mapping in place of the one of this name; `key` is how SQLite keeps its keys."""
        self.file.execute(f"DROP TABLE IF EXISTS {name}")
        without = "" if key == "INTEGER" else " WITHOUT ROWID"
        self.file.execute(f"CREATE TABLE {name} (key {key} PRIMARY KEY, value BLOB){without}")
        self.file.executemany(f"INSERT INTO {name} VALUES (?, ?)", rows)  # noqa: S608
        self.mappings.pop(name, None)

    def take_over(self, path: Path) -> None:
        """Put all mappings of another file, which nobody uses any more, in place of those of their names."""
        # It stays attached until this file is closed, for it can go only between transactions.
        self.taken += 1
        other = f"other{self.taken}"
        self.file.execute(f"ATTACH ? AS {other}", (str(path),))
        tables = self.file.execute(f"SELECT name, sql FROM {other}.sqlite_master WHERE name != 'about'")  # noqa: S608
        for name, sql in tables.fetchall():
            self.file.execute(f"DROP TABLE IF EXISTS main.{name}")
            self.file.execute(sql)
            # Page by page, which it is only where everything is selected.
            self.file.execute(f"INSERT INTO main.{name} SELECT * FROM {other}.{name}")  # noqa: S608
            self.mappings.pop(name, None)

    def save(self, about: dict[str, Any]) -> None:
        """Write what has changed, and what it is a picture of, all or nothing. The file is then closed."""
        for mapping in self.mappings.values():
            put, gone = mapping.changes()
            self.file.executemany(mapping.sql["delete"], gone)
            self.file.executemany(mapping.sql["put"], put)
        rows = ((key, dump(value)) for key, value in about.items())
        self.file.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", rows)
        self.file.execute("COMMIT")
        self.close()

    def close(self) -> None:
        """What was not saved is forgotten."""
        self.file.close()
