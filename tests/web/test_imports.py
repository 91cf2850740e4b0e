"""Importing on the screen: look first, then import, see each row behind a number, and take it back."""

import csv
import io
from typing import Any

import pytest
from flask import Flask

from crm.access import OWNER
from crm.graph import imports, uploads
from crm.graph.driver import Store
from importers.previews import Preview
from tests.factories import PEOPLE_AND_PLACES, import_text, snapshot
from tests.web.conftest import make_app, open_client
from tests.web.import_steps import BUSINESSES, bring, counts, do_jobs, link, press, upload
from tests.web.pages import PageClient, soup, words


def list_names(db: Store) -> list[str]:
    return [row["name"] for row in db.read("MATCH (r:BusinessRecord) RETURN r.name AS name ORDER BY name, r.id")]


def test_the_empty_page_says_what_to_do_and_links_the_templates(ana: PageClient) -> None:
    page = ana.get("/imports")
    assert "Nothing imported yet" in words(page)
    for kind in ("touchpoints", "businesses", "people", "programs", "referrals"):
        assert soup(page).select_one(f'a[href="/imports/templates/{kind}.csv"]')


def test_a_template_is_a_file_to_save_that_the_import_takes(ana: PageClient, db: Store) -> None:
    answer = ana.get("/imports/templates/touchpoints.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=touchpoints.csv"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    done = bring(db, ana, contacts=answer.data)
    assert counts(done)["new"] == 1
    assert ana.get("/imports/templates/shoes.csv").status_code == 404


def test_nothing_is_changed_before_the_go_ahead(ana: PageClient, db: Store) -> None:
    page = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    assert "Nothing is changed yet" in words(page)
    assert list_names(db) == []
    assert imports.list_imports(db, OWNER) == []


def test_the_preview_counts_what_the_import_then_does(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    expected = counts(preview)
    assert expected == {"new": 2, "changed": 0, "same": 0, "review": 0, "refused": 1}
    done = do_jobs(db, ana, press(ana, preview, "Import 2 rows"))
    assert counts(done) == expected
    assert "Done. 2 rows of this file count" in words(done)
    assert list_names(db) == ["Cascade Casting", "Harbor Bakery"]


def test_a_refused_row_says_where_why_and_how_to_mend_it_and_can_be_saved(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    text = words(preview)
    assert "4 employees many The number of employees is a whole number" in text
    saved = ana.get(link(preview, 'a[href$="refused.csv"]'))
    assert saved.headers["Content-Disposition"] == 'attachment; filename="businesses refused.csv"'
    (row,) = csv.DictReader(io.StringIO(saved.data.decode("utf-8-sig")))
    assert (row["line"], row["column"]) == ("4", "employees")
    assert (row["source_id"], row["name"], row["employees"]) == ("B-3", "Okafor Machine", "many")
    done = do_jobs(db, ana, press(ana, preview, "Import "))
    assert ana.get(link(done, 'a[href$="refused.csv"]')).data == saved.data


def test_rows_that_are_left_out_are_shown_with_the_reason_before_and_after(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES + "\nGrand Totals (3 records),,,,,,\n"))
    done = do_jobs(db, ana, press(ana, preview, "Import 2 rows"))
    for page in (preview, done):
        assert "Left out 1 row" in words(page)
        assert "Grand Totals (3 records) The program that made the file writes this below a table." in words(page)


def test_changes_are_shown_old_and_new_before_and_after(ana: PageClient, db: Store) -> None:
    bring(db, ana, businesses=BUSINESSES)
    preview = do_jobs(db, ana, upload(ana, later="source_id,name,phone\nB-1,Harbor Bakery & Cafe,\nB-9,New Place,1"))
    assert counts(preview) == {"new": 1, "changed": 1, "same": 0, "review": 0, "refused": 0}
    change = soup(preview).select_one("del")
    assert change is not None
    assert change.text == "Harbor Bakery"
    done = do_jobs(db, ana, press(ana, preview, "Import "))
    rows = ana.get(link(done, ".totals a.changed"))
    assert [part.text for part in soup(rows).select("del")] == ["Harbor Bakery", "617-555-0117"]
    assert [part.text for part in soup(rows).select("ins")] == ["Harbor Bakery & Cafe"]


def test_each_count_opens_its_rows_and_a_row_its_business(ana: PageClient, db: Store) -> None:
    done = bring(db, ana, businesses=BUSINESSES)
    rows = ana.get(link(done, ".totals a.new"))
    assert [row.text for row in soup(rows).select("tbody th a")] == ["Harbor Bakery", "Cascade Casting"]
    business = ana.get(link(rows, "tbody th a"))
    assert business.status_code == 200
    assert "Harbor Bakery" in words(business)


def test_what_a_person_should_look_at_is_listed(ana: PageClient, db: Store) -> None:
    done = bring(db, ana, businesses=BUSINESSES)
    # Which pairs the matcher doubts is its own business; here it has doubted these two.
    ids = [row["id"] for row in db.read("MATCH (r:BusinessRecord) RETURN r.id AS id")]
    db.write("MATCH (i:Import) SET i.to_review = 2, i.review_ids = $ids", ids=ids)
    done = ana.get(done.request.path)
    assert counts(done)["review"] == 2
    rows = ana.get(link(done, ".totals a.review"))
    assert len(soup(rows).select("tbody tr")) == 2


def test_several_files_are_looked_at_and_imported_together(ana: PageClient, db: Store) -> None:
    contacts = "date,program,business,person\n2026-03-31,Welding,B-1,P-1"
    people = "source_id,business,name\nP-1,B-1,Ana Silva"
    page = upload(ana, contacts=contacts, people=people, businesses=BUSINESSES)
    preview = do_jobs(db, ana, page)
    assert "will create" not in words(preview).lower() or "1 new program : Welding" in words(preview)
    done = do_jobs(db, ana, press(ana, preview, "Import 4 rows"))
    assert words(done).count("rows") >= 1
    met = db.read(
        "MATCH (:Touchpoint)-[:WITH]->(r), (:Touchpoint)-[:MET]->(p) RETURN r.key AS business, p.key AS person"
    )
    assert met == [{"business": "B-1", "person": "P-1"}]


def test_the_same_file_again_changes_nothing_and_says_so(ana: PageClient, db: Store) -> None:
    bring(db, ana, businesses=BUSINESSES.replace("many", "12"))
    before = snapshot(db)
    page = do_jobs(db, ana, upload(ana, again=BUSINESSES.replace("many", "12")))
    assert "There is nothing to import" in words(page)
    assert not [button for button in soup(page).select("button") if "Import " in button.text]
    assert snapshot(db) == before


def test_a_double_click_is_one_import(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    press(ana, preview, "Import ")
    again = press(ana, preview, "Import ")
    assert again.status_code == 200
    do_jobs(db, ana, again)
    press(ana, preview, "Import ")
    do_jobs(db, ana, again)
    found = imports.list_imports(db, OWNER)
    assert [(one.created, one.stage) for one in found] == [(2, "done")]


def test_two_people_who_import_one_file_at_once_do_not_double_it(app: Flask, ana: PageClient, db: Store) -> None:
    carl = open_client(app, "carl@college.example")
    previews = [(client, do_jobs(db, client, upload(client, businesses=BUSINESSES))) for client in (ana, carl)]
    for client, preview in previews:
        press(client, preview, "Import ")
    results = [do_jobs(db, client, preview) for client, preview in previews]
    assert list_names(db) == ["Cascade Casting", "Harbor Bakery"]
    assert sum(one.created for one in imports.list_imports(db, OWNER)) == 2
    assert all(result.status_code == 200 for result in results)


def test_what_was_changed_since_the_preview_is_not_imported(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    columns = ana.get(link(preview, 'a[href*="/files/"]'))
    press(ana, columns, "Show me what it will do", **{"meaning-6": "none"})
    late = press(ana, preview, "Import ")
    assert late.status_code == 409
    assert "The files have changed since this preview" in words(late)
    assert list_names(db) == []


def test_undo_says_first_what_it_will_do_then_what_it_did(ana: PageClient, db: Store) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    before = snapshot(db)
    done = bring(db, ana, businesses=BUSINESSES)
    question = ana.get(link(done, 'a[href$="/undo"]'))
    assert "2 rows that it brought will be removed" in words(question)
    going = press(ana, question, "Undo the import")
    assert "Undoing businesses.csv" in words(going)
    gone = do_jobs(db, ana, going)
    assert "This import was undone: 2 rows were removed, 0 rows are again what was said before." in words(gone)
    assert snapshot(db) == before
    assert not soup(gone).select('a[href$="/undo"]')


def test_undo_says_that_what_a_later_file_has_too_stays(ana: PageClient, db: Store) -> None:
    first = bring(db, ana, businesses=BUSINESSES)
    assert "later files" not in words(ana.get(f"{first.request.path}/undo"))
    bring(db, ana, newer=BUSINESSES.replace("many", "14").replace("Harbor Bakery", "Harbour Bakery"))
    question = ana.get(f"{first.request.path}/undo")
    assert "removed, but for those that later files have too: they stay as these say" in words(question)


def test_an_upload_that_is_thrown_away_leaves_nothing(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    page = press(ana, preview, "Throw it away")
    assert "thrown away" in words(page)
    left = db.read("MATCH (n) WHERE n:Upload OR n:UploadFile OR n:UploadChunk OR n:RefusalList RETURN n.id AS id")
    assert left == []


def test_an_upload_waits_on_the_list_until_it_is_imported(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    listed = ana.get("/imports")
    assert preview.request.path in [a["href"] for a in soup(listed).select("a")]
    do_jobs(db, ana, press(ana, preview, "Import "))
    assert "Not imported yet" not in words(ana.get("/imports"))
    assert db.read("MATCH (p:PreviewPage) RETURN p.id AS id") == []


def test_progress_is_a_bar_that_loads_the_page_again_at_the_end(ana: PageClient, db: Store) -> None:
    running = upload(ana, businesses=BUSINESSES)
    bar = soup(running).select_one("#job")
    assert bar is not None
    assert "Waiting for its turn" in bar.text
    assert soup(running).select_one('noscript meta[http-equiv="refresh"]')
    address = str(bar["hx-get"])
    assert "HX-Refresh" not in ana.get(address).headers
    do_jobs(db, ana, running)
    assert ana.get(address).headers["HX-Refresh"] == "true"


def test_what_is_counted_is_shown_while_records_are_still_matched(
    ana: PageClient, db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = upload(ana, businesses=BUSINESSES)
    address = str(soup(running).select_one("#job")["hx-get"])  # type: ignore[index]
    seen: list[tuple[str, str]] = []
    finish = Preview.finish

    def look(preview: Preview, **params: Any) -> Any:
        seen.append((words(ana.get(running.request.path)), words(ana.get(address))))
        return finish(preview, **params)

    monkeypatch.setattr(Preview, "finish", look)
    done = do_jobs(db, ana, running)
    ((page, bar),) = seen
    for text in (page, bar):
        assert "are read" in text
        assert "1 refused" in text
        assert "to review" not in text
    assert "to review" in words(done)
    assert db.read("MATCH (f:UploadFile) RETURN f.counted AS counted") == [{"counted": None}]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02" * 400, "is not text"),
        (b"PK\x03\x04broken", "is a zip file, but its name ends in"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        (b"%PDF-1.7", "is a PDF"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_on_the_same_page(ana: PageClient, content: bytes, reason: str) -> None:
    page = upload(ana, list=content)
    assert page.status_code == 422
    assert page.request.path == "/imports"
    assert reason in words(page)
    assert "Nothing was imported, and nothing was changed." in words(page)


def test_of_several_files_the_good_ones_stay(ana: PageClient, db: Store) -> None:
    page = do_jobs(db, ana, upload(ana, businesses=BUSINESSES, junk=b""))
    assert "junk.csv is empty. This file was left out" in words(page)
    assert counts(page)["new"] == 2


def test_no_file_at_all_is_said_kindly(ana: PageClient) -> None:
    page = upload(ana)
    assert (page.status_code, "Choose a file first." in words(page)) == (422, True)


def test_a_file_that_is_too_large_says_so_on_the_same_page(app: Flask, db: Store) -> None:
    small = make_app(app.extensions["crm.settings"], db, upload_bytes=2 * 1024 * 1024)
    page = upload(open_client(small, "ana@college.example"), big="name\n" + "x" * (3 * 1024 * 1024))
    assert page.status_code == 413
    assert "These files are more than 2 MB together, so nothing was read." in words(page)
    assert db.read("MATCH (u:Upload) RETURN u.id AS id") == []


def test_a_files_name_is_shown_and_steers_nothing(ana: PageClient, db: Store) -> None:
    page = upload(ana, **{"../../etc/<img src=x onerror=alert(1)>; filename=x": BUSINESSES})
    preview = do_jobs(db, ana, page)
    heading = soup(preview).select_one("h2.breakable")
    assert heading is not None
    assert heading.text == "<img src=x onerror=alert(1)>; filename=x.csv"
    saved = ana.get(link(preview, 'a[href$="refused.csv"]'))
    shown = 'attachment; filename="<img src=x onerror=alert(1)>; filename=x refused.csv"'
    assert saved.headers["Content-Disposition"] == shown


def test_hostile_cells_are_text(ana: PageClient, db: Store) -> None:
    text = 'source_id,name,street\n1,"<script>window.XSS=1</script>","=cmd|calc"\n2,,"<b>bold</b>"'
    preview = do_jobs(db, ana, upload(ana, list=text))
    done = do_jobs(db, ana, press(ana, preview, "Import "))
    rows = ana.get(link(done, ".totals a.new"))
    for page in (preview, done, rows):
        assert "<script>window" not in page.text
    assert "<script>window.XSS=1</script>" in words(rows)


def test_the_content_of_a_file_is_in_the_graph_and_not_on_a_disk(ana: PageClient, db: Store, tmp_path: object) -> None:
    upload(ana, businesses=BUSINESSES)
    files = db.read("MATCH (f:UploadFile) RETURN f.name AS name, f.chunks AS chunks")
    assert files == [{"name": "businesses.csv", "chunks": 1}]
    assert uploads.list_open_uploads(db, OWNER, after=0)[0].files[0].size == len(BUSINESSES)
