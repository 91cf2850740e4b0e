"""Files as other systems export them go in by their headings alone, each with the traps that it sets."""

from datetime import date
from typing import Any

import pytest

from importers.check import Checked, Refusal, check_rows
from importers.choices import choose_by_guess, list_gaps, to_date_formats, to_maps
from importers.inspections import inspect_sheet
from importers.known_exports import EXPORTS, find_export
from importers.map import map_columns
from importers.read import open_sheet
from importers.readings import describe
from importers.rows import LeftOut


class Taken:
    """A file read as a known export: what its columns mean, its rows, and what became of the others."""

    def __init__(self, *lines: str, program: str | None = None) -> None:
        with open_sheet("\n".join(lines).encode(), "export.csv") as sheet:
            self.inspection = inspect_sheet(sheet)
            reading = describe(sheet)
            choices = choose_by_guess(reading, reading.kind or "businesses", agency="Chamber")
            self.gaps = [gap.field for gap in list_gaps(choices, reading)]
            maps = to_maps(choices, reading)
            mapping = map_columns(
                sheet.headers,
                maps=[*maps, f"=program:{program}"] if program else maps,
                date_formats=to_date_formats(choices, reading),
                agency="Chamber",
                kind=choices.kind,
            )
            run = check_rows(sheet, mapping)
            every = list(run)
            self.remarks = {text for _, text in run.remarks}
        self.rows = [row.values for row in every if isinstance(row, Checked)]
        self.left_out = [row.reason for row in every if isinstance(row, LeftOut)]
        self.refused = [row.reason for row in every if isinstance(row, Refusal)]

    def means(self, header: str) -> str:
        return next(column.meaning for column in self.inspection.columns if column.header == header)

    def column(self, name: str) -> list[Any]:
        return [row.get(name) for row in self.rows]


def test_a_salesforce_report_has_the_accounts_address_beside_and_footers_below() -> None:
    taken = Taken(
        "Salutation,First Name,Last Name,Title,Mailing Street,Mailing City,Phone,Fax,Email,Account Owner,Account Name",
        "Ms.,Ana,Silva,Plant manager,1 Dock St,Boston,617-555-0117,617-555-0118,ana@example.org,Jo Lee,Harbor Bakery",
        "Mr.,Bo,Lund,Owner,,,,,bo@example.org,Jo Lee,Reata",
        "",
        '"Grand Totals (2 records)"',
        '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."',
    )
    assert (taken.inspection.kind, taken.inspection.profile) == ("people", "Salesforce contacts report")
    assert taken.means("Mailing City") == "businesses.city"
    assert (taken.means("Salutation"), taken.means("Account Owner"), taken.means("Fax")) == ("none",) * 3
    assert taken.column("title") == ["Plant manager", "Owner"]
    assert taken.column("businesses.city") == ["Boston", None]
    assert (len(taken.left_out), taken.refused) == (2, [])


def test_salesforce_records_refer_by_id_and_deleted_ones_stay_out() -> None:
    taken = Taken(
        "Id,IsDeleted,WhoId,WhatId,AccountId,Subject,ActivityDate,Status,Description,OwnerId,CreatedDate,TaskSubtype",
        "00T1,false,0031,,0011,Intro,2026-03-04,Completed,Wants welders,0051,2026-03-04T10:00:00.000Z,Call",
        "00T2,true,0032,,0012,Again,2026-03-05,Open,,0051,2026-03-05T10:00:00.000Z,Email",
        program="Outreach",
    )
    assert taken.inspection.profile == "Salesforce task records"
    assert (taken.column("business"), taken.column("person")) == (["0011"], [("0031",)])
    assert taken.column("date") == [date(2026, 3, 4)]
    assert taken.left_out == ["IsDeleted is true."]


