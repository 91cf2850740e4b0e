"""Tables, seats and meetings in and out: whose they are, who sits there, and rosters as committees have them."""

from pathlib import Path

import pytest

from crm.access import OWNER, Viewer
from crm.errors import NotAllowed
from crm.graph import agencies, tables
from crm.graph.driver import Store
from crm.graph.dump import export_graph, load_graph
from crm.graph.records import record_id
from crm.services.judgements import judge
from crm.services.resolution import recompute
from crm.services.tables import read_tables
from importers.exports import export_file
from importers.guesses import propose_mapping
from importers.load import import_files
from importers.openings import Said, close_sources, open_source
from importers.read import open_sheet
from importers.results import Result
from tests.conftest import empty_graph
from tests.factories import import_text, preview_text, snapshot, undo
from tests.table_worlds import FILES, MEETINGS, PEOPLE, PLACES, SEATS, TABLES

COUNTS = ("rows", "created", "updated", "unchanged", "refused", "refusals", "new_agencies", "new_tables", "to_review")
COLLEGE = Viewer("u1", "kim@college.example", agencies.agency_id("College"), "member")


def record(agency: str, key: str) -> str:
    return record_id("BusinessRecord", agencies.agency_id(agency), "plain", key)


def import_all(db: Store) -> list[Result]:
    return [import_text(db, text) for text in FILES]


def list_members(db: Store) -> list[tuple[str, str, str]]:
    """(table, business, person) of every seat, by name."""
    found = read_tables(db, OWNER)
    names = found.names | {table.id: table.name for table in found.tables}
    return sorted((names[seat.table], names[seat.business], names[seat.person]) for seat in found.seats)


def find_seated(db: Store, name: str) -> set[str]:
    """The businesses or persons (ids) of this name, in any case, on some seat."""
    found = read_tables(db, OWNER)
    seated = {id for seat in found.seats for id in (seat.business, seat.person)}
    return {id for id in seated if found.names[id].casefold().startswith(name.casefold())}


def test_tables_seats_and_meetings_are_taken_in_and_again_change_nothing(db: Store) -> None:
    first = import_all(db)
    before = snapshot(db, leave_out=())
    again = import_all(db)
    assert [(result.kind, result.created, result.refused) for result in first] == [
        ("businesses", 3, 0), ("people", 1, 0), ("tables", 2, 0), ("seats", 4, 0), ("meetings", 5, 0),
    ]  # fmt: skip
    assert [(result.created, result.updated, result.unchanged) for result in again] == [
        (0, 0, 3), (0, 0, 1), (0, 0, 2), (0, 0, 4), (0, 0, 5),
    ]  # fmt: skip
    assert snapshot(db, leave_out=()) == before


def test_a_seat_is_of_the_business_and_person_that_its_cells_mean(db: Store) -> None:
    import_all(db)
    assert list_members(db) == [
        ("Skills panel", "Acme Tool Inc", "Ana Silva"),
        ("Skills panel", "Omega Plastics", "Cy Young"),
        ("Welding advisory", "Acme Tool Inc", "Ana Silva"),
        ("Welding advisory", "Zeta Foods", "Ben Ode"),
    ]
    # The board's and the college's Ana are one person: their records are matched like any others.
    assert len(find_seated(db, "Ana Silva")) == 1
    assert len(read_tables(db, OWNER).meetings) == 5


@pytest.mark.parametrize("place", range(2, 5))
def test_undo_leaves_the_region_as_if_the_import_had_never_been(db: Store, place: int) -> None:
    for text in FILES[:place]:
        import_text(db, text)
    before = snapshot(db)
    undo(db, import_text(db, FILES[place]))
    assert snapshot(db) == before


def test_a_table_whose_file_is_taken_back_keeps_its_seats(db: Store) -> None:
    results = import_all(db)
    undo(db, results[2])
    assert len(list_members(db)) == 4
    assert all(table.is_stub for table in tables.list_names(db, OWNER))
    for result in reversed([*results[:2], *results[3:]]):
        undo(db, result)
    assert snapshot(db) == ({}, set())


