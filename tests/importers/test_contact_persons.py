"""Lists of businesses whose rows also say whom to ask there: rosters of members, lists with an executive."""

from pathlib import Path

import pytest

from crm.access import OWNER, Viewer
from crm.graph import agencies, person_records, records
from crm.graph.business_records import name_ref_of
from crm.graph.driver import Reader, Store
from importers.exports import export_file
from importers.load import import_files
from importers.openings import Said, close_sources, open_source
from importers.references import References
from importers.results import Result
from tests.conftest import empty_graph
from tests.factories import import_cut_off, import_text, preview_text, snapshot, undo

ROSTER = """
Member,Company,Address,First,Last,Job,Mail,Tel
1001,Harbor Bakery,27 Dock St,Ana,Silva,Owner,ana@bakery.example,617-555-0117
1001,Harbor Bakery,27 Dock St,Bo,Lee,Manager,bo@bakery.example,617-555-0117
1002,Omega Plastics,9 Mill Rd,,,,,978-555-0101
1003,Zeta Foods,4 Oak Ave,Cy,Young,,,617-555-0199
1004,Iota Printing,1 Elm St,,,,info@iota.example,
"""
MAPS = (
    "Member=businesses.source_id", "Company=businesses.name", "Address=businesses.street", "First=people.first_name",
    "Last=people.last_name", "Job=people.title", "Mail=people.email", "Tel=businesses.phone",
)  # fmt: skip
NONE_LEFT = {"known": 0, "differing": 0, "unplaced": 0}


def import_roster(db: Store, text: str = ROSTER, maps: tuple[str, ...] = MAPS) -> Result:
    return import_text(db, text, agency="Chamber", maps=maps)


def list_contacts(db: Store) -> dict[str, tuple[str, str | None]]:
    """name, or else e-mail, of each person -> (key of the business, title)"""
    rows = db.read(
        "MATCH (p:PersonRecord)-[:WORKS_AT]->(r:BusinessRecord) "
        "RETURN coalesce(p.first_name + ' ' + p.last_name, p.name, p.email) AS who, r.key AS at, p.title AS title"
    )
    return {row["who"]: (row["at"], row["title"]) for row in rows}


def list_businesses(db: Store) -> list[str]:
    return [row["key"] for row in db.read("MATCH (r:BusinessRecord) RETURN r.key AS key ORDER BY key")]


def test_a_roster_makes_the_businesses_and_their_contacts(db: Store) -> None:
    result = import_roster(db)
    assert (result.kind, result.rows, result.created, result.unchanged, result.refused) == ("businesses", 5, 4, 1, 0)
    assert result.unused_columns == ()
    assert result.beside == {"people": {"created": 4, "updated": 0, "unchanged": 0} | NONE_LEFT}
    assert list_businesses(db) == ["1001", "1002", "1003", "1004"]
    assert list_contacts(db) == {
        "Ana Silva": ("1001", "Owner"),
        "Bo Lee": ("1001", "Manager"),
        "Cy Young": ("1003", None),
        "info@iota.example": ("1004", None),
    }


def test_the_same_roster_again_changes_nothing_and_undo_takes_all_back(db: Store) -> None:
    first = import_roster(db)
    before = snapshot(db)
    again = import_roster(db)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 5)
    assert again.beside["people"] == {"created": 0, "updated": 0, "unchanged": 4} | NONE_LEFT
    assert snapshot(db) == before
    later = import_roster(db, ROSTER.replace("Owner", "Founder").replace("4 Oak Ave", "5 Oak Ave"))
    assert (later.updated, later.beside["people"]["updated"], later.beside["people"]["created"]) == (1, 1, 0)
    assert list_contacts(db)["Ana Silva"] == ("1001", "Founder")
    undo(db, later)
    assert snapshot(db) == before
    undo(db, first)
    assert snapshot(db) == before
    undo(db, again)
    assert snapshot(db) == ({}, set())


