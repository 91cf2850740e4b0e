"""Edits: what a contact that was logged on the screen was before somebody changed it, and who changed it.

A contact is at a revision (its `said`): the number that the last who wrote it took. An edit is known by the contact and
the revision that it made, so the way back is open exactly as long as nobody has changed the contact again. What was
before is kept whole, with who the records are that it was with: they may have gone with it, if nothing else named them.
"""

import json
from dataclasses import dataclass
from typing import Any

from crm.graph.driver import Reader, Row, Transaction
from crm.ids import mint


@dataclass(frozen=True)
class Edit:
    """One change of a contact. `before` is what it was, as the one who made the edit kept it."""

    id: str
    touchpoint: str
    revision: int
    by: str
    at: str
    before: Row


def edit_id(touchpoint: str, revision: int) -> str:
    return mint("c", touchpoint, str(revision))


ADD = """
MERGE (e:Edit {id: $id})
SET e.touchpoint = $touchpoint, e.revision = $revision, e.by = $by, e.at = $at, e.before = $before
"""


def add_edit(tx: Transaction, *, touchpoint: str, revision: int, by: str, at: str, before: dict[str, Any]) -> None:
    """Keep what a contact was before the edit that brought it to this revision."""
    text = json.dumps(before, ensure_ascii=False, sort_keys=True)
    tx.run(ADD, id=edit_id(touchpoint, revision), touchpoint=touchpoint, revision=revision, by=by, at=at, before=text)


FIND = """
MATCH (e:Edit {id: $id})
RETURN e.id AS id, e.touchpoint AS touchpoint, e.revision AS revision, e.by AS by, e.at AS at, e.before AS before
"""


def find_edit(db: Reader, touchpoint: str, revision: int) -> Edit | None:
    """The edit that brought a contact to this revision; None for the first and for what a file said."""
    rows = db.read(FIND, id=edit_id(touchpoint, revision))
    return Edit(**rows[0] | {"before": json.loads(rows[0]["before"])}) if rows else None


DROP = """
MATCH (e:Edit {id: $id})
DELETE e
"""
DROP_ALL = """
MATCH (e:Edit {touchpoint: $touchpoint})
DELETE e
"""


def delete_edit(tx: Transaction, id: str) -> None:
    """Forget an edit that was taken back."""
    tx.run(DROP, id=id)


def delete_edits(tx: Transaction, touchpoint: str) -> None:
    """Forget the edits of a contact that goes."""
    tx.run(DROP_ALL, touchpoint=touchpoint)
