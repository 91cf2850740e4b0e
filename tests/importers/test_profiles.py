"""What was said about a system's files is kept, versioned, and compared with the next file."""

import json

import pytest

from importers.errors import MapError
from importers.profiles import HeaderChange, Profile, compare_headers, make_profile

HEADERS = ["Site name", "Street 1", "Street 2", "Closed", "Fax"]
MAPS = ["Site name=name", "Street 1=street:join", "Street 2=street", "Closed=closed_on"]


def profile() -> Profile:
    return make_profile(HEADERS, maps=MAPS, date_formats=["Closed=d/m/yyyy"], agency="College", system="salesforce")


def test_a_profile_comes_back_from_json_unchanged() -> None:
    saved = profile()
    assert Profile.from_json(json.loads(json.dumps(saved.to_json()))) == saved
    assert (saved.kind, saved.version, saved.headers) == ("businesses", 1, tuple(HEADERS))


def test_a_profile_of_a_newer_version_is_refused() -> None:
    with pytest.raises(MapError, match="cannot be read"):
        Profile.from_json({**profile().to_json(), "colour": "red"})


def test_a_profile_that_does_not_fit_its_own_file_is_not_made() -> None:
    with pytest.raises(MapError, match="no column 'Nmae'"):
        make_profile(HEADERS, maps=["Nmae=name"], agency="College")


def test_a_saved_profile_maps_the_next_file() -> None:
    mapping = profile().map_columns([*reversed(HEADERS), "New"])
    assert {field.column.name: field.headers for field in mapping.fields} == {
        "name": ("Site name",), "street": ("Street 1", "Street 2"), "closed_on": ("Closed",),
    }  # fmt: skip
    assert (mapping.agency, mapping.unused, mapping.absent) == ("College", ("Fax", "New"), ())


def test_headings_that_went_are_passed_over_and_listed() -> None:
    mapping = profile().map_columns(["Site name", "Street 1"])
    assert mapping.absent == ("Street 2", "Closed")
    assert {field.column.name for field in mapping.fields} == {"name", "street"}


def test_a_heading_that_a_row_needs_must_not_go() -> None:
    with pytest.raises(MapError, match=r"need a column for name.*expects Site name"):
        profile().map_columns(["Street 1", "Fax"])


def test_a_changed_header_is_shown_as_a_difference() -> None:
    change = compare_headers(profile(), ["Closed", "site  NAME", "Street 1", "Street-2", "Owner"])
    assert change == HeaderChange(("Street 2", "Fax"), ("Street-2", "Owner"), (("Street 2", "Street-2"),))
    assert not compare_headers(profile(), list(reversed(HEADERS)))


def test_a_revised_profile_is_the_next_version_and_an_equal_one_is_not() -> None:
    first = profile()
    assert first.revise(profile()) is first
    second = first.revise(make_profile(HEADERS, maps=MAPS[:1], agency="College", system="salesforce"))
    assert (second.version, second.maps) == (2, ("Site name=name",))
