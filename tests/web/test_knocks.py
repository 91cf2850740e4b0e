"""The pages on many knocks: each number opens its rows, is the number of the JSON, and is said in plain words."""

import csv
import io
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import python_calamine
from bs4 import Tag
from click.testing import CliRunner
from openapi_spec_validator import validate

from crm.commands.knocks import knocks
from crm.graph import tokens, users
from crm.graph.driver import Store
from crm.views.formatting import calendar_date
from tests.factories import import_text
from tests.web.pages import PageClient, soup, words
from tests.worked_knocks import PROGRAMS, TWO_AGREE, find_business, import_example

YEAR = "as_of=2026-12-31"
OTHERS = """
agency,source_id,name,city,naics,employees,county
WDB,B2,=cmd|' /C calc'!A0,Rockford,332999,10,Winnebago
WDB,B3,Untouched Foods,Rockford,311811,300,Winnebago
WDB,B4,<img src=x onerror=alert(1)>,Rockford,332710,,Cook
"""
MORE_CONTACTS = """
agency,source_id,date,program,business,channel,direction,purpose,topics,reached
WDB,W2,2026-03-01,Training,B2,visit,out,needs,welders,yes
VR,V2,2026-03-20,Placement,=cmd|' /C calc'!A0,,,needs,Welders;drivers,
Chamber,H2,2026-04-10,Membership,<img src=x onerror=alert(1)>,visit,out,invitation,,yes
Chamber,H3,2026-04-20,Membership,<img src=x onerror=alert(1)>,letter,out,invitation,,yes
WDB,W3,2026-05-01,Training,B1,visit,out,needs,,no
WDB,W4,2026-05-05,Training,B1,call,out,needs,,yes
"""


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, PROGRAMS)
    import_text(db, OTHERS)
    import_example(db)
    import_text(db, MORE_CONTACTS)
    import_text(db, "sector,naics,places\nMetal,332,Winnebago")
    return db


