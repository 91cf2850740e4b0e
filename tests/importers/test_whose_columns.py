"""Whose a column is and whether it counts, told from its neighbours and its cells."""

import pytest

from importers.cells import check_naics
from importers.headings import split_heading
from importers.verdicts import Remark
from tests.importers.test_public_lists import CITIES, DAYS, FIRMS, MAILS, PEOPLE, STREETS, ZIPS, Columns, check, inspect

BOXES = "info@harbor.example|office@reata.example|hello@zeta.example|info@elm.example|desk@oak.example"
KEYS = "100453|100454|100455|100456|100457"

# fmt: off
LISTS: dict[str, tuple[str, Columns]] = {
    "places of practice beside addresses for mail": ("businesses", {
        "NPI": ("businesses.source_id", KEYS),
        "Replacement NPI": ("none", ""),
        "Provider Organization Name (Legal Business Name)": ("businesses.name", FIRMS),
        "Provider First Line Business Mailing Address": ("none", STREETS),
        "Provider Business Mailing Address City Name": ("none", CITIES),
        "Provider First Line Business Practice Location Address": ("businesses.street", STREETS),
        "Provider Business Practice Location Address City Name": ("businesses.city", CITIES),
        "Authorized Official Last Name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Authorized Official First Name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Authorized Official Telephone Number": ("people.phone", "617-555-0117|617-555-0118"),
    }),
    "awards": ("businesses", {
        "Company": ("businesses.name", FIRMS),
        "Agency": ("none", "Department of Defense|NASA"),
        "Award Amount": ("none", "149999.00|750000.00"),
        "Contact Name": ("people.name", PEOPLE),
        "Contact Email": ("people.email", MAILS),
        "PI Name": ("none", "Ruth Cole|Laura Hill|Karen Wu"),
        "PI Email": ("none", "rcole@lab.example|lhill@lab.example|kwu@lab.example"),
    }),
    "sites of a college with their liaisons": ("businesses", {
        "Facility": ("businesses.name", FIRMS),
        "Facility Type": ("none", "Hospital|Clinic"),
        "Facility Address": ("businesses.street", STREETS),
        "Facility Phone": ("businesses.phone", "617-555-0117|617-555-0118|617-555-0119"),
        "Clinical Liaison": ("people.name", PEOPLE),
        "Liaison Email": ("people.email", MAILS),
        "Contract Exp. Date": ("none", DAYS),
    }),
    "sites with an agreement that expires": ("businesses", {
        "Site Name": ("businesses.name", FIRMS),
        "Site Address": ("businesses.street", STREETS),
        "Site Zip": ("businesses.zip", ZIPS),
        "Site Supervisor": ("people.name", PEOPLE),
        "Supervisor Email": ("people.email", MAILS),
        "Agreement Expiration": ("none", DAYS),
        "Major/Program": ("none", "Accounting|Nursing"),
        "Site Notes": ("businesses.notes", "Wants two interns next spring, ask in May.|Parking behind the hall."),
    }),
    "owners, each of one firm": ("businesses", {
        "Business Name": ("businesses.name", FIRMS),
        "Owner": ("people.name", PEOPLE),
        "Town": ("businesses.city", CITIES),
    }),
    "firms of which ours have the care": ("businesses", {
        "Business Name": ("businesses.name", FIRMS),
        "Owner": ("none", "Ana Silva|Karen Lund|Ana Silva|Ana Silva|Karen Lund"),
        "Zip": ("businesses.zip", ZIPS),
    }),
    "a pipeline with the day of the last contact": ("people", {
        "organization": ("people.business", FIRMS),
        "contact_name": ("people.name", PEOPLE),
        "role": ("people.title", "Owner|Manager|Director"),
        "email": ("people.email", MAILS),
        "last_contact_date": ("none", DAYS),
        "next_follow_up_date": ("none", DAYS),
    }),
    "a form with blank columns of its maker": ("people", {
        "Name": ("none", ""),
        "What is the name of your company?": ("people.business", FIRMS),
        "What is your name?": ("people.name", PEOPLE),
        "What is your job title?": ("people.title", "Owner|Manager|Director"),
    }),
    "jobs to be filled": ("businesses", {
        "Employer Name": ("businesses.name", FIRMS),
        "City": ("businesses.city", CITIES),
        "Zip": ("businesses.zip", ZIPS),
        "Hiring Contact": ("people.name", PEOPLE),
        "Position": ("none", "Welder|Nurse|Forklift operator"),
        "# Openings": ("none", "3|1|2"),
        "Application URL": ("none", "https://a.example/1|https://b.example/2|https://c.example/3"),
    }),
    "a log with a way out in brackets": ("touchpoints", {
        "DATE OF CONTACT": ("touchpoints.date", DAYS),
        "NAME OF BUSINESS": ("touchpoints.business", FIRMS),
        "HOW (PH/EM/IP)": ("touchpoints.channel", "PH|EM|IP"),
        "WHAT WE PROMISED": ("touchpoints.promise", "Send flyer|Call back|Set up tour"),
        "BY (DATE)": ("touchpoints.promise_due", DAYS),
    }),
}
# fmt: on


