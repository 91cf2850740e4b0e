"""The pages on tables: the matrix, the register, seat load, a merge, coming asks; the same numbers everywhere."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
import python_calamine
from click.testing import CliRunner

from crm.access import OWNER
from crm.commands.tables import tables as command
from crm.graph.driver import Store
from crm.services import tables
from crm.views.formatting import calendar_date
from tests.factories import import_text
from tests.table_worlds import FILES
from tests.web.pages import PageClient, form_token, soup, words

DAY = "as_of=2026-06-30"
LATELY = date.today() - timedelta(days=20)
PLANS = "agency,source_id,date,program,business,purpose\nCollege,T1,2026-08-10,Welding,B1,needs"


@pytest.fixture
def region(db: Store) -> dict[str, str]:
    """A region with tables; the id of each by its name."""
    for text in FILES:
        import_text(db, text)
    import_text(db, PLANS)
    import_text(db, "table,business,person\nFocus group,Zeta Foods,Ben Ode", agency="College")
    return {table.name: table.id for table in tables.read_tables(db, OWNER).tables}


def read_rows(client: PageClient, path: str) -> list[list[Any]]:
    """The rows of a download, the same from CSV and Excel."""
    text = client.get(path).text
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    book = client.get(path.replace(".csv", ".xlsx")).data
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    cells = [[_write(cell) for cell in row] for row in sheet.to_python()]
    assert [[_write(cell) for cell in row] for row in rows] == cells
    return rows[1:]


def _write(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    try:
        return f"{float(cell):.9g}"
    except (TypeError, ValueError):
        return str(cell)


def test_without_tables_the_page_says_how_to_bring_some(ana: PageClient) -> None:
    for path in ("/tables", "/tables/register", "/tables/seats", "/tables/merge"):
        page = ana.get(path)
        assert "No tables yet" in words(page)
        assert soup(page).select_one("main a[href='/imports']")
        assert soup(page).select_one("main a[href='/imports/templates/seats.csv']")
    assert "Nothing is planned" in words(ana.get("/tables/calendar"))


def test_the_matrix_counts_whom_two_tables_share_and_opens_their_names(ana: PageClient, region: dict[str, str]) -> None:
    page = ana.get(f"/tables?{DAY}")
    assert "1 of 3 people sit at two tables or more" in words(page)
    shown = soup(page).select(".matrix tbody tr")
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in shown]
    assert rows == [["2", "1"], ["1", "2"]]
    cell = soup(page).select_one(".matrix td.shade-4 a")
    assert cell is not None
    names = ana.get(str(cell["href"]))
    assert "Ana Silva" in words(names)
    assert "Acme Tool Inc" in words(names)
    assert "Ana Silva sits at 2 tables, 7.0 hours a year; 2 of them are about Manufacturing." in words(page)


def test_rows_and_columns_reorder_by_links(ana: PageClient, region: dict[str, str]) -> None:
    def order(query: str) -> list[str]:
        return [str(row.text) for row in soup(ana.get(f"/tables?{DAY}{query}")).select(".matrix tbody th a")]

    assert order("") == ["Skills panel", "Welding advisory"]
    assert order(f"&first={region['Welding advisory']}") == ["Welding advisory", "Skills panel"]
    assert order("&order=agency") == ["Skills panel", "Welding advisory"]
    assert order("&order=nonsense&who=x") == ["Skills panel", "Welding advisory"]


def test_the_numbers_of_page_command_api_and_files_are_equal(
    ana: PageClient, region: dict[str, str], engine_env: dict[str, str]
) -> None:
    told = json.loads(CliRunner().invoke(command, ["--as-of", "2026-06-30", "--json"], env=engine_env).stdout)
    answer = ana.get(f"/api/v1/tables?{DAY}").json
    assert answer == told
    pairs = read_rows(ana, f"/tables/overlaps.csv?{DAY}")
    assert [(row[0], row[1], int(row[2]), int(row[3]), float(row[4]), float(row[5]), row[10]) for row in pairs] == [
        (
            pair["a"], pair["b"], pair["shared_businesses"], pair["shared_persons"], pair["jaccard"], pair["overlap"],
            "yes" if pair["candidate"] else "no",
        )
        for pair in told["pairs"]
    ]  # fmt: skip
    seats = read_rows(ana, f"/tables/seats.csv?{DAY}")
    assert [(row[0], int(row[1]), float(row[2])) for row in seats] == [
        (seat["name"], seat["tables"], seat["hours"]) for seat in told["seats"]
    ]
    register = {row[0]: row for row in read_rows(ana, f"/tables/register.csv?{DAY}")}
    for table in told["tables"] + told["one_time"]:
        row = register[table["table"]]
        assert (row[1], row[2] == "active", int(row[6]), int(row[7])) == (
            table["agency"], table["active"], table["businesses"], table["persons"],
        )  # fmt: skip
        assert row[10] == ("" if table["hours"] is None else str(table["hours"]))
    shown = soup(ana.get(f"/tables/seats?{DAY}")).select("tbody tr")
    assert [[cell.get_text(" ", strip=True) for cell in row.select("th, td.num")] for row in shown] == [
        [seat["name"], str(seat["tables"]), f"{seat['hours']:.1f}"] for seat in told["seats"]
    ]
    matrix = read_rows(ana, f"/tables/matrix.csv?{DAY}")
    assert matrix == [["Skills panel", "2", "1"], ["Welding advisory", "1", "2"]]


def test_a_merge_is_shown_before_and_after_with_what_a_law_requires(
    ana: PageClient, region: dict[str, str], engine_env: dict[str, str]
) -> None:
    skills, welding = region["Skills panel"], region["Welding advisory"]
    query = f"table={skills}&table={welding}&{DAY}"
    page = ana.get(f"/tables/merge?{query}")
    assert "saves 1 seat and 3.0 hours a year" in words(page)
    assert "would end it" not in words(page)
    assert "Perkins V: this merge would end it" in words(ana.get(f"/tables/merge?{query}&stays={skills}"))
    rows = {row[0]: [float(cell) for cell in row[1:]] for row in read_rows(ana, f"/tables/merge.csv?{query}")}
    told = json.loads(
        CliRunner()
        .invoke(
            command,
            ["--as-of", "2026-06-30", "--json", "--merge", "Skills panel", "--merge", "Welding advisory"],
            env=engine_env,
        )
        .stdout
    )
    assert ana.get(f"/api/v1/tables/merge?table={skills};{welding}&{DAY}").json == told
    assert rows["Seats of businesses"] == [told["seats_before"], told["seats_after"], told["seats_saved"]]
    assert rows["Hours a year"] == [told["hours_before"], told["hours_after"], told["hours_saved"]]
    table = {
        row.select_one("th").text: [cell.text for cell in row.select("td.num")]  # type: ignore[union-attr]
        for row in soup(page).select("tbody tr")
        if row.select_one("th")
    }
    assert table["Hours of all people in a year"] == [f"{value:.1f}" for value in rows["Hours a year"]]


def test_a_merge_that_cannot_be_is_told_on_the_page(ana: PageClient, region: dict[str, str]) -> None:
    page = ana.get(f"/tables/merge?table={region['Focus group']}&table={region['Skills panel']}&{DAY}")
    assert page.status_code == 422
    assert "Only active tables are merged; Focus group is not." in words(page)
    assert ana.get("/tables/merge?table=nowhere&table=x").status_code == 404
    assert ana.get("/tables/merge.csv?table=x").status_code == 404


def test_coming_asks_and_clashes_stand_in_the_calendar_and_the_files(ana: PageClient, region: dict[str, str]) -> None:
    page = ana.get(f"/tables/calendar?{DAY}")
    assert "2 coming asks, 1 clash" in words(page)
    assert [row[:2] for row in read_rows(ana, f"/tables/calendar.csv?{DAY}")] == [
        ["2026-08-01", "Skills panel"],
        ["2026-08-10", "Acme Tool Inc"],
    ]
    (clash,) = read_rows(ana, f"/tables/clashes.csv?{DAY}")
    assert clash[:3] == ["2026-08-01", "Skills panel", "Board"]
    assert clash[3:] == ["2026-08-10", "Acme Tool Inc", "College", "9", "Acme Tool Inc", ""]
    assert "1 coming ask, 0 clashes" in words(ana.get(f"/tables/calendar?{DAY}&days=35"))
    told = ana.get(f"/api/v1/tables/calendar?{DAY}").json
    assert [len(told["asks"]), len(told["clashes"])] == [2, 1]  # type: ignore[index]


def test_a_table_has_its_members_and_meetings(ana: PageClient, region: dict[str, str]) -> None:
    id = region["Skills panel"]
    page = ana.get(f"/tables/{id}?{DAY}")
    links = {link.text for link in soup(page).select("main a")}
    assert {"Ana Silva", "Cy Young", "Acme Tool Inc", "Omega Plastics"} <= links
    assert [row[:2] for row in read_rows(ana, f"/tables/{id}/members.csv?{DAY}")] == [
        ["Acme Tool Inc", "Ana Silva"],
        ["Omega Plastics", "Cy Young"],
    ]
    assert read_rows(ana, f"/tables/{id}/meetings.csv?{DAY}")[0] == ["2026-08-01", "yes"]
    assert ana.get(f"/api/v1/tables/{id}?{DAY}").json["table"] == "Skills panel"  # type: ignore[index]
    assert ana.get("/tables/mnothing").status_code == 404
    assert ana.get("/tables/nothing.csv").status_code == 404


def test_the_register_sorts_and_says_the_state_of_each(ana: PageClient, region: dict[str, str]) -> None:
    def names(query: str) -> list[str]:
        return [link.text for link in soup(ana.get(f"/tables/register?{DAY}&{query}")).select("tbody th a")]

    assert names("") == ["Focus group", "Skills panel", "Welding advisory"]
    assert names("sort=hours&dir=desc") == ["Skills panel", "Welding advisory", "Focus group"]
    assert "met once" in words(ana.get(f"/tables/register?{DAY}"))


def test_a_day_that_is_none_is_told_and_today_is_shown(ana: PageClient, region: dict[str, str]) -> None:
    page = ana.get("/tables?as_of=tomorrow")
    assert page.status_code == 422
    assert "is not a date" in words(page)
    assert ana.get(f"/tables?as_of={date.today().isoformat()}").status_code == 200


def test_businesses_and_people_show_their_seats(ana: PageClient, region: dict[str, str], db: Store) -> None:
    reading = tables.read_tables(db, OWNER)
    ids = {name: id for id, name in reading.names.items()}
    for path in (f"/businesses/{ids['Acme Tool Inc']}", f"/people/{ids['Ana Silva']}"):
        links = {str(link["href"]) for link in soup(ana.get(path)).select("#seats a")}
        assert {f"/tables/{region['Skills panel']}", f"/tables/{region['Welding advisory']}"} <= links
        told = ana.get(f"/api/v1{path}").json
        assert {seat["table"] for seat in told["seats"]} == {"Skills panel", "Welding advisory"}  # type: ignore[index]


def own_table(db: Store) -> str:
    """A table of Ana's agency, with one seat and two meetings."""
    import_text(db, "table,agency\nBakers board,Harbor College")
    import_text(db, "table,business,person\nBakers board,Acme,Bo Lind\nBakers board,Zeta,Cy Young")
    import_text(db, f"table,date\nBakers board,2026-01-10\nBakers board,{LATELY.isoformat()}")
    return next(table.id for table in tables.read_tables(db, OWNER).tables)


