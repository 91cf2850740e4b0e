"""Passwords: how they are kept (argon2id), compared, and which may be chosen.

Length is what makes a password strong, so that is asked for and nothing else: no digits, no signs, no monthly change.
The 30,000 passwords that everybody tries first are refused. One hash takes 64 MiB and 0.2 s, so only a few are made at
a time; whoever comes when all are taken waits a little, then is told to come back.
"""

import threading
import unicodedata
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm.errors import Refused, TooBusy

SHORTEST = 8
ADVISED = 15
LONGEST = 256
AT_ONCE = 2
WAIT_SECONDS = 15.0

# What an unknown user's password is compared with, so that the answer takes as long as for a known one.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$hdT+pAOLSwHFLApBYGwGXA$I4526+l3jOAekbcMNRvKUwCWAWaHBu06x7xo2p6YjZ0"

_hasher = PasswordHasher()
_slots = threading.BoundedSemaphore(AT_ONCE)


def hash_password(password: str) -> str:
    with _slot():
        return _hasher.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; with None (no such user) always False, after the same work."""
    with _slot():
        try:
            _hasher.verify(password_hash or NOBODY, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether it was hashed with other parameters than are used now."""
    return _hasher.check_needs_rehash(password_hash)


def check_choice(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Refuse a password that is too short, too long, widely used, or only the user's own name, agency or address."""
    if len(password) < SHORTEST:
        raise Refused(f"A password needs at least {SHORTEST} characters; {ADVISED} or more are better.")
    if len(password) > LONGEST:
        raise Refused(f"A password can have at most {LONGEST} characters.")
    lowered = _normal(password).casefold()
    if lowered in _common_passwords() or len(set(lowered)) < 3:
        raise Refused("This password is on the list that everybody tries first. Choose another, such as a few words.")
    if lowered in {word.casefold() for text in about for word in (text, text.partition("@")[0])}:
        raise Refused("This password is a name that others know. Choose another, such as a few words.")


@contextmanager
def _slot() -> Generator[None]:
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise TooBusy("Too many people are signing in at this moment. Try again in a few seconds.")
    try:
        yield
    finally:
        _slots.release()


def _normal(password: str) -> str:
    """The same bytes for what two keyboards write differently."""
    return unicodedata.normalize("NFKC", password)


@cache
def _common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # 30,000 words, only needed where one is chosen

    return frozenset(FREQUENCY_LISTS["passwords"])
