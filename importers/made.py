"""What a run has made of records so far, where the graph does not show it yet: in a dry run all of them, in a real run
those of the batch that is being planned.
"""

from collections.abc import Mapping

# Control characters never get into cells, so this cannot be forged from outside.
BETWEEN = "\x1f"


class Made:
    """record id -> its cells that say something. They are kept as one text each: a dry run has as many as the file has
    rows, and hardly ever asks for one."""

    def __init__(self) -> None:
        self._cells: dict[str, tuple[tuple[str, ...], str]] = {}
        # The columns of a record, which many have in common.
        self._columns: dict[tuple[str, ...], tuple[str, ...]] = {}

    def put(self, id: str, cells: Mapping[str, str]) -> None:
        columns = tuple(cells)
        self._cells[id] = self._columns.setdefault(columns, columns), BETWEEN.join(cells.values())

    def get(self, id: str) -> dict[str, str] | None:
        kept = self._cells.get(id)
        if kept is None:
            return None
        columns, text = kept
        return dict(zip(columns, text.split(BETWEEN), strict=True)) if columns else {}

    def __contains__(self, id: str) -> bool:
        return id in self._cells

    def clear(self) -> None:
        self._cells.clear()
