"""A column map puts the columns of any file in place, and refuses every doubt."""

import pytest

from importers.errors import MapError
from importers.map import Mapping, map_columns


def places(mapping: Mapping) -> dict[str, tuple[str, ...]]:
    return {field.column.name: field.headers for field in mapping.fields}


def test_a_plain_file_maps_itself_and_reports_what_it_does_not_know() -> None:
    mapping = map_columns(["Zip", "name", "agency", "Fax"])
    assert mapping.kind.name == "businesses"
    assert places(mapping) == {"agency": ("agency",), "name": ("name",), "zip": ("Zip",)}
    assert mapping.unused == ("Fax",)


def test_a_map_says_what_other_headings_mean() -> None:
    mapping = map_columns(["Site name", "Site\nstreet"], maps=["site NAME=name", "Site street=street"], agency="A")
    assert places(mapping) == {"name": ("Site name",), "street": ("Site\nstreet",)}


def test_a_heading_with_an_equals_sign_can_be_mapped() -> None:
    assert places(map_columns(["a=b"], maps=["a=b=name"], agency="A")) == {"name": ("a=b",)}


def test_one_column_can_go_to_two_places() -> None:
    headers = ["Date of meeting", "Minister", "Organisation"]
    maps = ["Date of meeting=date", "Minister=agency", "Minister=program", "Organisation=business"]
    assert places(map_columns(headers, maps=maps)) == {
        "agency": ("Minister",), "date": ("Date of meeting",), "program": ("Minister",), "business": ("Organisation",),
    }  # fmt: skip


def test_a_map_comes_before_a_heading_of_the_same_name() -> None:
    mapping = map_columns(["source", "name", "agency"], maps=["source=agency"])
    assert places(mapping)["agency"] == ("source",)
    assert mapping.unused == ("agency",)


def test_a_column_can_be_left_out() -> None:
    mapping = map_columns(["name", "email"], maps=["email=none"], agency="A")
    assert mapping.unused == ("email",)


def test_a_value_can_be_given_for_every_row() -> None:
    mapping = map_columns(["date", "business"], maps=["=program:Job Club", "=channel:visit"], agency="A")
    assert {f.column.name: f.constant for f in mapping.fields if f.constant} == {
        "program": "Job Club",
        "channel": "visit",
    }


def test_a_meaning_as_it_is_printed_names_the_kind() -> None:
    mapping = map_columns(["Contact"], maps=["Contact=people.name"], agency="A")
    assert mapping.kind.name == "people"
    with pytest.raises(MapError, match="does not say of which business"):
        map_columns(["a", "b"], maps=["a=people.name", "b=businesses.zip"], agency="A")


def test_two_columns_in_one_place_must_say_how() -> None:
    with pytest.raises(MapError, match=r"Several columns go to street: 'Street 1', 'Street 2'"):
        map_columns(["name", "Street 1", "Street 2"], maps=["Street 1=street", "Street 2=street"], agency="A")
    mapping = map_columns(
        ["name", "Street 1", "Street 2"], maps=["Street 1=street:join", "Street 2=street"], agency="A"
    )
    field = next(field for field in mapping.fields if field.column.name == "street")
    assert (field.headers, field.how) == (("Street 1", "Street 2"), "join")


def test_one_heading_over_two_columns_must_say_how() -> None:
    with pytest.raises(MapError, match="Several columns go to email"):
        map_columns(["name", "email", "email (2)"], agency="A")


@pytest.mark.parametrize(
    ("maps", "message"),
    [
        (["Nmae=name"], "no column 'Nmae'. Its columns are: Site, Day"),
        (["Site=nmae"], "no column called nmae"),
        (["Site"], "not a rule"),
        (["=channel"], "not a rule"),
        (["Site=name:glue"], "not by 'glue'"),
        (["Site=name:newest", "Day=name:newest"], "no newest"),
        (["Site=business", "Day=date:join", "Other=date:join", "=program:P"], "cannot be joined"),
        (["Site=name:join", "Day=name:first"], "in different ways"),
        (
            ["Site=channel", "=channel:visit", "Day=date", "Other=business", "=program:P"],
            "a value for every row and a column",
        ),
        (["Site=offered_on", "Day=zip"], "No kind of file has all of these"),
        (["Site=business"], "looks like people but has no column for name"),
        ([], "These columns are not known: Site, Day, Other"),
    ],
)
def test_a_map_that_does_not_fit_is_refused_in_words(maps: list[str], message: str) -> None:
    with pytest.raises(MapError, match=message):
        map_columns(["Site", "Day", "Other"], maps=maps, agency="A")


def test_rows_must_belong_to_an_agency() -> None:
    with pytest.raises(MapError, match="Name the agency"):
        map_columns(["name"])
    with pytest.raises(MapError, match="hold no ','"):
        map_columns(["name"], agency="A, B")
    assert map_columns(["sector", "naics"]).agency is None


def test_a_kind_can_be_said() -> None:
    assert map_columns(["name"], agency="A", kind="people").kind.name == "people"
    with pytest.raises(MapError, match="no kind of file 'firms'"):
        map_columns(["name"], agency="A", kind="firms")


def test_a_date_format_belongs_to_a_column_of_days() -> None:
    headers = ["Met on", "program", "business"]
    mapping = map_columns(headers, maps=["Met on=date"], date_formats=["Met on=d/m/yyyy"], agency="A")
    assert {field.column.name: field.pattern for field in mapping.fields}["date"] == "d/m/yyyy"
    by_meaning = map_columns(headers, maps=["Met on=date"], date_formats=["date=d/m/yyyy"], agency="A")
    assert by_meaning == mapping
    with pytest.raises(MapError, match="holds no dates"):
        map_columns(headers, maps=["Met on=date"], date_formats=["business=d/m/yyyy"], agency="A")
    with pytest.raises(MapError, match="no date comes from"):
        map_columns(headers, maps=["Met on=date"], date_formats=["Left on=d/m/yyyy"], agency="A")
    with pytest.raises(MapError, match="not a date pattern"):
        map_columns(headers, maps=["Met on=date"], date_formats=["Met on=whenever"], agency="A")