def test_an_unsubscribed_address_without_a_name_is_an_opt_out() -> None:
    taken = Taken(
        "Email Address,First Name,Last Name,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,LEID,EUID",
        "ana@example.org,,,2026-01-02 10:00:00,March news,1,a1",
        "bo@example.org,Bo,,2026-01-02 10:00:00,March news,2,a2",
    )
    assert taken.inspection.profile == "Mailchimp, unsubscribed"
    assert (taken.column("email"), taken.column("do_not_contact")) == (
        ["ana@example.org", "bo@example.org"],
        [True] * 2,
    )
    assert taken.refused == []


def test_of_a_mailing_list_with_addresses_alone_those_are_kept_that_want_no_mail() -> None:
    taken = Taken(
        "Email address,First name,Last name,Email status,Email lists",
        "ana@example.org,,,Unsubscribed,News",
        "bo@example.org,,,Active,News",
    )
    assert (taken.column("email"), len(taken.refused)) == (["ana@example.org"], 1)


def test_a_salesforce_event_is_on_the_day_of_its_instant() -> None:
    taken = Taken(
        "Id,IsDeleted,WhoId,WhatId,AccountId,Subject,StartDateTime,EndDateTime,Location,Type,OwnerId",
        "00U1,false,0031,,0011,Tour,2026-03-04T14:00:00.000Z,2026-03-04T15:00:00.000Z,Plant,,0051",
        program="Outreach",
    )
    assert taken.inspection.profile == "Salesforce event records"
    assert taken.column("date") == [date(2026, 3, 4)]


def test_a_salesforce_account_is_at_its_billing_address() -> None:
    taken = Taken(
        "Id,IsDeleted,Name,BillingStreet,BillingCity,ShippingStreet,ShippingCity,NumberOfEmployees,OwnerId,CreatedDate",
        "001A,false,Harbor Bakery,1 Dock St,Boston,PO Box 4,Lynn,24,005,2026-03-04T10:00:00.000Z",
    )
    assert taken.inspection.kind == "businesses"
    assert (taken.column("street"), taken.column("city")) == (["1 Dock St"], ["Boston"])
    assert taken.means("ShippingCity") == "none"


def test_hubspot_tells_its_companies_from_its_contacts() -> None:
    companies = Taken("Record ID,Company name,Company owner,City,Phone Number", "77,Harbor,Jo,Boston, 617-555-0117")
    contacts = Taken(
        "Record ID,First Name,Last Name,Email,Associated Company,Unsubscribed from all email,Create Date",
        "1,Ana,Silva,ana@example.org,Harbor,true,2024-01-05 10:11",
        "2,Bo,Lund,bo@example.org,Reata,,2024-01-05 10:11",
    )
    assert (companies.inspection.kind, contacts.inspection.kind) == ("businesses", "people")
    assert contacts.column("do_not_contact") == [True, None]
    assert contacts.means("Create Date") == "none"


OUTLOOK = (
    "Title,First Name,Last Name,Company,Job Title,Business Street,Business Street 2,E-mail Address,Business Phone,"
)


def test_in_outlook_the_title_is_a_form_of_address_and_private_entries_stay_out() -> None:
    taken = Taken(
        f"{OUTLOOK}Assistant's Name,Assistant's Phone,Home Phone,Private",
        "Dr.,Ana,Silva,Harbor,CEO,1 Dock St,Floor 2,ana@example.org,617-555-0117,Ben Ode,617-555-0119,,False",
        "Mr.,Bo,Lund,,,,,bo@example.org,,,,617-555-0120,True",
    )
    assert taken.inspection.profile == "Outlook contacts"
    assert taken.column("title") == ["CEO"]
    assert taken.column("businesses.street") == ["1 Dock St, Floor 2"]
    assert (taken.column("assistant"), taken.column("assistant_phone")) == (["Ben Ode"], ["617-555-0119"])
    assert taken.left_out == ["Private is True."]