def test_a_business_whose_file_is_taken_back_stays_for_its_seat(db: Store) -> None:
    results = import_all(db)
    undo(db, results[0])
    assert ("Welding advisory", "Zeta Foods", "Ben Ode") in list_members(db)


def test_an_end_that_is_said_later_is_of_the_same_seat_and_undone_alone(db: Store) -> None:
    import_all(db)
    before = snapshot(db)
    later = import_text(db, SEATS.replace("Welding advisory,B2,Ben Ode,,", "Welding advisory,B2,Ben Ode,,2026-05-31"))
    assert (later.created, later.updated, later.unchanged) == (0, 1, 3)
    assert len(list_members(db)) == 4
    undo(db, later)
    assert snapshot(db) == before


@pytest.mark.parametrize("text", [TABLES, SEATS, MEETINGS, "table,business,person\nNowhere,Acme,Ana"])
def test_a_preview_counts_what_the_import_then_does_and_writes_nothing(db: Store, text: str) -> None:
    for earlier in (PLACES, PEOPLE, TABLES):
        import_text(db, earlier)
    before = snapshot(db, leave_out=())
    expected = preview_text(db, text)
    assert snapshot(db, leave_out=()) == before
    got = import_text(db, text)
    assert [getattr(expected, name) for name in COUNTS] == [getattr(got, name) for name in COUNTS]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("Nowhere,B1,Ana Silva,,", "table", "no table named"),
        ("Welding advisory,College:B9,Ana Silva,,", "business", "There is no business"),
        ("Welding advisory,B1,College:P9,,", "person", "There is no person"),
        ("Welding advisory,B1,Vacant,,", "person", "Nobody sits"),
        ("Welding advisory,B1,Ana;Ben,,", "person", "one person"),
        ("Welding advisory,B1,,,", "person", "blank"),
        ("Welding advisory,B1,Ana Silva,2026-02-01,2026-01-01", "to", "before from"),
        ("Welding advisory,B1,Ana Silva,next year,", "from", ""),
    ],
)
def test_a_seat_that_cannot_be_taken_is_refused_with_the_way_to_mend_it(
    db: Store, row: str, column: str, words: str
) -> None:
    for earlier in (PLACES, PEOPLE, TABLES):
        import_text(db, earlier)
    result = import_text(db, f"table,business,person,from,to\n{row}\nSkills panel,Omega,Cy Young,,")
    (refusal,) = result.refusals
    assert (result.created, refusal.line, refusal.column) == (1, 2, column)
    assert words in refusal.reason
    assert refusal.fix


@pytest.mark.parametrize(
    ("row", "column"), [("T,College,0,", "cadence_days"), ("T,College,90,25", "hours"), ("T,College,90,two", "hours")]
)
def test_a_table_with_an_impossible_cadence_or_length_is_refused(db: Store, row: str, column: str) -> None:
    (refusal,) = import_text(db, f"table,agency,cadence_days,hours\n{row}").refusals
    assert refusal.column == column


def test_a_name_that_two_agencies_use_is_refused_unless_the_agency_is_said(db: Store) -> None:
    import_text(db, "table,agency\nAdvisory board,College\nAdvisory board,Board")
    text = "table,date\nAdvisory board,2026-01-01\nBoard:Advisory board,2026-01-02"
    result = import_text(db, text)
    assert result.created == 1
    assert "College:Advisory board" in result.refusals[0].fix or "Board:Advisory board" in result.refusals[0].fix
    own = import_text(db, "table,date\nAdvisory board,2026-01-03", agency="College")
    assert own.created == 1
    owners = {table.id: table.agency for table in read_tables(db, OWNER).tables}
    days = sorted(read_tables(db, OWNER).meetings, key=lambda meeting: meeting.day)
    assert [owners[meeting.table] for meeting in days] == ["Board", "College"]