@pytest.mark.parametrize("name", LISTS)
def test_a_column_is_understood_among_its_neighbours(name: str) -> None:
    check(*LISTS[name])


def test_an_address_with_somebodys_name_in_it_is_theirs_and_an_office_has_its_own() -> None:
    firms = {"Company": ("", FIRMS), "Contact": ("", PEOPLE)}
    assert inspect({**firms, "Email": ("", MAILS)}).columns[2].meaning == "people.email"
    assert inspect({**firms, "Email": ("", BOXES)}).columns[2].meaning == "businesses.email"


def test_of_two_columns_of_one_name_the_one_that_is_filled_counts() -> None:
    log = {"Date": ("", DAYS), "Company": ("", FIRMS), "Notes": ("", "")}
    told = inspect({**log, "Summary": ("", "Met about two welders and a grant.|They are moving to the new hall.")})
    assert [one.meaning for one in told.columns[2:]] == ["none", "touchpoints.notes"]


def test_a_type_of_call_is_a_direction_where_its_cells_say_in_or_out() -> None:
    log = {"Date": ("", DAYS), "Company": ("", FIRMS), "Notes": ("", "Wants two welders before the end of June.")}
    assert inspect({**log, "Call Type": ("", "Inbound|Outbound")}).columns[3].meaning == "touchpoints.direction"
    assert inspect({**log, "Call Type": ("", "Discovery|Check-in")}).columns[3].meaning != "touchpoints.direction"


def test_whose_clients_they_are_is_no_name_of_theirs() -> None:
    clients = "|".join(f"{name} Studio" for name in ("Elm", "Oak", "Ash", "Fir", "Bay", "Yew", "Box", "Tea"))
    partners = "Arts Alliance Illinois|Elgin Arts Council|Arts Alliance Illinois|Arts Alliance Illinois"
    told = inspect({"Partner Organization": ("", partners), "Client Name": ("", clients), "City": ("", CITIES)})
    assert [one.meaning for one in told.columns[:2]] == ["none", "businesses.name"]


def test_names_in_parts_behind_a_word_are_somebodys_and_so_is_what_follows() -> None:
    champions: Columns = {
        "Company": ("people.business", FIRMS),
        "Champion First": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Champion Last": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Champion Title": ("people.title", "Owner|Manager|Director"),
        "Champion Email": ("people.email", MAILS),
    }
    told = inspect(champions)
    named = {one.header: one.meaning.replace("businesses.name", "people.business") for one in told.columns}
    assert named == {name: said[0] for name, said in champions.items()}


def test_a_word_with_which_many_headings_begin_is_what_the_list_is_of() -> None:
    audits: Columns = {
        "report_id": ("businesses.source_id", KEYS),
        "auditee_name": ("businesses.name", FIRMS),
        "auditee_city": ("businesses.city", CITIES),
        "auditee_zip": ("businesses.zip", ZIPS),
        "auditee_email": ("businesses.email", BOXES),
        "auditor_firm_name": ("none", "Katz CPA LLC|Ruiz Audit PC"),
        "auditor_email": ("none", "p@katz.example|j@ruiz.example"),
    }
    check("businesses", audits)


def test_a_question_is_no_name_of_what_it_asks_for() -> None:
    told = inspect({"Company": ("", FIRMS), "has_website": ("", ""), "website": ("", "a.example.com|b.example.org")})
    assert [one.meaning for one in told.columns[1:]] == ["none", "businesses.website"]


def test_how_many_notes_there_are_is_no_note_and_a_link_is_none_either() -> None:
    firms = {"Company": ("", FIRMS)}
    assert inspect({**firms, "num_notes": ("", "3|0|12|7|5")}).columns[1].meaning == "none"
    links = "|".join(f"https://reports.example/detailed/facility/report?fid=1100001234{n}&from=list" for n in range(5))
    assert inspect({**firms, "DFR_URL": ("", links)}).columns[1].meaning == "none"


def test_codes_of_industries_may_stand_behind_their_words() -> None:
    told = inspect({"Company": ("", FIRMS), "naics_code": ("", "Bakeries (311811)|Landscaping Services (561730)")})
    assert told.columns[1].meaning == "businesses.naics"
    found = check_naics("Landscaping Services (561730)")
    assert isinstance(found, Remark)
    assert found.value == "561730"


def test_what_may_stand_there_is_no_word_of_the_heading_and_the_web_is_none_of_these() -> None:
    assert split_heading("Confirmed (Y/N)") == ("confirm",)
    assert "link" in split_heading("Link (https://)")


def test_a_day_on_which_something_else_was_done_makes_no_log() -> None:
    permits: Columns = {
        "Operation #": ("businesses.source_id", KEYS),
        "Operation Name": ("businesses.name", FIRMS),
        "Operation Type": ("none", "Licensed Center|Registered Home"),
        "Programs Provided": ("none", "Child Care Program|After School Program"),
        "Location Address": ("businesses.street", STREETS),
        "County": ("businesses.county", "Essex|Suffolk|Norfolk"),
        "Website": ("businesses.website", "www.harbor.example.com|www.reata.example.com|www.zeta.example.com"),
        "Administrator/Director Name": ("people.name", PEOPLE),
        "Phone": ("businesses.phone", "617-555-0117|617-555-0118|617-555-0119"),
        "Issuance Date": ("none", DAYS),
    }
    check("businesses", permits)