def get_json(client: PageClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json


def links(client: PageClient, path: str) -> dict[str, str]:
    """text -> address of the links of a page."""
    return {" ".join(a.get_text(" ").split()): str(a["href"]) for a in soup(client.get(path)).select("main a[href]")}


def names_in_table(client: PageClient, path: str) -> list[str]:
    return [
        cell.get_text(" ", strip=True).removesuffix(" hotspot") for cell in soup(client.get(path)).select("tbody th")
    ]


def title(client: PageClient, path: str) -> str:
    heading = soup(client.get(path)).h1
    assert isinstance(heading, Tag)
    return heading.get_text(strip=True)


def test_a_region_without_contacts_says_what_will_stand_here(ana: PageClient) -> None:
    page = ana.get("/knocks")
    assert page.status_code == 200
    assert "No contacts yet" in words(page)
    assert soup(page).select_one('main a[href="/imports"]')


def test_the_first_thing_is_a_sentence(ana: PageClient, region: Store) -> None:
    assert title(ana, f"/knocks?{YEAR}") == "5 of 10 knocks were redundant"
    text = words(ana.get(f"/knocks?{YEAR}"))
    assert "5 of 10 knocks came after another agency had asked the same kind of question within 90 days" in text
    assert "(95% interval)" in text


def test_the_numbers_of_the_page_are_those_of_the_json(ana: PageClient, region: Store) -> None:
    answer = get_json(ana, f"/api/v1/knocks?{YEAR}")
    text = words(ana.get(f"/knocks?{YEAR}"))
    for word in ("redundant", "coordinated", "own_repeat", "first"):
        assert f"{word.replace('_', ' ').capitalize()} {answer[word]} of {answer['knocks']}" in text
    assert f"on average {answer['mean_doors']:.2f}" in text
    assert f"Asked twice {answer['asked_twice']}" in text
    assert f"two or more doors {answer['share_2_doors']:.0%}" in text
    assert f"tenth of businesses got {answer['top_decile_share']:.0%}" in text
    rows = soup(ana.get(f"/knocks/businesses?{YEAR}")).select("tbody tr")
    shown = [[cell.get_text(" ", strip=True) for cell in row.select("td")][:9] for row in rows]
    counts = ("knocks", "redundant", "coordinated", "own_repeat", "first", "agencies", "programs", "doors")
    assert shown == [
        [*(str(row[name]) for name in counts), f"{row['effective_doors']:.2f}"] for row in answer["businesses"]
    ]


@pytest.mark.parametrize("show", ["redundant", "coordinated", "own_repeat", "first"])
def test_a_class_opens_the_businesses_that_have_it(ana: PageClient, region: Store, show: str) -> None:
    import_text(region, TWO_AGREE)
    answer = get_json(ana, f"/api/v1/knocks?{YEAR}")
    label = show.replace("_", " ").capitalize()
    opened = names_in_table(ana, links(ana, f"/knocks?{YEAR}")[label])
    assert sorted(opened) == sorted(row["name"] for row in answer["businesses"] if row[show])
    assert opened


def test_each_number_of_the_charts_opens_so_many_rows(ana: PageClient, region: Store) -> None:
    page = soup(ana.get(f"/knocks?{YEAR}"))
    checked = 0
    for row in page.select("#doors tr, #spread tr"):
        link = row.select_one("a[href]")
        if link is None:
            continue
        number = row.select("td")[-1].get_text(strip=True).split(" ")[0]
        assert len(names_in_table(ana, str(link["href"]))) == int(number), link
        checked += 1
    assert checked >= 4
    for tile in page.select("a.tile"):
        assert ana.get(str(tile["href"])).status_code == 200


def test_the_never_touched_are_listed_the_largest_first(ana: PageClient, region: Store) -> None:
    assert title(ana, f"/knocks/untouched?{YEAR}") == "1 of 4 businesses got no knock"
    assert names_in_table(ana, f"/knocks/untouched?{YEAR}") == ["Untouched Foods"]


def test_what_was_asked_twice_is_listed_with_its_topic(ana: PageClient, region: Store) -> None:
    assert title(ana, f"/knocks/asked-twice?{YEAR}") == "1 topic was asked twice"
    assert "welders 2 VR Mar 20, 2026 VR" in words(ana.get(f"/knocks/asked-twice?{YEAR}"))


def test_who_holds_the_answer_is_named_as_far_as_the_walls_allow(ana: PageClient, region: Store) -> None:
    header = "agency,source_id,date,program,business,channel,purpose,topics,staff,visibility"
    row = "Acme Tool Inc,visit,needs,Night shift"
    import_text(
        region,
        f"{header}\nVR,V8,2026-08-01,Placement,{row},vi@vr.example,\nWDB,W8,2026-08-02,Training,{row},jo@wdb.example,",
    )
    answer = get_json(ana, f"/api/v1/knocks/asked-twice?{YEAR}")[1]
    assert (answer["name"], answer["topic"], answer["held_by"]) == ("Acme Tool Inc", "night shift", ["WDB"])
    assert (answer["on"], answer["ask"]) == ("2026-08-02", ["jo@wdb.example"])
    assert "night shift 2 WDB Aug 2, 2026 jo@wdb.example" in words(ana.get(f"/knocks/asked-twice?{YEAR}"))
    rows = list(csv.reader(io.StringIO(ana.get(f"/knocks/asked-twice.csv?{YEAR}").data.decode("utf-8-sig"))))
    assert rows[2][4:7] == ["WDB", "2026-08-02", "jo@wdb.example"]
    import_text(region, f"{header}\nWDB,W8,2026-08-02,Training,{row},jo@wdb.example,exists")
    assert get_json(ana, f"/api/v1/knocks/asked-twice?{YEAR}")[1]["ask"] == ["WDB"]
    for path in ("asked-twice", "asked-twice.csv"):
        assert "jo@wdb.example" not in ana.get(f"/knocks/{path}?{YEAR}").text


def test_from_a_number_to_the_business_to_its_knocks_to_the_touchpoint(ana: PageClient, region: Store) -> None:
    businesses = links(ana, f"/knocks?{YEAR}")["Redundant"]
    business = links(ana, businesses)["Acme Tool Inc"]
    text = words(ana.get(business))
    assert "WDB had asked the same kind of question 15 days earlier, and the two agencies were not in one door" in text
    assert "Tried again, so still one knock" in text
    contact = next(url for url in links(ana, business).values() if url.startswith("/touchpoints/"))
    assert ana.get(contact).status_code == 200
    assert "Acme Tool Inc" in words(ana.get(contact))


def test_a_business_shows_as_many_knocks_as_its_row_says(ana: PageClient, region: Store) -> None:
    for question in (
        YEAR,
        f"{YEAR}&agency=College",
        f"{YEAR}&purpose=input",
        f"{YEAR}&program=VR:Placement",
        f"{YEAR}&window=30&broad=yes",
    ):
        for row in get_json(ana, f"/api/v1/knocks?{question.replace('broad=yes', 'broad=true')}")["businesses"]:
            path = f"/knocks/businesses/{row['business']}?{question}"
            knocks = "knock" if row["knocks"] == 1 else "knocks"
            assert title(ana, path) == f"{row['knocks']} {knocks} on {row['name']}"
            assert len(soup(ana.get(path)).select(".timeline > li")) == row["knocks"]


def test_each_mark_of_the_strip_opens_its_knock(ana: PageClient, region: Store) -> None:
    page = soup(ana.get(f"/knocks/businesses/{find_business(region, 'Acme Tool Inc')}?{YEAR}"))
    marks = page.select("#strip .strip-cell a")
    items = page.select(".timeline > li")
    assert len(marks) == len(items) == 6
    for mark in marks:
        item = page.select_one(str(mark["href"]))
        assert item is not None
        word = str(mark["aria-label"]).rpartition(", ")[2]
        assert word.capitalize() in item.get_text()


def test_a_redundant_knock_says_what_was_missing(ana: PageClient, region: Store) -> None:
    business = find_business(region, "Acme Tool Inc")
    text = words(ana.get(f"/knocks/businesses/{business}?{YEAR}"))
    assert "It would have been coordinated if College and WDB had had a shared lead on Jan 20, 2026" in text
    import_text(region, TWO_AGREE)
    text = words(ana.get(f"/knocks/businesses/{business}?{YEAR}"))
    assert "if College and WDB had had" not in text
    assert "if VR and College had had a shared lead on Mar 1, 2026" in text


def test_what_was_missing_is_one_step_from_an_agreement(ana: PageClient, region: Store) -> None:
    page = soup(ana.get(f"/knocks/businesses/{find_business(region, 'Acme Tool Inc')}?{YEAR}"))
    link = page.select_one(".remedy a")
    assert link is not None
    assert "agencies=College,WDB" in str(link["href"])
    form = ana.get(str(link["href"]))
    assert form.status_code == 200
    assert "Acme Tool Inc" in form.text


def test_a_business_with_very_many_knocks_is_paged_and_its_marks_lead_to_the_page(ana: PageClient, db: Store) -> None:
    import_text(db, PROGRAMS)
    rows = "\n".join(
        f"WDB,{n},2026-{1 + n // 28:02d}-{1 + n % 28:02d},Training,Busy Foods,visit,needs" for n in range(60)
    )
    import_text(db, f"agency,source_id,date,program,business,channel,purpose\n{rows}")
    path = f"/knocks/businesses/{find_business(db, 'Busy Foods')}?{YEAR}"
    page = soup(ana.get(path))
    assert len(page.select(".timeline > li")) == 50
    assert "60 knocks through 1 door" in page.get_text()
    for mark in page.select("#strip .strip-cell a"):
        address, _, anchor = str(mark["href"]).partition("#")
        there = soup(ana.get(address or path))
        assert there.select_one(f"#{anchor}") is not None


def test_the_filters_of_the_page_are_those_of_the_question(ana: PageClient, region: Store) -> None:
    def ask(query: str) -> str:
        return title(ana, f"/knocks?{YEAR}&{query}")

    assert ask("sector=Metal") == "5 of 8 knocks were redundant"
    assert ask("agency=college") == "2 of 2 knocks were redundant"
    assert ask("program=College:welding") == "2 of 2 knocks were redundant"
    assert ask("program=Placement") == ask("program=VR:Placement") == ask("agency=VR")
    assert ask("purpose=invitation") == "0 of 2 knocks were redundant"
    assert ask("window=30") == "2 of 10 knocks were redundant"
    assert ask("broad=yes") == "6 of 10 knocks were redundant"
    assert ask("from=2026-03-01&to=2026-03-31") == "2 of 3 knocks were redundant"
    assert ask("from=2020-01-01&to=2020-12-31") == "No knocks here"


@pytest.fixture
def versions(region: Store) -> Store:
    import_text(region, "sector,naics,places,version\nMetal,311,,2024\nMetal,332,Winnebago,2026")
    return region


@pytest.mark.parametrize(
    ("query", "says", "args"),
    [
        ("sector=metal", "Metal, version 2026", "sector=Metal"),
        ("sector=Metal@2024", "Metal, version 2024", "sector=Metal%402024"),
        ("sector=Metal%40", "Metal, version without a name", "sector=Metal%40"),
        ("place=winnebago", "all sectors · in winnebago", "place=winnebago"),
        ("size=10-49", "all sectors · 10–49 employees", "size=10-49"),
        ("size=250%2B", "250+ employees", "size=250%2B"),
        ("size=250+", "250+ employees", "size=250%2B"),
        ("place=Cook&size=unknown", "in Cook · size unknown", "place=Cook&size=unknown"),
    ],
)
def test_version_place_and_size_are_said_kept_in_the_address_and_in_the_files(
    ana: PageClient, versions: Store, query: str, says: str, args: str
) -> None:
    page = ana.get(f"/knocks?{query}&{YEAR}")
    assert page.status_code == 200
    lead = soup(page).select_one("main .lead")
    assert lead is not None
    assert says in " ".join(lead.get_text().split())
    tabs = [str(a["href"]) for a in soup(page).select(".tabs a")]
    day = {"as_of": "2026-12-31"}
    assert dict(parse_qsl(urlsplit(tabs[2]).query)) | day == dict(parse_qsl(args)) | day
    shown = names_in_table(ana, tabs[1])
    api = get_json(ana, f"/api/v1/knocks?{query}&{YEAR}")
    assert shown == [row["name"] for row in api["businesses"]]
    text = ana.get(f"/knocks/businesses.csv?{urlsplit(tabs[1]).query}").data.decode("utf-8-sig")
    assert [row[0].lstrip("'") for row in list(csv.reader(io.StringIO(text)))[1:]] == shown
    settings = dict(csv.reader(io.StringIO(ana.get(f"/knocks/settings.csv?{query}").data.decode("utf-8-sig"))))
    assert settings["sector"] in says or settings["sector"] == "all"
    assert (settings["place"] != "all") == ("place=" in query)
    assert (settings["employees"] != "all") == ("size=" in query)


def test_each_version_of_a_sector_can_be_chosen(ana: PageClient, versions: Store) -> None:
    options = soup(ana.get("/knocks?sector=Metal@2024")).select("#filter-sector option")
    assert {(str(o["value"]), o.get_text()) for o in options} == {
        ("", "All sectors"),
        ("Metal", "Metal, newest (2026)"),
        ("Metal@2024", "Metal, version 2024"),
        ("Metal@", "Metal, version without a name"),
    }
    assert [str(o["value"]) for o in options if o.has_attr("selected")] == ["Metal@2024"]


def test_what_cannot_be_asked_is_said_and_the_usual_numbers_stay(ana: PageClient, region: Store) -> None:
    page = ana.get("/knocks?from=2026-05-01&to=2026-04-01")
    assert page.status_code == 422
    assert "begins on 2026-05-01, after it ends on 2026-04-01" in words(page)
    refused = ("window=x", "as_of=yesterday", "purpose=x", "to=0001-01-01", "size=x", "sector=Metal@9")
    for query in ("sector=None", "program=None", "agency=Nobody", *refused):
        assert ana.get(f"/knocks?{query}").status_code in (404, 422)
        assert ana.get(f"/knocks/businesses?{query}").status_code in (404, 422)
        assert ana.get(f"/api/v1/knocks?{query}").status_code in (404, 422)


def test_businesses_are_sorted_by_any_column_and_paged(ana: PageClient, region: Store) -> None:
    def order(query: str) -> list[str]:
        return names_in_table(ana, f"/knocks/businesses?{YEAR}&{query}")

    by_knocks = order("")
    assert by_knocks[0] == "Acme Tool Inc"
    assert order("sort=knocks&dir=asc")[-1] == "Acme Tool Inc"
    assert order("sort=name&dir=asc") == sorted(by_knocks)
    assert order("sort=nonsense") == by_knocks
    assert order("page=99") == by_knocks


def test_months_that_are_not_known_are_said_and_no_fall_is_called_an_improvement(
    ana: PageClient, region: Store
) -> None:
    text = words(ana.get(f"/knocks?{YEAR}"))
    assert "Not every agency's contacts are known" in text
    assert "fewer knocks may only mean that fewer rows have been sent" in text
    page = soup(ana.get("/knocks?from=2026-04-01&to=2026-06-30"))
    trend = page.select_one("main .trend")
    assert trend is not None
    assert "fewer than before" in trend.get_text()
    assert "good" not in trend["class"]
    assert "this may not be an improvement" in page.get_text()


def test_what_was_assumed_is_said_and_opens_the_businesses(ana: PageClient, region: Store) -> None:
    assumed = get_json(ana, f"/api/v1/knocks?{YEAR}")["assumed"]
    text = words(ana.get(f"/knocks?{YEAR}"))
    assert f"{assumed['channel']} do not say how (they count as a call)" in text
    rows = soup(ana.get(f"/knocks/blanks?{YEAR}")).select("tbody tr")
    totals = [sum(int(row.select("td")[place].get_text()) for row in rows) for place in range(3)]
    assert totals == [assumed["channel"], assumed["direction"], assumed["reached"]]


def test_the_settings_used_are_on_the_page(ana: PageClient, region: Store) -> None:
    text = words(ana.get(f"/knocks?{YEAR}&window=30"))
    assert "compared with earlier knocks of 30 days" in text
    assert "fatigue halves in 45 days" in text


TABLES = ("businesses", "untouched", "asked-twice", "blanks", "classes", "months", "doors", "spread", "settings")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_there_as_csv_and_as_workbook_with_equal_rows(ana: PageClient, region: Store, name: str) -> None:
    text = ana.get(f"/knocks/{name}.csv?{YEAR}")
    assert text.headers["Content-Disposition"] == f"attachment; filename=knocks-{name}-2026-12-31.csv"
    rows = list(csv.reader(io.StringIO(text.data.decode("utf-8-sig"))))
    book = ana.get(f"/knocks/{name}.xlsx?{YEAR}")
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0)
    assert len(rows) == len(sheet.to_python()) > 1
    assert rows[0] == sheet.to_python()[0]


