"""Before an import, each row can be looked at: what it does, whom it is matched with, and why."""

import csv
import io

from crm.graph.driver import Store
from tests.factories import import_text
from tests.web.import_steps import BUSINESSES, bring, counts, do_jobs, link, press, upload
from tests.web.pages import PageClient, soup, words

KNOWN = """
agency,source_id,name,street,city,state,zip,phone
Mill College,77,Harbor Bakery Inc,27 Dock St,Boston,MA,02134,(617) 555-0117
"""
LATER = """source_id,name,street,city,zip,phone,employees
B-1,Harbor Bakery,27 Dock Street,Boston,02134,617-555-0117,25
B-2,Cascade Casting,88 Harbor Road,Everett,98201,425-555-0100,180
B-7,Pier Nine Fish,9 Pier,Boston,02110,617-555-0900,9
"""


def list_rows(page: object) -> list[list[str]]:
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in soup(page).select("tbody tr")]  # type: ignore[arg-type]


def test_each_row_says_what_it_does_old_and_new(ana: PageClient, db: Store) -> None:
    bring(db, ana, businesses=BUSINESSES)
    preview = do_jobs(db, ana, upload(ana, later=LATER))
    assert counts(preview) == {"new": 1, "changed": 1, "same": 1, "review": 0, "refused": 0}
    rows = list_rows(ana.get(link(preview, 'a[href$="/rows"]')))
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("Line 2", "Harbor Bakery", "Changed"),
        ("Line 3", "Cascade Casting", "Same"),
        ("Line 4", "Pier Nine Fish", "New"),
    ]
    assert "Number of employees: 24 → becomes 25" in rows[0][4]
    assert "ZIP code: 02110" in rows[2][4]


def test_every_total_of_the_preview_opens_exactly_so_many_rows(ana: PageClient, db: Store) -> None:
    bring(db, ana, businesses=BUSINESSES)
    preview = do_jobs(db, ana, upload(ana, later=LATER))
    for tab, count in counts(preview).items():
        if count:
            page = ana.get(link(preview, f".totals a.{tab}"))
            assert len(list_rows(page)) == count
            assert soup(page).select_one(".tabs [aria-current] .count").text == str(count)  # type: ignore[union-attr]


def test_a_row_that_is_matched_says_with_whom_how_surely_and_why(ana: PageClient, db: Store) -> None:
    import_text(db, KNOWN)
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    page = ana.get(link(preview, 'a[href*="what=matched"]'))
    (row,) = list_rows(page)
    assert row[1:3] == ["Harbor Bakery", "New"]
    assert row[3].startswith("Harbor Bakery Incscore ")
    assert float(row[3].split("score ")[1].split(" ")[0]) > 0.5
    assert "phone" in row[3].lower() or "address" in row[3].lower()
    assert "Harbor Bakery Inc" in words(ana.get(link(page, "tbody td a")))


def test_a_contact_says_with_which_known_business_it_is(ana: PageClient, db: Store) -> None:
    bring(db, ana, businesses=BUSINESSES)
    contacts = "date,program,business\n2026-03-31,Welding,B-1\n2026-03-31,Welding,Pier Nine Fish\n"
    preview = do_jobs(db, ana, upload(ana, contacts=contacts))
    rows = list_rows(ana.get(link(preview, 'a[href$="/rows"]')))
    assert [row[3] for row in rows] == ["Harbor Bakery", "nobody yet"]
    named = list_rows(ana.get(link(preview, 'a[href*="what=named"]')))
    assert [(row[0], row[1]) for row in named] == [("Line 3", "Pier Nine Fish")]


def test_rows_are_found_by_a_part_of_their_name_and_by_their_line(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, later=LATER))
    path = link(preview, 'a[href$="/rows"]')
    assert [row[1] for row in list_rows(ana.get(f"{path}?q=CASt"))] == ["Cascade Casting"]
    assert [row[1] for row in list_rows(ana.get(f"{path}?q=4"))] == ["Pier Nine Fish"]
    assert "No row fits" in words(ana.get(f"{path}?q=zzz"))


