"""Seats and meetings that are added and ended on the screen, and taken back, beside what rosters say."""

from datetime import date
from pathlib import Path

import pytest

from crm.access import OWNER, Viewer
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph import agencies
from crm.graph.driver import Store
from crm.services import table_edits
from crm.services.resolution import recompute
from crm.services.table_edits import Sitting
from crm.services.tables import get_table, read_tables
from importers.exports import export_file
from tests.factories import import_text, snapshot, undo
from tests.table_worlds import FILES, MEETINGS, SEATS

TODAY = date(2026, 6, 30)
COLLEGE = Viewer("u1", "kim@college.example", agencies.agency_id("College"), "member")
BOARD = Viewer("u2", "lee@board.example", agencies.agency_id("Board"), "member")


@pytest.fixture
def region(db: Store) -> Store:
    for text in FILES:
        import_text(db, text)
    return db


def find_table(db: Store, name: str = "Welding advisory") -> str:
    return next(table.id for table in read_tables(db, OWNER).tables if table.name == name)


def find_thing(db: Store, name: str) -> str:
    return next(id for id, known in read_tables(db, OWNER).names.items() if known == name)


def list_members(db: Store, table: str) -> list[tuple[str, str, bool]]:
    found = get_table(db, OWNER, table, as_of=TODAY)
    names = found.names
    return [(names[seat.person], names[seat.business], seat.is_current(found.as_of)) for seat in found.seats]


def list_days(db: Store, table: str) -> list[str]:
    return [str(row["date"]) for row in get_table(db, OWNER, table, as_of=TODAY).as_json()["meetings"]]


def test_a_seat_is_added_for_who_is_known_and_taken_back(region: Store) -> None:
    table, before = find_table(region), snapshot(region)
    cy, omega = find_thing(region, "Cy Young"), find_thing(region, "Omega Plastics")
    sitting = Sitting(business=omega, person=cy, begins_on=date(2026, 6, 1))
    seat = table_edits.add_seat(region, COLLEGE, table, sitting, today=TODAY)
    assert ("Cy Young", "Omega Plastics", True) in list_members(region, table)
    with pytest.raises(Refused, match="already"):
        table_edits.add_seat(region, COLLEGE, table, sitting, today=TODAY)
    recompute(region)
    assert find_thing(region, "Cy Young") == cy
    assert table_edits.remove_seat(region, COLLEGE, seat) == table
    assert {seat.id for seat in read_tables(region, OWNER).seats} == {
        id
        for id, (label, _) in before[0].items()
        if label == "Seat"  # type: ignore[misc]
    }


def test_a_seat_is_added_for_somebody_new_and_nothing_is_left_when_it_is_taken_back(region: Store) -> None:
    table, before = find_table(region), snapshot(region)
    sitting = Sitting(new_business="Delta Mills", new_person="Di Roy", ends_on=date(2027, 1, 1))
    seat = table_edits.add_seat(region, COLLEGE, table, sitting, today=TODAY)
    assert ("Di Roy", "Delta Mills", True) in list_members(region, table)
    table_edits.remove_seat(region, COLLEGE, seat)
    assert snapshot(region) == before


def test_a_row_of_a_roster_that_says_the_same_is_the_same_seat(region: Store) -> None:
    table = find_table(region)
    sitting = Sitting(new_business="Delta Mills", new_person="Di Roy", begins_on=date(2026, 6, 1))
    table_edits.add_seat(region, COLLEGE, table, sitting, today=TODAY)
    result = import_text(region, "table,business,person,from\nWelding advisory,Delta Mills,Di Roy,2026-06-01")
    assert result.created == 0
    assert len([row for row in list_members(region, table) if row[0] == "Di Roy"]) == 1


def test_a_seat_from_a_roster_is_ended_stays_ended_and_is_undone(region: Store, tmp_path: Path) -> None:
    table = find_table(region)
    seat = next(one.id for one in read_tables(region, OWNER).seats if region_name(region, one.person) == "Ben Ode")
    before = snapshot(region)
    told, revision = table_edits.end_seat(region, COLLEGE, seat, on=date(2026, 5, 31), today=TODAY)
    assert told == table
    assert ("Ben Ode", "Zeta Foods", False) in list_members(region, table)
    assert import_text(region, SEATS).unchanged == 4
    assert ("Ben Ode", "Zeta Foods", False) in list_members(region, table)
    export_file(region, "seats", tmp_path / "seats.csv", viewer=OWNER)
    assert '"Welding advisory","B2","Ben Ode","","2026-05-31"' in (tmp_path / "seats.csv").read_text()
    with pytest.raises(Conflict):
        table_edits.undo_end(region, COLLEGE, seat, revision=revision - 1)
    table_edits.undo_end(region, COLLEGE, seat, revision=revision)
    assert snapshot(region) == before


def region_name(db: Store, id: str) -> str:
    return read_tables(db, OWNER).names[id]