def read_csv(client: PageClient, name: str, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/knocks/{name}.csv?{query}").data.decode("utf-8-sig"))))


def read_sheet(client: PageClient, name: str, query: str) -> list[dict[str, Any]]:
    book = client.get(f"/knocks/{name}.xlsx?{query}").data
    head, *rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


QUESTIONS = (
    YEAR,
    f"{YEAR}&window=30&broad=yes",
    f"{YEAR}&program=VR:Placement",
    f"{YEAR}&place=cook",
    f"{YEAR}&sector=Metal",
)


@pytest.mark.parametrize("query", QUESTIONS)
def test_page_command_api_csv_and_workbook_give_equal_numbers(
    ana: PageClient, region: Store, engine_env: dict[str, str], query: str
) -> None:
    import_text(region, TWO_AGREE)
    answer = get_json(ana, f"/api/v1/knocks?{query.replace('broad=yes', 'broad=true')}")
    asked = dict(pair.split("=") for pair in query.split("&"))
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in asked.items() if name != "broad"]
    arguments += ["--broad"] if "broad" in asked else []
    said = CliRunner().invoke(knocks, [*arguments, "--json"], env=engine_env)
    assert json.loads(said.stdout) == answer
    page = soup(ana.get(f"/knocks?{query}"))
    classes = ("redundant", "coordinated", "own_repeat", "first")
    counted = [answer[name] for name in classes]
    legend = [item.get_text(" ", strip=True) for item in page.select("#classes .how-many")]
    assert [int(text.split(" of ")[0]) for text in legend] == counted
    for rows in (read_csv(ana, "classes", query), read_sheet(ana, "classes", query)):
        assert [int(row["Knocks"]) for row in rows] == counted
    for rows in (read_csv(ana, "months", query), read_sheet(ana, "months", query)):
        assert [(row["Month"], int(row["Knocks"]), int(row["Redundant"])) for row in rows] == [
            (month["month"], month["knocks"], month["redundant"]) for month in answer["months"]
        ]
        assert [float(row["Share"]) for row in rows if row["Share"] != ""] == pytest.approx(
            [month["rate"] for month in answer["months"] if month["rate"] is not None], abs=1e-12
        )
    columns = {"Knocks": "knocks", "Redundant": "redundant", "Doors": "doors", "Fatigue": "fatigue", "Budget": "budget"}
    for rows in (read_csv(ana, "businesses", query), read_sheet(ana, "businesses", query)):
        assert [row["Id"] for row in rows] == [row["business"] for row in answer["businesses"]]
        for column, name in columns.items():
            expected = [row[name] for row in answer["businesses"]]
            assert [float(row[column]) for row in rows] == pytest.approx(expected, abs=1e-12)
    for rows in (read_csv(ana, "spread", query), read_sheet(ana, "spread", query)):
        drawn = [int(cell.get_text().split(" ")[0]) for cell in page.select("#spread td.num")]
        assert sum(drawn) == sum(int(row["Businesses"]) for row in rows)
        assert drawn[0] == sum(int(row["Businesses"]) for row in rows if int(row["Knocks"]) == 0)
    assert (
        len(read_csv(ana, "asked-twice", query)) == len(read_sheet(ana, "asked-twice", query)) == answer["asked_twice"]
    )
    hot = [row for row in answer["businesses"] if row["hotspot"]]
    hot.sort(key=lambda row: (-row["fatigue"] / row["budget"], row["business"]))
    assert [row["Id"] for row in read_csv(ana, "hotspots", query)] == [row["business"] for row in hot]
    shown = [row.select_one("a").get_text() for row in page.select("#hotspots tbody tr")]
    assert shown == [row["name"] for row in hot]


