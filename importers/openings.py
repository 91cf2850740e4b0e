"""Openings: from a path and what the user said about it to a file that is ready to be checked, by the right profile.

A plain file needs no profile. Another file takes the profile named, or the saved one that was made for the same
headings, or the column map given now, which is then kept as the agency's profile for the next time.
"""

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crm.graph import profiles
from crm.graph.driver import Store
from crm.moments import now
from importers.archives import is_archive, read_archive, read_folder
from importers.choices import choose_by_guess, to_date_formats, to_maps
from importers.errors import MapError, ReadError
from importers.guesses import find_plain
from importers.headers import normalise_heading
from importers.kept_texts import KeptTexts
from importers.kinds import KINDS, find_kind
from importers.known_exports import find_export
from importers.load import Source
from importers.profiles import PLAIN, Profile, make_profile
from importers.read import open_sheet
from importers.readings import describe
from importers.rules import parse_rules
from importers.sheets import Sheet


@dataclass(frozen=True)
class Said:
    """What the user said about the files of one command."""

    agency: str | None = None
    system: str | None = None
    profile: str | None = None
    maps: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    kind: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    footers: bool | None = None
    # Whether the files are whole lists; None: as their profiles say.
    complete: bool | None = None


PassedOver = Callable[[str, str], None]


def no_word(name: str, why: str) -> None:
    """For callers who do not ask what was passed over."""


def open_sources(
    db: Store, paths: Iterable[str | Path], said: Said, *, keep: bool = True, passed_over: PassedOver = no_word
) -> list[Source]:
    """Open files in the order in which they are to be taken. `keep` saves a new column map as a profile.

    A folder or a zip file stands for all the files in it; those of them that cannot be read are passed over (name and
    reason). Raises ReadError or MapError, having closed what it opened.
    """
    opened: list[Source] = []
    try:
        for path in paths:  # one by one, so that those that were opened are closed when one cannot be
            opened += _open_path(db, Path(path), said, keep=keep, passed_over=passed_over)
    except BaseException:
        close_sources(opened)
        raise
    order = {kind.name: place for place, kind in enumerate(KINDS)}
    return sorted(opened, key=lambda source: order[source.mapping.kind.name])


def _open_path(db: Store, path: Path, said: Said, *, keep: bool, passed_over: PassedOver) -> list[Source]:
    if path.is_dir():
        parts = read_folder(path)
    elif is_archive(path, path.name):
        parts = read_archive(path, path.name)
    else:
        return [_open_named(db, path, said, keep=keep)]
    opened: list[Source] = []
    problems: list[str] = []
    for part in parts:
        try:
            if part.stream is None:
                raise ReadError(part.problem)
            opened.append(open_source(db, part.stream, said, name=part.name, keep=keep))
        except (ReadError, MapError) as error:
            problems.append(f"{part.name}: {error}")
            passed_over(part.name, str(error))
    if not opened:
        raise ReadError(f"Nothing in {path.name} can be read. {' '.join(problems[:5])}")
    return opened


def _open_named(db: Store, path: str | Path, said: Said, *, keep: bool) -> Source:
    """One of several files: what is wrong with its columns is said with its name."""
    try:
        return open_source(db, path, said, keep=keep)
    except MapError as error:
        raise MapError(f"{Path(path).name}: {error}") from error


def open_source(
    db: Store,
    file: str | Path | bytes | BinaryIO,
    said: Said,
    *,
    name: str | None = None,
    keep: bool = True,
    kept: KeptTexts | None = None,
) -> Source:
    """Open one file by the profile that fits it; `kept` as in `open_sheet`."""
    sheet = open_sheet(
        file,
        name,
        encoding=said.encoding,
        delimiter=said.delimiter,
        header_row=said.header_row,
        sheet=said.sheet,
        footers=said.footers,
        kept=kept,
    )
    try:
        profile = _choose_profile(db, sheet, said, keep=keep)
        return Source(sheet, profile.map_columns(sheet.headers), profile)
    except BaseException:
        sheet.close()
        raise


def close_sources(sources: Iterable[Source]) -> None:
    for source in sources:
        source.sheet.close()