def test_contacts_are_logged_though_an_address_of_the_contact_stands_there() -> None:
    log: Columns = {
        "account_name": ("touchpoints.business", FIRMS),
        "interaction_date": ("touchpoints.date", DAYS),
        "interaction_type": ("touchpoints.channel", "BUSINESS_REVIEW|CUSTOMER_MEETING"),
        "contact_email": ("touchpoints.person", MAILS),
        "summary": ("touchpoints.notes", "Reviewed the year and the two new lines.|They asked about welders for June."),
        "executive_participated": ("none", "true|false"),
    }
    check("touchpoints", log)


def test_what_emp_is_short_for_is_told_by_how_many_headings_begin_so() -> None:
    told = inspect({"Company": ("", FIRMS), "Emp": ("", "12|45|7|130|3")})
    assert told.columns[1].meaning == "businesses.employees"
    case: Columns = {
        "EMP_BUSINESS_NAME": ("businesses.name", FIRMS),
        "EMP_CITY": ("businesses.city", CITIES),
        "EMP_POSTCODE": ("businesses.zip", ZIPS),
        "EMP_FEIN": ("businesses.ein", "04-1234567|04-1234568|04-1234569"),
        "EMP_NAICS": ("businesses.naics", "311811|722511|332710"),
        "EMP_YEAR_COMMENCED": ("none", "1987|2003"),
        "EMP_POC_LAST_NAME": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "EMP_POC_FIRST_NAME": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "EMP_POC_JOB_TITLE": ("people.title", "Owner|Manager|Director"),
        "ATTY_AG_LAW_FIRM_NAME": ("none", "Katz Law PLLC|Ruiz Legal"),
        "JOB_TITLE": ("none", "Software Engineer|Cook"),
    }
    check("businesses", case)


def test_a_word_that_is_a_state_and_a_status_is_told_by_its_cells() -> None:
    firms = {"Empresa": ("", FIRMS), "Ciudad": ("", CITIES)}
    assert inspect({**firms, "Estado": ("", "Pendiente|Cerrado")}).columns[2].meaning == "none"
    assert inspect({**firms, "Estado": ("", "TX|CA|TX|NM|CA")}).columns[2].meaning == "businesses.state"


def test_how_to_reach_the_contact_is_no_name_beside_the_name() -> None:
    told = inspect({"Grantee": ("", FIRMS), "Contact": ("", PEOPLE), "Contact Info": ("", MAILS)})
    assert [one.meaning for one in told.columns[1:]] == ["people.name", "people.email"]


def test_a_site_that_all_rows_name_is_nobodys_own() -> None:
    names = "|".join(f"{word} Garage" for word in ("Elm", "Oak", "Ash", "Fir", "Bay", "Yew", "Box", "Tea"))
    told = inspect({"Station Name": ("", names), "Network Web": ("", "http://www.chargers.example.com")})
    assert told.columns[1].meaning == "none"


def test_what_deals_are_called_is_nobodys_job() -> None:
    deals = {"Contact": ("", PEOPLE), "Company": ("", FIRMS), "Deal Type": ("", "New|Upsell")}
    assert inspect({**deals, "Title": ("", "Renewal|Pilot of the sensor")}).columns[3].meaning == "none"
    assert inspect({**deals, "Title": ("", "Owner|Plant Manager|Director")}).columns[3].meaning == "people.title"


def test_premises_and_premise_addresses_count_before_those_for_mail() -> None:
    licences: Columns = {
        "File Number": ("businesses.source_id", KEYS),
        "Primary Name": ("businesses.legal_name", FIRMS),
        "Prem Addr 1": ("businesses.street", STREETS),
        "Prem City": ("businesses.city", CITIES),
        "DBA Name": ("businesses.name", "Elm Bar Co|Oak Grill LLC|Ash Cafe Inc|Fir Deli LLC|Bay Inn LLC"),
        "Mail Addr 1": ("none", STREETS),
        "Mail City": ("none", CITIES),
    }
    check("businesses", licences)


def test_an_agreement_that_expires_makes_no_roster() -> None:
    partners: Columns = {
        "Partner": ("businesses.name", FIRMS),
        "Type of Partnership": ("none", "Clinical|Internship"),
        "Main Contact": ("people.name", PEOPLE),
        "Email": ("people.email", MAILS),
        "MOU Expires": ("none", DAYS),
        "City": ("businesses.city", CITIES),
    }
    assert inspect(partners).kind != "seats"


def test_a_list_that_begins_with_names_of_people_is_one_of_people() -> None:
    patrons: Columns = {
        "Patron Name": ("people.name", PEOPLE),
        "Business Name": ("people.business", FIRMS),
        "Email": ("people.email", MAILS),
        "Phone": ("people.phone", "617-555-0117|617-555-0118|617-555-0119"),
        "Zip": ("businesses.zip", ZIPS),
    }
    check("people", patrons)
