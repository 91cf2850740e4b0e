"""Normal forms: what stays of a cell when spelling is taken away."""

import pytest

from crm.dedupe import BUSINESS, PERSON, BusinessRow, PersonRow
from crm.dedupe.contacts import (
    is_toll_free,
    own_domain,
    read_ein,
    read_email,
    read_phone,
    read_website,
)
from crm.dedupe.names import read_names
from crm.dedupe.streets import Street, read_city, read_street, read_zip


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("The Acme Tool Co., Inc.", ("acme", "tool")),
        ("A & B Plumbing", ("ab", "plumbing")),
        ("O'Brien's Auto Svc", ("obrien", "automotive", "service")),
        ("Société Générale", ("societe", "generale")),
        ("Henry Ford II", ("henry", "ford", "2")),
        ("Store No. 007", ("store", "7")),
        ("Company", ("company",)),
        ("ООО «Ритм»", ("ritm",)),
        ("Общество с ограниченной ответственностью Ритм", ("ritm",)),
        ("Ελληνικά Ναυπηγεία", ("ellinika", "naypigeia")),
        ("SiemensAG", ("siemen",)),
        ("Brigade Forty-Four", ("brigade", "44")),
        ("Sociedad Limitada Kelmar", ("kelmar",)),
    ],
)
def test_a_name_is_its_words(cell: str, words: tuple[str, ...]) -> None:
    assert read_names(cell)[0].words == words


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Haddad LLC dba Apex Gym", ["haddad", "apex gym"]),
        ("Haddad LLC d/b/a Apex Gym", ["haddad", "apex gym"]),
        ("Apex Gym, formerly Titan Fitness", ["apex gym", "titan fitness"]),
        ("Council of Social Service (COSS)", ["council social service", "coss"]),
        ("Apex Gym (Haddad LLC)", ["apex gym", "haddad"]),
        ("Ritz Cafe (Buckhead)", ["ritz cafe buckhead"]),
        ("Dbase Systems", ["dbase system"]),
        ("", []),
        ("...", []),
    ],
)
def test_a_cell_may_hold_several_names(cell: str, names: list[str]) -> None:
    assert [" ".join(name.words) for name in read_names(cell)] == names


def test_a_legal_form_is_kept_apart_and_alike() -> None:
    assert {read_names(cell)[0].legal for cell in ("Acme Inc", "Acme, Incorporated", "Acme Corp.")} == {"corp"}
    assert read_names("Acme L.L.C.")[0].legal == "llc"
    assert read_names("Acme")[0].legal == ""


@pytest.mark.parametrize(
    ("cell", "street"),
    [
        ("12 N. Main St., Ste 4", Street("12", "n", "main", "st", "4")),
        ("12 North Main Street #4", Street("12", "n", "main", "st", "4")),
        ("12-16 Fifth Avenue", Street("12", "", "5th", "ave")),
        ("P.O. Box 77", Street(box="77")),
        ("27 Washington Oak Park IL 60302", Street("27", "", "washington oak park il", zip="60302")),
        ("102 5th Ave between 15th and 16th", Street("102", "", "5th", "ave")),
        ("Main Street", Street("", "", "main", "st")),
        ("1 North Street", Street("1", "n", "street")),
        ("", Street()),
    ],
)
def test_an_address_is_taken_apart(cell: str, street: Street) -> None:
    assert read_street(cell) == street


def test_towns_and_zips() -> None:
    assert read_city("St. Louis") == read_city("Saint Louis") == "saint louis"
    assert read_zip("61101-1203") == read_zip("61101") == "61101"
    assert read_zip("02134") == "02134"
    assert read_zip("SW1A 1AA") == "sw1a1aa"


@pytest.mark.parametrize("cell", ["(815) 555-0101", "815.555.0101", "+1 815 555 0101", "1-815-555-0101"])
def test_a_phone_is_its_ten_digits(cell: str) -> None:
    assert read_phone(cell).number == "8155550101"


def test_an_extension_is_kept_apart() -> None:
    assert read_phone("815-555-0101 x12") == read_phone("815-555-0101 ext. 012") == ("8155550101", "12")


@pytest.mark.parametrize("cell", ["", "n/a", "12345", "000-000-0000"])
def test_what_is_no_phone_is_none(cell: str) -> None:
    assert read_phone(cell).number == ""


def test_toll_free_numbers_are_known() -> None:
    assert is_toll_free("8005550101")
    assert not is_toll_free("8155550101")


@pytest.mark.parametrize(
    ("cell", "domain"),
    [
        ("https://www.Acme.com/contact", "acme.com"),
        ("acme.com:8080", "acme.com"),
        ("works.rockford.gov", "rockford.gov"),
        ("shop.acme.co.uk", "acme.co.uk"),
        ("www.facebook.com/acme", ""),
        ("No", ""),
    ],
)
def test_a_website_is_its_registered_domain(cell: str, domain: str) -> None:
    assert read_website(cell) == domain


def test_free_mail_is_no_domain_of_ones_own() -> None:
    assert own_domain("jo@acme.com") == "acme.com"
    assert own_domain("jo@gmail.com") == ""
    assert read_email(" Jo@Acme.com ") == "jo@acme.com"
    assert read_email("none") == ""


def test_an_employer_number_has_nine_digits() -> None:
    assert read_ein("36-1234567") == "361234567"
    assert read_ein("1234567") == read_ein("999999999") == ""


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Dr. Maria A. Sanchez, PhD", ("maria", "a", "sanchez", "")),
        ("Sanchez, Maria", ("maria", "", "sanchez", "")),
        ("Robert Lee, Jr.", ("robert", "", "lee", "jr")),
        ("Maria Sanchez-Ortiz", ("maria", "", "sanchez ortiz", "")),
        ("None", ("none", "", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_a_person_has_a_first_name_an_initial_a_last_name_and_a_suffix(cell: str, parts: tuple[str, ...]) -> None:
    form = PERSON.read(PersonRow("p", name=cell))
    assert (form.first, form.middle, form.last, form.suffix) == parts


def test_names_in_two_columns_read_as_in_one() -> None:
    assert PERSON.read(PersonRow("p", first_name="Maria", last_name="Sanchez")) == PERSON.read(
        PersonRow("p", name="Maria Sanchez")
    )


def test_an_empty_row_has_a_form_and_no_keys() -> None:
    for kind, row in ((BUSINESS, BusinessRow("b")), (PERSON, PersonRow("p"))):
        form = kind.read(row)
        assert list(kind.keys(form)) == []
        assert kind.is_sparse(form)


def test_rows_that_say_the_same_have_one_form() -> None:
    left = BusinessRow("a", name="Acme Tool, Inc.", phone="815-555-0101", zip="61101-1203")
    right = BusinessRow("b", seq=7, agency="x", name="ACME TOOL INC", phone="(815) 555 0101", zip="61101")
    assert BUSINESS.read(left) == BUSINESS.read(right)
