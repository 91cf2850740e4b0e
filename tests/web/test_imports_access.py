"""Who may import what, see which rows, and undo: members for their own agency, administrators for all."""

import pytest
from flask import Flask

from crm.access import OWNER
from crm.graph import agencies, imports, tokens, users
from crm.graph.driver import Store
from crm.graph.migrations import MIGRATIONS
from crm.services.jobs import run_all
from tests.factories import PEOPLE_AND_PLACES, import_text, snapshot
from tests.web.conftest import open_client
from tests.web.import_steps import BUSINESSES, VISITS, bring, counts, do_jobs, link, press, upload
from tests.web.pages import PageClient, form_token, soup, words

MIXED = "agency,source_id,name\nHarbor College,1,Acme\nPort Authority,2,Zeta\nNew Agency,3,Omega\n,4,Delta"


def owners(db: Store) -> list[str]:
    rows = db.read("MATCH (r:BusinessRecord)-[:OF]->(a:Agency) RETURN a.name AS name ORDER BY r.key, r.id")
    return [row["name"] for row in rows]


def test_a_member_imports_rows_of_the_own_agency_only_and_the_others_say_why(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, list=MIXED))
    text = words(preview)
    assert counts(preview) == {"new": 2, "changed": 0, "same": 0, "review": 0, "refused": 2}
    assert "This row belongs to Port Authority, and you import for Harbor College." in text
    assert "Take the row out, or ask an administrator to import it." in text
    done = do_jobs(db, ana, press(ana, preview, "Import 2 rows"))
    assert counts(done)["refused"] == 2
    assert owners(db) == ["Harbor College", "Harbor College"]
    assert "New Agency" not in [agency.name for agency in agencies.list_agencies(db, OWNER)]


def test_an_administrator_imports_rows_of_any_agency_and_makes_new_ones(ada: PageClient, db: Store) -> None:
    preview = do_jobs(db, ada, upload(ada, list=MIXED.rpartition("\n")[0]))
    assert "1 new agency : New Agency" in words(preview)
    do_jobs(db, ada, press(ada, preview, "Import 3 rows"))
    assert owners(db) == ["Harbor College", "Port Authority", "New Agency"]


def test_the_page_says_whose_rows_one_imports(ana: PageClient, ada: PageClient) -> None:
    assert "You import for Harbor College ." in words(ana.get("/imports"))
    assert "you can import rows of any agency" in words(ada.get("/imports"))


def test_a_member_cannot_speak_for_another_agency_through_the_form(ana: PageClient, db: Store) -> None:
    page = press(ana, upload(ana, visits=VISITS), "Show me", **{"fill-text-0": "Visits", "agency": "Port Authority"})
    do_jobs(db, ana, press(ana, do_jobs(db, ana, page), "Import "))
    assert set(owners(db)) == {"Harbor College"}


@pytest.mark.parametrize(
    "text", ["sector,naics\nFood,311", "name,agencies,from\nPact,Harbor College;Port Authority,2026-01-01"]
)
def test_what_concerns_the_whole_region_is_for_administrators(
    ana: PageClient, ada: PageClient, db: Store, text: str
) -> None:
    page = upload(ana, region=text)
    assert page.status_code == 422
    assert "Only an administrator can import" in words(page)
    other = press(ana, upload(ana, visits=VISITS), "Show me what it will do", kind="sectors")
    assert other.status_code == 403
    run_all(db)
    assert db.read("MATCH (n) WHERE n:Sector OR n:Agreement RETURN n.id AS id") == []
    preview = do_jobs(db, ada, upload(ada, region=text))
    assert counts(preview)["new"] == 1


def test_a_member_makes_no_agency_by_naming_its_program(ana: PageClient, db: Store) -> None:
    text = "date,program,business\n2026-03-31,Nobody Known:Welding,Acme\n2026-03-31,Port Authority:Cranes,Acme"
    preview = do_jobs(db, ana, upload(ana, contacts=text))
    assert counts(preview) == {"new": 1, "changed": 0, "same": 0, "review": 0, "refused": 1}
    assert "There is no agency named Nobody Known." in words(preview)


def test_an_upload_is_for_the_own_agency_and_for_administrators(
    app: Flask, ana: PageClient, eve: PageClient, ada: PageClient, db: Store
) -> None:
    page = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    path = page.request.path
    for address in (path, f"{path}/progress", f"{path}/files/0", f"{path}/files/0/refused.csv", f"{path}/next"):
        assert eve.get(address).status_code == 404, address
        assert ana.get(address).status_code in (200, 302), address
        assert ada.get(address).status_code in (200, 302), address
        assert open_client(app, "carl@college.example").get(address).status_code in (200, 302), address
    token = form_token(eve.get("/imports"))
    for address in ("import", "preview", "remove", "files/0", "files/0/read", "files/0/remove"):
        answer = eve.post(f"{path}/{address}", data={"csrf_token": token, "revision": "0"})
        assert answer.status_code == 404, address
    assert path in ana.get("/imports").text
    assert path not in eve.get("/imports").text


