"""Tables by the definitions §1 and §5: what is a table, who is a member, overlap, loads, merges, clashes."""

from datetime import date

import pytest

from crm.analysis.calendars import ComingAsk, find_clashes, list_meetings
from crm.analysis.days import get_day
from crm.analysis.table_merges import merge_tables
from crm.analysis.tables import Meeting, Seat, Standing, Table, Tables, measure_tables

AS_OF = get_day(date(2026, 6, 30))
names = [f"b{number}" for number in range(40)]


def a_table(id: str = "A", **changes: object) -> Table:
    return Table(**({"id": id, "name": id, "agency_id": "a1", "agency": "College"} | changes))  # type: ignore[arg-type]


def seats_of(table: str, businesses: list[str], persons: list[str] | None = None) -> list[Seat]:
    people = persons or [f"p of {business}" for business in businesses]
    return [Seat(table, business, person) for business, person in zip(businesses, people, strict=True)]


def met(table: str, *ago: int) -> list[Meeting]:
    return [Meeting(table, AS_OF - days) for days in ago]


def stand(tables: list[Table], seats: list[Seat], meetings: list[Meeting]) -> Tables:
    return measure_tables(tables, seats, meetings, as_of=AS_OF)


def one(table: Table, *ago: int, seats: list[Seat] | None = None) -> Standing:
    seats = seats if seats is not None else seats_of(table.id, names[:3])
    return stand([table], seats, met(table.id, *ago)).standings[0]


def two(left: list[str], right: list[str], **changes: object) -> Tables:
    tables = [a_table("A", **changes), a_table("B", **changes)]
    return stand(tables, seats_of("A", left) + seats_of("B", right), met("A", 10, 40) + met("B", 10, 40))


def test_twenty_and_fifteen_that_share_six() -> None:
    (pair,) = two(names[:20], names[14:29]).pairs
    assert (len(pair.businesses), round(pair.jaccard, 4), pair.overlap) == (6, 0.2069, 0.4)
    assert not pair.is_candidate


@pytest.mark.parametrize(("shared", "candidate"), [(4, False), (5, True)])
def test_half_of_the_smaller_table_in_one_sector_is_a_candidate(shared: int, candidate: bool) -> None:
    left, right = names[:20], names[20 - shared : 30 - shared]
    assert [pair.is_candidate for pair in two(left, right, sector="Food").pairs] == [candidate]
    assert not two(left, right).pairs[0].is_candidate
    assert two(left, right, purpose="Skills").pairs[0].same_purpose


def test_sectors_are_one_in_any_case_and_spacing() -> None:
    tables = [a_table("A", sector="Food and drink"), a_table("B", sector=" food  and Drink")]
    seats = seats_of("A", names[:2]) + seats_of("B", names[:2])
    assert stand(tables, seats, met("A", 1, 2) + met("B", 1, 2)).pairs[0].is_candidate


@pytest.mark.parametrize(
    ("ago", "state"),
    [
        ((10, 40), "active"),
        ((10,), "one_time"),
        ((), "one_time"),
        ((365, 400), "active"),
        ((366, 400), "inactive"),
        ((-5, -30), "inactive"),  # nothing was held yet
        ((-5, 3), "active"),
    ],
)
def test_a_table_is_active_while_its_last_meeting_is_near(ago: tuple[int, ...], state: str) -> None:
    assert one(a_table(), *ago).state == state


@pytest.mark.parametrize(("ago", "state"), [(400, "active"), (401, "inactive")])
def test_a_table_that_meets_seldom_stays_active_for_two_of_its_cadences(ago: int, state: str) -> None:
    assert one(a_table(cadence_days=200), ago, ago + 1).state == state


def test_a_group_of_one_business_is_no_table_yet() -> None:
    assert one(a_table(), 10, 40, seats=seats_of("A", ["b1", "b1"], ["p", "q"])).state == "small"


@pytest.mark.parametrize(
    ("begins", "ends", "is_member"),
    [(None, None, True), (0, 0, True), (1, None, False), (None, -1, False), (-400, 400, True), (None, 0, True)],
)
def test_members_are_the_seats_current_on_the_day(begins: int | None, ends: int | None, is_member: bool) -> None:
    day = lambda offset: None if offset is None else AS_OF + offset  # noqa: E731
    seats = [*seats_of("A", names[:2]), Seat("A", "b9", "p9", day(begins), day(ends))]
    assert ("b9" in one(a_table(), 10, 40, seats=seats).businesses) is is_member


def test_hours_are_of_the_meetings_of_the_last_twelve_months() -> None:
    standing = one(a_table(hours=1.5), 0, 10, 364, 365, -3)
    assert (standing.met, standing.known, standing.hours) == (3, 5, 4.5)
    assert one(a_table(), 10, 40).hours is None


def test_the_seat_load_of_a_person_is_over_the_active_tables() -> None:
    tables = [a_table("A", hours=2, sector="Food"), a_table("B", hours=1, sector="Food"), a_table("C", hours=9)]
    seats = [seat for id in "ABC" for seat in seats_of(id, ["b1", "b2"], ["Ana", f"other of {id}"])]
    found = stand(tables, seats, met("A", 10, 40, 70) + met("B", 10, 40) + met("C", 500, 600))
    load = found.persons[0]
    assert (load.id, len(load.tables), load.hours, load.alike) == ("Ana", 2, 3 * 2 + 2 * 1, ("Food", 2))
    assert [load.hours for load in found.businesses] == [8, 8]
    assert found.as_json()["seats"][0] == {"person": "Ana", "name": "", "tables": 2, "hours": 8}