def test_one_axis_leads_from_the_never_touched_to_the_most_knocked_on(ana: PageClient, region: Store) -> None:
    rows = soup(ana.get(f"/knocks?{YEAR}")).select("#spread tbody tr:not(.bar-scale)")
    labels = [row.th.get_text(strip=True) for row in rows if row.th]
    assert labels == ["Never touched", "1 knock", *(f"{number} knocks" for number in range(2, 7))]
    assert [row.select("td")[-1].get_text().split(" ")[0] for row in rows] == ["1", "0", "2", "0", "0", "0", "1"]
    assert ["strong" in (row.get("class") or []) for row in rows] == [True, *[False] * 5, True]
    opened = links(ana, f"/knocks?{YEAR}")["6 knocks"]
    assert title(ana, opened) == "1 business with 6 knocks"


def test_the_day_of_an_agreement_is_a_line_with_its_name(ana: PageClient, region: Store) -> None:
    assert not soup(ana.get(f"/knocks?{YEAR}")).select("#trend .mark")
    import_text(region, "name,agencies,from,sector\nShared lead,WDB;College,2026-03-16,\nMills,WDB;VR,2026-04-01,99")
    page = soup(ana.get(f"/knocks?{YEAR}"))
    (line,) = page.select("#trend .mark")
    # Half of the third of twelve months, between the margins of the chart.
    assert float(str(line["x1"]).rstrip("%")) == pytest.approx(6 + 84 * (2 + 15 / 31) / 12, abs=0.01)
    assert "Shared lead" in page.select_one("#trend").get_text()  # type: ignore[union-attr]
    assert "Shared lead, from Mar 16, 2026: College and WDB" in " ".join(page.get_text(" ").split())
    assert [row["Agreement"] for row in read_csv(ana, "agreements", YEAR)] == ["Shared lead"]
    assert not soup(ana.get("/knocks?as_of=2026-12-31&from=2026-04-01&to=2026-12-31")).select("#trend .mark")