def test_an_import_is_for_the_agency_whose_rows_it_holds_and_for_administrators(
    app: Flask, ana: PageClient, eve: PageClient, ada: PageClient, db: Store
) -> None:
    path = bring(db, ana, businesses=BUSINESSES).request.path
    id = path.rpartition("/")[2]
    carl = open_client(app, "carl@college.example")
    for address in ("", "/rows", "/rows?what=changed", "/refused.csv", "/progress", "/undo"):
        assert eve.get(f"{path}{address}").status_code == 404, address
        for client in (ana, carl, ada):
            assert client.get(f"{path}{address}").status_code == 200, address
    assert eve.get(f"/api/v1/imports/{id}").status_code == 404
    assert [one["import"] for one in eve.get("/api/v1/imports").get_json()] == []
    assert [one["import"] for one in carl.get("/api/v1/imports").get_json()] == [id]
    assert "Nothing imported yet" in words(eve.get("/imports"))
    assert path not in eve.get("/imports").text
    assert path in carl.get("/imports").text


def test_an_import_of_several_agencies_is_for_who_brought_it_and_for_administrators(
    ana: PageClient, ada: PageClient, db: Store
) -> None:
    preview = do_jobs(db, ada, upload(ada, list=MIXED.rpartition("\n")[0]))
    path = do_jobs(db, ada, press(ada, preview, "Import 3 rows")).request.path
    assert ana.get(path).status_code == 404
    db.write("MATCH (u:User {email: 'ada@board.example'}) SET u.role = 'member'")
    assert ada.get(path).status_code == 200
    assert ada.get(f"{path}/rows").status_code == 404


def test_an_agency_finds_its_imports_under_its_new_name_too(ana: PageClient, db: Store) -> None:
    path = bring(db, ana, businesses=BUSINESSES).request.path
    own = ana.get("/agencies/own").headers["Location"]
    ana.send(f"{own}/edit", name="Harbor Community College", system="education")
    assert path in ana.get("/imports").text
    assert ana.get(f"{path}/rows").status_code == 200
    gone = do_jobs(db, ana, press(ana, ana.get(f"{path}/undo"), "Undo the import"))
    assert "2 rows were removed" in words(gone)


def test_imports_of_an_older_version_get_their_agency(ana: PageClient, db: Store) -> None:
    path = bring(db, ana, businesses=BUSINESSES).request.path
    db.write("MATCH (i:Import) REMOVE i.agency_id SET i.by = 'somebody else'")
    assert ana.get(path).status_code == 404
    MIGRATIONS[2].change(db)
    MIGRATIONS[2].change(db)
    assert ana.get(path).status_code == 200


def test_a_member_brings_the_agencys_list_brings_a_newer_one_and_takes_it_back(
    app: Flask, ana: PageClient, db: Store
) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    empty = snapshot(db)
    preview = do_jobs(db, ana, upload(ana, list=BUSINESSES.replace("many", "12")))
    assert counts(preview) == {"new": 3, "changed": 0, "same": 0, "review": 0, "refused": 0}
    assert snapshot(db) == empty
    going = press(ana, preview, "Import 3 rows")
    assert soup(going).select_one("#job progress")
    first = do_jobs(db, ana, going)
    assert counts(first) == counts(preview)
    brought = snapshot(db)

    carl = open_client(app, "carl@college.example")
    assert first.request.path in carl.get("/imports").text
    newer = BUSINESSES.replace("many", "14").replace("27 Dock Street", "29 Dock Street")
    preview = do_jobs(db, carl, upload(carl, list=newer))
    assert counts(preview) == {"new": 0, "changed": 2, "same": 1, "review": 0, "refused": 0}
    assert [part.text for part in soup(preview).select("del")] == ["27 Dock Street", "12"]
    assert [part.text for part in soup(preview).select("ins")] == ["29 Dock Street", "14"]
    second = do_jobs(db, carl, press(carl, preview, "Import 2 rows"))
    assert counts(second) == counts(preview)

    undone = do_jobs(db, ana, press(ana, ana.get(f"{second.request.path}/undo"), "Undo the import"))
    assert "0 rows were removed, 2 rows are again what was said before" in words(undone)
    assert snapshot(db) == brought
    do_jobs(db, ana, press(ana, ana.get(f"{first.request.path}/undo"), "Undo the import"))
    assert snapshot(db) == empty


