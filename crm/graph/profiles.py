"""Import profiles: what an agency once said about the files of one of its systems, kept so that it is said once."""

import json
from typing import Any

from crm.graph.driver import Reader, Store
from crm.ids import mint

PUT = """
MERGE (p:Profile {id: $id})
SET p.name = $name, p.profile = $profile
"""

PROFILES = """
MATCH (p:Profile)
RETURN p.id AS id, p.name AS name, p.profile AS profile
ORDER BY name, id
"""


def put_profile(db: Store, name: str, profile: dict[str, Any]) -> None:
    """Keep a profile under its name, over an older one of that name."""
    db.write(
        PUT, id=mint("l", name.casefold()), name=name, profile=json.dumps(profile, ensure_ascii=False, sort_keys=True)
    )


def list_profiles(db: Reader) -> dict[str, dict[str, Any]]:
    """name -> profile, by name."""
    return {row["name"]: json.loads(row["profile"]) for row in db.read(PROFILES)}