@pytest.mark.parametrize("batch", [1, 2, 1_000])
def test_a_preview_counts_as_the_import_however_the_rows_are_cut(
    db: Store, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("importers.load.BATCH", batch)
    expected = preview_text(db, ROSTER, agency="Chamber", maps=MAPS)
    got = import_roster(db)
    assert (expected.created, expected.unchanged, expected.beside) == (got.created, got.unchanged, got.beside)
    assert got.beside["people"]["created"] == len(list_contacts(db)) == 4


def test_a_roster_that_was_cut_off_goes_on_as_if_it_had_not_been(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = import_roster(db)
    before = snapshot(db)
    empty_graph(db)
    monkeypatch.setattr("importers.load.BATCH", 1)
    result = import_cut_off(db, ROSTER, "roster.csv", after=2, agency="Chamber", maps=MAPS)
    assert (result.created, result.beside) == (whole.created, whole.beside)
    assert snapshot(db) == before


def test_businesses_without_an_id_are_one_where_only_their_contacts_differ(db: Store) -> None:
    text = "name,city,Contact\nHarbor Bakery,Boston,Ana Silva\nHarbor Bakery,Boston,Bo Lee\nHarbor Bakery,Lynn,Cy Young"
    maps = ("Contact=people.name",)
    result = import_roster(db, text, maps)
    assert (result.kind, result.created, result.unchanged, result.beside["people"]["created"]) == (
        "businesses", 2, 1, 3,
    )  # fmt: skip
    at = list_contacts(db)
    assert at["Ana Silva"] == at["Bo Lee"] != at["Cy Young"]
    before = snapshot(db)
    assert import_roster(db, text, maps).beside["people"]["unchanged"] == 3
    assert snapshot(db) == before


def test_an_id_of_the_person_is_the_key_and_names_nobody_alone(db: Store) -> None:
    text = "source_id,name,Rep,Rep name,Mail out\nB1,Acme,P1,Ana Silva,Opted out\nB2,Zeta,P2,,"
    maps = ("Rep=people.source_id", "Rep name=people.name", "Mail out=people.do_not_contact")
    import_roster(db, text.replace("Opted out", "yes"), maps)
    rows = db.read("MATCH (p:PersonRecord) RETURN p.key AS key, p.name AS name, p.do_not_contact AS no")
    assert rows == [{"key": "P1", "name": "Ana Silva", "no": "yes"}]
    renamed = import_roster(db, text.replace("Ana Silva", "Ana Souza").replace("Opted out", "yes"), maps)
    assert (renamed.unchanged, renamed.beside["people"]["updated"]) == (2, 1)
    assert list_contacts(db) == {"Ana Souza": ("B1", None)}


def test_a_cell_of_the_person_that_cannot_be_refuses_the_row(db: Store) -> None:
    result = import_roster(db, ROSTER.replace("bo@bakery.example", "bo@bakery").replace(",Cy,Young,,,", ",,,Boss,,"))
    (refusal,) = result.refusals
    assert (refusal.line, refusal.column) == (3, "Mail")
    assert result.beside["people"] == {"created": 2, "updated": 0, "unchanged": 0} | NONE_LEFT | {"unplaced": 1}
    assert "Bo Lee" not in list_contacts(db)
    assert "1003" in list_businesses(db)


def test_a_contact_of_another_list_stays_as_that_list_says(db: Store) -> None:
    import_text(db, "agency,source_id,name\nChamber,1001,Harbor Bakery")
    import_text(db, "agency,source_id,business,name,title\nChamber,P1,1001,Ana Silva,Baker")
    result = import_roster(db)
    assert result.beside["people"] == {"created": 3, "updated": 0, "unchanged": 0} | NONE_LEFT | {"known": 1}
    titles = db.read("MATCH (p:PersonRecord {key: 'P1'}) RETURN p.title AS title")
    assert titles == [{"title": "Baker"}]


SEVERAL = """
name,city,Contact,Job
Harbor Bakery,Boston,Ana Smith; Bob Jones,Owner;Baker
Omega Plastics,Lynn,Cy Young and Di Day,
Zeta Foods,Salem,"Eve Fox (CEO), Gus Hale (Plant manager)",
Iota Printing,Quincy,"Ines Orr
Jo Lund",Both of them
Kappa Steel,Salem,"Vice President Sales and Marketing",
"""
BY_CELL = ("Contact=people.name", "Job=people.title")


def test_several_people_in_one_cell_are_contacts_each(db: Store) -> None:
    expected = preview_text(db, SEVERAL, agency="Chamber", maps=BY_CELL)
    result = import_roster(db, SEVERAL, BY_CELL)
    assert (result.created, result.refused) == (5, 0)
    assert result.beside["people"] == {"created": 9, "updated": 0, "unchanged": 0} | NONE_LEFT | {"unplaced": 1}
    assert expected.beside == result.beside
    titles = {who: title for who, (_, title) in list_contacts(db).items()}
    assert titles == {
        "Ana Smith": "Owner", "Bob Jones": "Baker", "Cy Young": None, "Di Day": None, "Eve Fox": "CEO",
        "Gus Hale": "Plant manager", "Ines Orr": None, "Jo Lund": None, "Vice President Sales and Marketing": None,
    }  # fmt: skip
    at = list_contacts(db)
    assert at["Ana Smith"][0] == at["Bob Jones"][0] != at["Cy Young"][0]


def test_several_people_in_one_cell_stay_the_same_ones_and_go_with_their_import(db: Store) -> None:
    first = import_roster(db, SEVERAL, BY_CELL)
    before = snapshot(db)
    again = import_roster(db, SEVERAL, BY_CELL)
    assert again.beside["people"]["unchanged"] == 9
    later = import_roster(db, SEVERAL.replace("CEO", "President").replace("Bob Jones", "Bob Jones; Kit Moe"), BY_CELL)
    assert (later.beside["people"]["created"], later.beside["people"]["updated"]) == (1, 1)
    undo(db, later)
    assert snapshot(db) == before
    undo(db, first)
    assert snapshot(db) == before
    undo(db, again)
    assert snapshot(db) == ({}, set())


def test_first_and_last_names_in_one_cell_each_are_put_together_in_their_order(db: Store) -> None:
    text = "name,First,Last,Mail\nHarbor Bakery,Ana;Bob,Smith;Jones,\nOmega Plastics,Cy; Di,Young,cy@omega.example\n"
    maps = ("First=people.first_name", "Last=people.last_name", "Mail=people.email")
    result = import_text(db, text, agency="Chamber", maps=maps, kind="businesses")
    assert set(list_contacts(db)) == {"Ana Smith", "Bob Jones"}
    assert result.beside["people"]["unplaced"] == 1


def test_what_came_from_a_roster_goes_out_and_comes_back(db: Store, tmp_path: Path) -> None:
    import_roster(db, ROSTER.replace("info@iota.example", ""))
    before = list_contacts(db)
    for kind in ("businesses", "people"):
        export_file(db, kind, tmp_path / f"{kind}.csv", viewer=OWNER)
    empty_graph(db)
    for kind in ("businesses", "people"):
        assert import_text(db, (tmp_path / f"{kind}.csv").read_text().lstrip("\ufeff")).refused == 0
    assert list_contacts(db) == before


def test_a_member_brings_contacts_of_the_own_businesses_only(db: Store) -> None:
    import_text(db, "agency,source_id,name\nCollege,B1,Acme\nChamber,B2,Zeta")
    text = "agency,source_id,name,Rep\nCollege,B1,Acme,Ana Silva\nChamber,B2,Zeta,Bo Lee"
    viewer = Viewer("u1", "kim@college.example", agencies.agency_id("College"), "member")
    source = open_source(db, text.encode(), Said(maps=("Rep=people.name",)), name="roster.csv", keep=False)
    try:
        (result,) = import_files(db, [source], viewer=viewer)
    finally:
        close_sources([source])
    assert (result.unchanged, result.refused, result.beside["people"]["created"]) == (1, 1, 1)
    assert list_contacts(db) == {"Ana Silva": ("B1", None)}


def test_a_name_means_who_is_at_that_business_however_many_have_it_elsewhere(db: Store) -> None:
    import_text(
        db, "source_id,name\n" + "".join(f"b{n},Shop {n}\n" for n in range(6)), name="businesses.csv", agency="Chamber"
    )
    people = "".join(f"p{n},Ana Silva,b{n % 3}\n" for n in range(6))
    import_text(db, "source_id,name,business\n" + people, name="people.csv", agency="Chamber")
    ids = {row["key"]: row["id"] for row in db.read("MATCH (r:BusinessRecord) RETURN r.key AS key, r.id AS id")}
    first = {row["key"]: row["id"] for row in db.read("MATCH (p:PersonRecord) RETURN p.key AS key, p.id AS id")}
    chamber = agencies.agency_id("Chamber")

    found = person_records.find_named_at(db, [ids["b1"], ids["b5"]])
    assert found == {(ids["b1"], name_ref_of(chamber, "Ana Silva")): first["p1"]}

    references = References(db, system="plain")
    references.look_up_persons([(chamber, "ANA  SILVA", ids["b2"]), (chamber, "Ana Silva", None)])
    assert references.find_person("ana silva", agency=chamber, record=ids["b2"]) == first["p2"]
    assert references.find_person("ana silva", agency=chamber, record=ids["b4"]) is None


def test_of_an_agency_that_had_nobody_only_the_run_itself_can_have_made_them(
    db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    find_hashes = records.find_hashes

    def listen(db: Reader, label: records.Label, ids: list[str]) -> dict[str, str]:
        asked.extend(ids)
        return find_hashes(db, label, ids)

    monkeypatch.setattr("importers.plans.records.find_hashes", listen)
    monkeypatch.setattr("importers.load.BATCH", 2)
    import_roster(db)
    # Only the first row's business comes again, in the same batch; of the others nobody asks the graph.
    assert asked == []
    again = import_roster(db, ROSTER.replace("Cy,Young", "Cy,Old") + "1002,Omega Plastics,9 Mill Rd,,,,,978-555-0102\n")
    assert (again.created, again.updated, again.unchanged) == (0, 1, 5)
    assert len(asked) == 6 + 4


def test_a_preview_counts_for_review_whom_a_business_takes_along_that_becomes_one_of_its_own(db: Store) -> None:
    said = {
        "agency": "Chamber",
        "kind": "businesses",
        "maps": ("First=people.first_name", "Last=people.last_name", "Mail=people.email"),
    }
    header = "source_id,name,First,Last,Mail\n"
    import_text(db, f"{header}B1,Harbor Bakery,,,\nB3,Harbor Bakery,Bo,Silva,\n", **said)
    assert len(db.read("MATCH (b:Business) RETURN b.id")) == 1
    expected, result = (
        do(db, f"{header}B3,Omega Plastics,,Silva,bo@omega.example\n", **said) for do in (preview_text, import_text)
    )
    assert (expected.to_review, result.to_review) == (1, 1)
