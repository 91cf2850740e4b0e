"""Rows that say something of their business and their person too: one file makes all three."""

from pathlib import Path

import pytest

from crm.access import OWNER
from crm.graph.driver import Store
from importers.errors import MapError
from importers.exports import export_file
from importers.map import map_columns
from importers.results import Result
from tests.conftest import empty_graph
from tests.factories import import_cut_off, import_text, preview_text, snapshot, undo

LOG = """
Day,Company,Street,ZIP,Contact,Job,Mail,What
2026-03-01,Harbor Bakery,27 Dock St,02134,Ana Silva,,ana@bakery.example,Needs two welders
2026-03-02,Harbor Bakery,,02134-1101,Ana Silva,Owner,,Came back
2026-03-03,HARBOR  bakery,1 Hill Rd,02199,Bo Lee,Manager,bo@bakery.example,Other site
2026-03-04,Omega Plastics,,,,,,First call
"""
MAPS = (
    "Day=date", "Company=businesses.name", "Street=businesses.street", "ZIP=businesses.zip", "Contact=people.name",
    "Job=people.title", "Mail=people.email", "What=notes", "=program:Outreach",
)  # fmt: skip
NONE_LEFT = {"known": 0, "differing": 0, "unplaced": 0}


def import_log(db: Store, text: str = LOG, maps: tuple[str, ...] = MAPS) -> Result:
    return import_text(db, text, agency="Chamber", maps=maps, kind="touchpoints")


def list_records(db: Store, label: str) -> dict[str, dict[str, str]]:
    rows = db.read(f"MATCH (n:{label}) RETURN properties(n) AS n ORDER BY n.key")  # type: ignore[arg-type]
    return {row["n"]["key"]: row["n"] for row in rows}


def test_one_file_makes_businesses_people_and_contacts(db: Store) -> None:
    result = import_log(db)
    assert (result.rows, result.created, result.refused) == (4, 4, 0)
    assert result.beside == {
        "businesses": {"created": 3, "updated": 0, "unchanged": 0} | NONE_LEFT | {"differing": 1},
        "people": {"created": 2, "updated": 0, "unchanged": 0} | NONE_LEFT,
    }
    places = list_records(db, "BusinessRecord")
    assert set(places) == {"harbor bakery 02134", "harbor bakery 02199", "name:omega plastics"}
    bakery = places["harbor bakery 02134"]
    assert (bakery["name"], bakery["street"], bakery["zip"]) == ("Harbor Bakery", "27 Dock St", "02134")
    people = {one["name"]: (one.get("title"), one.get("email")) for one in list_records(db, "PersonRecord").values()}
    assert people == {
        "Ana Silva": ("Owner", "ana@bakery.example"), "Bo Lee": ("Manager", "bo@bakery.example"),
    }  # fmt: skip
    met = db.read(
        "MATCH (t:Touchpoint)-[:WITH]->(r:BusinessRecord) OPTIONAL MATCH (t)-[:MET]->(p:PersonRecord) "
        "RETURN t.date AS day, r.key AS at, p.name AS whom ORDER BY day"
    )
    assert [(row["at"], row["whom"]) for row in met] == [
        ("harbor bakery 02134", "Ana Silva"),
        ("harbor bakery 02134", "Ana Silva"),
        ("harbor bakery 02199", "Bo Lee"),
        ("name:omega plastics", None),
    ]


def test_the_same_file_again_changes_nothing_and_undo_takes_all_back(db: Store) -> None:
    first = import_log(db)
    before = snapshot(db)
    again = import_log(db)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 4)
    assert again.beside["businesses"]["unchanged"] == 3
    assert again.beside["people"] == {"created": 0, "updated": 0, "unchanged": 2} | NONE_LEFT
    assert snapshot(db) == before
    undo(db, first)
    assert snapshot(db) == before
    undo(db, again)
    assert snapshot(db) == ({}, set())


def test_a_later_file_updates_the_cells_that_it_has_and_undo_brings_the_old_ones_back(db: Store) -> None:
    import_log(db)
    before = snapshot(db)
    later = import_log(db, LOG.replace("27 Dock St", "29 Dock St").replace("Owner", ""))
    assert (later.unchanged, later.beside["businesses"]["updated"]) == (4, 1)
    assert later.beside["people"] == {"created": 0, "updated": 0, "unchanged": 2} | NONE_LEFT
    assert list_records(db, "BusinessRecord")["harbor bakery 02134"]["street"] == "29 Dock St"
    undo(db, later)
    assert snapshot(db) == before


