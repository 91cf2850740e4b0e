"""What an agency once said about a system's files, kept so that it is said once: the import profile.

A profile holds the column map as the texts that were given, so that it can be read, printed and changed by hand. A
file whose headings have changed since is no failure: the difference is shown, and what is still there is imported.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from importers.errors import MapError
from importers.headers import normalise_heading
from importers.map import Mapping, map_columns

PLAIN = "plain"
LIKELY_RENAMED = 75  # rapidfuzz ratio


@dataclass(frozen=True)
class Profile:
    """A saved column map. `agency` is None where a column says it; `headers` are those of the file it was made for."""

    agency: str | None
    system: str
    kind: str
    maps: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    version: int = 1
    # What words of the file mean, as `channel:Site Visit=visit`.
    values: tuple[str, ...] = ()
    # Whether files read by it are always the whole list, so that what they lack is no longer sent.
    complete: bool = False

    def map_columns(self, headers: Sequence[str]) -> Mapping:
        """The mapping for a file with these headings; what it lacks is passed over, unless a row needs it."""
        present = {normalise_heading(header) for header in headers}
        targets = {name for name, _, _ in (text.rpartition("=") for text in self.maps)}
        gone = {normalise_heading(name) for name in targets} - present
        return map_columns(
            headers,
            maps=self.maps,
            date_formats=[text for text in self.date_formats if normalise_heading(text.rpartition("=")[0]) not in gone],
            values=self.values,
            agency=self.agency,
            kind=self.kind,
            skip_absent=True,
        )

    def to_json(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The reverse of `to_json`; unknown keys (of a newer version) are an error, not a loss."""
        try:
            fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
            return cls(**fields)
        except TypeError as error:
            raise MapError(f"The saved profile cannot be read: {error}.") from None

    def revise(self, other: "Profile") -> "Profile":
        """The other profile as this one's next version; this one itself if nothing differs but the version."""
        revised = replace(other, version=self.version)
        return self if revised == self else replace(other, version=self.version + 1)


def compare_profiles(old: Profile, new: Profile) -> list[tuple[str, str]]:
    """What one version of a profile says and the other does not: ("gone" or "new", its text), what is gone first."""

    def list_texts(profile: Profile) -> list[str]:
        rest = [f"kind {profile.kind}", f"agency {profile.agency or 'as each row says'}", f"system {profile.system}"]
        return [
            *profile.maps,
            *profile.date_formats,
            *profile.values,
            *(f"heading {one}" for one in profile.headers),
            *rest,
        ]

    before, after = list_texts(old), list_texts(new)
    return [("gone", text) for text in before if text not in after] + [
        ("new", text) for text in after if text not in before
    ]


@dataclass(frozen=True)
class HeaderChange:
    """How a file's headings differ from those a profile was made for; `renamed` are likely pairs (old, new)."""

    missing: tuple[str, ...]
    added: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.added)


def make_profile(
    headers: Sequence[str],
    *,
    maps: Iterable[str] = (),
    date_formats: Iterable[str] = (),
    values: Iterable[str] = (),
    agency: str | None = None,
    system: str = PLAIN,
    kind: str | None = None,
    complete: bool = False,
) -> Profile:
    """A profile from what the user said about a file with these headings. Raises MapError where it does not fit."""
    maps, date_formats, values = tuple(maps), tuple(date_formats), tuple(values)
    mapping = map_columns(headers, maps=maps, date_formats=date_formats, values=values, agency=agency, kind=kind)
    made = Profile(agency, system, mapping.kind.name, maps, date_formats, tuple(headers), values=values)
    return replace(made, complete=complete)


def compare_headers(profile: Profile, headers: Sequence[str]) -> HeaderChange:
    """What changed since the profile was saved, whatever the order of the columns."""
    from rapidfuzz import fuzz, process

    before = {normalise_heading(header): header for header in profile.headers}
    now = {normalise_heading(header): header for header in headers}
    missing = [header for key, header in before.items() if key not in now]
    added = [header for key, header in now.items() if key not in before]
    renamed: list[tuple[str, str]] = []
    for old in missing:
        free = [new for new in added if new not in {pair[1] for pair in renamed}]
        best = process.extractOne(
            old, free, scorer=fuzz.ratio, processor=normalise_heading, score_cutoff=LIKELY_RENAMED
        )
        if best:
            renamed.append((old, best[0]))
    return HeaderChange(tuple(missing), tuple(added), tuple(renamed))
