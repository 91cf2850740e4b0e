"""What tells one row from another over repeated imports: its key, and a hash of what it says."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import blake2b

from importers.kinds import Kind
from importers.verdicts import Value


def row_key(kind: Kind, values: Mapping[str, Value]) -> str:
    """The source's own id (or the name, for kinds that have no id), else `row-` and a hash of the values.

    The hash is over the values that are not blank, whatever the order of the columns, and leaves out the agency, so
    that a row is the same whether its agency stood in a column or was said for the file. Two rows without an id that
    say exactly the same have one key: they are one row, said twice.
    """
    own = values.get(kind.key)
    return own if isinstance(own, str) and own else f"row-{_digest(values, without='agency')}"


def content_hash(values: Mapping[str, Value]) -> str:
    """20 hexadecimal digits that differ when any value does; blank is the same as absent."""
    return _digest(values, without=None)


def _digest(values: Mapping[str, Value], *, without: str | None) -> str:
    # Control characters never get into values, so these separators cannot be forged from outside.
    parts = [
        f"{name}\x1f{value if type(value) is str else _write(value)}"
        for name in _sort(tuple(values))
        if ((value := values[name]) or (value is not None and value != ())) and name != without
    ]
    return blake2b("\x1e".join(parts).encode(), digest_size=10).hexdigest()


@lru_cache(1_000)
def _sort(names: tuple[str, ...]) -> list[str]:
    """The names in order, which the rows of a file have in common."""
    return sorted(names)


def _write(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return "\x1d".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
