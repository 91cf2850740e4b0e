"""The reader of headings: what it adds to words and cells, what it leaves alone, and how it is trained."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from bench.heading_lists import read_lists
from bench.train_headings import see_all, train_both
from importers.candidates import NOT_KNOWN, Guess
from importers.columns import Column, look_at_columns
from importers.heading_reader import WEIGHTS, Reader, name_thing, take_weights
from importers.inspections import Inspection, inspect_sheet
from importers.kinds import BY_NAME
from importers.read import open_sheet
from importers.second_readings import read_again

FIRMS = "Harbor Bakery LLC|Reata Foods Inc|Zeta Plastics Corp|Lynn Machine Works|Elm Dental Group"
PEOPLE = "Ana Silva|Karen Lund|James Ode|Maria Cruz|Paul Roe"
DAYS = "3/14/2026|4/2/2026|5/21/2026|6/30/2026"
MAILS = "ana@harbor.example|karen@reata.example|james@zeta.example"
PHONES = "617-555-0117|617-555-0118|617-555-0119"
STREETS = "12 Elm St|340 Oak Ave|7 Mill Rd|99 Main St|5 Lake Dr"
STAFF = "Dana Wolf|Chris Park"
NOTES = "Wants two welders by June, will call|Asked for the course list again|Has a second plant"
CITIES = "Boston|Lynn|Salem|Quincy|Dedham"


def look(columns: Mapping[str, str]) -> list[Column]:
    return look_at_columns(list(columns), {name: text.split("|") * 5 for name, text in columns.items()})


def inspect(columns: Mapping[str, str], rows: int = 20) -> Inspection:
    cells = [text.split("|") for text in columns.values()]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([some[n % len(some)] for some in cells] for n in range(rows))
    with open_sheet(text.getvalue().encode(), "list.csv") as sheet:
        return inspect_sheet(sheet)


def test_a_heading_that_no_word_explains_is_read_by_what_it_is_like() -> None:
    columns = look({"Date": DAYS, "Employer": FIRMS, "Staff": STAFF, "Disc Pts": NOTES})
    guesses = [
        Guess("Date", "touchpoints.date", 0.97, ""),
        Guess("Employer", "touchpoints.business", 0.97, ""),
        Guess("Staff", "touchpoints.staff", 0.97, ""),
        Guess("Disc Pts", "none", 0.0, NOT_KNOWN),
    ]
    again = read_again(BY_NAME["touchpoints"], columns, guesses, Reader(columns))
    assert again[:3] == guesses[:3]
    assert (again[3].meaning, again[3].why) == ("touchpoints.notes", "it reads like headings that say notes")
    assert 0.3 < again[3].confidence < 0.9


def test_what_the_cells_cannot_be_is_not_read_into_a_heading() -> None:
    columns = look({"Employer": FIRMS, "dt_of_visit_x": FIRMS})
    guesses = [Guess("Employer", "touchpoints.business", 0.97, ""), Guess("dt_of_visit_x", "none", 0.0, NOT_KNOWN)]
    assert read_again(BY_NAME["touchpoints"], columns, guesses, Reader(columns))[1].meaning != "touchpoints.date"


def test_a_weak_guess_is_dropped_where_such_headings_mostly_say_nothing() -> None:
    sites = "https://harbor.example/jobs/1|https://reata.example/jobs/2|https://zeta.example/jobs/3"
    columns = look({"Employer": FIRMS, "Job Title": "Welder|Cook|Driver", "Application URL": sites, "Posted": DAYS})
    guesses = [
        Guess("Employer", "businesses.name", 0.97, ""),
        Guess("Job Title", "none", 0.9, "a job to be filled"),
        Guess("Application URL", "businesses.website", 0.6, "its cells are web addresses"),
        Guess("Posted", "none", 0.9, "a day of its own"),
    ]
    again = read_again(BY_NAME["businesses"], columns, guesses, Reader(columns))
    assert (again[0], again[1], again[3]) == (guesses[0], guesses[1], guesses[3])
    assert again[2].meaning == "none"
    why = "headings like it mostly say nothing for a list like this, though its cells are web addresses"
    assert again[2].why == why
    sure = replace(guesses[2], confidence=0.9)
    assert read_again(BY_NAME["businesses"], columns, [*guesses[:2], sure, guesses[3]], Reader(columns))[2] == sure


def test_the_kind_of_a_list_is_told_by_its_headings_together() -> None:
    told = inspect(
        {
            "Site Name": FIRMS,
            "Site Address": STREETS,
            "Site City": CITIES,
            "Site Supervisor": PEOPLE,
            "Supervisor Title": "Owner|HR Manager",
            "Supervisor Email": MAILS,
            "Supervisor Phone #": PHONES,
            "Agreement Expiration": DAYS,
            "# of Interns Hosted": "2|0|5",
            "Faculty Coordinator": STAFF,
            "Site Notes": "Likes students from the trades.|Wants them in summer.",
        }
    )
    assert told.kind == "businesses"


def test_what_words_and_cells_say_surely_stays() -> None:
    told = inspect({"Company Name": FIRMS, "Street Address": STREETS, "City": CITIES, "E-mail": MAILS})
    meanings = ["businesses.name", "businesses.street", "businesses.city", "businesses.email"]
    assert [column.meaning for column in told.columns] == meanings
    assert not any("reads like" in column.why for column in told.columns)


def test_columns_without_a_heading_are_not_read() -> None:
    told = inspect({"Firm": FIRMS, "": "7701|7702|7703|7704|7705"})
    assert told.columns[1].meaning == "none"


def test_every_labelled_column_has_a_place_in_its_kind() -> None:
    for one in read_lists():
        for heading, meanings in zip(one.headings, one.meanings, strict=True):
            for meaning in meanings:
                kind, _, column = meaning.partition(".")
                assert meaning == "none" or BY_NAME[kind].column(column), (heading, meaning)


def test_the_weights_are_small() -> None:
    assert WEIGHTS.stat().st_size < 300_000


def test_the_same_lists_make_the_same_weights_and_are_learned() -> None:
    lists = see_all(list(read_lists())[:12])
    first, second = train_both(lists), train_both(lists)
    assert all(np.array_equal(part, second[name]) for name, part in first.items())
    weights = take_weights(first)
    right = [
        max(told, key=lambda thing: told[thing]) in set(map(name_thing, meanings))
        for one in lists
        for told, meanings in zip(Reader(one.columns, weights).read(one.kinds[0]), one.meanings, strict=True)
    ]
    assert sum(right) > 0.9 * len(right)
