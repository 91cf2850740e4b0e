"""Instants as the graph keeps them."""

from datetime import UTC, datetime


def now() -> str:
    """This moment: ISO 8601 in UTC, to the millisecond, so that texts are in the order of time."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
