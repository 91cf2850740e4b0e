"""Tokens: how a script signs in to the API as a user. Shown once when made; the graph holds only the hash."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from crm.access import Role, Viewer
from crm.errors import NotFound
from crm.graph.driver import Store


@dataclass(frozen=True)
class TokenUser:
    """Whom a token stands for."""

    id: str
    user_id: str
    email: str
    role: Role
    agency_id: str

    @property
    def viewer(self) -> Viewer:
        return Viewer(user_id=self.user_id, email=self.email, agency_id=self.agency_id, role=self.role)


@dataclass(frozen=True)
class Token:
    """One line of the list of a user's tokens. Times are seconds since 1970."""

    id: str
    name: str
    created_at: int


FIND: Final = """
MATCH (t:Token {id: $id})-[:OF]->(u:User)-[:OF]->(a:Agency)
WHERE u.disabled_at IS NULL
RETURN t.id AS id, u.id AS user_id, u.email AS email, u.role AS role, a.id AS agency_id
"""

LIST: Final = """
MATCH (u:User {id: $user_id})<-[:OF]-(t:Token)
RETURN t.id AS id, t.name AS name, t.created_at AS created_at
ORDER BY created_at DESC, id
LIMIT 100
"""

ADD: Final = """
MATCH (u:User {id: $user_id})
MERGE (t:Token {id: $id})
ON CREATE SET t.name = $name, t.created_at = $now
MERGE (t)-[:OF]->(u)
RETURN t.id AS id
"""

REMOVE: Final = """
MATCH (u:User {id: $user_id})<-[:OF]-(t:Token {id: $id})
WITH t, t.id AS id
DETACH DELETE t
RETURN id AS id
"""


def hash_token(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def find_token_user(db: Store, token: str) -> TokenUser | None:
    """Whom the token stands for; None when it was removed or its user is disabled."""
    rows = db.read(FIND, id=hash_token(token))
    return TokenUser(**rows[0]) if rows else None


def list_tokens(db: Store, user_id: str) -> list[Token]:
    """A user's tokens, newest first."""
    return [Token(**row) for row in db.read(LIST, user_id=user_id)]


def add_token(db: Store, user_id: str, token: str, *, name: str, now: int) -> None:
    if not db.write(ADD, id=hash_token(token), user_id=user_id, name=name, now=now):
        raise NotFound("There is no such user.")


def remove_token(db: Store, user_id: str, token_id: str) -> None:
    """Raises NotFound when it is not this user's token."""
    if not db.write(REMOVE, id=token_id, user_id=user_id):
        raise NotFound("There is no such token.")