def test_of_a_calendar_only_business_and_program_are_asked() -> None:
    lines = (
        "Subject,Start Date,Start Time,End Date,End Time,All day event,Meeting Organizer,Required Attendees,Private",
        "Visit,3/4/2026,9:00 AM,3/4/2026,10:00 AM,False,Jo Lee,Ana Silva;Bo Lund,False",
        "Dentist,3/17/2026,9:00 AM,3/17/2026,10:00 AM,False,Jo Lee,,True",
    )
    with open_sheet("\n".join(lines).encode(), "calendar.csv") as sheet:
        reading = describe(sheet)
    choices = choose_by_guess(reading, reading.kind or "", agency="Chamber")
    assert (reading.kind, reading.export) == ("touchpoints", "Outlook calendar")
    assert {gap.field for gap in list_gaps(choices, reading)} == {"need-program"}
    assert "Private=leave out:true;yes;1" in to_maps(choices, reading)


def test_google_puts_several_addresses_into_one_cell() -> None:
    taken = Taken(
        "First Name,Last Name,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value",
        "Ana,Silva,Harbor,* Rotary ::: Work,* Work,ana@example.org ::: a@example.com,617-555-0117 ::: 617-555-0118",
    )
    assert taken.inspection.profile == "Google contacts"
    assert (taken.column("email"), taken.column("phone")) == (["ana@example.org"], ["617-555-0117"])
    assert "several in one cell; the first is used" in taken.remarks
    assert taken.means("Labels") == "none"


MAILCHIMP = "Email Address,First Name,Last Name,Company,MEMBER_RATING,OPTIN_TIME,LEID,EUID,NOTES,TAGS"


@pytest.mark.parametrize("column", ["UNSUB_TIME", "CLEAN_TIME"])
def test_who_is_unsubscribed_or_cleaned_is_not_to_be_contacted(column: str) -> None:
    taken = Taken(
        f"{MAILCHIMP},{column}",
        'ana@example.org,Ana,Silva,Harbor,2,2021-03-04 10:11:12,1,a,,"""VIP"",""Blog""",2024-05-06 07:08:09',
        "bo@example.org,,,,2,2021-03-04 10:11:12,2,b,,,2024-05-06 07:08:09",
    )
    # An address alone is kept as one that wants no mail.
    assert taken.column("do_not_contact") == [True, True]
    assert taken.refused == []


def test_who_is_subscribed_may_be_contacted_and_tags_are_no_notes() -> None:
    taken = Taken(MAILCHIMP, 'ana@example.org,Ana,Silva,Harbor,2,2021-03-04 10:11:12,1,a,Met at fair,"""VIP"""')
    assert taken.inspection.profile == "Mailchimp audience"
    assert (taken.column("notes"), taken.means("TAGS")) == (["Met at fair"], "none")
    assert "do_not_contact" not in taken.rows[0]


def test_constant_contacts_status_is_a_consent() -> None:
    taken = Taken(
        "Email address,First name,Last name,Email status,Company,Job title,Created At",
        "ana@example.org,Ana,Silva,Active,Harbor,CEO,2020-09-25 16:45:13 -0400",
        "bo@example.org,Bo,Lund,Unsubscribed,Reata,Owner,2020-09-25 16:45:13 -0400",
    )
    assert taken.column("do_not_contact") == [False, True]


def test_who_got_the_money_back_did_not_attend() -> None:
    taken = Taken(
        "Order #,Order Date,First Name,Last Name,Email,Attendee Status,Home City,Job Title,Company,Your diet",
        "1,2026-03-04,Ana,Silva,ana@example.org,Attending,Boston,CEO,Harbor,none",
        "1,2026-03-04,Bo,Lund,bo@example.org,Refunded,Lynn,Owner,Reata,vegan",
        "2,2026-03-05,Mei,Chen,mei@example.org,Not Attending,Lynn,Owner,Zeta,",
    )
    assert taken.column("first_name") == ["Ana"]
    assert taken.left_out == ["Attendee Status is Refunded.", "Attendee Status is Not Attending."]


