"""Proposals: what a file's columns mean, as far as that is known before anybody is asked.

What a file with these headings meant the last time is proposed again; else what its headings and cells look like. A
plain file, or one that a saved profile fits, is sure: nobody need be asked.
"""

from dataclasses import dataclass, replace

from crm.access import Viewer
from crm.graph import agencies, profiles
from crm.graph.agencies import name_key
from crm.graph.driver import Reader, Store
from crm.moments import now
from importers.choices import (
    Choices,
    choose_by_guess,
    choose_by_profile,
    choose_naturally,
    list_gaps,
    to_date_formats,
    to_maps,
    to_values,
)
from importers.headers import normalise_heading
from importers.kinds import BY_NAME
from importers.profiles import PLAIN, HeaderChange, Profile, compare_headers, compare_profiles, make_profile
from importers.readings import Reading
from importers.rules import compare_word, parse_value
from importers.walls import may_import
from importers.words import has_unknown, suggest_words

# The share of headings that a file and a profile have in common before one is proposed for the other.
LIKE_A_PROFILE = 0.5
SURE_ENOUGH = 0.5


@dataclass(frozen=True)
class Known:
    """A saved profile that a file resembles, with how its headings differ from those of the file."""

    name: str
    profile: Profile
    change: HeaderChange


@dataclass(frozen=True)
class Proposal:
    """What a file probably says, whether that is sure, and the source system that its ids belong to."""

    choices: Choices
    is_sure: bool
    system: str


def propose(db: Reader, viewer: Viewer, reading: Reading, *, system: str) -> Proposal:
    """What a file's columns mean, most likely. `system` is that of the upload so far."""
    own = own_agency(db, viewer)
    known = find_known(db, viewer, reading, system=system)
    if known:
        agency = known.profile.agency if viewer.is_admin else own
        choices, sure, system = (
            choose_by_profile(reading, known.profile, agency=agency),
            not known.change,
            (known.profile.system),
        )
    else:
        choices, sure = _guess(reading, own or None)
        if viewer.is_admin and "agency" in choices.columns:
            choices = replace(choices, agency=None)  # Its rows say whose they are.
    if not reading.plain or known:
        # Words that nobody has said the meaning of are asked about, with a proposal; of a plain file they are refused.
        sure = sure and not has_unknown(choices, reading)
        choices = suggest_words(choices, reading)
    choices = replace(choices, values=_recall_names(db, viewer, choices))
    allowed = may_import(viewer, BY_NAME[choices.kind])
    return Proposal(choices, sure and allowed and not list_gaps(choices, reading), system)


# Columns whose words are names of businesses and people, which mean the same in all files of an agency.
NAMES = ("business", "person")


def _recall_names(db: Reader, viewer: Viewer, choices: Choices) -> dict[str, dict[str, str]]:
    """What words mean, with what was said of names in other files of the agency; this file's own words count first."""
    said: dict[str, dict[str, str]] = {}
    for _, profile in list_own_profiles(db, viewer) if choices.agency else ():
        if name_key(profile.agency or "") == name_key(choices.agency or ""):
            for column, word, meaning in map(parse_value, profile.values):
                said.setdefault(column, {})[compare_word(word)] = meaning
    fed = choices.columns
    recalled = {name: said[name] | choices.values.get(name, {}) for name in NAMES if name in said and name in fed}
    return choices.values | recalled


def _guess(reading: Reading, agency: str | None) -> tuple[Choices, bool]:
    if not reading.plain:
        # A known export says it all; where the order of day and month is open, that is a gap.
        return choose_by_guess(reading, reading.kind or "businesses", agency=agency), reading.export is not None
    choices = choose_naturally(reading, reading.plain, agency=agency)
    guessed = choose_by_guess(reading, reading.plain, agency=agency)
    sure = all(one.confidence >= SURE_ENOUGH for one in reading.guesses[reading.plain] if one.column != "none")
    return guessed, sure and guessed.meanings == choices.meanings


def own_agency(db: Reader, viewer: Viewer) -> str:
    """The name of the viewer's agency; "" for the owner, who has none."""
    return agencies.get_agency(db, viewer.agency_id, viewer=viewer).name if viewer.agency_id else ""


def enforce(db: Reader, viewer: Viewer, choices: Choices) -> Choices:
    """The choices with the only agency that this viewer may import for."""
    return choices if viewer.is_admin else replace(choices, agency=own_agency(db, viewer))


def find_known(db: Reader, viewer: Viewer, reading: Reading, *, system: str) -> Known | None:
    """The saved profile of the viewer's agency (an administrator's: of any) whose headings are most like the file's."""
    best: tuple[float, Known] | None = None
    for name, profile in list_own_profiles(db, viewer):
        if system not in (PLAIN, profile.system):
            continue
        likeness = compare(profile.headers, reading.headers)
        if likeness >= LIKE_A_PROFILE and (best is None or likeness > best[0]):
            best = likeness, Known(name, profile, compare_headers(profile, reading.headers))
    return best[1] if best else None


def list_own_profiles(db: Reader, viewer: Viewer) -> list[tuple[str, Profile]]:
    """The saved profiles of the viewer's agency, by name; an administrator's are all."""
    saved = [(name, Profile.from_json(data)) for name, data in profiles.list_profiles(db).items()]
    own = name_key(own_agency(db, viewer))
    return [one for one in saved if viewer.is_admin or name_key(one[1].agency or "") == own]


def save_profile(db: Store, viewer: Viewer, choices: Choices, reading: Reading, *, system: str) -> None:
    """Keep what was said for the next file like this; one with quite other headings gets a profile of its own."""
    made = make_profile(
        reading.headers,
        maps=to_maps(choices, reading),
        date_formats=to_date_formats(choices, reading),
        values=to_values(choices),
        agency=choices.agency,
        system=system,
        kind=choices.kind,
        complete=choices.complete,
    )
    if not (made.maps or made.date_formats or made.values or made.complete):
        return  # A plain file says it all itself.
    saved = {name: Profile.from_json(data) for name, data in profiles.list_profiles(db).items()}
    base = name = f"{choices.agency or 'all agencies'}, {system}, {choices.kind}"
    number = 1
    while name in saved and compare(saved[name].headers, made.headers) < LIKE_A_PROFILE:
        number += 1
        name = f"{base} {number}"
    kept = saved[name].revise(made) if name in saved else made
    profiles.put_profile(db, name, kept.to_json(), by=viewer.email or viewer.user_id, at=now())


def list_known_versions(db: Reader, known: Known) -> list[tuple[int, profiles.Version, list[tuple[str, str]]]]:
    """The versions of a profile, newest first: its number, who said it and when, and what changed with it."""
    found: list[tuple[int, profiles.Version, list[tuple[str, str]]]] = []
    before: Profile | None = None
    for version in profiles.list_versions(db, known.name):
        profile = Profile.from_json(version.profile)
        found.append((profile.version, version, compare_profiles(before, profile) if before else []))
        before = profile
    return found[::-1]


def compare(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """The share of headings that two lists of them have in common."""
    left, right = ({normalise_heading(header) for header in headers} for headers in (one, other))
    return len(left & right) / max(1, len(left), len(right))