def _choose_profile(db: Store, sheet: Sheet, said: Said, *, keep: bool) -> Profile:
    if said.maps or said.date_formats or said.values or said.kind:
        return _make_profile(db, sheet, said, keep=keep)
    saved = {name: Profile.from_json(data) for name, data in profiles.list_profiles(db).items()}
    if said.profile is not None:
        if said.profile not in saved:
            raise MapError(f"There is no profile {said.profile!r}. Saved profiles: {', '.join(saved) or 'none'}.")
        return _with_agency(saved[said.profile], said)
    fitting = [profile for profile in saved.values() if _fits(profile, sheet, said)]
    return _with_agency(fitting[0], said) if fitting else _make_profile(db, sheet, said, keep=False)


def _make_profile(db: Store, sheet: Sheet, said: Said, *, keep: bool) -> Profile:
    system = said.system or PLAIN
    known = _read_known(sheet, said)
    try:
        made = make_profile(
            sheet.headers,
            maps=(*said.maps, *known.maps) if known else said.maps,
            date_formats=(*said.date_formats, *known.date_formats) if known else said.date_formats,
            values=said.values,
            agency=said.agency,
            system=system,
            kind=known.kind if known else said.kind,
            complete=bool(said.complete),
        )
    except MapError as error:
        if said.maps or find_kind(sheet.headers) or (guess := _tell_guess(sheet, said)) is None:
            raise
        raise MapError(f"{error} {guess}") from error
    if keep and (made.maps or made.values):
        name = said.profile or f"{said.agency or 'all agencies'}, {system}, {made.kind}"
        saved = profiles.list_profiles(db).get(name)
        profiles.put_profile(db, name, (Profile.from_json(saved).revise(made) if saved else made).to_json(), at=now())
    return made


def _read_known(sheet: Sheet, said: Said) -> Profile | None:
    """What a known export says itself of its columns, but for those of which something else is said."""
    if said.kind or find_plain(sheet.headers) or find_export(sheet.headers) is None:
        return None
    reading = describe(sheet)
    choices = choose_by_guess(reading, reading.kind or "", agency=said.agency)
    rules = [parse_rules([text])[0][0] for text in said.maps]
    told = {normalise_heading(rule.header) for rule in rules if rule.header is not None}
    filled = {rule.target for rule in rules if rule.target}
    dated = {normalise_heading(text.rpartition("=")[0]) for text in said.date_formats}
    return Profile(
        said.agency,
        PLAIN,
        choices.kind,
        tuple(
            text
            for text in to_maps(choices, reading)
            for rule in parse_rules([text])[0]
            if (rule.target not in filled if rule.header is None else normalise_heading(rule.header) not in told)
        ),
        tuple(
            text
            for text in to_date_formats(choices, reading)
            if normalise_heading(text.rpartition("=")[0]) not in told | dated
        ),
    )


def _tell_guess(sheet: Sheet, said: Said) -> str | None:
    """What the columns most likely mean, as the command takes it; None if nothing can be made of them."""
    reading = describe(sheet)
    kind = said.kind or reading.kind
    if kind is None:
        return None
    choices = choose_by_guess(reading, kind, agency=said.agency)
    options = ["--kind", kind]
    for option, texts in (("--map", to_maps(choices, reading)), ("--date-format", to_date_formats(choices, reading))):
        options += [word for text in texts for word in (option, text)]
    typed = shlex.join(options)
    return f"By its headings and cells it is {kind}; if you find this right, add it (`crm inspect` says why): {typed}"


def _with_agency(profile: Profile, said: Said) -> Profile:
    data = profile.to_json()
    complete = profile.complete if said.complete is None else said.complete
    over = {"agency": said.agency or profile.agency, "system": said.system or profile.system, "complete": complete}
    return Profile.from_json(data | over)


def _fits(profile: Profile, sheet: Sheet, said: Said) -> bool:
    """Whether a saved profile was made for these headings, this agency and this system."""
    headings = {normalise_heading(header) for header in sheet.headers}
    return (
        {normalise_heading(header) for header in profile.headers} == headings
        and (said.agency is None or profile.agency in (None, said.agency))
        and (said.system is None or profile.system == said.system)
    )
