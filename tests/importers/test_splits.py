"""One column that gives several: names with titles, addresses in one cell, several people in one cell."""

import pytest

from crm.graph.driver import Store
from importers.errors import MapError
from importers.kinds import BY_NAME
from importers.map import map_columns
from importers.splits import BY_NAME as SPLITTERS
from importers.splits import find_splitter, list_people
from tests.factories import import_text


@pytest.mark.parametrize(
    ("splitter", "cell", "parts"),
    [
        ("name-title", "Smith, Ana - CEO", ("Ana Smith", "CEO")),
        ("name-title", "Ana Smith, CEO", ("Ana Smith", "CEO")),
        ("name-title", "Ana Smith (Plant manager)", ("Ana Smith", "Plant manager")),
        ("name-title", "Ana O'Neil-Ruiz / VP, Sales", ("Ana O'Neil-Ruiz", "VP, Sales")),
        ("name-title", "Acme, Inc.", None),
        ("name-title", "Ana Smith", None),
        ("name-title", "Smith, Ana", None),
        ("name-email", "Ana Smith <ana@x.org>", ("Ana Smith", "ana@x.org")),
        ("name-email", '"Smith, Ana" <ana@x.org>', ("Ana Smith", "ana@x.org")),
        ("name-email", "ana@x.org", None),
        ("last-first", "Smith, Ana", ("Ana", "Smith")),
        ("last-first", "Ana Smith", None),
        ("person-list", "Ana Smith, Bo Lee and Cy Young", ("Ana Smith;Bo Lee;Cy Young",)),
        ("person-list", "Smith, Ana; Lee, Bo", ("Ana Smith;Bo Lee",)),
        ("person-list", "ana@x.org & Bo Lee", ("ana@x.org;Bo Lee",)),
        ("person-list", "several, of them", None),
        ("firm-place", "Acme Inc (Springfield)", ("Acme Inc", "Springfield")),
        ("firm-place", "Acme Inc (555-1234)", None),
        ("city-state-zip", "Rockford, IL 61101", ("Rockford", "IL", "61101")),
        ("city-state-zip", "Rockford IL 61101-1234", ("Rockford", "IL", "61101-1234")),
        ("city-state-zip", "Rockford, IL", ("Rockford", "IL", "")),
        ("city-state-zip", "Rockford", None),
        ("address", "12 Main St, Rockford, IL 61101", ("12 Main St", "Rockford", "IL", "61101")),
        ("address", "12 Main St\nRockford IL 61101", ("12 Main St", "Rockford", "IL", "61101")),
        ("address", "Main St", None),
        ("naics-title", "54: Professional services", ("54",)),
        ("naics-title", "31-33: Manufacturing", ("31-33",)),
        ("naics-title", "Retail", None),
    ],
)
def test_a_cell_is_cut_into_its_parts(splitter: str, cell: str, parts: tuple[str, ...] | None) -> None:
    assert SPLITTERS[splitter].split(cell) == parts


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        (
            ["Smith, Ana - CEO", "Lee, Bo - Owner", "Cy Young - HR", "?"] * 2 + ["Di Day - Buyer"],
            "people",
            "name-title",
        ),
        (["Ana Smith, Bo Lee", "Cy Young", "Di Day and Ed Fox"], "touchpoints", "person-list"),
        (["Ana Smith", "Cy Young", "Di Day"], "touchpoints", None),
        (["Rockford, IL 61101", "Freeport, IL 61032", "Beloit, WI"], "businesses", "city-state-zip"),
        (["Rockford", "Freeport", "Beloit"], "businesses", None),
        (["Ana Smith", "Smith, Ana - CEO"], "people", None),
        (["Smith, Ana - CEO", "Lee, Bo - Owner", "None"], "people", "name-title"),
        (["Smith, Ana - CEO", "the front desk"], "people", None),
        (["Smith, Ana - CEO", "N/A", ""], "people", None),
    ],
)
def test_a_splitter_is_found_where_most_cells_need_it(cells: list[str], kind: str, expected: str | None) -> None:
    found = find_splitter(cells, BY_NAME[kind])
    assert (found.name if found else None) == expected


def test_a_word_that_stands_for_nothing_is_nobody_in_a_column_that_is_cut_up(db: Store) -> None:
    text = 'name,Contact\nAcme,"Smith, Ana - CEO"\nZeta,None\n'
    result = import_text(db, text, agency="A", maps=["Contact=name-title"], kind="businesses")
    assert (result.created, result.beside["people"]["created"]) == (2, 1)
    assert db.read("MATCH (p:PersonRecord) RETURN p.name AS name") == [{"name": "Ana Smith"}]


