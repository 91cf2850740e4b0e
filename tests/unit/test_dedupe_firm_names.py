"""What a firm is called, and whether two of its sites go by one name."""

from random import Random

import pytest

from crm.dedupe.firm_names import go_by_one_name, name_firm


def name_of(*names: str | None, parents: tuple[str | None, ...] = ()) -> str | None:
    sites = [
        {"id": f"b{number:02}", "name": name, "parent": parents[number] if number < len(parents) else None}
        for number, name in enumerate(names)
    ]
    found = name_firm(sites)
    for seed in range(3):
        Random(seed).shuffle(sites)
        assert name_firm(sites) == found
    return found


@pytest.mark.parametrize(
    ("names", "firm"),
    [
        (
            (
                "Brackwater Reg Hospital - Radiology",
                "Brackwater Regional Hospital - Human Resources",
                "BRACKWATER REGIONAL HOSP - PHARMACY",
                "Brackwater Regional Hospital",
            ),
            "Brackwater Regional Hospital",
        ),
        (("City of Rockford - Public Works", "City of Rockford Police Department"), "City of Rockford"),
        (
            ("Harbor Finch Assisted Living - East", "HARBOR FINCH ASSISTED LIVING - CANAL"),
            "Harbor Finch Assisted Living",
        ),
        (("Acme Tool #2", "Acme Tool #7", "Acme Tool"), "Acme Tool"),
        (("Trigen Foods, LLC", "Trigen Foods Inc", "Trigen Foods"), "Trigen Foods"),
        (("Hylelis Structural Steel", "Hylelis Ironworks Inc"), "Hylelis"),
        (("Tool & Die Works", "Tool & Gauge"), "Tool & Die Works"),
        (("Baker Supply", "Acme Tool", "ACME TOOL"), "Acme Tool"),
        (("Zebra Foods", "Acme Tool"), "Zebra Foods"),
        ((None, "Acme Tool"), "Acme Tool"),
        ((None, None), None),
    ],
)
def test_a_firm_goes_by_what_its_sites_have_in_common(names: tuple[str | None, ...], firm: str | None) -> None:
    assert name_of(*names) == firm


def test_the_parent_that_most_sites_state_names_the_firm_where_their_names_do_not() -> None:
    daughters = ("Hylelis Structural Steel", "Hylelis Ironworks", "Hylelis Forge")
    assert name_of(*daughters, parents=("Hylelis Group", "HYLELIS GROUP")) == "Hylelis Group"
    assert name_of(*daughters, parents=("Hylelis Group", None, None)) == "Hylelis"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Eberek & Sons Senior Living - Walnut", "EBEREK & SONS SENIOR LIVING - WALNUT"),
        ("Dunnato Management LLC dba Hearth & Hazel Home Care", "Hearth & Hazel Home Care"),
        ("Brackwater Regional Hosp dba Brackwater Regional Hospital - Pharmacy", "Brackwater Reg Hospital - Pharmacy"),
        ("Port Verrin Regional Hospittal - Laboratory", "Port Verrin Reg Hosp - Laboratory"),
        ("", "Acme Tool"),
    ],
)
def test_spelling_is_no_other_name(left: str, right: str) -> None:
    assert go_by_one_name(left, right)
    assert go_by_one_name(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Brackwater Regional Hospital - Nutrition Services", "Brackwater Regional Hospital - Laboratory"),
        ("Brackwater Regional Hosp dba Brackwater Regional Hospital - Pharmacy", "Brackwater Regional Hospital - Lab"),
        ("Brackwater Regional Hospital", "Brackwater Reg Hospital - Surgery Center"),
        ("Hylelis Structural Steel L.L.C.", "Hylelis Ironworks INC"),
        ("Acme Tool #2", "Acme Tool #7"),
    ],
)
def test_another_part_is_another_name(left: str, right: str) -> None:
    assert not go_by_one_name(left, right)
    assert not go_by_one_name(right, left)
