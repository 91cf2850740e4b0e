"""Accounts: signing in and out, passwords, tokens, and who may do so at all.

One function per thing that a user or an administrator does, behind the page and the command alike.
"""

import logging
import re
import secrets
import time

from crm.access import Role
from crm.errors import Conflict, Refused, SignInNeeded
from crm.graph import agencies, installation, sessions, tokens, users
from crm.graph.driver import Store, Transaction
from crm.graph.sessions import Session
from crm.graph.users import User
from crm.ids import ALPHABET
from crm.services import passwords

# One sentence for a wrong address, a wrong password and a disabled user: who has an account is nobody's business.
NO_MATCH = "That e-mail and password do not match."
ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")

log = logging.getLogger(__name__)


def now() -> int:
    return int(time.time())


def sign_in(db: Store, email: str, password: str, *, device: str = "") -> str:
    """The token of a new session. Raises SignInNeeded, after the same time whatever the reason."""
    known = users.find_credentials(db, email)
    usable = known if known is not None and known.disabled_at is None else None
    if not passwords.matches(usable.password_hash if usable else None, password) or usable is None:
        raise SignInNeeded(NO_MATCH)
    if passwords.needs_rehash(usable.password_hash):
        users.set_password_hash(db, usable.user_id, passwords.hash_password(password))
    log.info("signed in", extra={"user": usable.user_id})
    return _open_session(db, usable.user_id, device)


def find_session(db: Store, token: str) -> Session | None:
    """The valid session of this token, noted as in use; one read, and a write at most once a minute."""
    at = now()
    session = sessions.find_session(db, token, now=at)
    if session is not None:
        sessions.touch_session(db, session, now=at)
    return session


def confirm(db: Store, session: Session, password: str) -> None:
    """Note that the password was typed just now. Raises Refused when it is not the user's."""
    _check_current(db, session, password)
    sessions.confirm_session(db, session, now=now())


def sign_out(db: Store, session: Session) -> None:
    sessions.end_session(db, session.id)


def sign_out_everywhere(db: Store, user_id: str) -> None:
    sessions.end_sessions(db, user_id)
    log.info("signed out everywhere", extra={"user": user_id})


def change_password(db: Store, session: Session, *, current: str, chosen: str, device: str = "") -> str:
    """The token of a new session; every other one of the user ends."""
    _check_current(db, session, current)
    passwords.check_choice(chosen, about=(session.email, session.name, session.agency))
    users.set_password_hash(db, session.user_id, passwords.hash_password(chosen))
    sessions.end_sessions(db, session.user_id)
    log.info("password changed", extra={"user": session.user_id})
    return _open_session(db, session.user_id, device)


def reset_password(db: Store, user: User, chosen: str) -> None:
    """An administrator gives a user another password; all the user's sessions end."""
    passwords.check_choice(chosen, about=(user.email, user.name, user.agency))
    users.set_password_hash(db, user.id, passwords.hash_password(chosen))
    sessions.end_sessions(db, user.id)
    log.info("password reset", extra={"user": user.id})


def add_user(db: Store, *, email: str, agency: str, password: str, role: Role = "member", name: str = "") -> User:
    """The new user. The agency is created if there is none of this name. Raises Refused or Conflict."""
    person = _check_user(email=email, name=name, agency=agency, password=password)
    if users.find_user(db, email) is not None:
        raise Conflict(f"There is already a user {email.strip()}.")
    password_hash = passwords.hash_password(password)
    db.transact(lambda tx: _add_user(tx, role=role, password_hash=password_hash, **person))
    user = users.get_user(db, email)
    log.info("user added", extra={"user": user.id, "role": role})
    return user


def add_first_administrator(db: Store, *, email: str, agency: str, password: str, name: str = "") -> User:
    """The region's first user. Of several who try at once only one succeeds; the others get Conflict."""
    person = _check_user(email=email, name=name, agency=agency, password=password)
    if users.has_users(db):
        raise Conflict("The first administrator has been created already. Sign in instead.")
    password_hash = passwords.hash_password(password)
    mark = secrets.token_hex(16)

    def work(tx: Transaction) -> None:
        installation.claim_setup(tx, mark)
        _add_user(tx, role="admin", password_hash=password_hash, **person)

    db.transact(work)
    log.info("first administrator added")
    return users.get_user(db, email)


def get_setup_code(db: Store) -> str:
    """What a stranger on the network does not know: shown where the server was started."""
    return installation.get_setup_code(db, "".join(secrets.choice(ALPHABET) for _ in range(10)))


def check_setup_code(db: Store, code: str) -> None:
    """Raises Refused unless it is the one; capitals, spaces and hyphens do not matter."""
    typed = re.sub(r"[\s-]", "", code).lower()
    if not secrets.compare_digest(typed.encode(), get_setup_code(db).encode()):
        raise Refused("This is not the set-up code that the server printed when it was started.")


def disable_user(db: Store, user: User) -> None:
    """The user cannot do anything from the next request on, in a browser or with a token."""
    users.disable_user(db, user.id, now=now())
    sessions.end_sessions(db, user.id)
    log.info("user disabled", extra={"user": user.id})


def enable_user(db: Store, user: User) -> None:
    users.enable_user(db, user.id)
    log.info("user enabled", extra={"user": user.id})


def change_role(db: Store, user: User, role: Role) -> None:
    users.set_role(db, user.id, role)
    log.info("role changed", extra={"user": user.id, "role": role})


def add_token(db: Store, user_id: str, name: str) -> str:
    """A new API token of this user. It cannot be shown again."""
    name = _check_line(name or "token", "The token's name")
    token = f"crm_{secrets.token_urlsafe(32)}"
    tokens.add_token(db, user_id, token, name=name, now=now())
    log.info("token added", extra={"user": user_id})
    return token


def _open_session(db: Store, user_id: str, device: str) -> str:
    token = secrets.token_urlsafe(32)
    sessions.add_session(db, user_id, token, now=now(), device=device)
    return token


def _check_current(db: Store, session: Session, password: str) -> None:
    known = users.find_credentials(db, session.email)
    if not passwords.matches(known.password_hash if known else None, password):
        raise Refused("That is not your password.")


def _check_user(*, email: str, name: str, agency: str, password: str) -> dict[str, str]:
    """The cleaned e-mail, name and agency of a new user; Refused for what cannot be one."""
    email = email.strip()
    if len(email) > 254 or not ADDRESS.fullmatch(email):
        raise Refused(f"“{email[:80]}” is not an e-mail address.")
    agency = _check_line(agency, "The agency's name")
    if re.search(r"[,;:]", agency):
        raise Refused("An agency's name cannot hold a comma, a semicolon or a colon.")
    name = _check_line(name or email.partition("@")[0], "The name")
    passwords.check_choice(password, about=(email, name, agency))
    return {"email": email, "name": name, "agency": agency}


def _check_line(text: str, what: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > 120 or CONTROL.search(line):
        raise Refused(f"{what} needs 1 to 120 characters on one line.")
    return line


def _add_user(tx: Transaction, *, email: str, name: str, agency: str, role: Role, password_hash: str) -> None:
    agencies.add_agencies(tx, [agency])
    users.add_user(
        tx,
        email=email,
        name=name,
        role=role,
        agency_id=agencies.agency_id(agency),
        password_hash=password_hash,
        now=now(),
    )