def test_unknown_hours_count_as_none_and_are_said() -> None:
    found = stand(
        [a_table("A", hours=2), a_table("B")],
        seats_of("A", ["b1", "b2"], ["Ana", "Ben"]) + seats_of("B", ["b1", "b3"], ["Ana", "Cy"]),
        met("A", 1, 2) + met("B", 1, 2),
    )
    assert (found.persons[0].hours, found.persons[0].unknown) == (4, 1)
    assert found.as_json()["tables"][1]["hours"] is None


def test_one_time_groups_are_listed_apart_and_compared_with_none() -> None:
    seats = seats_of("A", names[:3]) + seats_of("B", names[:3])
    answer = stand([a_table("A"), a_table("B")], seats, met("A", 1, 2) + met("B", 1)).as_json()
    assert [row["table"] for row in answer["tables"]] == ["A"]
    assert [row["table"] for row in answer["one_time"]] == ["B"]
    assert answer["pairs"] == []
    assert len(answer["seats"]) == 3


def test_tables_of_one_name_are_told_apart_by_their_agency() -> None:
    tables = [a_table("1", name="Board"), a_table("2", name="board", agency="Chamber")]
    assert {row.label for row in stand(tables, [], []).standings} == {"College:Board", "Chamber:board"}


def test_merging_saves_double_seats_and_the_lesser_hours_of_each_shared_person() -> None:
    tables = [a_table("A", hours=2), a_table("B", hours=3)]
    seats = seats_of("A", ["b1", "b2", "b3"], ["Ana", "Ben", "Cy"]) + seats_of("B", ["b1", "b2"], ["Ana", "Di"])
    merge = merge_tables(stand(tables, seats, met("A", 1, 2) + met("B", 1, 2)).active)
    assert (merge.seats_before, merge.seats_after, merge.seats_saved) == (5, 3, 2)
    assert (merge.persons_before, merge.persons_after) == (5, 4)
    assert (merge.hours_before, merge.hours_saved, merge.hours_after) == (3 * 4 + 2 * 6, 4, 20)
    assert merge.businesses == {"b1", "b2", "b3"}
    assert merge.stays.label == "A"


def test_of_three_tables_a_person_keeps_the_hours_of_the_one_that_asks_most() -> None:
    tables = [a_table(id, hours=hours) for id, hours in (("A", 1), ("B", 2), ("C", 4))]
    seats = [seat for id in "ABC" for seat in seats_of(id, ["b1", "b2"], ["Ana", f"x{id}"])]
    merge = merge_tables(stand(tables, seats, [day for id in "ABC" for day in met(id, 1, 2)]).active)
    assert (merge.seats_saved, merge.hours_saved) == (4, 2 + 4)


def test_a_table_that_a_law_requires_stays_and_a_second_one_is_said_to_end() -> None:
    tables = [a_table("A"), a_table("B", required_by="Perkins V"), a_table("C", required_by="State code 12")]
    seats = [seat for id in "ABC" for seat in seats_of(id, names[:3])]
    active = stand(tables, seats, [day for id in "ABC" for day in met(id, 1, 2)]).active
    assert merge_tables(active[:2]).stays.label == "B"
    assert merge_tables(active[:2]).ended_by_law == ()
    assert [one.label for one in merge_tables(active[:2], stays="A").ended_by_law] == ["B"]
    assert [one.label for one in merge_tables(active).ended_by_law] == ["C"]
    with pytest.raises(ValueError, match="two tables"):
        merge_tables(active[:1])
    with pytest.raises(ValueError, match="none of those"):
        merge_tables(active[:2], stays="C")


def ask(day: int, *agencies: str, businesses: str = "", persons: str = "", id: str = "") -> ComingAsk:
    return ComingAsk(
        AS_OF + day, "contact", id or f"{day}", "", "", frozenset(agencies), frozenset(businesses), frozenset(persons)
    )


@pytest.mark.parametrize(
    ("left", "right", "clash"),
    [
        (ask(1, "College", businesses="b"), ask(15, "Board", businesses="b"), True),
        (ask(1, "College", businesses="b"), ask(16, "Board", businesses="b"), False),
        (ask(1, "College", businesses="b"), ask(1, "Board", businesses="c", id="2"), False),
        (ask(1, "College", persons="p"), ask(3, "Board", persons="p"), True),
        (ask(1, "College", businesses="b"), ask(3, "College", businesses="b"), False),
        (ask(1, "College", "Board", businesses="b"), ask(3, "Board", businesses="b"), False),
    ],
)
def test_two_asks_of_the_same_people_by_different_agencies_within_14_days_clash(
    left: ComingAsk, right: ComingAsk, clash: bool
) -> None:
    found = find_clashes([right, left])
    assert len(found) == clash
    assert all((one.first, one.second) == (left, right) for one in found)


def test_a_meeting_asks_those_whose_seat_is_current_on_its_day() -> None:
    seats = [Seat("A", "b1", "Ana"), Seat("A", "b2", "Ben", ends_on=AS_OF + 5), Seat("A", "b3", "Cy", AS_OF + 8)]
    standings = stand([a_table()], seats, [*met("A", 1, 2), Meeting("A", AS_OF + 7, "m")]).standings
    (found,) = list_meetings(standings, seats, [*met("A", 1, 2), Meeting("A", AS_OF + 7, "m")], as_of=AS_OF)
    assert (found.day, found.persons, found.agencies) == (AS_OF + 7, {"Ana"}, {"College"})
