"""Opt-outs: addresses to which nobody is to write, of lists that know no more of somebody than the address.

Such a row is a person's record with an e-mail address, "do not contact", and no name. It holds for everybody who has
that address, whoever came first, and whether or not the matcher takes them for one person.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from crm.graph import stale
from crm.graph.driver import Reader, Transaction

HELD = """
UNWIND $emails AS email
MATCH (p:PersonRecord {email_key: email})
WHERE p.do_not_contact = 'yes' AND p.name IS NULL AND p.last_name IS NULL
RETURN DISTINCT email
ORDER BY email
"""

ADDRESSES = """
UNWIND $ids AS id
MATCH (p:PersonRecord {id: id})
WHERE p.do_not_contact = 'yes' AND p.name IS NULL AND p.last_name IS NULL AND p.email_key IS NOT NULL
RETURN DISTINCT p.email_key AS email
ORDER BY email
"""

HAVING = """
UNWIND $emails AS email
MATCH (p:PersonRecord {email_key: email})
RETURN DISTINCT p.id AS id
ORDER BY id
"""


def is_opt_out(record: Mapping[str, Any]) -> bool:
    """Whether a record is one of an address alone."""
    said = record.get("do_not_contact") == "yes" and bool(record.get("email_key"))
    return said and not record.get("name") and not record.get("last_name")


def find_opt_outs(db: Reader, emails: Iterable[str]) -> set[str]:
    """Those of these addresses (in small letters) that are not to be written to."""
    asked = sorted(set(emails))
    return {row["email"] for row in db.read(HELD, emails=asked)} if asked else set()


def list_addresses(db: Reader, ids: list[str]) -> list[str]:
    """The addresses of those of these records that are opt-outs."""
    return [row["email"] for row in db.read(ADDRESSES, ids=ids)]


def mark_people(tx: Transaction, emails: Iterable[str]) -> None:
    """Note that an opt-out of these addresses came, changed or goes: who has one of them must be computed again."""
    asked = sorted(set(emails))
    if asked:
        stale.mark(tx, "person", records=[row["id"] for row in tx.read(HAVING, emails=asked)])