def test_a_member_brings_seats_of_the_own_tables_only(db: Store) -> None:
    import_all(db)
    text = "table,business,person\nWelding advisory,B1,Di Roy\nSkills panel,77,Eve Lund"
    source = open_source(db, text.encode(), Said(agency="College"), name="seats.csv")
    (result,) = import_files(db, [source], viewer=COLLEGE)
    close_sources([source])
    assert (result.created, result.refused) == (1, 1)
    assert "Skills panel is a table of Board" in result.refusals[0].reason
    source = open_source(db, b"sector,naics\nFood,311", Said(agency="College"), name="sectors.csv")
    with pytest.raises(NotAllowed):
        import_files(db, [source], viewer=COLLEGE)
    close_sources([source])


def test_what_is_exported_is_read_back_unchanged_and_makes_the_same_tables(db: Store, tmp_path: Path) -> None:
    import_all(db)
    import_text(db, "table,business,person\nFocus group,Omega Plastics,Cy Young", agency="Board")
    import_text(db, "table,agency\nSkills panel,Chamber")
    kinds = ("businesses", "people", "tables", "seats", "meetings")
    before = list_members(db)
    for kind in kinds:
        export_file(db, kind, tmp_path / f"{kind}.csv", viewer=OWNER)
    texts = {kind: (tmp_path / f"{kind}.csv").read_text() for kind in kinds}
    again = [import_text(db, text.lstrip("\ufeff")) for text in texts.values()]
    assert [(result.created, result.updated, result.refused) for result in again] == [(0, 0, 0)] * 5
    empty_graph(db)
    for text in texts.values():
        assert import_text(db, text.lstrip("\ufeff")).refused == 0
    assert list_members(db) == before
    for kind in kinds:
        export_file(db, kind, tmp_path / "again.csv", viewer=OWNER)
        assert sorted((tmp_path / "again.csv").read_text().splitlines()) == sorted(texts[kind].splitlines())


def test_a_backup_holds_the_tables(db: Store, tmp_path: Path) -> None:
    import_all(db)
    before, file = list_members(db), tmp_path / "region.jsonl"
    made = export_graph(db, file)
    assert (made.nodes["Seat"], made.ties["AT"], made.ties["HELD_BY"]) == (4, 4, 5)
    empty_graph(db)
    assert load_graph(db.settings, file).hash == made.hash
    assert list_members(db) == before


def test_splitting_and_joining_duplicates_moves_seats_and_recompute_agrees(db: Store) -> None:
    import_all(db)
    assert len(find_seated(db, "Acme")) == 1
    judge(db, OWNER, left=record("College", "B1"), right=record("Board", "77"), verdict="different")
    assert len(find_seated(db, "Acme")) == 2
    after = read_tables(db, OWNER)
    recompute(db)
    assert set(read_tables(db, OWNER).seats) == set(after.seats)
    judge(db, OWNER, left=record("College", "B1"), right=record("Board", "77"), verdict="same")
    assert len(find_seated(db, "Acme")) == 1
    assert len(list_members(db)) == 4


ROSTER = """
Committee,Organization,Representative,Title,E-mail,Term begins,Term ends
Welding advisory,Acme Tool Inc,Ana Silva,Owner,ana@acme.example,09/01/2025,08/31/2027
Welding advisory,Omega Plastics,Cy Young,Plant manager,cy@omega.example,09/15/2025,
Welding advisory,Omega Plastics,Vacant,,,,
"""
MAPS = (
    "Committee=table", "Organization=business", "Representative=person", "Title=title", "E-mail=email",
    "Term begins=from", "Term ends=to",
)  # fmt: skip
DATES = ("Term begins=mm/dd/yyyy", "Term ends=mm/dd/yyyy")


