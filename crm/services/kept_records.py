"""What new records say, kept from when they are matched until what they found is computed of it: they are read once.

Who changes a record meanwhile marks it, and what it resolves to is computed again; of one that is gone the graph knows
when the thing is made (`crm.graph.resolution.found_things`).
"""

import marshal
from collections.abc import Collection, Iterable

from crm.graph.driver import Row

# More are read again: about 100 MB.
MOST = 200_000


class KeptRecords:
    """Some records by id, packed: a third of the room."""

    def __init__(self, wanted: Collection[str] = ()) -> None:
        """`wanted`: the records (ids) that are worth keeping."""
        self._wanted = frozenset(wanted)
        self._names: tuple[str, ...] = ()
        self._packed: dict[str, bytes] = {}

    def put(self, records: list[Row]) -> None:
        """Keep those of these records that are wanted; all have the same columns."""
        if not records or len(self._packed) >= MOST:
            return
        self._names = tuple(records[0])
        wanted = self._wanted
        for record in records:
            if record["id"] in wanted:
                self._packed[record["id"]] = marshal.dumps(tuple(record.values()))

    def take(self, ids: Iterable[str]) -> list[Row]:
        """Those of these records that are kept; they are not kept any longer."""
        found = [packed for id in ids if (packed := self._packed.pop(id, None)) is not None]
        return [dict(zip(self._names, marshal.loads(packed), strict=True)) for packed in found]  # noqa: S302 - our own