def test_hotspots_stand_by_fatigue_with_the_day_on_which_they_are_free_again(ana: PageClient, region: Store) -> None:
    page = soup(ana.get("/knocks?as_of=2026-07-20"))
    (row,) = page.select("#hotspots tbody tr")
    assert "Acme Tool Inc" in row.get_text()
    light = get_json(
        ana, f"/api/v1/businesses/{find_business(region, 'Acme Tool Inc')}/light?as_of=2026-07-20&agency=WDB"
    )
    assert calendar_date(light["free_on"]) in " ".join(row.get_text(" ").split())


PLACES = ("", "/businesses", "/untouched", "/asked-twice", "/blanks")


def test_the_settings_used_stand_on_every_view_and_in_every_file(ana: PageClient, region: Store) -> None:
    business = f"/businesses/{find_business(region, 'Acme Tool Inc')}"
    for path in (*PLACES, business):
        text = words(ana.get(f"/knocks{path}?{YEAR}&window=30"))
        assert "compared with earlier knocks of 30 days" in text, path
        assert "fatigue halves in 45 days" in text, path
    for path in (*(f"/{name}" for name in TABLES if name != "settings"), f"{business}/knocks"):
        (head, *_) = csv.reader(io.StringIO(ana.get(f"/knocks{path}.csv?{YEAR}&window=30").data.decode("utf-8-sig")))
        assert "compared with earlier knocks of: 30 days" in head[-1], path
        assert "fatigue halves in: 45 days" in head[-1], path


