"""What headings say, whatever their spelling; what cells look like; and how columns get their meanings together."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.import_headings import list_headers, mark, share_right
from importers.assignments import assign
from importers.cell_types import look_at
from importers.headings import read_heading, split_heading


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("BillingPostalCode", "billing zip"),
        ("Acct. Nm", "account name"),
        ("e-mail_1", "email 1"),
        ("companyname", "company name"),
        ("Compnay  Name", "company name"),
        ("# of Employees", "employees number"),
        ("Contact's role", "contact role"),
        ("City,\nState", "city state"),
        ("D.B.A.", "dba"),
        ("St", "state"),
        ("NAMELAST", "name last"),
    ],
)
def test_a_heading_is_written_out(heading: str, words: str) -> None:
    assert " ".join(split_heading(heading)).replace("_", " ") == words


@pytest.mark.parametrize(
    ("heading", "thing"),
    [
        ("Client firm", "company"), ("Org. name", "company"), ("Company / Account", "company"),
        ("Contact's role", "title"),
        ("Ph #", "phone"), ("Date of svc", "date"), ("Account: Billing City", "city"), ("Business Fax", "-fax"),
        ("Account Owner", "-owner here"), ("Location Employee Size Actual", "employees"), ("Doing business as", "dba"),
        ("Assistant's Phone", "assistant_phone"), ("Primary NAICS Description", "-industry in words"),
        ("Email Opt Out", "do_not_contact"), ("Who we met", "person"), ("How contacted", "channel"),
        ("Address 2", "street_2"), ("Phone 1 - Type", "-label"), ("Member #", "id"), ("Provider First Name", "first"),
        ("Telehpone", "phone"), ("Follow-up date", "promise_due"), ("Home Phone", "-elsewhere"),
        ("Street Name", "street"), ("House No", "street_part"), ("principaladdress1", "street"), ("Trade style", "dba"),
        ("Address Continued", "street_2"), ("nr_in_estab", "employees"), ("Registry Number", "id"),
        ("First & Last Name", "person"), ("Status reason", "-where it stands"), ("Meeting title", "topics"),
        ("close_case_date", "-about the record"), ("Dirección", "street"), ("Número de Empleados", "employees"),
        ("Téléphone", "phone"), ("Straße", "street"), ("Company / Brand Name", "company"),
        ("Point of Contact", "person"), ("Key Contact Name", "person"), ("Next Visit Date", "promise_due"),
        ("Goal of visit", "purpose"), ("Visit or call", "channel"), ("Assumed Name", "dba"), ("St Address", "street"),
        ("Contact #", "phone"), ("Total Staff", "employees"),
    ],
)  # fmt: skip
def test_a_heading_names_its_thing(heading: str, thing: str) -> None:
    best = read_heading(heading).best
    assert best is not None
    assert best.thing == thing


def test_a_heading_of_nothing_known_says_nothing() -> None:
    assert read_heading("Xyzzy").senses == ()
    assert read_heading("").senses == ()


@given(st.text(max_size=60))
def test_no_heading_is_too_odd_to_be_read(heading: str) -> None:
    assert all(0 < sense.score <= 1 for sense in read_heading(heading).senses)


@pytest.mark.parametrize(
    ("look", "cells"),
    [
        ("email", ["ana@example.org", "Bo Lund <bo@example.org>"]),
        ("phone", ["(617) 555-0117", "617.555.0163 x12", "6175550188"]),
        ("street", ["27 Dock Street", "221 E. 51st St.", "PO Box 12", "1200 Harbor Blvd Ste 4"]),
        ("person", ["Ana Silva", "Silva, Ana", "Dr. Mei Chen"]),
        ("company", ["Harbor Bakery LLC", "Smith & Sons", "First National Bank"]),
        ("job", ["Owner", "HR Manager", "Vice President, Operations"]),
        ("state", ["MA", "New Hampshire"]),
        ("zip", ["02134", "02134-1234", "021341234"]),
        ("salutation", ["Mr.", "Dr", "Ms"]),
        ("url", ["www.example.org", "https://example.com/a", "example.net"]),
    ],
)
def test_cells_look_like_what_they_are(look: str, cells: list[str]) -> None:
    assert look_at(cells).share(look) == 1.0
    assert look_at(["N/A", "-1", "Vacant", *cells]).share(look) == 1.0, "a placeholder says nothing"


@pytest.mark.parametrize("text", ["12 Mar 2024", "3/4/2026", "2026-03-04 10:00", "Harbor Bakery", "Boston"])
def test_what_is_no_street_is_none(text: str) -> None:
    assert look_at([text]).share("street") == 0


scores = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.floats(0.1, 1, allow_nan=False).map(lambda x: round(x, 3)), max_size=4),
    max_size=5,
)


@given(scores)
def test_the_meanings_are_given_out_as_well_as_can_be(rows: list[dict[str, float]]) -> None:
    chosen = assign(rows)
    taken = [name for name in chosen if name is not None]
    assert len(set(taken)) == len(taken)
    total = sum(row[name] for row, name in zip(rows, chosen, strict=True) if name is not None)
    best = max(
        (
            sum(row[name] for row, name in zip(rows, names, strict=True) if name is not None)
            for names in itertools.product(*([None, *row] for row in rows))
            if len({n for n in names if n}) == sum(n is not None for n in names)
        ),
        default=0.0,
    )
    assert total == pytest.approx(best)


@pytest.mark.parametrize("half", ["build", "held_out"])
def test_the_columns_of_renamed_exports_are_guessed(half: str) -> None:
    headers = [header for header in list_headers() if header.half == half]
    marks = [one for header in headers for one in mark(header)]
    assert len(headers) >= 20
    assert share_right([one for one in marks if not one.header.naming]) >= 0.98
    assert share_right([one for one in marks if one.header.naming]) >= 0.97
