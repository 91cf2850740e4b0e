"""Saying what the columns of a list mean: proposed, asked once, remembered, and shown again when headings change."""

import io

import pytest

from crm.access import OWNER
from crm.graph import profiles, uploads
from crm.graph.driver import Store
from tests.web.import_steps import VISITS, counts, do_jobs, link, press, upload
from tests.web.pages import PageClient, form_token, soup, words

GO = "Show me what it will do"


def chosen(page, name: str) -> str:  # type: ignore[no-untyped-def]
    """What a select of the page stands on."""
    option = soup(page).select_one(f'select[name="{name}"] option[selected]')
    return str(option["value"]) if option else ""


def test_a_list_with_its_own_headings_is_asked_about_with_a_proposal(ana: PageClient) -> None:
    page = upload(ana, visits=VISITS)
    assert "What do the columns mean?" in words(page)
    assert [chosen(page, f"meaning-{n}") for n in range(4)] == ["date", "business", "person", "topics"]
    assert chosen(page, "kind") == "touchpoints"
    assert chosen(page, "pattern-0") == "d/m/yyyy"
    assert "14/3/2026 is Mar 14, 2026" in words(page)
    assert "Say where the program of each row comes from." in words(page)


def test_what_is_missing_is_asked_for_and_nothing_said_is_lost(ana: PageClient) -> None:
    page = press(ana, upload(ana, visits=VISITS), GO, **{"meaning-2": "person"})
    assert page.status_code == 422
    assert "Still to be said" in words(page)
    assert chosen(page, "meaning-2") == "person"


def test_what_no_column_says_is_said_for_every_row(ana: PageClient, db: Store) -> None:
    page = upload(ana, visits=VISITS)
    more = {"meaning-2": "person", "fill-text-0": "Business visits", "fill-1": "channel", "fill-text-1": "visit"}
    preview = do_jobs(db, ana, press(ana, page, GO, **more))
    assert counts(preview)["new"] == 2
    do_jobs(db, ana, press(ana, preview, "Import "))
    rows = db.read(
        "MATCH (t:Touchpoint) RETURN t.date AS date, t.program AS program, t.channel AS channel ORDER BY date"
    )
    assert rows == [
        {"date": "2026-03-14", "program": "Business visits", "channel": "visit"},
        {"date": "2026-03-31", "program": "Business visits", "channel": "visit"},
    ]


def test_one_column_may_say_two_things(ada: PageClient, db: Store) -> None:
    text = "Day,Office,Company\n2026-03-14,Port Office,Acme\n2026-03-15,Town Hall,Acme"
    page = press(ada, upload(ada, diary=text), GO, **{"meaning-1": "agency", "agency": "", "fill-place-0": "1"})
    preview = do_jobs(db, ada, page)
    assert "2 new agencies : Port Office and Town Hall" in words(preview)
    assert "2 new programs : Port Office and Town Hall" in words(preview)
    do_jobs(db, ada, press(ada, preview, "Import "))
    made = db.read("MATCH (p:Program)-[:OF]->(a:Agency) RETURN p.name AS program, a.name AS agency ORDER BY agency")
    assert [(row["program"], row["agency"]) for row in made] == [
        ("Port Office", "Port Office"),
        ("Town Hall", "Town Hall"),
    ]


def test_a_date_that_can_be_read_in_two_ways_is_asked_about(ana: PageClient, db: Store) -> None:
    text = "Company,Met on\nAcme,3/4/2026\nZeta,5/6/2026"
    page = press(ana, upload(ana, visits=text), GO, **{"fill-text-0": "Visits"})
    assert page.status_code == 422
    assert "Say how the days in Met on are written." in words(page)
    done = do_jobs(db, ana, press(ana, page, GO, **{"pattern-1": "d/m/yyyy"}))
    do_jobs(db, ana, press(ana, done, "Import "))
    days = {row["date"] for row in db.read("MATCH (t:Touchpoint) RETURN t.date AS date")}
    assert days == {"2026-04-03", "2026-06-05"}


