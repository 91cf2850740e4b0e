"""Newcomers: agencies of which the graph had no businesses, or no people, when a run first came to them. Nobody need
look there for such a record of theirs: only the run itself can have made one.
"""

from crm.graph import records
from crm.graph.driver import Reader
from crm.graph.records import Label

# Records that hang on their agency themselves.
ASKED: frozenset[Label] = frozenset(("BusinessRecord", "PersonRecord"))


class Newcomers:
    """Asks the graph once for each agency and label. Runs that may touch one agency's rows wait for each other
    (`turns`), so what is answered holds for a run; a stub that a contact makes meanwhile has no row to miss."""

    def __init__(self, db: Reader) -> None:
        self._db = db
        self._had_none: dict[tuple[Label, str], bool] = {}

    def has_none(self, label: Label, agency: str) -> bool:
        """Whether the graph had no record of this label of this agency (id)."""
        if label not in ASKED:
            return False
        asked = (label, agency)
        if asked not in self._had_none:
            self._had_none[asked] = not records.has_any(self._db, label, agency)
        return self._had_none[asked]
