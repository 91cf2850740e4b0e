"""Golden values: each field from one record, and which one it is from."""

from typing import Any

import pytest

from crm.dedupe.golden import choose_business, choose_person


def record(id: str, said: int, agency: str = "a1", **cells: str) -> dict[str, Any]:
    return {"id": id, "said": said, "agency_id": agency, **cells}


@pytest.mark.parametrize("field", ["naics", "employees", "county", "zip", "closed_on", "phone", "ein", "parent"])
def test_the_newest_record_that_has_a_value_is_believed(field: str) -> None:
    records = [record("r1", 1, **{field: "old"}), record("r2", 2, **{field: "new"}), record("r3", 3)]
    golden = choose_business(records)
    assert (golden.values[field], golden.sources[field]) == ("new", "r2")
    assert choose_business(records[::-1]) == golden


def test_a_name_that_more_agencies_use_is_the_name() -> None:
    records = [
        record("r1", 1, "a1", name="Acme Tool & Die"),
        record("r2", 2, "a2", name="ACME  tool & die"),
        record("r3", 3, "a3", name="Acme"),
    ]
    golden = choose_business(records)
    assert (golden.values["name"], golden.sources["name"]) == ("ACME  tool & die", "r2")


def test_of_names_that_equally_many_use_the_longer_is_chosen_then_the_newer() -> None:
    assert (
        choose_business([record("r1", 1, name="Acme Tool"), record("r2", 2, name="Acme")]).values["name"] == "Acme Tool"
    )
    assert choose_business([record("r1", 1, name="Acme A"), record("r2", 2, name="Acme B")]).values["name"] == "Acme B"


def test_one_agency_that_says_a_name_twice_counts_once() -> None:
    records = [
        record("r1", 1, "a1", name="Acme"),
        record("r2", 2, "a1", name="Acme"),
        record("r3", 3, "a2", name="Acme Tool"),
    ]
    assert choose_business(records).values["name"] == "Acme Tool"


def test_an_address_is_not_made_up_of_two() -> None:
    golden = choose_business([record("r1", 1, street="1 Main St", city="Rockford"), record("r2", 2, city="Peoria")])
    assert {golden.values["street"], golden.values["city"]} == {"1 Main St", "Rockford"}
    assert {golden.sources["street"], golden.sources["city"]} == {"r1"}


def test_what_is_no_address_is_not_chosen() -> None:
    records = [
        record("r1", 1, website="www.acme.com", email="office@acme.com"),
        record("r2", 2, website="No", email="10/01/15"),
    ]
    golden = choose_business(records)
    assert (golden.values["website"], golden.values["email"]) == ("www.acme.com", "office@acme.com")
    assert choose_business(records[1:]).values == {}


@pytest.mark.parametrize("newest", ["", "no"])
def test_a_do_not_contact_that_one_record_says_holds(newest: str) -> None:
    golden = choose_person([record("q1", 1, do_not_contact="yes"), record("q2", 2, do_not_contact=newest)])
    assert (golden.values["do_not_contact"], golden.sources["do_not_contact"]) == ("yes", "q1")
    assert "do_not_contact" not in choose_person([record("q1", 1, do_not_contact="no")]).values


def test_a_person_named_in_two_cells_has_one_name() -> None:
    golden = choose_person([record("q1", 1, first_name="Ana", last_name="Silva"), record("q2", 2, title="CEO")])
    assert (golden.values["name"], golden.values["title"]) == ("Ana Silva", "CEO")
