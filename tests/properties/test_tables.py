"""Tables against a plain reading of the definitions, on random small regions; and what must hold for any of them."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.analysis.calendars import ComingAsk, find_clashes
from crm.analysis.table_merges import merge_tables
from crm.analysis.tables import Meeting, Seat, Table, measure_tables
from tests.properties import tables_by_the_book as book

AS_OF = 20_000
# A busy machine draws slowly; what is drawn is small.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
IDS = ("A", "B", "C", "D")
days = st.none() | st.integers(AS_OF - 500, AS_OF + 500)
tables = st.fixed_dictionaries(
    {
        id: st.builds(
            Table,
            id=st.just(id),
            name=st.sampled_from(["Board", "board", id]),
            agency_id=st.just("x"),
            agency=st.sampled_from(["College", "Chamber"]),
            sector=st.sampled_from(["", "Food", "food ", "Care"]),
            purpose=st.sampled_from(["", "Skills"]),
            cadence_days=st.none() | st.integers(1, 400),
            hours=st.none() | st.sampled_from([0.1, 0.5, 1.5, 3.0]),
        )
        for id in IDS
    }
).map(lambda found: list(found.values()))
seats = st.lists(
    st.builds(
        Seat,
        table=st.sampled_from(IDS),
        business=st.sampled_from(["b1", "b2", "b3", "b4", "b5"]),
        person=st.sampled_from(["p1", "p2", "p3", "p4"]),
        begins_on=days,
        ends_on=days,
    ),
    max_size=30,
)
meetings = st.lists(
    st.builds(Meeting, table=st.sampled_from(IDS), day=st.integers(AS_OF - 900, AS_OF + 100)), max_size=24, unique=True
)
asks = st.lists(
    st.builds(
        ComingAsk,
        day=st.integers(1, 60),
        kind=st.sampled_from(["meeting", "contact"]),
        id=st.uuids().map(str),
        about=st.just(""),
        label=st.just(""),
        agencies=st.frozensets(st.sampled_from("xyz"), min_size=1),
        businesses=st.frozensets(st.sampled_from("abcd"), max_size=2),
        persons=st.frozensets(st.sampled_from("PQR"), max_size=2),
    ),
    max_size=12,
    unique_by=lambda ask: ask.id,
)


@patient
@given(tables, seats, meetings)
def test_states_pairs_and_loads_are_what_the_definitions_say(
    tables: list[Table], seats: list[Seat], meetings: list[Meeting]
) -> None:
    found = measure_tables(tables, seats, meetings, as_of=AS_OF)
    assert {one.table.id: one.state for one in found.standings} == {
        table.id: book.find_state(table, seats, meetings, AS_OF) for table in tables
    }
    expected = book.list_pairs(tables, seats, meetings, AS_OF)
    assert len(found.pairs) == len(expected)
    for pair in found.pairs:
        told = {name: value for name, value in pair.as_json().items() if name not in ("a", "b")}
        wanted = expected[frozenset((pair.a.table.id, pair.b.table.id))]
        assert told.keys() == wanted.keys()
        assert all(math.isclose(told[name], wanted[name], abs_tol=1e-9) for name in wanted)
    loads = book.list_loads(tables, seats, meetings, AS_OF)
    assert {load.id: len(load.tables) for load in found.persons} == {id: many for id, (many, _) in loads.items()}
    assert all(math.isclose(load.hours, loads[load.id][1], abs_tol=1e-9) for load in found.persons)


@patient
@given(tables, seats, meetings, st.randoms())
def test_the_order_of_rows_and_a_shift_of_all_days_change_nothing(
    tables: list[Table], seats: list[Seat], meetings: list[Meeting], random: object
) -> None:
    answer = measure_tables(tables, seats, meetings, as_of=AS_OF).as_json()
    mixed = [list(rows) for rows in (tables, seats, meetings)]
    for rows in mixed:
        random.shuffle(rows)  # type: ignore[attr-defined]
    assert measure_tables(*mixed, as_of=AS_OF).as_json() == answer  # type: ignore[arg-type]
    move = lambda day: None if day is None else day + 77  # noqa: E731
    later = [replace(seat, begins_on=move(seat.begins_on), ends_on=move(seat.ends_on)) for seat in seats]
    held = [replace(meeting, day=meeting.day + 77) for meeting in meetings]
    assert measure_tables(tables, later, held, as_of=AS_OF + 77).as_json() == answer


@patient
@given(tables, seats, meetings)
def test_a_merge_saves_what_the_definitions_say_and_loses_no_member(
    tables: list[Table], seats: list[Seat], meetings: list[Meeting]
) -> None:
    active = measure_tables(tables, seats, meetings, as_of=AS_OF).active
    if len(active) < 2:
        return
    merge = merge_tables(active[:2])
    saved, hours = book.merge([one.table for one in active[:2]], seats, meetings, AS_OF)
    assert merge.seats_saved == saved
    assert math.isclose(merge.hours_saved, hours, abs_tol=1e-9)
    whole = merge_tables(active)
    assert whole.businesses == frozenset().union(*(one.businesses for one in active))
    assert 0 <= whole.hours_saved <= whole.hours_before + 1e-9
    assert whole.seats_saved >= merge.seats_saved


@patient
@given(asks)
def test_clashes_are_what_the_rule_says(asks: list[ComingAsk]) -> None:
    found = find_clashes(asks)
    assert {frozenset((clash.first.id, clash.second.id)) for clash in found} == book.list_clashes(asks)
    assert len(found) == len(book.list_clashes(asks))
    assert all(0 <= clash.days <= 14 for clash in found)