def test_two_columns_for_one_place_must_say_how_they_share_it(ana: PageClient, db: Store) -> None:
    page = upload(ana, list="Company,Street,Gate\nAcme,1 Dock Street,Gate 5")
    assert chosen(page, "kind") == "businesses"
    asked = press(ana, page, GO, **{"meaning-2": "street"})
    assert asked.status_code == 422
    assert "Street and Gate both go to street. Say how they share it." in words(asked)
    preview = do_jobs(db, ana, press(ana, asked, GO, **{"share-street": "join"}))
    do_jobs(db, ana, press(ana, preview, "Import "))
    assert db.read("MATCH (r:BusinessRecord) RETURN r.street AS street") == [{"street": "1 Dock Street, Gate 5"}]


def test_a_file_with_the_same_headings_is_read_the_same_way_without_a_question(ana: PageClient, db: Store) -> None:
    press(ana, upload(ana, visits=VISITS), GO, **{"fill-text-0": "Visits"})
    later = do_jobs(db, ana, upload(ana, april=VISITS.replace("/3/", "/4/").replace("31/4", "30/4")))
    assert counts(later) == {"new": 2, "changed": 0, "same": 0, "review": 0, "refused": 0}
    assert list(profiles.list_profiles(db)) == ["Harbor College, plain, touchpoints"]


def test_what_is_not_to_be_remembered_is_not(ana: PageClient, db: Store) -> None:
    page = upload(ana, visits=VISITS)
    form = {name: value for name, value in fields_of(page).items() if name != "save"}
    ana.post(page.request.path, data=form | {"fill-text-0": "Visits"})
    assert profiles.list_profiles(db) == {}


def fields_of(page) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """All that the form of the columns holds."""
    form = soup(page).select_one("form:has(#choices)")
    assert form is not None
    fields = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    for select in form.select("select[name]"):
        fields[str(select["name"])] = chosen(page, str(select["name"]))
    return fields


def test_headings_that_have_changed_are_shown_and_what_is_left_is_read_as_before(ana: PageClient, db: Store) -> None:
    press(ana, upload(ana, visits=VISITS), GO, **{"meaning-2": "person", "fill-text-0": "Visits"})
    changed = VISITS.replace("Spoke about", "Weather").replace("Company", "The company")
    page = upload(ana, april=changed)
    text = words(page)
    assert "The headings have changed since the last file" in text
    assert "Company is now probably The company" in text
    assert "Spoke about is not in this file." in text
    assert "Weather was not in the last file." in text
    assert [chosen(page, f"meaning-{n}") for n in range(4)] == ["date", "business", "person", "none"]


