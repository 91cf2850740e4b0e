"""Contacts and calendars become tables under Outlook's headings, whatever program wrote them."""

import pytest

from importers.content_lines import split_value
from importers.errors import ReadError
from importers.read import open_sheet
from importers.rows import Row

OLD = b"""BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Garc=C3=ADa;Ana;;Dr.;\r
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Dr. Ana Garc=C3=ADa\r
ORG:Harbor Bakery;Operations\r
TITLE:Chief Executive\r
TEL;WORK;VOICE:617-555-0117\r
TEL;CELL:617-555-0118\r
TEL;WORK;FAX:617-555-0119\r
ADR;WORK;ENCODING=QUOTED-PRINTABLE:;;1 Pier Rd=0D=0A=\r
Suite 2;Lynn;MA;01901;USA\r
EMAIL;PREF;INTERNET:ana@harbor.example\r
NOTE;ENCODING=QUOTED-PRINTABLE:likes=\r
 tea\r
PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgG\r
 BgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0a\r
\r
END:VCARD\r
"""
NEW = """BEGIN:VCARD
VERSION:3.0
N:Ortiz;Ben;;;Jr.
FN:Ben Ortiz
ORG:Acme\\, Inc.;
item1.EMAIL;type=INTERNET;type=HOME:ben@home.example
item1.X-ABLabel:Work
EMAIL;type=WORK:ben@acme.example
TEL;type=HOME,VOICE:+1 (617) 555-0120
ADR;type=HOME:;;2 Oak St\\; rear;Salem;MA;01970;
CATEGORIES:Rotary,Board
NOTE:First line\\nsecond line that is fold
 ed
CLASS:PRIVATE
UID:abc-1
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Cora Lee
TEL;VALUE=uri;TYPE="voice,work":tel:+1-617-555-0130
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Dune Foods
ORG:Dune Foods
X-ABShowAs:COMPANY
END:VCARD
"""
CALENDAR = """BEGIN:VCALENDAR
PRODID:-//x
X-WR-TIMEZONE:America/New_York
BEGIN:VTIMEZONE
TZID:America/Chicago
BEGIN:STANDARD
DTSTART:19701101T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
DTSTAMP:20260401T120000Z
DTSTART;TZID=America/Chicago:20260305T140000
DTEND;TZID=America/Chicago:20260305T153000
SUMMARY:Visit to Harbor\\, Lynn
ORGANIZER;CN="Silva, Ana":mailto:ana@board.example
ATTENDEE;CN=Ben Ortiz;ROLE=REQ-PARTICIPANT:mailto:ben@acme.example
ATTENDEE;ROLE=OPT-PARTICIPANT:mailto:cora@dune.example
ATTENDEE;CN=Room 5;CUTYPE=ROOM:mailto:room5@board.example
CLASS:PRIVATE
BEGIN:VALARM
TRIGGER:-PT15M
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:20260306T023000Z
DTEND:20260306T030000Z
SUMMARY:Late call
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART;VALUE=DATE:20260310
DTEND;VALUE=DATE:20260312
SUMMARY:Fair
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART;TZID=:20260302T090000
RRULE:FREQ=WEEKLY;BYDAY=MO
EXDATE:20260316T090000
SUMMARY:Standing call
END:VEVENT
BEGIN:VEVENT
UID:4
RECURRENCE-ID:20260323T090000
DTSTART:20260324T100000
SUMMARY:Standing call (moved)
END:VEVENT
BEGIN:VTODO
SUMMARY:A task
END:VTODO
END:VCALENDAR
"""


def read(data: bytes | str, name: str) -> tuple[list[tuple[int, dict[str, str]]], tuple[str, ...]]:
    with open_sheet(data.encode() if isinstance(data, str) else data, name) as sheet:
        rows = [row for row in sheet.rows() if isinstance(row, Row)]
        cells = [(row.line, {k: v for k, v in zip(sheet.headers, row.cells, strict=True) if v}) for row in rows]
        return cells, sheet.notes


def test_a_card_of_an_old_phone_is_read_whole() -> None:
    ((line, card),), _ = read(OLD, "contacts.vcf")
    assert line == 1
    assert card == {
        "First Name": "Ana", "Last Name": "García", "Title": "Dr.", "Full Name": "Dr. Ana García",
        "Company": "Harbor Bakery", "Department": "Operations", "Job Title": "Chief Executive",
        "Business Phone": "617-555-0117", "Mobile Phone": "617-555-0118", "Business Fax": "617-555-0119",
        "Business Street": "1 Pier Rd Suite 2", "Business City": "Lynn", "Business State": "MA",
        "Business Postal Code": "01901", "Business Country/Region": "USA", "E-mail Address": "ana@harbor.example",
        "Notes": "likes tea",
    }  # fmt: skip


def test_newer_cards_with_groups_types_and_escapes() -> None:
    cards, _ = read(NEW, "contacts.vcf")
    assert [line for line, _ in cards] == [1, 17, 22]
    ben, cora, dune = (card for _, card in cards)
    assert ben == {
        "First Name": "Ben", "Last Name": "Ortiz", "Suffix": "Jr.", "Full Name": "Ben Ortiz", "Company": "Acme, Inc.",
        "E-mail Address": "ben@home.example", "E-mail 2 Address": "ben@acme.example",
        "Home Phone": "+1 (617) 555-0120", "Home Street": "2 Oak St; rear", "Home City": "Salem", "Home State": "MA",
        "Home Postal Code": "01970", "Categories": "Rotary;Board", "Notes": "First line\nsecond line that is folded",
        "Private": "True", "Id": "abc-1", "More": "X-ABLABEL: Work",
    }  # fmt: skip
    assert cora == {"Full Name": "Cora Lee", "Business Phone": "+1-617-555-0130"}
    assert dune == {"Company": "Dune Foods"}