def test_what_an_undo_took_back_is_heard_again_from_another_file(db: Store) -> None:
    row = "Day,Company,ZIP,Contact,Job,Mail\n2026-03-01,Harbor Bakery,02134,Ana Silva,{},{}\n"
    maps = tuple(rule for rule in MAPS if rule.partition("=")[0] in ("Day", "Company", "ZIP", "Contact", "Job", "Mail"))
    of_mail = import_log(db, row.format("", "ana@bakery.example"), (*maps, "=program:Outreach"))
    import_log(db, row.format("Owner", ""), (*maps, "=program:Outreach"))
    undo(db, of_mail)
    both = import_log(db, row.format("Owner", "ana@bakery.example"), (*maps, "=program:Outreach"))
    (person,) = list_records(db, "PersonRecord").values()
    assert (both.beside["people"]["updated"], person["title"], person["email"]) == (1, "Owner", "ana@bakery.example")


def test_a_preview_counts_as_the_import(db: Store) -> None:
    expected = preview_text(db, LOG, agency="Chamber", maps=MAPS, kind="touchpoints")
    got = import_log(db)
    assert (expected.beside, expected.created, expected.to_review) == (got.beside, got.created, got.to_review)


def test_what_rows_said_over_many_batches_is_counted_once(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = import_log(db)
    before = snapshot(db)
    empty_graph(db)
    monkeypatch.setattr("importers.load.BATCH", 1)
    expected = preview_text(db, LOG, agency="Chamber", maps=MAPS, kind="touchpoints")
    got = import_log(db)
    assert got.beside == whole.beside == expected.beside
    assert snapshot(db) == before
    changed = LOG.replace("27 Dock St", "").replace(",,02134-1101", ",30 Dock St,02134-1101")
    counts = import_log(db, changed).beside["businesses"]
    assert counts == {"created": 0, "updated": 1, "unchanged": 2} | NONE_LEFT | {"differing": 1}
    third = import_text(db, "agency,source_id,name,phone\nChamber,harbor bakery 02134,Harbor Bakery,617-555-0117")
    undo(db, third)
    assert list_records(db, "BusinessRecord")["harbor bakery 02134"]["street"] == "30 Dock St"


def test_a_batch_that_must_wait_for_the_one_before_loses_nothing(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # The second batch brings a business of its own, and says more of a person whom the first is writing.
    text = """
    Day,Company,Street,ZIP,Contact,Job,Mail,What
    2026-03-01,Harbor Bakery,27 Dock St,02134,Ana Silva,,ana@bakery.example,Needs two welders
    2026-03-02,Omega Plastics,9 Mill Rd,02155,Bo Lee,,,First call
    2026-03-03,Zeta Foods,4 Oak Ave,02139,Cy Young,,,First call
    2026-03-04,Harbor Bakery,,02134,Ana Silva,Owner,,Came back
    """
    whole = import_log(db, text)
    before = snapshot(db)
    empty_graph(db)
    monkeypatch.setattr("importers.load.BATCH", 2)
    assert import_log(db, text).beside == whole.beside
    assert snapshot(db) == before
    assert set(list_records(db, "BusinessRecord")) == {
        "harbor bakery 02134", "omega plastics 02155", "zeta foods 02139",
    }  # fmt: skip


@pytest.mark.parametrize("batch", [1, 1_000])
def test_rows_that_call_a_known_one_by_name_or_e_mail_say_more_of_it(
    db: Store, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importers.load.BATCH", batch)
    text = """
    Day,Company,Tel,ZIP,Contact,Job,Mail,What
    2026-03-01,Harbor Bakery,,02134,Ana Silva,,ana@bakery.example,Needs two welders
    2026-03-02,Harbor Bakery,617-555-0117,,,Owner,ana@bakery.example,Came back
    2026-03-03,Harbor Bakery,,02199,Bo Lee,,,Other site
    2026-03-04,Harbor Bakery,978-555-0101,,Cy Young,,,Which of the two?
    """
    result = import_log(db, text, (*(one for one in MAPS if "Street" not in one), "Tel=businesses.phone"))
    assert result.beside["businesses"] == {"created": 3, "updated": 0, "unchanged": 0} | NONE_LEFT
    assert result.beside["people"] == {"created": 3, "updated": 0, "unchanged": 0} | NONE_LEFT
    places = {key: one.get("phone") for key, one in list_records(db, "BusinessRecord").items()}
    assert places == {
        "harbor bakery 02134": "617-555-0117", "harbor bakery 02199": None, "name:harbor bakery": "978-555-0101",
    }  # fmt: skip
    people = {one["name"]: one.get("title") for one in list_records(db, "PersonRecord").values()}
    assert people == {"Ana Silva": "Owner", "Bo Lee": None, "Cy Young": None}
    with_whom = db.read("MATCH (t:Touchpoint)-[:WITH]->(r) RETURN t.date AS day, r.key AS at ORDER BY day")
    assert [row["at"] for row in with_whom] == [
        "harbor bakery 02134", "harbor bakery 02134", "harbor bakery 02199", "name:harbor bakery",
    ]  # fmt: skip


def test_an_import_that_was_cut_off_goes_on_as_if_it_had_not_been(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = import_log(db)
    before = snapshot(db)
    empty_graph(db)
    monkeypatch.setattr("importers.load.BATCH", 1)
    result = import_cut_off(db, LOG, "log.csv", after=2, agency="Chamber", maps=MAPS, kind="touchpoints")
    assert (result.created, result.beside) == (4, whole.beside)
    assert snapshot(db) == before


@pytest.mark.parametrize(
    ("said", "renames", "calls"),
    [
        ("B1,Harbor Bakery,,,", "B1,Zeta Foods,,,", ",Harbor Bakery,,,"),
        ("B1,Harbor Bakery,P1,Ana Silva,", "B1,Harbor Bakery,P1,Ana Lopez,", "B1,Harbor Bakery,,Ana Silva,"),
        ("B1,Harbor Bakery,P1,,a@x.org", "B1,Harbor Bakery,P1,,b@x.org", "B1,Harbor Bakery,,,a@x.org"),
    ],
    ids=("business", "person", "e-mail"),
)
def test_a_row_means_whom_it_meant_before_the_file_though_another_row_renames_them(
    db: Store, monkeypatch: pytest.MonkeyPatch, said: str, renames: str, calls: str
) -> None:
    header = "Day,Company id,Company,Person id,Contact,Mail\n"
    maps = ("Day=date", "Company id=businesses.source_id", "Company=businesses.name", "Person id=people.source_id",
            "Contact=people.name", "Mail=people.email", "=program:Outreach")  # fmt: skip
    text = header + "".join(f"2026-03-0{n},{row}\n" for n, row in enumerate((renames, "B9,Eta,,,", calls), 1))
    made: list[object] = []
    for size, is_cut in ((9, False), (1, False), (1, True)):
        monkeypatch.setattr("importers.load.BATCH", size)
        empty_graph(db)
        import_log(db, f"{header}2026-02-01,{said}\n", maps)
        expected = preview_text(db, text, agency="Chamber", maps=maps, kind="touchpoints")
        if is_cut:
            result = import_cut_off(db, text, after=2, agency="Chamber", maps=maps, kind="touchpoints")
        else:
            result = import_log(db, text, maps)
        assert (expected.created, expected.beside) == (result.created, result.beside)
        made.append(snapshot(db))
    assert made[0] == made[1] == made[2]
    records = {**list_records(db, "BusinessRecord"), **list_records(db, "PersonRecord")}
    assert [key for key in records if key.startswith(("name:", "email:"))] == []


def test_a_source_id_is_the_key_and_an_id_that_is_known_is_updated(db: Store) -> None:
    import_text(db, "agency,source_id,name,city\nChamber,B1,Acme Tool,Rockford")
    text = "date,business,program,Town\n2026-03-01,B1,Outreach,Freeport\n2026-03-02,B2,Outreach,Rockford"
    result = import_text(db, text, agency="Chamber", maps=["Town=businesses.city"])
    assert (result.kind, result.created) == ("touchpoints", 2)
    places = list_records(db, "BusinessRecord")
    assert (places["B1"]["name"], places["B1"]["city"]) == ("Acme Tool", "Freeport")
    assert places["b2 rockford"]["name"] == "B2"
    more = "AccountId,Account,Day\nB1,Acme Tool & Die,2026-03-05\nB9,Zeta,2026-03-06"
    maps = ["AccountId=businesses.source_id", "Account=businesses.name", "Day=date", "=program:Outreach"]
    import_text(db, more, agency="Chamber", maps=maps)
    places = list_records(db, "BusinessRecord")
    assert (places["B1"]["name"], places["B9"]["name"]) == ("Acme Tool & Die", "Zeta")


def test_people_bring_their_businesses(db: Store) -> None:
    text = "Full Name,Employer,Town,E-mail\nAna Silva,Harbor Bakery,Boston,ana@bakery.example\nBo Lee,,Lowell,"
    maps = ["Full Name=people.name", "Employer=business", "Town=businesses.city", "E-mail=email"]
    result = import_text(db, text, agency="Chamber", maps=maps)
    assert (result.kind, result.created) == ("people", 2)
    counts = {"created": 1, "updated": 0, "unchanged": 0} | NONE_LEFT | {"unplaced": 1}
    assert result.beside == {"businesses": counts}
    assert list_records(db, "BusinessRecord")["harbor bakery boston"]["city"] == "Boston"


def test_a_person_of_another_list_stays_as_that_list_says(db: Store) -> None:
    import_text(db, "agency,source_id,name\nChamber,B1,Acme Tool")
    import_text(db, "agency,source_id,business,name,title\nChamber,P1,B1,Ana Silva,Owner")
    text = "date,program,business,person,Job\n2026-03-01,Outreach,B1,Ana Silva,Boss\n2026-03-02,Outreach,B1,A;B,Boss"
    result = import_text(db, text, agency="Chamber", maps=["Job=people.title"])
    assert result.beside == {
        "people": {"created": 0, "updated": 0, "unchanged": 0, "known": 1, "differing": 0, "unplaced": 1}
    }
    people = list_records(db, "PersonRecord")
    assert people["P1"]["title"] == "Owner"
    assert len(people) == 3


def test_a_refused_row_brings_nothing(db: Store) -> None:
    import_text(db, "agency,program\nA,Coaching\nB,Coaching")
    text = LOG.replace("2026-03-01", "March") + "2026-03-05,Zeta,,,,,,\n"
    maps = (*MAPS[:-1], "=program:Coaching")
    result = import_log(db, text, maps=maps)
    assert (result.refused, result.created, result.beside["businesses"]["created"]) == (5, 0, 0)
    assert list_records(db, "BusinessRecord") == {}


def test_what_came_from_one_file_goes_out_and_comes_back(db: Store, tmp_path: Path) -> None:
    import_log(db)
    kinds = ("businesses", "people", "touchpoints")
    before = {}
    for kind in kinds:
        export_file(db, kind, tmp_path / f"{kind}.csv", viewer=OWNER)
        before[kind] = (tmp_path / f"{kind}.csv").read_text()
    empty_graph(db)
    for kind in kinds:
        assert import_text(db, before[kind].lstrip("\ufeff")).refused == 0
    for kind in kinds:
        export_file(db, kind, tmp_path / f"{kind}.csv", viewer=OWNER)
        assert sorted((tmp_path / f"{kind}.csv").read_text().splitlines()) == sorted(before[kind].splitlines())


@pytest.mark.parametrize(
    ("headers", "maps", "kind"),
    [
        ("date,program,business,Job", ["Job=people.title"], "touchpoints"),
        ("name,business,Town", ["Town=businesses.city"], "people"),
        ("name,phone,Town", ["Town=businesses.city"], "businesses"),
        ("table,business,person,Phone", ["Phone=people.phone"], "seats"),
        ("offered_on,from_program,to_program,Firm", ["Firm=businesses.name"], "referrals"),
        ("A,B,C", ["A=people.name", "B=people.title", "C=business"], "people"),
    ],
)
def test_the_kind_of_a_file_follows_from_what_its_rows_need(headers: str, maps: list[str], kind: str) -> None:
    assert map_columns(headers.split(","), maps=maps, agency="A").kind.name == kind


def test_cells_about_a_business_need_to_say_which() -> None:
    with pytest.raises(MapError, match="does not say of which business"):
        map_columns(["name", "Town"], maps=["name=people.name", "Town=businesses.city"], agency="A", kind="people")
