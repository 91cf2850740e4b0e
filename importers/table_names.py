"""The names of tables as files mean them: several agencies may each have an "Advisory board"."""

from collections.abc import Callable

from crm.graph.agencies import name_key
from crm.graph.tables import TableName


class TableNames:
    """What is known of tables in one command; the graph is asked when the first is needed."""

    def __init__(self, ask: Callable[[], list[TableName]]) -> None:
        self._ask = ask
        self._owners: dict[str, dict[str, None]] | None = None  # name key -> agency ids
        self._ids: set[str] = set()

    def list_owners(self, name: str) -> list[str]:
        """The agencies (ids) that have a table of this name."""
        return list(self._read().get(name_key(name), ()))

    def knows(self, id: str) -> bool:
        self._read()
        return id in self._ids

    def learn(self, id: str, agency: str, name: str) -> None:
        """Remember a table that this command makes."""
        self._read().setdefault(name_key(name), {})[agency] = None
        self._ids.add(id)

    def _read(self) -> dict[str, dict[str, None]]:
        if self._owners is None:
            self._owners = {}
            for table in self._ask():
                self.learn(table.id, table.agency_id, table.name)
        return self._owners
