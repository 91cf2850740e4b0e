"""A catalogue of hard pairs, each with the decision that a careful person would take and why.

"apart" means: not joined without asking; whether a person is asked is open.
"""

from typing import Any, NamedTuple

import pytest

from crm.dedupe import BUSINESS, PERSON, BusinessRow, PersonRow, explain

MAIN = {"street": "120 N Main St", "zip": "61101"}
OAK = {"street": "900 Oak Ave", "zip": "61107"}
ROCKFORD = {"city": "Rockford", "state": "IL"}


class Case(NamedTuple):
    why: str
    left: dict[str, Any]
    right: dict[str, Any]
    expected: str
    fails: str = ""  # why it does not hold yet


def name(text: str, **cells: Any) -> dict[str, Any]:
    return {"name": text, **cells}


BUSINESSES = [
    Case("legal form and case are spelling", name("Acme Tool, Inc."), name("ACME TOOL INCORPORATED"), "same"),
    Case("an ampersand is an and", name("Baker & Sons Supply"), name("Baker and Sons Supply"), "same"),
    Case("initials with and without blanks", name("J. B. Hartwell Foods"), name("JB Hartwell Foods"), "same"),
    Case("an abbreviation", name("Trigen Mfg Co"), name("Trigen Manufacturing Company"), "same"),
    Case("accents", name("Café Zürich Bistro"), name("Cafe Zurich Bistro"), "same"),
    Case("word order", name("University of Rockford"), name("Rockford University"), "same"),
    Case("one slip in a long name", name("Kishwaukee Automation"), name("Kishwaukee Autmation"), "same"),
    Case("two words written as one", name("Hydro Ara Plastics"), name("HydroAra Plastics"), "same"),
    Case("initials in brackets", name("Illinois Retail Merchants (IRM)"), name("Illinois Retail Merchants"), "same"),
    Case("an ordinal written out", name("First Kishwaukee Bank"), name("1st Kishwaukee Bank"), "same"),
    Case("a bare brand is one name", name("Woolworths"), name("WOOLWORTHS LTD"), "same"),
    Case("a bare generic word is nobody", name("Council"), name("Council"), "apart"),
    Case("two generic words are nobody", name("Local Council"), name("Local Council"), "apart"),
    Case("another department", name("Department of Health"), name("Department of Education"), "apart"),
    Case("a word more can be another body", name("Kishwaukee College"), name("Kishwaukee College Foundation"), "apart"),
    Case("one letter in a short name", name("ANZ"), name("NZ"), "apart"),
    Case("two people in the name column", name("Bruce Baird"), name("Bruce Noble"), "apart"),
    Case("a person with a title", name("Paul Green MP"), name("The Hon. Paul Green MLC"), "same"),
    Case("a trade name beside the legal one", name("Haddad LLC dba Apex Gym"), name("Apex Gym"), "same"),
    Case("a renamed firm", name("Apex Gym, formerly Titan Fitness"), name("Titan Fitness", **ROCKFORD), "same"),
    Case("a legal name in its own column", name("Apex Gym", legal_name="Haddad LLC"), name("Haddad LLC"), "same"),
    Case("a name half another, but the same people named with both",
         name("Philips Electronics", co_names=("Ann Sosa", "Ida Kerr", "Jo Ann Miller", "Sam Poe")),
         name("Philips Gloeilampen", co_names=("Ida Kerr", "Ann Sosa", "Poe, Sam", "Miller Jo Ann")), "same"),
    Case("two names of two partners, and the same people named with both",
         name("Agilent Technologies", co_names=("Ann Sosa", "Ida Kerr", "Jo Ann Miller", "Sam Poe")),
         name("Philips Electronics", co_names=("Ann Sosa", "Ida Kerr", "Jo Ann Miller", "Sam Poe")), "apart"),
    Case("other plants", name("Trigen Plant 2", **ROCKFORD), name("Trigen Plant 3", **ROCKFORD), "apart"),
    Case("other stores of a chain", name("Jiffy Lube #101", **MAIN), name("Jiffy Lube #214", **OAK), "apart"),
    Case("a chain's branches, one website", name("Vexia Bank", website="vexia.com", **MAIN),
         name("Vexia Bank", website="vexia.com", **OAK), "apart"),
    Case("a chain's branches, one head-office number", name("Vexia Bank", phone="800 555 0100", **MAIN),
         name("Vexia Bank", phone="1-800-555-0100", **OAK), "apart"),
    Case("a chain's branches, one employer number", name("Vexia Bank", ein="36-1234567", **MAIN),
         name("Vexia Bank", ein="361234567", **OAK), "apart"),
    Case("franchise sites in two towns", name("Visiting Angels", city="Rockford"),
         name("Visiting Angels", city="Peoria"), "apart"),
    Case("compass points", name("East High School", **ROCKFORD), name("West High School", **ROCKFORD), "apart"),
    Case("a department is not its city", name("City of Rockford", **MAIN),
         name("City of Rockford - Public Works", **MAIN), "apart"),
    Case("a department at the city's switchboard", name("City of Rockford", phone="815 555 0101", **MAIN),
         name("City of Rockford - Public Works", phone="815 555 0101", **MAIN), "apart"),
    Case("a fire department is a department", name("Rockford Fire Dept", **MAIN), name("Rockford Fire", **MAIN),
         "same"),
    Case("two departments of one city", name("City of Rockford Police Department", **MAIN),
         name("City of Rockford Fire Department", **MAIN), "apart"),
    Case("neighbours in one building", name("Arkix Dental", street="120 N Main St Ste 4", zip="61101"),
         name("Baker Law", street="120 N Main St Ste 9", zip="61101"), "apart"),
    Case("one firm in one building, the suite left out", name("Arkix Dental", street="120 N Main St Ste 4"),
         name("Arkix Dental LLC", street="120 North Main Street"), "same"),
    Case("directions and suffixes", name("Arkix Dental", street="4816 E. Mulford Ave #36", zip="46821"),
         name("Arkix Dental", street="4816 East Mulford Avenue Suite 36", zip="46821-1203"), "same"),
    Case("north and south of one street", name("Arkix Dental", street="120 N Main St", zip="61101"),
         name("Arkix Dental", street="120 S Main St", zip="61101"), "apart"),
    Case("a post-office box is no other site", name("Arkix Dental", street="PO Box 77", phone="815 555 0101"),
         name("Arkix Dental", phone="(815) 555-0101", **MAIN), "same"),
    Case("no area code", name("Arkix Dental", phone="555-0101", **MAIN),
         name("Arkix Dental Clinic", phone="815-555-0101", **MAIN), "same"),
    Case("a legal name that the other list lacks, all else equal",
         name("RAK Ventures LLC", phone="815 555 0101", email="jo@apexgym.com", **MAIN),
         name("Apex Gym", phone="815 555 0101", email="jo@apexgym.com", **MAIN), "same"),
    Case("the same name in two towns", name("Superior Foods", city="Toledo"), name("Superior Foods", city="Akron"),
         "apart"),
    Case("moved, with its phone and contact", name("Superior Foods", phone="567 479 4975", email="jo@sf.com", **MAIN),
         name("Superior Foods", phone="567 479 4975", email="jo@sf.com", people=("Jo May",), **OAK), "same"),
    Case("other employer numbers at one desk", name("Rossi Trucking", ein="361234567", **MAIN),
         name("Rossi Leasing", ein="369999999", **MAIN), "apart"),
    Case("a page on a shared host is no website of theirs", name("Arkix", website="facebook.com/arkix"),
         name("Vexia", website="facebook.com/vexia"), "apart"),
    Case("two free mailboxes at one provider", name("Arkix", email="a@gmail.com"), name("Vexia", email="b@gmail.com"),
         "apart"),
    Case("a new guide writes the town longer", name("Mesa Grill", street="102 5th Ave between 15th and 16th",
         city="New York"), name("Mesa Grill", street="102 Fifth Ave.", city="New York City"), "same"),
    Case("parent and subsidiary at one desk", name("Trigen Holdings", phone="815 555 0101", **MAIN),
         name("Trigen Construction", phone="815 555 0101", **MAIN), "apart"),
    Case("two rooms of one hotel", name("Ritz-Carlton Cafe", phone="404 659 0400", **MAIN),
         name("Ritz-Carlton Dining Room", phone="404 659 0400", **MAIN), "apart"),
    Case("two trades of one family at one desk", name("Hartwell Plumbing", phone="815 555 0101", **MAIN),
         name("Hartwell Roofing", phone="815 555 0101", **MAIN), "apart"),
    Case("a division under its firm's roof", name("Arkix Design", phone="815 555 0101", **MAIN),
         name("Arkix Design West", phone="815 555 0199", **MAIN), "apart"),
    Case("a college and its centre", name("Kishwaukee College", website="kishwaukee.edu", **MAIN),
         name("Kishwaukee College Nursing Program", website="kishwaukee.edu", **MAIN), "apart"),
    Case("a slip in a word that all know", name("Trigen Manufactring"), name("Trigen Manufacturing"), "same"),
    Case("a slip in a long rare word", name("Kishwaukie"), name("Kishwaukee"), "same"),
    Case("a slip in a short rare word", name("Baker"), name("Balker"), "apart"),
    Case("another initial", name("A Hartwell Plumbing"), name("B Hartwell Plumbing"), "apart"),
    Case("a legal form written onto the name", name("Trigen EnterprisesLLC"), name("Trigen Enterprises"), "same"),
    Case("a trade written onto the name", name("KCCChiropractic", **MAIN), name("KCC Chiropractic", **MAIN), "same"),
    Case("a Russian legal form in front", name("OOO Romashka"), name("Romashka LLC"), "same"),
    Case("a legal form in words", name("Romashka Limited Liability Company"), name("Romashka LLC"), "same"),
    Case("a Dutch legal form in words", name("Trigenta Naamloze Vennootschap"), name("Trigenta N.V."), "same"),
    Case("a royal title", name("Koninklijke Trigenta NV"), name("Trigenta"), "same"),
    Case("a name said twice", name("Haymarket Center Haymarket Center"), name("Haymarket Center"), "same"),
    Case("the short name at one address and phone", name("Monroe", phone="534 4155", **MAIN),
         name("Chicago Public Schools Monroe, James", phone="534 4155", **MAIN), "same"),
    Case("a trade name at the same desk asks a person", name("RAK Ventures LLC", phone="815 555 0101", **MAIN),
         name("Apex Gym", phone="815 555 0101", **MAIN), "apart"),
    Case("two programmes of one name at one address", name("Little Hands Creative", phone="815 555 0101", **MAIN),
         name("Mckinley Services Little Hands", phone="815 555 0199", **MAIN), "same"),
    Case("a restaurant that says its town", name("Arkix Grill and Bar", phone="404 659 0400", **MAIN, **ROCKFORD),
         name("Arkix Grill (Rockford)", phone="404 659 0400", **MAIN, **ROCKFORD), "same"),
    Case("moved within the town, with its telephone", name("Smith & Wollensky", city="Rockford", phone="815 555 0101",
         street="201 E 49th St"), name("Smith & Wollensky", city="Rockford City", phone="815 555 0101",
         street="797 Third Ave"), "same"),
    Case("two lines and no address", name("Vexia Salon", phone="815 555 0101", city="Rockford"),
         name("Vexia Salon", phone="815 555 0199", **MAIN, **ROCKFORD), "apart"),
    Case("two lines at one address", name("Vexia Salon", phone="815 555 0101", **MAIN),
         name("Vexia Salon", phone="815 555 0199", **MAIN), "same"),
    Case("an acronym at one address", name("IRM", **MAIN), name("Illinois Retail Merchants", **MAIN), "same"),
    Case("an acronym alone", name("IRM"), name("Illinois Retail Merchants"), "same",
         fails="initials are compared only where one record writes both"),
]  # fmt: skip

