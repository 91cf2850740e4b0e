"""Firms: which sites are of one owner."""

import random

import pytest

from crm.dedupe.firms import roll_up_firms


def are_one_firm(left: dict[str, str], right: dict[str, str], *others: dict[str, str]) -> bool:
    sites = [{"id": f"b{number}"} | site for number, site in enumerate((left, right, *others))]
    firms = roll_up_firms(sites)
    return firms["b0"] == firms["b1"]


def test_one_employer_number_is_one_firm_under_any_name() -> None:
    assert are_one_firm({"name": "Acme Tool", "ein": "36-1234567"}, {"name": "Baker Supply", "ein": "361234567"})


def test_one_domain_with_a_rare_word_in_common_is_one_firm() -> None:
    assert are_one_firm(
        {"name": "Acme Tool East", "website": "www.acme.com"},
        {"name": "Acme Tool West", "website": "https://acme.com/west"},
    )


def test_one_domain_with_quite_other_names_is_not() -> None:
    assert not are_one_firm(
        {"name": "Acme Tool", "website": "mall.com"}, {"name": "Baker Supply", "website": "mall.com"}
    )


def test_a_brands_domain_does_not_join_its_franchisees() -> None:
    site = {"name": "Subway", "website": "subway.com"}
    assert not are_one_firm(site | {"legal_name": "Haddad Foods LLC"}, site | {"legal_name": "Rossi Inc"})


def test_a_page_on_a_shared_host_is_no_domain() -> None:
    page = "https://facebook.com/acme"
    assert not are_one_firm({"name": "Acme Tool", "website": page}, {"name": "Acme Tool Supply", "website": page})


def test_a_brand_alone_is_no_owner() -> None:
    assert not are_one_firm({"name": "Subway"}, {"name": "Subway"})


def test_one_name_and_one_legal_name_are_one_firm() -> None:
    site = {"name": "Subway #12", "legal_name": "Lindqvist Foods LLC"}
    assert are_one_firm(site, site | {"name": "Subway #40"})
    assert not are_one_firm(site, site | {"legal_name": "Haddad Foods LLC"})


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("City of Rockford", "City of Rockford - Public Works"),
        ("City of Rockford Police Department", "City of Rockford Fire Department"),
        ("Winnebago County", "County of Winnebago Health Department"),
        ("Kishwaukee College", "Kishwaukee College Nursing Program"),
    ],
)
def test_a_department_is_of_the_body_whose_name_it_bears(part: str, other: str) -> None:
    assert are_one_firm({"name": part, "state": "IL"}, {"name": other, "state": "il"})
    assert not are_one_firm({"name": part, "state": "IL"}, {"name": other, "state": "WI"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("City of Rock Island Police", "City of Rock Falls Police"),
        ("City of Winnebago", "Winnebago County"),
        ("City Bank", "City Bank"),
        ("Jackson Township", "Jackson Township"),
        ("Winnebago County", "Winnebago County Fire Equipment"),
        ("Kishwaukee College", "Kishwaukee College Inn"),
    ],
)
def test_a_name_that_begins_alike_is_no_department(one: str, other: str) -> None:
    assert not are_one_firm({"name": one, "state": "IL"}, {"name": other, "state": "IL"})


def test_a_site_belongs_to_the_parent_that_it_names() -> None:
    assert are_one_firm({"name": "Trigen Rail", "parent": "Lumera Holdings Inc"}, {"name": "Lumera Holdings"})


def test_a_parent_whose_name_two_firms_bear_is_left_open() -> None:
    child, one, other = {"name": "Trigen Rail", "parent": "Lumera"}, {"name": "Lumera"}, {"name": "Lumera Inc"}
    assert not are_one_firm(child, one, other)


def test_two_sites_that_name_one_parent_are_one_firm() -> None:
    assert are_one_firm({"name": "Trigen", "parent": "Lumera Inc"}, {"name": "Vexia", "parent": "LUMERA, Inc."})


@pytest.mark.parametrize("generic", ["National Group", "Inc"])
def test_a_parent_with_a_name_that_says_nothing_joins_nobody(generic: str) -> None:
    assert not are_one_firm({"name": "Trigen", "parent": generic}, {"name": "Vexia", "parent": generic})


def test_the_order_of_the_sites_is_no_matter() -> None:
    sites = [
        {"id": f"b{number}", "name": f"Acme {number % 3}", "ein": f"36123456{number % 7}", "website": "acme.com"}
        for number in range(30)
    ]
    expected = roll_up_firms(sites)
    random.Random(1).shuffle(sites)
    assert roll_up_firms(sites) == expected
    assert set(expected.values()) == {"o0"}


def test_blank_cells_are_none() -> None:
    blank = {"name": "Trigen", "ein": None, "website": None, "legal_name": None, "parent": None}
    assert not are_one_firm(blank, blank | {"name": "Vexia"})


def test_what_people_call_one_firm_is_one_whatever_the_cells_say() -> None:
    sites = [{"id": f"b{number}", "name": name} for number, name in enumerate(("Trigen", "Vexia", "Omnis"))]
    firms = roll_up_firms(sites, said=[("b2", "b1")])
    assert firms["b1"] == firms["b2"] == "o1"
    assert firms["b0"] == "o0"


def test_who_is_said_to_be_of_another_firm_leaves_and_the_others_stay_together() -> None:
    sites = [{"id": f"b{number}", "name": f"Acme Tool {number}", "ein": "36-1234567"} for number in range(4)]
    assert len(set(roll_up_firms(sites).values())) == 1
    firms = roll_up_firms(sites, barred=[("b0", "b2")])
    assert firms == {"b0": "o0", "b1": "o1", "b2": "o1", "b3": "o1"}


def test_what_is_said_not_to_be_one_firm_counts_more_than_what_is_said_to_be() -> None:
    sites = [{"id": f"b{number}", "name": name} for number, name in enumerate(("Acme Tool", "Baker Supply", "Fenn"))]
    firms = roll_up_firms(sites, said=[("b0", "b1"), ("b1", "b2")], barred=[("b2", "b0")])
    assert firms == {"b0": "o0", "b1": "o0", "b2": "o2"}
