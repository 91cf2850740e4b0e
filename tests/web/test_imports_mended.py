"""Refused rows go back as the file's own rows, are mended, and come in again on their own."""

import io

import xlsxwriter

from crm.graph.driver import Store
from tests.factories import snapshot
from tests.web.import_steps import BUSINESSES, bring, counts, do_jobs, link, press, upload
from tests.web.pages import PageClient, form_token, soup, words

# As an agency's own system writes it: other headings, semicolons, letters of Windows, days in its own way.
DIARY = """Met on;Company;With;Spoke about
14/3/2026;Café Zoë;Ana Silva;bakers
31/3/2026;;Bo Lund;=apprentices
2/4/2026;Okafor Machine;Cy Diaz;"two
lines"
3/2/2026;;Dée Ruiz;bread
"""


def save_refused(client: PageClient, done: object) -> bytes:
    return client.get(link(done, 'a[href$="refused.csv"]')).data  # type: ignore[arg-type]


def upload_file(client: PageClient, name: str, content: bytes) -> object:
    token = form_token(client.get("/imports"))
    data = {"csrf_token": token, "files": [(io.BytesIO(content), name)]}
    return client.post("/imports", data=data, content_type="multipart/form-data", follow_redirects=True)


def test_the_mended_rows_make_the_graph_that_the_right_file_would_have_made(
    ana: PageClient, db: Store, password_hash: str
) -> None:
    done = bring(db, ana, businesses=BUSINESSES)
    mended = save_refused(ana, done).replace(b"many", b"62")
    again = do_jobs(db, ana, upload(ana, mended=mended))
    assert counts(again) == {"new": 1, "changed": 0, "same": 0, "review": 0, "refused": 0}
    assert "passed over" in words(ana.get(link(again, 'a[href$="/files/0"]')))
    do_jobs(db, ana, press(ana, again, "Import 1 row"))
    after = snapshot(db)

    db.write("MATCH (n) WHERE n:BusinessRecord OR n:Business OR n:Import OR n:ContactList DETACH DELETE n")
    db.write("MATCH (n) WHERE n:Review OR n:Stale OR n:Firm DETACH DELETE n")
    bring(db, ana, businesses=BUSINESSES.replace("many", "62"))
    assert snapshot(db)[0].keys() == after[0].keys()
    assert snapshot(db) == after


def say_columns(client: PageClient, page: object) -> object:
    """Answer the page of columns as it is proposed, with what it still asks for."""
    return press(  # type: ignore[arg-type]
        client,
        page,  # type: ignore[arg-type]
        "Show me what it will do",
        **{"pattern-0": "d/m/yyyy", "meaning-2": "person", "meaning-3": "topics", "fill-text-0": "Calls"},
    )


def test_a_file_of_an_agencys_own_system_keeps_separator_letters_and_what_was_said_of_it(
    ana: PageClient, db: Store
) -> None:
    page = upload_file(ana, "diary.csv", DIARY.encode("cp1252"))
    done = do_jobs(db, ana, say_columns(ana, page))  # type: ignore[arg-type]
    assert counts(done)["refused"] == 2
    saved = save_refused(ana, done)
    lines = saved.decode("cp1252").splitlines()
    assert lines[0] == '"line";"column";"reason";"fix";"Met on";"Company";"With";"Spoke about"'
    assert lines[1].startswith('"3";"Company";')
    assert lines[1].endswith('"31/3/2026";"";"Bo Lund";"\'=apprentices"')
    assert '"Dée Ruiz"' in lines[2]
    do_jobs(db, ana, press(ana, done, "Import 2 rows"))
    # What was said of the file is remembered, and the mended one asks nothing.
    mended = saved.replace(b'3/2026";""', b'3/2026";"Cascade"').replace(b'2/2026";""', b'2/2026";"Caf\xe9 Zo\xeb"')
    again = do_jobs(db, ana, upload_file(ana, "diary refused.csv", mended))  # type: ignore[arg-type]
    assert counts(again) == {"new": 2, "changed": 0, "same": 0, "review": 0, "refused": 0}
    do_jobs(db, ana, press(ana, again, "Import 2 rows"))
    kept = db.read("MATCH (t:Touchpoint) RETURN t.date AS date, t.topics AS topics ORDER BY date")
    assert [row["date"] for row in kept] == ["2026-02-03", "2026-03-14", "2026-03-31", "2026-04-02"]
    whole = DIARY.replace("3/2026;;", "3/2026;Cascade;").replace("2/2026;;", "2/2026;Café Zoë;").encode("cp1252")
    right = do_jobs(db, ana, upload_file(ana, "diary.csv", whole))  # type: ignore[arg-type]
    assert counts(right) == {"new": 0, "changed": 0, "same": 4, "review": 0, "refused": 0}