def import_roster(db: Store, text: str = ROSTER, agency: str = "College") -> Result:
    return import_text(db, text, agency=agency, maps=MAPS, date_formats=DATES, kind="seats")


def find_person(db: Store, name: str) -> dict[str, str]:
    return db.read("MATCH (e:Executive {name: $name}) RETURN properties(e) AS e", name=name)[0]["e"]


def test_a_roster_makes_the_table_and_records_of_those_whom_only_the_roster_knows(db: Store) -> None:
    import_text(db, PLACES)
    import_text(db, PEOPLE.replace("ana@acme.example", "boss@acme.example"))
    before = snapshot(db)
    result = import_roster(db)
    assert (result.rows, result.created, result.refused, result.new_tables) == (3, 2, 1, ["Welding advisory"])
    assert (find_person(db, "Cy Young")["email"], find_person(db, "Cy Young")["title"]) == (
        "cy@omega.example",
        "Plant manager",
    )
    # Ana stands in the college's own people file, which says what it says.
    assert find_person(db, "Ana Silva")["email"] == "boss@acme.example"
    again = import_roster(db)
    assert again.unchanged == 2
    undo(db, result)
    assert len(db.read("MATCH (:Seat) RETURN 1 AS one")) == 2, "the later file says them, too"
    undo(db, again)
    assert snapshot(db) == before


def test_a_later_roster_brings_a_person_up_to_date_and_undo_takes_it_back(db: Store) -> None:
    import_roster(db)
    before = snapshot(db)
    later = import_roster(db, ROSTER.replace("Plant manager", "Director"))
    assert (later.updated, later.unchanged) == (1, 1)
    assert find_person(db, "Cy Young")["title"] == "Director"
    undo(db, later)
    assert snapshot(db) == before


def test_what_a_roster_made_goes_out_and_comes_back(db: Store, tmp_path: Path) -> None:
    import_roster(db)
    kinds = ("businesses", "people", "seats")
    for kind in kinds:
        export_file(db, kind, tmp_path / f"{kind}.csv", viewer=OWNER)
    texts = [(tmp_path / f"{kind}.csv").read_text().lstrip("\ufeff") for kind in kinds]
    before = list_members(db)
    empty_graph(db)
    for text in texts[1:]:
        assert import_text(db, text).refused == 0
    assert list_members(db) == before
    assert find_person(db, "Cy Young")["email"] == "cy@omega.example"


def test_a_preview_of_a_roster_counts_as_its_import(db: Store) -> None:
    said = {"agency": "College", "maps": MAPS, "date_formats": DATES, "kind": "seats"}
    expected = preview_text(db, ROSTER, **said)
    assert snapshot(db) == ({}, set())
    got = import_roster(db)
    assert [getattr(expected, name) for name in COUNTS] == [getattr(got, name) for name in COUNTS]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Committee,Organization,Representative,Title,E-mail,Term begins,Term ends", "seats"),
        ("Advisory Committee,Company,Full Name,Job Title,Email Address", "seats"),
        ("Table,Organization,Full Name,Title,Email", "seats"),
        ("Member Name,Full Name,Title,Email,Phone", "people"),
        ("Company,First Name,Last Name,Job Title,E-mail", "people"),
    ],
)
def test_a_roster_is_told_from_a_list_of_people(header: str, kind: str) -> None:
    row = {"Term begins": "09/15/2025", "Term ends": "09/15/2027"}
    cells = ",".join(row.get(name, "ana@acme.example" if "mail" in name else "Ana Silva") for name in header.split(","))
    cells = cells if "Phone" not in header else cells[: cells.rindex(",")] + ",815-555-1234"
    with open_sheet(f"{header}\n{cells}\n".encode(), "roster.csv") as sheet:
        found = propose_mapping(sheet)
    guessed = {guess.meaning.partition(".")[0] for guess in found.guesses} - {"none"}
    assert guessed == {kind}
