"""Sessions: who is signed in. The browser holds a random token; the graph holds only its hash, and is asked every time.

Ending a session removes its node, so a copied cookie is worth nothing afterwards. A session also ends by itself when it
has not been used for a while, and some days after it began however much it was used.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from crm.access import Role, Viewer
from crm.graph.driver import Store

IDLE_SECONDS: Final = 8 * 3600
LIFE_SECONDS: Final = 7 * 24 * 3600
TOUCH_SECONDS: Final = 60


@dataclass(frozen=True)
class Session:
    """A valid session with its user. Times are seconds since 1970; `confirmed_at`: when the password was last typed."""

    id: str
    user_id: str
    email: str
    name: str
    role: Role
    agency_id: str
    agency: str
    seen_at: int
    confirmed_at: int

    @property
    def viewer(self) -> Viewer:
        return Viewer(user_id=self.user_id, email=self.email, agency_id=self.agency_id, role=self.role)


@dataclass(frozen=True)
class SignIn:
    """One line of "where you are signed in"."""

    id: str
    created_at: int
    seen_at: int
    device: str


# One read per request: it answers who, of which agency, with which role, and whether all that still holds.
FIND: Final = """
MATCH (s:Session {id: $id})-[:OF]->(u:User)-[:OF]->(a:Agency)
WHERE s.created_at > $born_after AND s.seen_at > $seen_after AND u.disabled_at IS NULL
RETURN s.id AS id, u.id AS user_id, u.email AS email, u.name AS name, u.role AS role,
       a.id AS agency_id, a.name AS agency, s.seen_at AS seen_at, s.confirmed_at AS confirmed_at
"""

ADD: Final = """
MATCH (u:User {id: $user_id})
MERGE (s:Session {id: $id})
ON CREATE SET s.created_at = $now, s.seen_at = $now, s.confirmed_at = $now, s.device = $device
MERGE (s)-[:OF]->(u)
"""

LIST: Final = """
MATCH (u:User {id: $user_id})<-[:OF]-(s:Session)
WHERE s.created_at > $born_after AND s.seen_at > $seen_after
RETURN s.id AS id, s.created_at AS created_at, s.seen_at AS seen_at, s.device AS device
ORDER BY seen_at DESC, id
LIMIT 100
"""

TOUCH: Final = "MATCH (s:Session {id: $id}) SET s.seen_at = $now"
CONFIRM: Final = "MATCH (s:Session {id: $id}) SET s.confirmed_at = $now"
END: Final = "MATCH (s:Session {id: $id}) DETACH DELETE s"
END_ALL: Final = "MATCH (u:User {id: $user_id})<-[:OF]-(s:Session) WHERE s.id <> $keep DETACH DELETE s"

# A few at a time: whoever signs in clears away what others left, and does not wait for it.
CLEAR: Final = """
MATCH (s:Session)
WHERE s.seen_at < $seen_before
WITH s
ORDER BY s.seen_at, s.id
LIMIT 50
DETACH DELETE s
"""


def hash_token(token: str) -> str:
    """What is kept of a token: nobody who reads the graph can sign in with it."""
    return sha256(token.encode()).hexdigest()


def find_session(db: Store, token: str, *, now: int) -> Session | None:
    """The session of this token; None when it ended, timed out, or its user is disabled."""
    rows = db.read(FIND, id=hash_token(token), born_after=now - LIFE_SECONDS, seen_after=now - IDLE_SECONDS)
    return Session(**rows[0]) if rows else None


def list_sign_ins(db: Store, user_id: str, *, now: int) -> list[SignIn]:
    """Where this user is signed in, the last used first."""
    rows = db.read(LIST, user_id=user_id, born_after=now - LIFE_SECONDS, seen_after=now - IDLE_SECONDS)
    return [SignIn(**row) for row in rows]


def add_session(db: Store, user_id: str, token: str, *, now: int, device: str) -> None:
    db.write(ADD, id=hash_token(token), user_id=user_id, now=now, device=device[:200])
    db.write(CLEAR, seen_before=now - IDLE_SECONDS)


def touch_session(db: Store, session: Session, *, now: int) -> None:
    """Note that the session is in use; written at most once a minute, so a page normally only reads."""
    if now - session.seen_at >= TOUCH_SECONDS:
        db.write(TOUCH, id=session.id, now=now)


def confirm_session(db: Store, session: Session, *, now: int) -> None:
    db.write(CONFIRM, id=session.id, now=now)


def end_session(db: Store, session_id: str) -> None:
    db.write(END, id=session_id)


def end_sessions(db: Store, user_id: str, *, keep: str = "") -> None:
    """End all sessions of a user, but for the one with the id `keep`."""
    db.write(END_ALL, user_id=user_id, keep=keep)
