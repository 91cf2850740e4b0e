"""An unknown file gets a proposal with reasons, and a person decides."""

from importers.guesses import Guess, Proposal, propose_mapping
from importers.map import map_columns
from importers.read import open_sheet


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
