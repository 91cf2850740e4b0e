"""Profile files: what an agency said about its files, as a file that can go to another installation.

JSON, so that it can be read and changed by hand; the number of the form comes first. What was said of names of
businesses and people ("it is this one") stays behind: it points to records of one region.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from crm.access import Viewer
from crm.errors import NotFound, Refused
from crm.graph import profiles
from crm.graph.agencies import name_key
from crm.graph.driver import Reader, Store
from crm.moments import now
from importers.errors import MapError
from importers.profiles import Profile
from importers.proposals import list_own_profiles, own_agency
from importers.rules import parse_value

FORM: Final = "import-profiles"
NUMBER: Final = 1
LARGEST: Final = 2_000_000  # bytes
# Columns whose words are names of this region's businesses and people.
NAMES: Final = frozenset({"business", "person"})

State = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True)
class Told:
    """One saved profile; `by` (an e-mail) and `at` are of its last version, "" where nobody knows."""

    name: str
    agency: str | None
    system: str
    kind: str
    version: int
    headings: int
    by: str
    at: str


@dataclass(frozen=True)
class Shown:
    """The same with all that it says, as it is written on the command line."""

    name: str
    agency: str | None
    system: str
    kind: str
    version: int
    complete: bool
    headings: tuple[str, ...]
    maps: tuple[str, ...]
    date_formats: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """What became of one profile of a file."""

    name: str
    agency: str | None
    version: int
    state: State


def list_told(db: Reader, viewer: Viewer) -> list[Told]:
    """The profiles that the viewer may know of, by name."""
    told: list[Told] = []
    for name, profile in list_own_profiles(db, viewer):
        last = profiles.list_versions(db, name)[-1:]
        by, at = (last[0].by, last[0].at) if last else ("", "")
        told.append(
            Told(name, profile.agency, profile.system, profile.kind, profile.version, len(profile.headers), by, at)
        )
    return told


def get_shown(db: Reader, viewer: Viewer, name: str) -> Shown:
    """Raises NotFound."""
    found = _get(db, viewer, name)
    return Shown(
        name=name,
        agency=found.agency,
        system=found.system,
        kind=found.kind,
        version=found.version,
        complete=found.complete,
        headings=found.headers,
        maps=found.maps,
        date_formats=found.date_formats,
        values=found.values,
    )


def _get(db: Reader, viewer: Viewer, name: str) -> Profile:
    known = dict(list_own_profiles(db, viewer))
    if name not in known:
        raise NotFound(f"There is no profile {name!r}. Saved profiles: {', '.join(known) or 'none'}.")
    return known[name]


def write_profiles(db: Reader, viewer: Viewer, names: Iterable[str]) -> tuple[str, int]:
    """The text of a file of these profiles (of all that the viewer may know of, if none is named), and how many words
    for names of this region stay behind. Raises NotFound.
    """
    chosen = list(names) or [name for name, _ in list_own_profiles(db, viewer)]
    if not chosen:
        raise Refused("No profile is saved yet, so there is none to write.")
    left = 0
    written: list[dict[str, Any]] = []
    for name in chosen:
        profile = _get(db, viewer, name)
        values = tuple(text for text in profile.values if parse_value(text)[0] not in NAMES)
        left += len(profile.values) - len(values)
        written.append({"name": name, "profile": replace(profile, values=values).to_json()})
    return json.dumps({FORM: NUMBER, "profiles": written}, ensure_ascii=False, indent=1) + "\n", left


def read_profiles(path: Path) -> dict[str, Profile]:
    """name -> profile of a file, each checked. Raises Refused for a file that is none, or of a later form."""
    if path.stat().st_size > LARGEST:
        raise Refused(f"{path.name} is too large for a file of profiles.")
    try:
        data = json.loads(path.read_text("utf-8-sig"))
        number, listed = data[FORM], data["profiles"]
        found = {str(one["name"]): Profile.from_json(one["profile"]) for one in listed}
    except (ValueError, KeyError, TypeError, AttributeError, MapError) as error:
        raise Refused(
            f"{path.name} is not a file of profiles, or is damaged ({error}). `crm profiles export` writes such files."
        ) from None
    if number != NUMBER:
        raise Refused(f"{path.name} is written in form {number}; this version reads form {NUMBER}. Update it first.")
    for name, profile in found.items():
        try:
            profile.map_columns(profile.headers)
        except (MapError, TypeError, AttributeError) as error:
            raise Refused(f"The profile {name!r} of {path.name} cannot be used: {error}") from None
    return found


def keep_profiles(db: Store, viewer: Viewer, found: dict[str, Profile], *, agency: str | None) -> list[Kept]:
    """Save the profiles of a file, by name, for this agency if one is said. One that is there gets a new version.

    A member's are of the own agency. Raises Refused for a name under which another agency has its profile.
    """
    said = agency if viewer.is_admin else own_agency(db, viewer)
    saved = {name: Profile.from_json(data) for name, data in profiles.list_profiles(db).items()}
    kept: list[Kept] = []
    for name in sorted(found):
        profile = found[name]
        if said and profile.agency and name.startswith(profile.agency):
            name, profile = said + name.removeprefix(profile.agency), replace(profile, agency=said)
        elif said:
            profile = replace(profile, agency=said)
        before = saved.get(name)
        if before and not viewer.is_admin and name_key(before.agency or "") != name_key(said or ""):
            raise Refused(
                f"There is a profile {name!r} of another agency already. Give yours another name in the file."
            )
        now_said = _revise(before, profile) if before else replace(profile, version=1)
        state: State = "created" if before is None else "unchanged" if now_said == before else "updated"
        if state != "unchanged":
            profiles.put_profile(db, name, now_said.to_json(), by=viewer.email or viewer.user_id, at=now())
        kept.append(Kept(name, now_said.agency, now_said.version, state))
    return kept


def _revise(before: Profile, profile: Profile) -> Profile:
    """The next version; what was said here of names of this region stays."""
    names = tuple(text for text in before.values if parse_value(text)[0] in NAMES)
    others = tuple(text for text in profile.values if text not in names)
    same = set(others) | set(names) == set(before.values)
    return before.revise(replace(profile, values=before.values if same else (*others, *names)))
