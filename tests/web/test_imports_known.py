"""A known export is uploaded: nobody is asked what its columns mean, and what stays out is shown with the reason."""

from crm.graph.driver import Store
from tests.web.import_steps import counts, do_jobs, press, upload
from tests.web.pages import PageClient, words

CONTACTS = """Title,First Name,Last Name,Company,Job Title,Business City,E-mail Address,Business Phone,Private
Dr.,Ana,Silva,Harbor Bakery,Owner,Boston,ana@example.org,617-555-0117,False
Mr.,Bo,Lund,,,,bo@example.org,,True
"""
CALENDAR = """Subject,Start Date,Start Time,End Date,Meeting Organizer,Required Attendees,Private
Visit,3/17/2026,9:00 AM,3/17/2026,Jo Lee,Ana Silva,False
"""


def test_an_address_book_goes_in_without_a_question(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, contacts=CONTACTS))
    assert "What do the columns mean?" not in words(preview)
    assert counts(preview)["new"] == 1
    assert "Private is True." in words(preview)
    do_jobs(db, ana, press(ana, preview, "Import "))
    assert db.read("MATCH (p:PersonRecord) RETURN p.name AS name, p.last_name AS last, p.title AS title") == [
        {"name": None, "last": "Silva", "title": "Owner"}
    ]
    assert db.read("MATCH (b:BusinessRecord) RETURN b.name AS name, b.city AS city") == [
        {"name": "Harbor Bakery", "city": "Boston"}
    ]


def test_of_a_calendar_only_what_it_does_not_say_is_asked(ana: PageClient) -> None:
    page = upload(ana, calendar=CALENDAR)
    assert "What do the columns mean?" in words(page)
    assert "Say where the program of each row comes from." in words(page)
    # The business is looked for in guests, place and title.
    assert "Say where the business of each row comes from." not in words(page)
    assert "A question mark: it is looked for in attendees, place and title." in words(page)
    assert "Say how the days" not in words(page)