def test_a_look_at_other_choices_keeps_nothing(ana: PageClient, db: Store) -> None:
    page = upload(ana, visits=VISITS)
    fields = fields_of(page) | {"kind": "businesses"}
    part = ana.post(page.request.path, data=fields, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert chosen(part, "kind") == "businesses"
    assert chosen(part, "meaning-1") == "name"
    file = uploads.list_open_uploads(db, OWNER, after=0)[0].files[0]
    assert file.said["kind"] == "touchpoints"


def test_letters_separator_and_headings_can_be_overruled(ana: PageClient) -> None:
    text = "Zürich;Straße\nÄrger;Öl".encode("cp437")
    page = upload(ana, list=text)
    assert "is neither UTF-8 nor Windows-1252 text" in words(page)
    again = press(ana, page, "Read it again like this", encoding="cp437", delimiter=";", header_row="1")
    assert "Zürich" in words(again)
    assert "Straße" in words(again)


def test_a_sheet_of_a_workbook_can_be_chosen(ana: PageClient) -> None:
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name, heading in (("Cover", "Read me first"), ("Visits", "Company")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [heading, "Town"])
            sheet.write_row(1, 0, ["Acme", "Kent"])
    token = form_token(ana.get("/imports"))
    files = [(io.BytesIO(made.getvalue()), "book.xlsx")]
    page = ana.post(
        "/imports",
        data={"csrf_token": token, "files": files},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert "Read me first" in words(page)
    again = press(ana, page, "Read it again like this", sheet="Visits")
    assert "Company" in words(again)
    assert "Read me first" not in words(again)


def test_a_way_of_reading_that_fails_says_why_and_keeps_the_old_one(ana: PageClient) -> None:
    page = upload(ana, visits=VISITS)
    again = press(ana, page, "Read it again like this", header_row="50")
    assert again.status_code == 422
    assert "has no row" in words(again)
    assert [chosen(again, f"meaning-{n}") for n in range(2)] == ["date", "business"]


def test_choices_that_no_page_offers_change_nothing(ana: PageClient, db: Store) -> None:
    page = upload(ana, visits=VISITS)
    sent = fields_of(page) | {
        "meaning-0": "password_hash",
        "kind": "users",
        "meaning-99": "date",
        "fill-text-0": "Visits",
        "fill-7": "agency_id",
        "fill-text-7": "x",
        "agency": "Port Authority",
        "share-business": "drop",
    }
    preview = do_jobs(db, ana, ana.post(page.request.path, data=sent, follow_redirects=True))
    assert counts(preview)["new"] == 2
    do_jobs(db, ana, press(ana, preview, "Import "))
    assert {
        row["name"] for row in db.read("MATCH (:Touchpoint)-[:MADE_BY]->(:Program)-[:OF]->(a) RETURN a.name AS name")
    } == {"Harbor College"}


@pytest.mark.parametrize("channel", ["shouting", "=1+1"])
def test_a_value_for_every_row_that_cannot_be_is_refused_at_once(ana: PageClient, channel: str) -> None:
    more = {"fill-text-0": "Visits", "fill-1": "channel", "fill-text-1": channel}
    page = press(ana, upload(ana, visits=VISITS), GO, **more)
    assert page.status_code == 422
    assert f"channel cannot be {channel!r}" in words(page)


def test_an_empty_choice_of_files_left_is_no_upload(ana: PageClient, db: Store) -> None:
    page = upload(ana, visits=VISITS)
    gone = press(ana, page, "Take this file out")
    assert gone.request.path == "/imports"
    assert "visits.csv is taken out" in words(gone)
    assert db.read("MATCH (u:Upload) RETURN u.id AS id") == []
    assert ana.get(page.request.path).status_code == 404
    assert ana.get(link(page, ".breadcrumbs li:last-child a")).status_code == 404


def test_a_roster_of_one_committee_is_read_by_saying_the_table_once(ana: PageClient, db: Store) -> None:
    roster = (
        "Organization,Representative,Title,E-mail,Term begins,Term ends\n"
        "Acme Tool,Ana Silva,Owner,ana@acme.example,09/15/2025,08/31/2027\n"
        "Zeta Foods,Ben Ode,Head baker,ben@zeta.example,09/15/2025,\n"
        "Omega,Vacant,,,,\n"
    )
    page = upload(ana, roster=roster)
    assert "Table (committee, board, panel) (needed)" in words(page)
    preview = do_jobs(db, ana, press(ana, page, "Show me", **{"fill-text-0": "Bakers board"}))
    assert "1 new table : Bakers board" in words(preview)
    assert "Nobody sits on this seat." in words(preview)
    do_jobs(db, ana, press(ana, preview, "Import 2 rows"))
    rows = db.read("MATCH (e:Executive) RETURN e.name AS name, e.title AS title, e.email AS email ORDER BY name")
    assert [tuple(row.values()) for row in rows] == [
        ("Ana Silva", "Owner", "ana@acme.example"),
        ("Ben Ode", "Head baker", "ben@zeta.example"),
    ]


LOG = """Date of visit,Firm,How,Why
2026-03-01,Acme,Site Visit,needs
2026-03-02,Zeta,Site Visit,needs
2026-03-03,Acme,Carrier pigeon,needs
"""


def test_unknown_words_are_asked_about_and_kept_for_the_next_file(ana: PageClient, db: Store) -> None:
    page = upload(ana, log=LOG)
    assert "Site Visit 2 ×" in words(page)
    assert (chosen(page, "word-2-0"), chosen(page, "word-2-1")) == ("channel:visit", "")
    shown = ana.post(
        page.request.path, data=fields_of(page) | {"word-2-1": "channel:letter"}, headers={"HX-Request": "1"}
    )
    first = soup(shown).select_one("#first-rows")
    assert first is not None
    assert "letter" in first.text
    assert "refused" not in first.text
    preview = do_jobs(db, ana, press(ana, page, GO, **{"word-2-1": "channel:letter", "fill-text-0": "Visits"}))
    do_jobs(db, ana, press(ana, preview, "Import "))
    rows = db.read("MATCH (t:Touchpoint) RETURN t.channel AS channel ORDER BY t.date")
    assert [row["channel"] for row in rows] == ["visit", "visit", "letter"]
    (profile,) = profiles.list_profiles(db).values()
    assert set(profile["values"]) == {"channel:site visit=visit", "channel:carrier pigeon=letter"}
    later = do_jobs(db, ana, upload(ana, april=LOG.replace("-03-0", "-04-0")))
    assert counts(later)["new"] == 3
    asked = upload(ana, may=LOG.replace("-03-0", "-05-0").replace("Carrier pigeon", "Smoke signals"))
    assert "Smoke signals 1 ×" in words(asked)


def test_what_was_said_before_is_listed_and_can_be_taken_up_again(ana: PageClient, db: Store) -> None:
    press(ana, upload(ana, visits=VISITS), GO, **{"meaning-2": "person", "fill-text-0": "Visits"})
    again = upload(ana, april=VISITS.replace("/3/", "/4/"))
    columns = ana.get(f"/imports/uploads/{again.request.path.split('/')[3]}/files/0")
    press(ana, columns, GO, **{"meaning-2": "staff"})
    page = ana.get(columns.request.path)
    text = words(page)
    assert "What was said about such files before: 2 versions" in text
    assert "gone With=person" in text
    assert "new With=staff" in text
    assert "ana@college.example" in text
    assert chosen(page, "meaning-2") == "staff"
    back = press(ana, page, "Read it like this")
    assert chosen(back, "meaning-2") == "person"
    token = form_token(back)
    missing = ana.post(f"{columns.request.path}/version", data={"csrf_token": token, "version": "7"})
    assert missing.status_code == 404


def test_what_rows_tell_of_businesses_beside_is_counted_on_the_pages(ana: PageClient, db: Store) -> None:
    text = "date,program,business,Billing City\n2026-03-01,Visits,Acme,Everett\n2026-03-02,Visits,Zeta,Renton\n"
    page = press(ana, upload(ana, log=text), GO, **{"meaning-3": "businesses.city"})
    preview = do_jobs(db, ana, page)
    assert "The rows also tell of 2 new businesses" in words(preview)
    done = do_jobs(db, ana, press(ana, preview, "Import "))
    assert "The rows also tell of 2 new businesses" in words(done)
    assert "So will 2 businesses that its rows told of beside" in words(ana.get(f"{done.request.path}/undo"))
    cities = db.read("MATCH (b:Business) RETURN b.city AS city ORDER BY city")
    assert [row["city"] for row in cities] == ["Everett", "Renton"]


def test_a_list_of_businesses_offers_the_columns_of_their_contacts(ana: PageClient, db: Store) -> None:
    text = "Member ID,Company,City,Website,Rep First Name,Rep Last Name,Rep Email\n"
    text += "7,Acme,Everett,acme.example,Ana,Silva,a@acme.example\n"
    asked = upload(ana, members=text)
    assert [chosen(asked, f"meaning-{n}") for n in (1, 4, 5, 6)] == [
        "name", "people.first_name", "people.last_name", "people.email",
    ]  # fmt: skip
    preview = do_jobs(db, ana, press(ana, asked, GO))
    assert "The rows also tell of 1 new person" in words(preview)
    do_jobs(db, ana, press(ana, preview, "Import "))
    people = db.read("MATCH (p:PersonRecord)-[:WORKS_AT]->(r:BusinessRecord) RETURN p.email AS email, r.key AS at")
    assert people == [{"email": "a@acme.example", "at": "7"}]
