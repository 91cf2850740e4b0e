"""An unknown file gets a proposal with reasons, and a person decides."""

import pytest

from importers.check import CheckedRows
from importers.guesses import Guess, Proposal, propose_mapping
from importers.map import map_columns
from importers.read import open_sheet
from importers.street_parts import join_parts


def propose(*lines: str) -> Proposal:
    with open_sheet("\n".join(lines).encode(), "list.csv") as sheet:
        return propose_mapping(sheet)


def meanings(proposal: Proposal) -> dict[str, str]:
    return {guess.header: guess.meaning for guess in proposal.guesses}


def guess_for(proposal: Proposal, header: str) -> Guess:
    return next(guess for guess in proposal.guesses if guess.header == header)


def test_a_salesforce_account_report_is_a_list_of_businesses() -> None:
    proposal = propose("Account Owner,Account Name,Billing Street,Billing Zip/Postal Code", "Jo,Harbor,1 Dock St,02134")
    assert proposal.kind == "businesses"
    assert meanings(proposal) == {
        "Account Owner": "none", "Account Name": "businesses.name", "Billing Street": "businesses.street",
        "Billing Zip/Postal Code": "businesses.zip",
    }  # fmt: skip


def test_an_address_book_is_a_list_of_people_and_its_title_is_no_job() -> None:
    proposal = propose(
        "Title,First Name,Last Name,Company,Job Title,E-mail Address", "Dr,Ana,Silva,Harbor,CEO,a@example.org"
    )
    assert proposal.kind == "people"
    assert meanings(proposal)["Title"] == "none"
    assert meanings(proposal)["Job Title"] == "people.title"
    assert meanings(proposal)["Company"] == "people.business"


def test_a_visit_log_is_a_list_of_touchpoints_with_its_form_of_date() -> None:
    proposal = propose("Date of visit,Employer,Comments", "31/1/2026,Harbor,x", "1/2/2026,Reata,y")
    assert proposal.kind == "touchpoints"
    guess = guess_for(proposal, "Date of visit")
    assert (guess.meaning, guess.date_format) == ("touchpoints.date", "d/m/yyyy")


def test_days_that_can_be_read_two_ways_are_asked_about() -> None:
    guess = guess_for(propose("Meeting date,Employer", "1/2/2026,Harbor", "3/4/2026,Reata"), "Meeting date")
    assert guess.confidence < 0.5
    assert "m/d/yyyy or d/m/yyyy: please choose" in guess.why


def test_a_misspelt_heading_is_proposed_with_less_confidence() -> None:
    guess = guess_for(propose("Compnay name,Zip code", "Harbor,02134"), "Compnay name")
    assert guess.meaning == "businesses.name"
    assert 0.5 < guess.confidence < 0.9


def test_cells_speak_where_the_heading_does_not() -> None:
    proposal = propose("Company,Reach us at", *[f"Firm {n},a{n}@example.org" for n in range(5)])
    assert guess_for(proposal, "Reach us at").meaning == "businesses.email"


def test_cells_speak_against_a_heading_that_misleads() -> None:
    proposal = propose("Company,Email address", "A,10/01/15", "B,11/01/15", "C,12/01/15")
    guess = guess_for(proposal, "Email address")
    assert guess.meaning == "none"
    assert "'10/01/15' do not belong there" in guess.why


def test_two_columns_never_get_one_meaning() -> None:
    proposal = propose("name,Company name,Zip", "Harbor,Harbor LLC,02134")
    assert meanings(proposal)["name"] == "businesses.name"
    assert guess_for(proposal, "Company name").why == "another column fits businesses.name better"


def test_a_plain_file_is_certain() -> None:
    proposal = propose("name,zip", "Harbor,02134")
    assert {guess.confidence for guess in proposal.guesses} == {1.0}


def test_a_proposal_can_be_used_as_a_map() -> None:
    proposal = propose("Employer,Date of visit", "Harbor,31/1/2026")
    mapping = map_columns(
        ["Employer", "Date of visit"],
        maps=[*proposal.maps, "=program:P"],
        date_formats=proposal.date_formats,
        agency="A",
    )
    assert {field.column.name for field in mapping.fields} == {"business", "date", "program"}