def test_the_file_of_businesses_holds_all_with_the_filters_of_the_page(ana: PageClient, region: Store) -> None:
    page = f"/knocks/businesses?{YEAR}&show=redundant&sort=name&dir=asc"
    link = next(url for text, url in links(ana, page).items() if text == "CSV")
    rows = list(csv.reader(io.StringIO(ana.get(link).data.decode("utf-8-sig"))))
    assert [row[0].lstrip("'") for row in rows[1:]] == names_in_table(ana, page)


def test_a_name_that_is_a_formula_is_text_in_every_file(ana: PageClient, region: Store) -> None:
    evil = "=cmd|' /C calc'!A0"
    text = ana.get(f"/knocks/businesses.csv?{YEAR}").data.decode("utf-8-sig")
    assert evil in text
    assert [row[0] for row in csv.reader(io.StringIO(text)) if "cmd" in row[0]] == ["'" + evil]
    book = ana.get(f"/knocks/businesses.xlsx?{YEAR}").data
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert evil in [row[0] for row in sheet]


def test_markup_in_a_name_is_shown_as_text(ana: PageClient, region: Store) -> None:
    pages = [f"/knocks?{YEAR}", f"/knocks/businesses?{YEAR}"]
    pages.append(f"/knocks/businesses/{find_business(region, '<img src=x onerror=alert(1)>')}?{YEAR}")
    for path in pages:
        page = ana.get(path)
        assert "<img src=x onerror=alert(1)>" in words(page)
        assert not soup(page).select("img")