def test_events_have_the_day_and_time_of_their_own_clock() -> None:
    rows, notes = read(CALENDAR, "team.ics")
    visit, late, fair, *_ = (row for _, row in rows)
    assert visit == {
        "Subject": "Visit to Harbor, Lynn", "Start Date": "2026-03-05", "Start Time": "14:00",
        "End Date": "2026-03-05", "End Time": "15:30", "All day event": "False", "Meeting Organizer": "Silva, Ana",
        "Organizer E-mail": "ana@board.example", "Required Attendees": "Ben Ortiz",
        "Optional Attendees": "cora@dune.example", "Meeting Resources": "Room 5",
        "Attendee E-mails": "ben@acme.example;cora@dune.example", "Private": "True", "Sensitivity": "Private",
        "Show time as": "Busy", "Id": "1",
    }  # fmt: skip
    assert (late["Start Date"], late["Start Time"], late["Status"]) == ("2026-03-05", "21:30", "Cancelled")
    assert (fair["Start Date"], fair["End Date"], fair["All day event"]) == ("2026-03-10", "2026-03-11", "True")
    assert "Start Time" not in fair
    assert "Only the events of the calendar are read; it also holds: to-do (1)." in notes


def test_times_in_utc_are_told_by_the_clock_of_the_region_where_the_calendar_names_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260306T023000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    monkeypatch.delenv("CRM_TIME_ZONE", raising=False)
    (((_, row),), notes) = read(event, "team.ics")
    assert (row["Start Date"], row["Start Time"]) == ("2026-03-06", "02:30")
    assert any("given in UTC" in note for note in notes)
    monkeypatch.setenv("CRM_TIME_ZONE", "America/Chicago")
    (((_, row),), notes) = read(event, "team.ics")
    assert (row["Start Date"], row["Start Time"]) == ("2026-03-05", "20:30")
    assert notes == ()


def test_an_event_that_recurs_is_a_row_for_each_time_that_the_file_knows_of() -> None:
    rows, notes = read(CALENDAR, "team.ics")
    times = [(row["Start Date"], row["Id"]) for _, row in rows if row["Subject"].startswith("Standing")]
    assert times == [
        ("2026-03-02", "4 2026-03-02T09:00"),
        ("2026-03-09", "4 2026-03-09T09:00"),
        ("2026-03-30", "4 2026-03-30T09:00"),
        ("2026-03-24", "4 2026-03-24T10:00"),
    ]
    assert "Events that recur are read up to 2026-04-01, the last day that the file speaks of." in notes


def test_an_event_that_recurs_for_ever_ends() -> None:
    event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTAMP:99990101T000000Z\nDTSTART:20200101T090000\n"
    rows, notes = read(event + "RRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR\n", "team.ics")
    assert len(rows) == 1_000
    assert "An event recurs more than 1,000 times; its first 1,000 are read." in notes


@pytest.mark.parametrize("rule", ["FREQ=NEVER", "nonsense", "FREQ=DAILY;COUNT=x", ""])
def test_a_rule_that_cannot_be_read_costs_no_event(rule: str) -> None:
    rows, _ = read(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200101\nRRULE:{rule}\nEND:VEVENT\n", "team.ics")
    assert [row["Start Date"] for _, row in rows] == ["2020-01-01"]


def test_a_card_that_ends_early_and_lines_that_are_none_cost_nothing_else() -> None:
    text = "BEGIN:VCARD\nN:Silva;Ana\nthis is no line\nEND:VCARD\nBEGIN:VCARD\nN:Ortiz;Ben\nTEL"
    assert [card["Last Name"] for _, card in read(text, "contacts.vcf")[0]] == ["Silva", "Ortiz"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_of_cards(encoding: str) -> None:
    (_, card), *_ = read("BEGIN:VCARD\r\nN:Núñez;Zoë\r\nEND:VCARD\r\n".encode(encoding), "contacts.vcf")[0]
    assert (card["First Name"], card["Last Name"]) == ("Zoë", "Núñez")


def test_cards_sent_as_text_are_known_and_text_is_no_card() -> None:
    with open_sheet(OLD, "contacts.txt") as sheet:
        assert (sheet.format, sheet.header_row, sheet.encoding) == ("vcf", 0, None)
    with pytest.raises(ReadError, match=r"ends in \.ics but is not a calendar"):
        open_sheet(b"name,city\nA,B\n", "team.ics")
    with pytest.raises(ReadError, match=r"is a file of contacts, but its name ends in \.ics"):
        open_sheet(OLD, "contacts.ics")


def test_separators_after_a_backslash_belong_to_the_text() -> None:
    assert split_value(r"a\;b;c\\;d", ";") == ["a;b", "c\\", "d"]
    assert split_value(r"one\, two,three\nfour", ",") == ["one, two", "three\nfour"]
