"""What all processes of one installation share: the key that signs cookies, and the code of the first set-up.

They are kept in the graph because that is the only thing that several machines have in common. The signing key protects
forms and messages; it does not open a session, for which the random token itself is needed.
"""

import secrets
from typing import Final

from crm.errors import Conflict
from crm.graph.driver import Store, Transaction

SIGNING_KEY: Final = "signing-key"
SETUP: Final = "set-up"

FIND: Final = "MATCH (s:Secret {id: $id}) RETURN s.value AS value"

KEEP: Final = """
MERGE (s:Secret {id: $id})
ON CREATE SET s.value = $value
RETURN s.value AS value
"""

# Whoever writes their mark first has won; the same mark again is the same attempt run twice.
CLAIM: Final = """
MERGE (s:Secret {id: $id})
ON CREATE SET s.value = $mark
SET s.claimed_by = coalesce(s.claimed_by, $mark)
RETURN s.claimed_by AS claimed_by
"""

PING: Final = "RETURN 1 AS one"


def check_reachable(db: Store) -> None:
    """Raises EngineUnavailable when the graph does not answer."""
    db.read(PING)


def get_signing_key(db: Store) -> str:
    """The key of this installation, made when it is asked for first."""
    return _get_or_make(db, SIGNING_KEY, secrets.token_urlsafe(48))


def get_setup_code(db: Store, fresh: str) -> str:
    """The code that proves who started the server; `fresh` becomes it if there is none yet."""
    return _get_or_make(db, SETUP, fresh)


def claim_setup(tx: Transaction, mark: str) -> None:
    """Let only one caller go on to make the first administrator. Raises Conflict for every other one."""
    if tx.run(CLAIM, id=SETUP, mark=mark)[0]["claimed_by"] != mark:
        raise Conflict("The first administrator has been created already. Sign in instead.")


def _get_or_make(db: Store, secret_id: str, value: str) -> str:
    rows = db.read(FIND, id=secret_id) or db.write(KEEP, id=secret_id, value=value)
    return rows[0]["value"]