def test_the_file_of_a_business_lists_its_knocks_with_why(ana: PageClient, region: Store) -> None:
    business = find_business(region, "Acme Tool Inc")
    rows = list(
        csv.reader(io.StringIO(ana.get(f"/knocks/businesses/{business}/knocks.csv?{YEAR}").data.decode("utf-8-sig")))
    )
    assert [row[:4] for row in rows[1:3]] == [
        ["2026-01-05", "WDB", "Needs, surveys, input", "First"],
        ["2026-01-20", "College", "Needs, surveys, input", "Redundant"],
    ]
    assert rows[2][5].startswith("Redundant: WDB had asked")
    assert rows[2][6:8] == ["College C1", "College"]
    assert rows[2][8].startswith("It would have been coordinated if College and WDB had had a shared lead")


def test_there_are_no_other_tables(ana: PageClient, region: Store) -> None:
    assert ana.get("/knocks/users.csv").status_code == 404
    assert ana.get("/knocks/businesses.pdf").status_code == 404
    assert ana.get("/knocks/businesses/b0000000000000").status_code == 404


def test_every_member_sees_the_regions_numbers(eve: PageClient, ana: PageClient, region: Store) -> None:
    assert get_json(eve, f"/api/v1/knocks?{YEAR}") == get_json(ana, f"/api/v1/knocks?{YEAR}")


def test_an_old_id_leads_to_the_business_as_it_is_now(ana: PageClient, region: Store) -> None:
    region.write("CREATE (:Forward {id: 'b-old', record: $record})", record=find_record(region, "B1"))
    answer = ana.get(f"/knocks/businesses/b-old?{YEAR}")
    assert answer.status_code == 301
    assert answer.location == f"/knocks/businesses/{find_business(region, 'Acme Tool Inc')}?{YEAR}"