def test_nothing_known_is_no_kind() -> None:
    assert propose("Alpha,Beta", "1x,2x").kind is None


def test_whose_list_it_is_shows_in_what_is_said_of_the_contact() -> None:
    rows = [
        "Harbor,1 Dock St,Ana Silva,617-555-0117,h.example.org",
        "Reata,2 Oak St,Bob Lund,617-555-0118,r.example.org",
    ]
    of_firms = propose("Member,Address,Contact name,Contact phone,Website", *rows)
    assert of_firms.kind == "businesses"
    assert meanings(of_firms)["Contact phone"] == "people.phone"
    of_people = propose("Company,Address,Name,Phone,Website", *rows)
    assert meanings(of_people)["Name"] == "people.name"


def test_a_name_beside_a_first_name_is_the_surname_and_mr_is_no_job() -> None:
    proposal = propose("Name,First name,Title,Firm", "Silva,Ana,Mr.,Harbor", "Lund,Bo,Dr.,Reata", "Chen,Mei,Ms.,Zeta")
    assert meanings(proposal) == {
        "Name": "people.last_name", "First name": "people.first_name", "Title": "none", "Firm": "people.business"
    }  # fmt: skip


def test_what_firms_trade_as_is_their_name_and_the_other_the_legal_one() -> None:
    proposal = propose("Business name,DBA,Street address", "HARBOR LLC,Harbor,1 Dock St", "REATA INC,Reata,2 Oak St")
    assert meanings(proposal)["Business name"] == "businesses.legal_name"
    assert meanings(proposal)["DBA"] == "businesses.name"


def test_the_place_where_mail_goes_is_not_where_the_firm_is() -> None:
    proposal = propose(
        "Company,Mailing address,Physical address", "Harbor,PO Box 4,1 Dock St", "Reata,PO Box 5,2 Oak St"
    )
    assert meanings(proposal)["Physical address"] == "businesses.street"
    assert meanings(proposal)["Mailing address"] == "none"


def test_a_long_zip_code_is_one_and_its_last_four_digits_are_none() -> None:
    long = propose(
        "Company,Street,City,ST,Zip+4", "Harbor,1 Dock St,Salem,MA,61008-1234", "Reata,2 Oak,Lynn,MA,61101-2"
    )
    assert meanings(long)["Zip+4"] == "businesses.zip"
    short = propose("Company,Street,Zip,Zip+4", "Harbor,1 Dock St,61008,1234", "Reata,2 Oak St,61101,2222")
    assert meanings(short) | {"Company": "", "Street": ""} == {
        "Company": "", "Street": "", "Zip": "businesses.zip", "Zip+4": "none",
    }  # fmt: skip


def test_a_direct_address_is_the_persons_and_a_brand_is_no_parent() -> None:
    proposal = propose(
        "Company Name,First Name,Last Name,Direct Email,Franchise Name",
        "Delta Inc,Bob,Lee,blee@delta.example,Bolt-O",
        "Harbor LLC,Ana,Silva,ana@harbor.example,",
    )
    assert meanings(proposal)["Direct Email"] == "people.email"
    assert meanings(proposal)["Franchise Name"] == "none"


def test_how_many_were_laid_off_is_not_how_many_work_there() -> None:
    proposal = propose("Notice date,Company,No. Of Employees,Layoff/Closure", "3/4/2026,Harbor,120,Layoff")
    assert meanings(proposal)["No. Of Employees"] == "none"


def test_a_roster_says_who_sits_by_first_and_last_name() -> None:
    proposal = propose(
        "Board,First name,Last name,Employer,Term expires",
        "Bakers,Ana,Silva,Harbor,6/30/2026",
        "Bakers,Bo,Lund,Reata,6/30/2027",
    )
    assert proposal.kind == "seats"
    assert {"First name=person:join", "Last name=person:join"} <= set(proposal.maps)