def test_a_newer_row_counts_more_than_an_end_that_was_said_before(region: Store) -> None:
    table = find_table(region)
    seat = next(one.id for one in read_tables(region, OWNER).seats if region_name(region, one.person) == "Ben Ode")
    table_edits.end_seat(region, COLLEGE, seat, on=date(2026, 5, 31), today=TODAY)
    later = import_text(
        region, SEATS.replace("Welding advisory,B2,Ben Ode,,", "Welding advisory,B2,Ben Ode,,2027-05-31")
    )
    assert later.updated == 1
    assert ("Ben Ode", "Zeta Foods", True) in list_members(region, table)
    undo(region, later)
    assert ("Ben Ode", "Zeta Foods", True) in list_members(region, table)


def test_an_ended_seat_goes_with_its_import(region: Store) -> None:
    made = import_text(region, "table,business,person\nSkills panel,Delta Mills,Di Roy", agency="Board")
    seat = next(one.id for one in read_tables(region, OWNER).seats if region_name(region, one.person) == "Di Roy")
    table_edits.end_seat(region, BOARD, seat, on=TODAY, today=TODAY)
    undo(region, made)
    assert all(region_name(region, one.person) != "Di Roy" for one in read_tables(region, OWNER).seats)


def test_a_meeting_is_added_called_off_and_put_back(region: Store, tmp_path: Path) -> None:
    table, before = find_table(region), snapshot(region)
    meeting = table_edits.add_meeting(region, COLLEGE, table, on=date(2026, 9, 1), today=TODAY)
    assert list_days(region, table) == ["2026-09-01", "2026-04-10", "2026-01-10"]
    with pytest.raises(Refused, match="already"):
        table_edits.add_meeting(region, COLLEGE, table, on=date(2026, 9, 1), today=TODAY)
    assert table_edits.cancel_meeting(region, COLLEGE, meeting) == table
    assert list_days(region, table) == ["2026-04-10", "2026-01-10"]
    assert table_edits.add_meeting(region, COLLEGE, table, on=date(2026, 9, 1), today=TODAY) == meeting
    table_edits.remove_meeting(region, COLLEGE, meeting)
    assert snapshot(region) == before


def test_a_meeting_of_a_file_that_is_called_off_stays_so_when_the_file_comes_again(
    region: Store, tmp_path: Path
) -> None:
    table, before = find_table(region), snapshot(region)
    meeting = next(one.id for one in read_tables(region, OWNER).meetings if one.table == table)
    table_edits.cancel_meeting(region, COLLEGE, meeting)
    assert import_text(region, MEETINGS).unchanged == 5
    assert len(list_days(region, table)) == 1
    assert export_file(region, "meetings", tmp_path / "meetings.csv", viewer=OWNER) == 4
    table_edits.restore_meeting(region, COLLEGE, meeting)
    assert snapshot(region) == before


def test_only_the_agency_that_convenes_a_table_changes_it(region: Store) -> None:
    table = find_table(region)
    sitting = Sitting(new_business="Delta Mills", new_person="Di Roy")
    reading = read_tables(region, OWNER)
    seat = next(one.id for one in reading.seats if one.table == table)
    meeting = next(one.id for one in reading.meetings if one.table == table)
    with pytest.raises(NotAllowed):
        table_edits.add_seat(region, BOARD, table, sitting, today=TODAY)
    with pytest.raises(NotAllowed):
        table_edits.end_seat(region, BOARD, seat, on=TODAY, today=TODAY)
    with pytest.raises(NotAllowed):
        table_edits.add_meeting(region, BOARD, table, on=TODAY, today=TODAY)
    with pytest.raises(NotAllowed):
        table_edits.cancel_meeting(region, BOARD, meeting)
    with pytest.raises(NotAllowed, match="came with a file"):
        table_edits.remove_seat(region, COLLEGE, seat)
    with pytest.raises(NotFound):
        table_edits.add_meeting(region, COLLEGE, "mnothing", on=TODAY, today=TODAY)
    with pytest.raises(NotFound):
        table_edits.end_seat(region, COLLEGE, "nnothing", on=TODAY, today=TODAY)


@pytest.mark.parametrize(
    ("sitting", "words"),
    [
        (Sitting(new_person="Di Roy"), "Choose the business"),
        (Sitting(new_business="Delta"), "Choose the person"),
        (Sitting(new_business="D", new_person="P", begins_on=TODAY, ends_on=date(2026, 1, 1)), "before it begins"),
        (Sitting(new_business="D", new_person="P", begins_on=date(1026, 1, 1)), "Check the year"),
    ],
)
def test_what_cannot_be_a_seat_is_refused(region: Store, sitting: Sitting, words: str) -> None:
    with pytest.raises(Refused, match=words):
        table_edits.add_seat(region, COLLEGE, find_table(region), sitting, today=TODAY)