def test_linkedin_has_a_preamble_and_its_own_dates() -> None:
    taken = Taken(
        "Notes:",
        '"When exporting your connection data, you may notice that some of the email addresses are missing."',
        "",
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
        "Ana,Silva,https://www.linkedin.com/in/ana,,Harbor,CEO,12 Mar 2024",
    )
    assert taken.inspection.header_row == 3
    assert (taken.column("title"), taken.means("URL"), taken.means("Connected On")) == (["CEO"], "none", "none")


def test_data_axles_number_is_the_id_and_its_codes_are_two_digits_too_long() -> None:
    taken = Taken(
        "Company Name,Address,City,State,ZIP Code,Primary NAICS,Location Employee Size Actual,"
        "Location Sales Volume Actual,IUSA Number,Executive First Name,Executive Last Name",
        'Harbor Bakery,1 Dock St,Boston,MA,02134,31181102,24,"$1,200,000",11-396-5248,Ana,Silva',
    )
    assert taken.inspection.profile == "Data Axle"
    assert (taken.column("source_id"), taken.column("naics")) == (["11-396-5248"], ["311811"])
    assert taken.means("Executive Last Name") == "people.last_name"
    assert (taken.column("people.first_name"), taken.column("people.last_name")) == (["Ana"], ["Silva"])


def test_a_roster_of_members_has_a_business_and_whom_to_ask_there_in_each_row() -> None:
    taken = Taken(
        "Member ID,Contact Prefix,Contact First Name,Contact Middle Name,Contact Last Name,Job Title,Company Name,"
        "Street,Street Extra,City,State,ZIP,ZIP Ext.,Phone,Fax,Email",
        "M1,Ms,Ana,B,Silva,Owner,Harbor Bakery,1 Dock St,Unit 3,Boston,MA,02134,1101,617-555-0117,,ana@example.org",
        "M2,,,,,,Omega Plastics,9 Mill Rd,,Lowell,MA,01850,,978-555-0101,,",
    )
    assert (taken.inspection.kind, taken.inspection.profile) == ("businesses", "US Chamber roster")
    assert (taken.gaps, taken.refused) == ([], [])
    assert taken.column("source_id") == ["M1", "M2"]
    assert taken.column("street") == ["1 Dock St, Unit 3", "9 Mill Rd"]
    assert taken.column("people.last_name") == ["Silva", None]
    assert taken.column("people.email") == ["ana@example.org", None]


def test_the_categories_of_services_are_services() -> None:
    taken = Taken(
        "Employer Name,FEIN,Service Category,Service Date,Staff",
        "Harbor Bakery,04-1234567,Training Services,3/17/2026,Jo Lee",
        "Reata,04-7654321,Rapid Response/Business Downsizing Assistance,3/18/2026,Jo Lee",
        program="Business services",
    )
    assert taken.column("service") == ["Training Services", "Rapid Response/Business Downsizing Assistance"]
    assert taken.column("purpose") == ["service", "service"]
    assert taken.column("date") == [date(2026, 3, 17), date(2026, 3, 18)]
    assert taken.column("businesses.ein") == ["04-1234567", "04-7654321"]


def test_every_known_export_is_found_by_the_headings_that_it_needs() -> None:
    for export in EXPORTS:
        needs = [part.strip() for part in export.needs.split("|")]
        signs = [part.strip() for part in export.signs.split("|")][:1] if export.signs else []
        found = find_export([heading.upper() for heading in (*needs, *signs)])
        assert found is not None
        assert found.name == export.name


def test_what_a_known_export_says_are_columns_that_there_are() -> None:
    from importers.kinds import BY_NAME

    for export in EXPORTS:
        for heading, meaning in export.meanings.items():
            kind, _, name = meaning.partition(".")
            assert meaning == "none" or BY_NAME[kind].column(name), (export.name, heading, meaning)