def test_a_row_with_too_few_or_too_many_cells_keeps_its_cells_in_their_places(ana: PageClient, db: Store) -> None:
    text = "source_id,name,city\nB-1,Harbor Bakery\nB-2,Cascade, Inc,Everett\nB-3,Okafor Machine,Renton\n"
    done = bring(db, ana, ragged=text)
    saved = save_refused(ana, done).decode("utf-8-sig").splitlines()
    assert saved[1].endswith(',"B-1","Harbor Bakery"')
    assert saved[2].endswith(',"B-2","Cascade"," Inc","Everett"')
    unmended = do_jobs(db, ana, upload(ana, again="\n".join(saved)))
    assert counts(unmended)["refused"] == 2
    mended = "\n".join(saved).replace('"Harbor Bakery"', '"Harbor Bakery","Boston"').replace('"," Inc"', ', Inc"')
    assert counts(do_jobs(db, ana, upload(ana, again=mended))) == {
        "new": 2, "changed": 0, "same": 0, "review": 0, "refused": 0,
    }  # fmt: skip


def test_refused_rows_of_a_workbook_come_as_a_table_that_goes_in_again(ana: PageClient, db: Store) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(csv_rows(BUSINESSES)):
            sheet.write_row(line, 0, row)
    page = do_jobs(db, ana, upload_file(ana, "list.xlsx", file.getvalue()))  # type: ignore[arg-type]
    mended = save_refused(ana, page).replace(b"many", b"62")
    assert counts(do_jobs(db, ana, upload(ana, mended=mended)))["new"] == 1


def csv_rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().splitlines()]


def test_the_original_is_kept_for_its_agency_byte_by_byte(
    ana: PageClient, eve: PageClient, ada: PageClient, db: Store
) -> None:
    content = DIARY.encode("cp1252")
    page = do_jobs(db, ana, say_columns(ana, upload_file(ana, "diary.csv", content)))  # type: ignore[arg-type]
    done = do_jobs(db, ana, press(ana, page, "Import 2 rows"))
    path = link(done, 'a[href$="/original"]')
    saved = ana.get(path)
    assert saved.data == content
    assert saved.headers["Content-Disposition"] == "attachment; filename=diary.csv"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert saved.mimetype == "application/octet-stream"
    assert ada.get(path).data == content
    assert eve.get(path).status_code == 404
    # Who gives the file back as it was gets nothing new.
    same = do_jobs(db, ana, upload_file(ana, "diary.csv", saved.data))  # type: ignore[arg-type]
    assert counts(same)["same"] == 2


def test_an_original_that_is_no_longer_kept_is_not_offered(ana: PageClient, db: Store) -> None:
    done = bring(db, ana, businesses=BUSINESSES)
    db.write("MATCH (c:UploadChunk) DELETE c")
    page = ana.get(done.request.path)
    assert soup(page).select_one('a[href$="/original"]') is None
    assert ana.get(f"{done.request.path}/original").status_code == 404
    # The reasons are kept with the import.
    assert "employees" in save_refused(ana, page).decode()