def test_a_member_adds_a_seat_on_the_page_and_undoes_it(ana: PageClient, db: Store) -> None:
    table = own_table(db)
    page = ana.get(f"/tables/{table}/seats/add")
    data = {"csrf_token": form_token(page), "business_id_text": "Delta Mills", "person_id_text": "Di Roy"}
    done = ana.post(f"/tables/{table}/seats/add", data=data, follow_redirects=True)
    assert "The seat is taken." in words(done)
    assert "Di Roy" in words(done)
    assert "Di Roy" not in words(press_undo(ana, done))
    wrong = ana.post(f"/tables/{table}/seats/add", data=data | {"person_id_text": ""})
    assert wrong.status_code == 422
    assert "Choose the person" in words(wrong)


def test_a_member_ends_a_seat_on_the_page_and_undoes_it(ana: PageClient, db: Store) -> None:
    table = own_table(db)
    links = [str(link["href"]) for link in soup(ana.get(f"/tables/{table}")).select("#members a.button.small")]
    path = next(link for link in links if link.endswith("/end"))
    page = ana.get(path)
    done = ana.post(path, data={"csrf_token": form_token(page), "on": "2026-03-01"}, follow_redirects=True)
    assert "The seat ends on 2026-03-01." in words(done)
    assert "ended" in words(done)
    assert "Mar 1, 2026" not in words(press_undo(ana, done))
    assert ana.post(path, data={"csrf_token": form_token(page), "on": ""}).status_code == 422


