"""Words of a file: what they probably mean, which of them are asked about, and the first rows as they will become."""

from dataclasses import replace

import pytest

from importers.cells import CHANNELS, PURPOSES
from importers.choices import choose_by_guess, choose_by_profile, list_gaps, to_maps, to_values
from importers.first_rows import show_first_rows
from importers.profiles import make_profile
from importers.read import open_sheet
from importers.readings import Reading, describe
from importers.words import has_unknown, list_asked, suggest_meaning, suggest_words

NAMES = ("Eva", "Ana", "Bo", "Cy")
LOG = "date,Company,Contact,How,Why,program\n" + "\n".join(
    f'2026-03-{day:02},Acme {day},"Silva, {NAMES[day % 4]} - Owner",{how},{why},Outreach'
    for day, (how, why) in enumerate(
        [("Site Visit", "BRE visit"), ("Site Visit", "Job order"), ("Zoom", "??"), ("call", "needs")] * 3, 1
    )
)


@pytest.fixture
def reading() -> Reading:
    with open_sheet(LOG.encode(), "log.csv") as sheet:
        return describe(sheet)


def choose(reading: Reading, **meanings: str):  # type: ignore[no-untyped-def]
    made = choose_by_guess(reading, "touchpoints", agency="A")
    named = tuple(meanings.get(header, old) for header, old in zip(reading.headers, made.meanings, strict=True))
    return replace(made, meanings=named)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Site Visit", "visit"), ("Zoom meeting", "video"), ("Phone - outbound", "call"), ("E-mail blast", "mass_mail"),
        ("Job Fair", "event"), ("Voice mail", "call"), ("Carrier pigeon", None),
    ],
)  # fmt: skip
def test_what_people_write_suggests_a_channel(text: str, meaning: str | None) -> None:
    assert suggest_meaning(CHANNELS, text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("Follow-up call", "follow_up"), ("Needs assessment", "needs"), ("Hiring event", "job_development"), ("?", None)],
)
def test_what_people_write_suggests_a_purpose(text: str, meaning: str | None) -> None:
    assert suggest_meaning(PURPOSES, text) == meaning


def test_unknown_words_are_listed_by_how_often_they_stand_there_with_a_proposal(reading: Reading) -> None:
    choices = choose(reading, How="channel", Why="purpose")
    assert has_unknown(choices, reading)
    proposed = suggest_words(choices, reading)
    asked = {one.column: [(word.text, word.count, word.meaning) for word in one.words] for one in
             list_asked(proposed, reading)}  # fmt: skip
    assert asked["channel"] == [("Site Visit", 6, "visit"), ("Zoom", 3, "video")]
    assert asked["purpose"][0] == ("??", 3, None)
    assert {word for word, _, _ in asked["purpose"]} == {"??", "BRE visit", "Job order"}


def test_names_of_programs_are_asked_about_where_the_agency_has_others(reading: Reading) -> None:
    asked = list_asked(choose(reading), reading, ["Business visits"])
    assert [
        (one.column, one.options, [word.text for word in one.words]) for one in asked if one.column == "program"
    ] == [("program", ("Business visits",), ["Outreach"])]
    assert "program" not in {one.column for one in list_asked(choose(reading), reading, ["OUTREACH"])}


def test_a_column_of_names_with_titles_is_proposed_to_be_cut_up(reading: Reading) -> None:
    guess = reading.guesses["touchpoints"][2]
    assert (guess.column, "Smith, Ana - CEO" in guess.why) == ("name-title", True)
    choices = choose(reading, How="channel", Why="purpose")
    assert list_gaps(choices, reading) == []
    assert "Contact=name-title" in to_maps(choices, reading)


def test_the_first_rows_are_shown_as_they_will_become(reading: Reading) -> None:
    choices = suggest_words(choose(reading, How="channel", Why="purpose"), reading)
    shown = show_first_rows(choices, reading)
    assert len(shown.rows) == 10
    line, cells = shown.rows[0]
    became = dict(zip(shown.columns, cells, strict=True))
    assert (line, became["people.name"].text, became["people.title"].text) == (2, "Ana Silva", "Owner")
    assert (became["channel"].text, became["purpose"].text) == ("visit", "needs")
    third = dict(zip(shown.columns, shown.rows[2][1], strict=True))
    assert (third["purpose"].text, "not on the list" in third["purpose"].wrong) == ("??", True)


def test_what_words_mean_is_kept_in_the_profile_and_read_from_it(reading: Reading) -> None:
    choices = suggest_words(choose(reading, How="channel", Why="purpose"), reading)
    profile = make_profile(
        reading.headers, maps=to_maps(choices, reading), values=to_values(choices), agency="A", kind="touchpoints"
    )
    assert "channel:site visit=visit" in profile.values
    again = choose_by_profile(reading, profile, agency="A")
    assert again.values == choices.values
    assert Reading.from_json(reading.to_json()) == reading