def test_a_member_undoes_imports_of_the_own_agency_only(
    app: Flask, ana: PageClient, eve: PageClient, db: Store
) -> None:
    done = bring(db, ana, businesses=BUSINESSES)
    path = done.request.path
    refused = eve.post(f"{path}/undo", data={"csrf_token": form_token(eve.get("/imports"))})
    assert refused.status_code == 404
    assert len(owners(db)) == 2
    carl = open_client(app, "carl@college.example")
    gone = do_jobs(db, carl, press(carl, carl.get(f"{path}/undo"), "Undo the import"))
    assert "2 rows were removed" in words(gone)


def test_an_import_with_rows_of_others_is_undone_by_administrators(ana: PageClient, ada: PageClient, db: Store) -> None:
    import_text(db, "agency,source_id,name\n,1,Acme\nPort Authority,2,Zeta", agency="Harbor College")
    path = f"/imports/{imports.list_imports(db, OWNER)[0].id}"
    refused = ana.post(f"{path}/undo", data={"csrf_token": form_token(ana.get("/imports"))})
    assert refused.status_code == 403
    gone = do_jobs(db, ada, press(ada, ada.get(f"{path}/undo"), "Undo the import"))
    assert "2 rows were removed" in words(gone)


def test_who_was_disabled_since_imports_nothing(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    running = press(ana, preview, "Import ")
    db.write("MATCH (u:User {email: 'ana@college.example'}) SET u.disabled_at = 1")
    run_all(db)
    assert owners(db) == []
    db.write("MATCH (u:User {email: 'ana@college.example'}) REMOVE u.disabled_at")
    assert "may no longer sign in" in words(ana.get(running.request.path))


def test_who_was_moved_since_imports_for_nobody_else(ada: PageClient, db: Store) -> None:
    """An administrator who is one no longer: the rows of other agencies are refused when the job runs."""
    preview = do_jobs(db, ada, upload(ada, list=MIXED.rpartition("\n")[0]))
    press(ada, preview, "Import ")
    db.write("MATCH (u:User {email: 'ada@board.example'}) SET u.role = 'member'")
    run_all(db)
    assert owners(db) == []


def test_another_agencys_profile_is_not_proposed(ana: PageClient, eve: PageClient, db: Store) -> None:
    press(ana, upload(ana, visits=VISITS), "Show me", **{"meaning-3": "notes", "fill-text-0": "Secret program"})
    page = upload(eve, visits=VISITS)
    assert "What do the columns mean?" in words(page)
    assert "Secret program" not in page.text


def test_jobs_are_seen_by_the_agency_that_asked(app: Flask, ana: PageClient, db: Store, client: PageClient) -> None:
    page = upload(ana, businesses=BUSINESSES)
    job = db.read("MATCH (j:Job) RETURN j.id AS id")[0]["id"]
    for email, status in (("ana@college.example", 200), ("eve@port.example", 404), ("ada@board.example", 200)):
        tokens.add_token(db, users.id_of_email(email), f"crm_{email}", name="script", now=1)
        answer = client.get(f"/api/v1/jobs/{job}", headers={"Authorization": f"Bearer crm_{email}"})
        assert answer.status_code == status, email
    assert link(page, ".breadcrumbs a") == "/imports"


def test_a_member_imports_a_roster_of_the_own_agency_and_the_table_becomes_the_agencys(
    ana: PageClient, db: Store
) -> None:
    import_text(db, "table,agency\nSkills panel,Port Authority")
    text = "table,business,person\nBakers board,Acme,Ana Silva\nSkills panel,Acme,Ana Silva"
    preview = do_jobs(db, ana, upload(ana, roster=text))
    assert counts(preview)["refused"] == 1
    assert "1 new table : Bakers board" in words(preview)
    assert "Skills panel is a table of Port Authority, and you import for Harbor College." in words(preview)
    done = do_jobs(db, ana, press(ana, preview, "Import 1 row"))
    assert counts(done)["new"] == 1
    rows = db.read("MATCH (:Seat)-[:AT]->(t:Table)-[:CONVENED_BY]->(a:Agency) RETURN t.name AS t, a.name AS a")
    assert [(row["t"], row["a"]) for row in rows] == [("Bakers board", "Harbor College")]
    gone = do_jobs(db, ana, press(ana, ana.get(f"{done.request.path}/undo"), "Undo the import"))
    assert "1 row was removed" in words(gone)
    assert not db.read("MATCH (t:Table {name: 'Bakers board'}) RETURN t.id AS id")