def test_a_member_adds_and_calls_off_meetings_on_the_page(ana: PageClient, db: Store) -> None:
    table = own_table(db)
    page = ana.get(f"/tables/{table}/meetings/add")
    data = {"csrf_token": form_token(page), "on": "2026-03-10"}
    done = ana.post(f"/tables/{table}/meetings/add", data=data, follow_redirects=True)
    assert "Mar 10, 2026" in words(done)
    again = ana.post(f"/tables/{table}/meetings/add", data=data)
    assert again.status_code == 422
    assert "in the list already" in words(again)
    assert "Mar 10, 2026" not in words(press_undo(ana, done))
    form = soup(ana.get(f"/tables/{table}")).select_one("#meetings form")
    assert form is not None
    off = ana.post(str(form["action"]), data={"csrf_token": form_token(page)}, follow_redirects=True)
    assert "The meeting is called off." in words(off)
    assert calendar_date(LATELY) not in words(off)
    assert calendar_date(LATELY) in words(press_undo(ana, off))


def test_members_of_other_agencies_see_a_table_and_cannot_change_it(ana: PageClient, db: Store) -> None:
    import_text(db, "table,agency\nSkills panel,Port Authority")
    table = next(table.id for table in tables.read_tables(db, OWNER).tables)
    page = ana.get(f"/tables/{table}")
    assert "Add a seat" not in words(page)
    for path in (f"/tables/{table}/seats/add", f"/tables/{table}/meetings/add"):
        assert ana.get(path).status_code == 403
        data = {"csrf_token": form_token(ana.get("/account")), "on": "2026-01-01"}
        assert ana.post(path, data=data).status_code == 403


def press_undo(client: PageClient, page: Any) -> Any:
    """Press the undo of the answer on a page."""
    form = soup(page).select_one("#answers form")
    assert form is not None
    return client.post(str(form["action"]), data={"csrf_token": form_token(page)}, follow_redirects=True)
