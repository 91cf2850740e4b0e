"""Calendars: with which business a meeting was is found in who was invited, the place and the title, and asked once."""

import io

import pytest
from werkzeug.test import TestResponse

from crm.graph.driver import Store
from importers.clues import list_clues
from importers.errors import MapError
from tests.factories import import_text, preview_text
from tests.web.import_steps import counts, do_jobs, press
from tests.web.pages import PageClient, form_token, soup, words

KNOWN = (
    "agency,source_id,name,street,city,zip,website\n"
    "Harbor College,B-7,Cascade Casting,88 Harbor Road,Everett,98201,www.cascade.example\n"
    "Harbor College,B-8,Okafor Machine,17 Mill Street,Renton,98057,\n"
)
EVENT = """BEGIN:VEVENT
UID:{uid}
DTSTART:202603{day}T090000
SUMMARY:{title}
LOCATION:{place}
ORGANIZER;CN=Ana Ruiz:mailto:ana@college.example
ATTENDEE;CN=Ana Ruiz:mailto:ana@college.example
{guest}END:VEVENT
"""
CLUE = "says with whom a meeting was"
REMEMBER = "Remember, and look again"


def calendar(*events: tuple[str, str, str]) -> bytes:
    """Of (title, place, guest's address)."""
    texts = [
        EVENT.format(
            uid=f"u{n}", day=10 + n, title=title, place=place, guest=f"ATTENDEE:mailto:{guest}\n" if guest else ""
        )
        for n, (title, place, guest) in enumerate(events)
    ]
    text = "BEGIN:VCALENDAR\nVERSION:2.0\n" + "".join(texts) + "END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


MARCH = calendar(("Site visit", "Zoom", "bo@cascade.example"), ("Okafor Machine", "Room 4", ""), ("Dentist", "", ""))


def send(client: PageClient, content: bytes, name: str = "march.ics") -> TestResponse:
    data = {"csrf_token": form_token(client.get("/imports")), "files": [(io.BytesIO(content), name)]}
    return client.post("/imports", data=data, content_type="multipart/form-data", follow_redirects=True)


def list_places(page: TestResponse) -> dict[str, str]:
    """name that is asked about -> the name of its field"""
    rows = soup(page).select("form[action$='/names'] tbody tr")
    return {row.th.find(string=True).strip(): row.select_one("select")["name"] for row in rows}  # type: ignore[union-attr,misc]


def test_the_business_of_a_meeting_is_asked_once_and_the_program_too(ana: PageClient, db: Store) -> None:
    import_text(db, KNOWN)
    page = send(ana, MARCH)
    (fill,) = [one["value"] for one in soup(page).select('input[name^="fill-text-"]') if one.get("value")]
    assert fill == "?"
    program = next(one for one in soup(page).select('input[name^="fill-"]') if one.get("value") == "program")["name"]
    page = press(ana, page, "Show me what it will do", **{str(program).replace("fill-", "fill-text-"): "Outreach"})
    preview = do_jobs(db, ana, page)
    assert counts(preview)["refused"] == 3
    assert "Nobody has said yet with which business this was: “cascade.example”, “Site visit”." in words(preview)
    assert "It is Cascade Casting, of Harbor College" in words(preview)
    places = list_places(preview)
    assert set(places) == {"cascade.example", "Site visit", "Okafor Machine", "Dentist"}
    said = {
        places["cascade.example"]: "Harbor College:B-7", places["Okafor Machine"]: "Harbor College:B-8",
        places["Dentist"]: "none", places["Site visit"]: "none",
    }  # fmt: skip
    again = do_jobs(db, ana, press(ana, preview, REMEMBER, **said))
    assert (counts(again)["new"], counts(again)["refused"]) == (2, 1)
    assert CLUE not in words(again)
    do_jobs(db, ana, press(ana, again, "Import "))
    rows = db.read("MATCH (t:Touchpoint)-[:WITH]->(r:BusinessRecord) RETURN t.date AS date, r.key AS key ORDER BY date")
    assert [tuple(row.values()) for row in rows] == [("2026-03-10", "B-7"), ("2026-03-11", "B-8")]
    # Next month's goes in at once: program and businesses are remembered.
    april = do_jobs(db, ana, send(ana, MARCH.replace(b"202603", b"202604").replace(b"UID:u", b"UID:v"), "april.ics"))
    assert (counts(april)["new"], counts(april)["refused"]) == (2, 1)
    assert CLUE not in words(april)


def test_a_table_without_any_clue_cannot_be_searched(db: Store) -> None:
    text = "date,program\n2026-03-01,Outreach\n"
    with pytest.raises(MapError, match="No column holds attendees, a place or a title"):
        preview_text(db, text, agency="A", maps=("=business:?",), kind="touchpoints")


def test_clues_are_domains_of_guests_places_and_titles() -> None:
    cells = [
        ("Required Attendees", "Bo Lee <bo@acme.example>; cy@gmail.com; Di Day"),
        ("Meeting Organizer", "jo@college.example"),
        ("Optional Attendees", "eve@college.example"),
    ]
    assert list_clues(cells) == ["acme.example", "cy@gmail.com"]
    assert list_clues([("Location", "Microsoft Teams Meeting"), ("Subject", "Visit to Acme")]) == ["Visit to Acme"]
    assert list_clues([("Location", "27 Dock Street; Room 4"), ("Subject", "27 dock street")]) == ["27 Dock Street"]