SANCHEZ = {"first_name": "Maria", "last_name": "Sanchez"}
PERSONS = [
    Case("one mailbox", SANCHEZ | {"email": "m.sanchez@acme.com"},
         name("M. Sanchez", email="M.Sanchez@acme.com"), "same"),
    Case("one name at one firm", SANCHEZ | {"businesses": ("b1",)}, SANCHEZ | {"businesses": ("b1", "b2")}, "same"),
    Case("one name at two firms", SANCHEZ | {"businesses": ("b1",)}, SANCHEZ | {"businesses": ("b2",)}, "apart"),
    Case("a bare common name", SANCHEZ, SANCHEZ, "apart"),
    Case("last name first", name("Sanchez, Maria", businesses=("b1",)), SANCHEZ | {"businesses": ("b1",)}, "same"),
    Case("a nickname at one firm", name("Bob Lee", businesses=("b1",)), name("Robert Lee", businesses=("b1",)), "same"),
    Case("a nickname at two firms", name("Bob Lee", businesses=("b1",)),
         name("Robert Lee", businesses=("b2",)), "apart"),
    Case("Junior is not Senior", name("Robert Lee Jr", businesses=("b1",)), name("Robert Lee, Sr.", businesses=("b1",)),
         "different"),
    Case("another first name at one firm", name("Ana Lee", businesses=("b1",)), name("Robert Lee", businesses=("b1",)),
         "different"),
    Case("an office's mailbox is shared", name("Ana Lee", email="info@acme.com"), name("Jo May", email="info@acme.com"),
         "different"),
    Case("a person moved and kept the mailbox", SANCHEZ | {"email": "ms@gmail.com", "businesses": ("b1",)},
         SANCHEZ | {"email": "ms@gmail.com", "businesses": ("b2",)}, "same"),
    Case("a title and a degree", name("Dr. Maria Sanchez, PhD", employers=("Acme Inc",)),
         name("Maria Sanchez", employers=("ACME",)), "same"),
    Case("a double name", name("Maria Sanchez-Ortiz", businesses=("b1",)), name("Maria Sanchez", businesses=("b1",)),
         "same"),
    Case("another middle initial", name("Maria A. Sanchez", phone="815 555 0101"),
         name("Maria R. Sanchez", phone="815 555 0101"), "apart"),
    Case("an assistant's mailbox under another name", SANCHEZ | {"email": "lee@acme.com"},
         name("Ana Lee", email="lee@acme.com"), "different"),
]  # fmt: skip


def parameters(cases: list[Case]) -> list[Any]:
    """Cases that fail are kept, with their reason, and reported the day they pass."""
    return [
        pytest.param(case, id=case.why, marks=[pytest.mark.xfail(reason=case.fails, strict=True)] if case.fails else [])
        for case in cases
    ]


def check(case: Case, decision: str) -> None:
    if case.expected == "apart":
        assert decision != "same"
    else:
        assert decision == case.expected


@pytest.mark.parametrize("case", parameters(BUSINESSES))
def test_businesses(case: Case) -> None:
    check(case, explain(BUSINESS, BusinessRow("l", **case.left), BusinessRow("r", **case.right)).decision)


@pytest.mark.parametrize("case", parameters(PERSONS))
def test_persons(case: Case) -> None:
    check(case, explain(PERSON, PersonRow("l", **case.left), PersonRow("r", **case.right)).decision)


@pytest.mark.parametrize("case", BUSINESSES, ids=lambda case: case.why)
def test_a_decision_is_the_same_from_either_side(case: Case) -> None:
    left, right = BusinessRow("l", **case.left), BusinessRow("r", **case.right)
    assert explain(BUSINESS, left, right).points == explain(BUSINESS, right, left).points