def test_the_parts_go_to_their_columns_and_what_does_not_fit_stays_whole(db: Store) -> None:
    text = 'Contact,Firm,Where\n"Smith, Ana - CEO",Acme,"Rockford, IL 61101"\nthe front desk,Acme,Freeport\n,Acme,'
    maps = ["Contact=name-title", "Firm=business", "Where=city-state-zip"]
    result = import_text(db, text, agency="A", maps=maps, kind="people")
    assert (result.created, result.refused) == (2, 1)
    rows = db.read("MATCH (p:PersonRecord) RETURN p.name AS name, p.title AS title ORDER BY name")
    assert [(row["name"], row["title"]) for row in rows] == [("Ana Smith", "CEO"), ("the front desk", None)]
    rows = db.read("MATCH (r:BusinessRecord) RETURN r.city AS city, r.state AS state, r.zip AS zip ORDER BY city")
    assert [tuple(row.values()) for row in rows] == [("Freeport", None, None), ("Rockford", "IL", "61101")]


def test_everybody_who_was_there_was_met(db: Store) -> None:
    text = 'date,program,business,Who\n2026-03-01,P,Acme,"Ana Smith, Bo Lee and Cy Young"'
    import_text(db, text, agency="A", maps=["Who=person-list"])
    rows = db.read("MATCH (:Touchpoint)-[:MET]->(p:PersonRecord) RETURN p.name AS name ORDER BY name")
    assert [row["name"] for row in rows] == ["Ana Smith", "Bo Lee", "Cy Young"]


def test_a_column_that_is_cut_up_shares_its_places_with_no_other() -> None:
    with pytest.raises(MapError, match="no other can go to it"):
        map_columns(["A", "B"], maps=["A=name-title", "B=name:join"], agency="A", kind="people")
    with pytest.raises(MapError, match=r"person-list|no column called"):
        map_columns(["A", "name"], maps=["A=person-list"], agency="A", kind="people")


def test_words_of_the_file_mean_what_was_said(db: Store) -> None:
    text = "date,program,business,How,Met\n2026-03-01,P,Acme,Site  Visit,Y\n2026-03-02,P,Acme,Carrier pigeon,N\n"
    text += "2026-03-03,P,Acme,zoom,Y\n2026-03-04,Old P,Acme,call,?"
    maps = ["How=channel", "Met=reached"]
    values = ["channel:Site Visit=visit", "channel:ZOOM=video", "reached:y=yes", "reached:N=no", "reached:?=none"]
    values += ["program:Old P=P"]
    result = import_text(db, text, agency="A", maps=maps, values=values)
    assert (result.created, result.refused, result.new_programs) == (3, 1, ["P"])
    assert "say once what it means" in result.refusals[0].fix
    rows = db.read("MATCH (t:Touchpoint) RETURN t.channel AS channel, t.reached AS reached ORDER BY t.date")
    assert [(row["channel"], row["reached"]) for row in rows] == [("visit", "yes"), ("video", "yes"), ("call", None)]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("channel=visit", "not a value"),
        ("purpose:x=needs", "no column of the file goes there"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words(value: str, message: str) -> None:
    with pytest.raises(MapError, match=message):
        map_columns(["date", "program", "business", "channel"], values=[value], agency="A")


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Ana Smith; Bob Jones", [("Ana Smith", ""), ("Bob Jones", "")]),
        ("Ana Smith and Bob Jones", [("Ana Smith", ""), ("Bob Jones", "")]),
        ("Ana Smith & Bob Jones", [("Ana Smith", ""), ("Bob Jones", "")]),
        ("Smith, Ana; Jones, Bob", [("Ana Smith", ""), ("Bob Jones", "")]),
        (
            "Ana Smith (CEO), Bob Jones (Sales and Marketing)",
            [("Ana Smith", "CEO"), ("Bob Jones", "Sales and Marketing")],
        ),
        ("Ana Smith, CEO and Bob Jones, CFO", [("Ana Smith", "CEO"), ("Bob Jones", "CFO")]),
        ("Ana Smith, Bob Jones and Cy Young", [("Ana Smith", ""), ("Bob Jones", ""), ("Cy Young", "")]),
        ("Ana Smith - Owner; Bob Jones", [("Ana Smith", "Owner"), ("Bob Jones", "")]),
        ("Ana Smith", []),
        ("Smith, Ana", []),
        ("Garcia Lopez, Ana Maria", []),
        ("Ana Smith, Vice President and CFO", []),
        ("Bob and Ana Smith", []),
        ("Human Resources and Payroll", []),
        ("Sales Department and Human Resources", []),
        ("Smith & Sons", []),
        ("", []),
    ],
)
def test_several_people_are_told_only_where_each_part_is_one(cell: str, people: list[tuple[str, str]]) -> None:
    assert list_people(cell) == people
