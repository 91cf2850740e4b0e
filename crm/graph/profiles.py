"""Import profiles: what an agency once said about the files of one of its systems, kept so that it is said once."""

import json
from dataclasses import dataclass
from typing import Any

from crm.graph.driver import Reader, Store, Transaction
from crm.ids import mint

PUT = """
MERGE (p:Profile {id: $id})
SET p.name = $name, p.profile = $profile, p.versions = $versions
"""

PROFILES = """
MATCH (p:Profile)
RETURN p.id AS id, p.name AS name, p.profile AS profile
ORDER BY name, id
"""

VERSIONS = "MATCH (p:Profile {id: $id}) RETURN p.versions AS versions"

# Versions that are kept of a profile.
MOST_VERSIONS = 50


@dataclass(frozen=True)
class Version:
    """What a profile said from a moment on, and who said it (an e-mail; "" where nobody knows)."""

    profile: dict[str, Any]
    by: str
    at: str


def put_profile(db: Store, name: str, profile: dict[str, Any], *, by: str = "", at: str = "") -> None:
    """Keep a profile under its name, over an older one of that name. Older versions stay; the same again is none."""
    id = mint("l", name.casefold())

    def work(tx: Transaction) -> None:
        versions = list_versions(tx, name)
        if not versions or versions[-1].profile != profile:
            versions.append(Version(profile, by, at))
        told = [{"profile": one.profile, "by": one.by, "at": one.at} for one in versions[-MOST_VERSIONS:]]
        tx.run(PUT, id=id, name=name, profile=_write(profile), versions=_write(told))

    db.transact(work)


def list_versions(db: Reader, name: str) -> list[Version]:
    """The versions of a profile, oldest first."""
    rows = db.read(VERSIONS, id=mint("l", name.casefold()))
    return [Version(**one) for one in json.loads(rows[0]["versions"] or "[]")] if rows else []


def list_profiles(db: Reader) -> dict[str, dict[str, Any]]:
    """name -> profile, by name."""
    return {row["name"]: json.loads(row["profile"]) for row in db.read(PROFILES)}


def _write(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