def test_a_list_without_headings_is_known_by_its_cells() -> None:
    proposal = propose(
        "Harbor Bakery LLC,1 Dock St,Boston,MA,02134,617-555-0117",
        "Reata Foods Inc,2 Oak Ave,Lynn,MA,01901,617-555-0118",
        "Zeta Services,3 Elm Rd,Quincy,MA,02169,617-555-0119",
    )
    assert [guess.meaning.rpartition(".")[2] for guess in proposal.guesses] == [
        "name", "street", "city", "state", "zip", "phone"
    ]  # fmt: skip


def test_headings_that_mislead_are_seen_through_by_their_cells() -> None:
    proposal = propose(
        ",ORGANIZATION,Name,Position,Source Id,Contact",
        "0,ORG-001,Harbor Bakery LLC,Owner,Web,Ana Silva",
        "1,ORG-002,Reata Inc,HR Manager,Web,Bob Lund",
        "2,ORG-003,Zeta Corp,CEO,Web,Mei Chen",
        "3,ORG-004,Lynn Tool Co,CEO,Referral,Denise Ode",
    )
    assert meanings(proposal) == {
        "Column 1": "none", "ORGANIZATION": "none", "Name": "people.business", "Position": "people.title",
        "Source Id": "none", "Contact": "people.name",
    }  # fmt: skip


def test_a_position_may_hold_the_employer() -> None:
    proposal = propose(
        "First name,Last name,Position", "Ana,Silva,Harbor LLC", "Bob,Lund,Reata Inc", "Mei,Chen,Zeta Corp"
    )
    assert meanings(proposal)["Position"] == "people.business"


def test_when_a_meeting_began_is_its_day() -> None:
    proposal = propose(
        "Topic,Start Time,End Time,Host,Participants",
        "Intro,03/14/2024 09:00:00 AM,03/14/2024 09:30:00 AM,Jo Lee,Ana Silva",
        "Grants,03/17/2024 10:00:00 AM,03/17/2024 10:30:00 AM,Jo Lee,Bob Lund",
    )
    guess = guess_for(proposal, "Start Time")
    assert (guess.meaning, guess.date_format) == ("touchpoints.date", "m/d/yyyy time")
    assert guess_for(proposal, "End Time").meaning == "none"


def test_a_street_in_several_columns_is_one_and_its_number_stays_with_it() -> None:
    lines = (
        "Permit no,Business name,House no,Street direction,Street name,Street type,Unit,City,Zip",
        "1,Acme Tool,40-12,N,Main,St,Ste 4,Rockford,61101",
        "2,Fox Foundry,77,,River,Rd.,,Rockford,61101",
        "3,Harbor Bakery,9,,Broadway,,,Rockford,61101",
    )
    proposal = propose(*lines)
    with open_sheet("\n".join(lines).encode(), "list.csv") as sheet:
        mapping = map_columns(sheet.headers, maps=proposal.maps, agency="City", kind="businesses")
        streets = [row.values["street"] for row in CheckedRows(sheet, mapping)]  # type: ignore[union-attr]
    assert streets == ["40-12 N Main St, Ste 4", "77 River Rd.", "9 Broadway"]


def test_a_number_beside_streets_that_have_their_own_is_none_of_theirs() -> None:
    proposal = propose("Name,Street number,Address", "Acme Tool,12,12 Main St", "Fox Foundry,77,77 River Rd")
    assert meanings(proposal)["Street number"] == "none"
    assert meanings(proposal)["Address"] == "businesses.street"


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (["12 Main St", "Suite 4"], "12 Main St, Suite 4"),
        (["12", "Main Street"], "12 Main Street"),
        (["12", "S.", "Main", "Ave."], "12 S. Main Ave."),
        (["PO Box 9", "12 Main St"], "PO Box 9, 12 Main St"),
        (["Main", "St"], "Main St"),
        (["1 Dock St"], "1 Dock St"),
    ],
)
def test_parts_of_a_street_make_one_line(parts: list[str], line: str) -> None:
    assert join_parts(parts) == line
