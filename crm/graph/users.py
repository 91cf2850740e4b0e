"""Users: the people who may sign in. Each belongs to one agency and is a member or an administrator.

An e-mail address names one user whatever its capitals; the id is minted from it. A disabled user stays, so that what
they did keeps its name, but cannot sign in, and their sessions and tokens stop working with the next request.
"""

from dataclasses import dataclass
from typing import Final

from crm.access import Role, Viewer
from crm.errors import Conflict, NotFound
from crm.graph.driver import Row, Store, Transaction
from crm.ids import mint


@dataclass(frozen=True)
class User:
    """One user as the administrator sees them. `created_at` and `disabled_at` are seconds since 1970."""

    id: str
    email: str
    name: str
    role: Role
    agency_id: str
    agency: str
    created_at: int
    disabled_at: int | None

    @property
    def viewer(self) -> Viewer:
        return Viewer(user_id=self.id, email=self.email, agency_id=self.agency_id, role=self.role)


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against."""

    user_id: str
    password_hash: str
    disabled_at: int | None


FIND: Final = """
MATCH (u:User {id: $id})-[:OF]->(a:Agency)
RETURN u.id AS id, u.email AS email, u.name AS name, u.role AS role, a.id AS agency_id, a.name AS agency,
       u.created_at AS created_at, u.disabled_at AS disabled_at
"""

LIST: Final = """
MATCH (u:User)-[:OF]->(a:Agency)
RETURN u.id AS id, u.email AS email, u.name AS name, u.role AS role, a.id AS agency_id, a.name AS agency,
       u.created_at AS created_at, u.disabled_at AS disabled_at
ORDER BY agency, email, id
LIMIT 5000
"""

ANY: Final = "MATCH (u:User) RETURN u.id AS id LIMIT 1"

CREDENTIALS: Final = """
MATCH (u:User {id: $id})
RETURN u.id AS user_id, u.password_hash AS password_hash, u.disabled_at AS disabled_at
"""

# The hash is salted, so it also tells whether the node is the one of this call or was there before.
ADD: Final = """
MATCH (a:Agency {id: $agency_id})
MERGE (u:User {id: $id})
ON CREATE SET u.email = $email, u.name = $name, u.role = $role, u.password_hash = $password_hash, u.created_at = $now
WITH a, u, u.password_hash = $password_hash AS added
WHERE added
MERGE (u)-[:OF]->(a)
RETURN u.id AS id
"""

SET_PASSWORD: Final = "MATCH (u:User {id: $id}) SET u.password_hash = $password_hash RETURN u.id AS id"  # noqa: S105
SET_ROLE: Final = "MATCH (u:User {id: $id}) SET u.role = $role RETURN u.id AS id"
DISABLE: Final = "MATCH (u:User {id: $id}) SET u.disabled_at = coalesce(u.disabled_at, $now) RETURN u.id AS id"
ENABLE: Final = "MATCH (u:User {id: $id}) REMOVE u.disabled_at RETURN u.id AS id"


def id_of_email(email: str) -> str:
    """The id that this address has, whether such a user exists or not."""
    return mint("u", email_key(email))


def email_key(email: str) -> str:
    return email.strip().casefold()


def has_users(db: Store) -> bool:
    return bool(db.read(ANY))


def find_user(db: Store, email: str) -> User | None:
    rows = db.read(FIND, id=id_of_email(email))
    return User(**rows[0]) if rows else None


def get_user(db: Store, email: str) -> User:
    user = find_user(db, email)
    if user is None:
        raise NotFound(f"There is no user {email}.")
    return user


def get_user_by_id(db: Store, user_id: str) -> User:
    rows = db.read(FIND, id=user_id)
    if not rows:
        raise NotFound("There is no such user.")
    return User(**rows[0])


def list_users(db: Store) -> list[User]:
    """All users of the region, by agency, then e-mail; disabled ones too."""
    return [User(**row) for row in db.read(LIST)]


def find_credentials(db: Store, email: str) -> Credentials | None:
    rows = db.read(CREDENTIALS, id=id_of_email(email))
    return Credentials(**rows[0]) if rows else None


def add_user(
    tx: Transaction, *, email: str, name: str, role: Role, agency_id: str, password_hash: str, now: int
) -> str:
    """The new user's id. Raises Conflict when the address is taken; the same call again adds nothing."""
    rows = tx.run(
        ADD,
        id=id_of_email(email),
        email=email.strip(),
        name=name,
        role=role,
        agency_id=agency_id,
        password_hash=password_hash,
        now=now,
    )
    if not rows:
        raise Conflict(f"There is already a user {email.strip()}.")
    return rows[0]["id"]


def set_password_hash(db: Store, user_id: str, password_hash: str) -> None:
    _expect(db.write(SET_PASSWORD, id=user_id, password_hash=password_hash))


def set_role(db: Store, user_id: str, role: Role) -> None:
    _expect(db.write(SET_ROLE, id=user_id, role=role))


def disable_user(db: Store, user_id: str, *, now: int) -> None:
    _expect(db.write(DISABLE, id=user_id, now=now))


def enable_user(db: Store, user_id: str) -> None:
    _expect(db.write(ENABLE, id=user_id))


def _expect(rows: list[Row]) -> None:
    if not rows:
        raise NotFound("There is no such user.")