def find_record(db: Store, key: str) -> str:
    return db.read("MATCH (r:BusinessRecord {key: $key}) RETURN r.id AS id", key=key)[0]["id"]


@pytest.fixture
def bearer(region: Store, app: Any) -> dict[str, str]:
    tokens.add_token(region, users.id_of_email("ana@college.example"), "crm_anas", name="script", now=1)
    return {"Authorization": "Bearer crm_anas"}


def test_the_api_answers_as_the_command_does(client: PageClient, bearer: dict[str, str], region: Store) -> None:
    answer: Any = client.get(f"/api/v1/knocks?{YEAR}&business=WDB:B1", headers=bearer).json
    assert (answer["knocks"], answer["redundant"], answer["to"]) == (10, 5, "2026-12-31")
    business = find_business(region, "Acme Tool Inc")
    alone: Any = client.get(f"/api/v1/knocks/businesses/{business}?{YEAR}", headers=bearer).json
    assert alone["list"] == answer["list"]
    assert alone["missing_links"][0]["links"] == [{"own": "College", "other": "WDB"}]
    assert (alone["business"], alone["name"], alone["from"]) == (business, "Acme Tool Inc", "2026-01-01")
    light: Any = client.get(f"/api/v1/businesses/{business}/light?as_of=2026-08-14&agency=WDB", headers=bearer).json
    assert (light["light"], light["ask"], light["free_on"]) == ("red", [], "2026-08-24")
    quiet = find_business(region, "=cmd|' /C calc'!A0")
    of_other: Any = client.get(f"/api/v1/businesses/{quiet}/light?as_of=2026-04-05&agency=WDB", headers=bearer).json
    assert (of_other["light"], of_other["ask"]) == ("amber", ["VR"])
    own: Any = client.get(f"/api/v1/businesses/{quiet}/light?as_of=2026-04-05", headers=bearer).json
    assert (own["light"], own["ask"]) == ("amber", ["VR"])


def test_the_api_says_what_agreements_would_have_avoided(
    client: PageClient, bearer: dict[str, str], region: Store
) -> None:
    def ask(query: str) -> Any:
        return client.get(f"/api/v1/whatif?{YEAR}&{query}", headers=bearer)

    two: Any = ask("agreement=WDB,College").json
    assert (two["redundant_before"], two["avoided"]) == (5, 5 - two["redundant_after"])
    more: Any = ask("agreement=WDB,College;WDB,VR").json
    assert more["avoided"] > two["avoided"] > 0
    assert ask("agreement=WDB").status_code == 422
    assert ask("").status_code == 422
    assert client.get("/api/v1/whatif?agreement=WDB,College").status_code == 401


def test_the_answers_are_as_the_description_says(client: PageClient, bearer: dict[str, str], region: Store) -> None:
    document: Any = client.get("/api/v1/openapi.json").json
    validate(document)
    schema = document["components"]["schemas"]["Knocks"]
    answer: Any = client.get(f"/api/v1/knocks?{YEAR}", headers=bearer).json
    assert set(answer) == set(schema["required"])
    assert set(schema["properties"]) - set(schema["required"]) == {"list"}
    assert set(answer["businesses"][0]) == set(document["components"]["schemas"]["KnockedBusiness"]["properties"])
    assert {"/knocks", "/knocks/businesses/{business_id}", "/businesses/{business_id}/light"} <= set(document["paths"])


def test_links_say_only_what_differs_from_the_usual_question(ana: PageClient, region: Store) -> None:
    tabs = [str(a["href"]) for a in soup(ana.get("/knocks")).select(".tabs a")]
    assert tabs == ["/knocks", "/knocks/businesses", "/knocks/untouched", "/knocks/asked-twice"]
    tabs = [str(a["href"]) for a in soup(ana.get("/knocks?sector=Metal&window=30")).select(".tabs a")]
    assert tabs[1] == "/knocks/businesses?sector=Metal&window=30"
    assert all(re.fullmatch(r"[\w/?=&+.-]+", url) for url in tabs)