def test_a_long_file_is_looked_through_page_by_page(ana: PageClient, db: Store) -> None:
    many = "source_id,name,city\n" + "".join(f"M-{n},Shop number {n},Boston\n" for n in range(1, 1_131))
    preview = do_jobs(db, ana, upload(ana, many=many))
    path = link(preview, 'a[href$="/rows"]')
    last = ana.get(f"{path}?what=new&page=46")
    assert [row[1] for row in list_rows(last)] == [f"Shop number {n}" for n in range(1_126, 1_131)]
    assert "1,126–1,130 of 1,130" in words(last)
    middle = [row[1] for row in list_rows(ana.get(f"{path}?page=40"))]
    assert middle == [f"Shop number {n}" for n in range(976, 1_001)]


def test_the_rows_of_a_tab_can_be_saved_as_a_table(ana: PageClient, db: Store) -> None:
    bring(db, ana, businesses=BUSINESSES)
    preview = do_jobs(db, ana, upload(ana, later=LATER))
    page = ana.get(link(preview, ".totals a.changed"))
    saved = ana.get(link(page, 'a[href*="rows.csv"]'))
    assert saved.headers["Content-Disposition"] == 'attachment; filename="later changed rows.csv"'
    (row,) = csv.DictReader(io.StringIO(saved.data.decode("utf-8-sig")))
    assert (row["Line"], row["Row"], row["What happens"]) == ("2", "Harbor Bakery", "Changed")
    assert row["What changes"] == "employees: 24 → 25"
    assert row["Number of employees"] == "25"
    assert ana.get(link(page, 'a[href*="rows.xlsx"]')).data.startswith(b"PK")


def test_another_agency_does_not_see_the_rows(ana: PageClient, eve: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, later=LATER))
    path = link(preview, 'a[href$="/rows"]')
    assert ana.get(path).status_code == 200
    assert eve.get(path).status_code == 404
    assert eve.get(f"{path}.csv").status_code == 404


def test_businesses_that_contacts_tell_of_beside_are_rows_of_their_own(ana: PageClient, db: Store) -> None:
    import_text(db, KNOWN)
    told = "date,program,business,businesses.street,businesses.city,businesses.zip,businesses.phone\n" + "".join(
        f"2026-03-{day},Welding,{cells}\n"
        for day, cells in (
            (30, "Harbor Bakery,27 Dock Street,Boston,02134,617-555-0117"),
            (31, "Harbor Bakery,27 Dock Street,Boston,02134,617-555-0117"),
        )
    )
    page = upload(ana, contacts=told)
    if "What do the columns mean" in words(page):
        page = press(ana, page, "Show me what it will do")
    preview = do_jobs(db, ana, page)
    assert "The rows also tell of 1 new business. " in words(preview)
    path = link(preview, 'a[href$="/rows"]')
    assert [row[2] for row in list_rows(ana.get(path))] == ["New", "New"]
    # Rows refer to it by its name and place; people see its name.
    assert "harbor bakery 02134" not in words(preview)
    assert [row[1] for row in list_rows(ana.get(path))] == ["2026-03-30 Harbor Bakery", "2026-03-31 Harbor Bakery"]
    (row,) = list_rows(ana.get(f"{path}?what=beside"))
    assert row[1] == "Harbor Bakery"
    assert row[3].startswith("Harbor Bakery Inc")
    assert "Phone: 617-555-0117" in row[4]
    done = do_jobs(db, ana, press(ana, preview, "Import "))
    rows = words(ana.get(f"{done.request.path}/rows"))
    assert "2026-03-30 Harbor Bakery" in rows
    assert "harbor bakery 02134" not in rows


def test_a_remark_opens_its_cells_and_refused_rows_their_list(ana: PageClient, db: Store) -> None:
    text = "source_id,name,zip,employees\nB-1,Harbor Bakery,02134,many\nB-2,Cascade Casting,2134,12\n"
    preview = do_jobs(db, ana, upload(ana, odd=text))
    page = ana.get(link(preview, 'a[href*="/remarks"]'))
    (row,) = list_rows(page)
    assert row[:3] == ["Line 3", "zip", "2134"]
    path = link(preview, 'a[href*="/remarks"]').partition("/remarks")[0]
    (refused,) = list_rows(ana.get(f"{path}/refused"))
    assert refused[:3] == ["Line 2", "employees", "many"]
    assert "This file has none of them." in words(ana.get(f"{path}/left-out"))
