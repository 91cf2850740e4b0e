"""Whatever happened to a region, it is what its records and judgements say: a rebuild from them changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.access import OWNER
from crm.graph.driver import Store
from crm.services.judgements import judge
from crm.services.resolution import recompute
from importers.undo import undo_import
from tests.conftest import empty_graph
from tests.factories import import_text, snapshot

NAMES = ("Acme Tool Inc", "ACME TOOL", "Zeta Foods LLC", "Zeta Foods", "Omega Plastics")
STREETS = ("12 Main St", "12 Main Street", "9 Oak Ave", "")
PHONES = ("815-555-0111", "8155550111", "815-555-0122", "")
AGENCIES = ("Board", "College", "Chamber")

Step = Callable[[Store, list[str]], None]


def a_business() -> st.SearchStrategy[str]:
    parts = [AGENCIES, tuple("123"), NAMES, STREETS, PHONES]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(lambda cells: f"{','.join(cells)},61101")


def a_contact() -> st.SearchStrategy[str]:
    days = ("2026-01-05", "2026-02-05", "2026-03-05")
    businesses = (*NAMES, "1", "2")
    people = ("Ana Silva", "Bo Ek", "p1", "Bo Ek;p2", "")
    parts = [AGENCIES, tuple("12345"), days, ("Training",), businesses, people]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(",".join)


def a_person() -> st.SearchStrategy[str]:
    parts = [AGENCIES, ("p1", "p2", ""), (*NAMES, "1", "2", ""), ("Ana Silva", "Bo Ek"), ("", "ana@x.example")]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(",".join)


def a_referral() -> st.SearchStrategy[str]:
    parts = [AGENCIES, tuple("12"), ("Training", "Welding"), ("Port:Docks", "College:Welding"), (*NAMES, "1")]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(lambda cells: f"{','.join(cells)},2026-01-01")


def an_agreement() -> st.SearchStrategy[str]:
    parts = [("Lead", "Other"), ("Board;College", "College;Chamber", "Board;Harbor"), ("", "Board:1", "Elsewhere:7")]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(
        lambda cells: f"{cells[0]},{cells[1]},2026-01-01,{cells[2]}"
    )


def get_first_cell(row: str) -> str:
    return row.partition(",")[0]


def importing(
    header: str, rows: st.SearchStrategy[str], *, once: Callable[[str], str] | None = None
) -> st.SearchStrategy[Step]:
    """`once`: what no two rows of a file share."""

    def step(lines: list[str]) -> Step:
        def run(db: Store, done: list[str]) -> None:
            result = import_text(db, "\n".join([header, *lines]))
            assert result.id is not None
            done.append(result.id)

        return run

    return st.lists(rows, min_size=1, max_size=5, unique_by=once).map(step)


def undoing() -> st.SearchStrategy[Step]:
    def step(place: int) -> Step:
        def run(db: Store, done: list[str]) -> None:
            if done:
                undo_import(db, done.pop(place % len(done)))

        return run

    return st.integers(0, 20).map(step)


def judging() -> st.SearchStrategy[Step]:
    def step(what: tuple[int, int, str]) -> Step:
        def run(db: Store, _: list[str]) -> None:
            ids: list[Any] = [row["id"] for row in db.read("MATCH (r:BusinessRecord) RETURN r.id AS id ORDER BY id")]
            if len(ids) > 1:
                left, right = what[0] % len(ids), what[1] % len(ids)
                if left != right:
                    judge(db, OWNER, left=ids[left], right=ids[right], verdict=what[2])

        return run

    return st.tuples(st.integers(0, 50), st.integers(0, 50), st.sampled_from(("same", "different", "unsure"))).map(step)


STEPS = st.lists(
    st.one_of(
        importing("agency,source_id,name,street,phone,zip", a_business()),
        importing("agency,source_id,date,program,business,person", a_contact()),
        importing("agency,source_id,business,name,email", a_person()),
        importing("agency,source_id,from_program,to_program,business,offered_on", a_referral()),
        # An agency that only a row said which a later row of the same file overrules is still made, and stays.
        importing("name,agencies,from,businesses", an_agreement(), once=get_first_cell),
        undoing(),
        judging(),
    ),
    min_size=2,
    max_size=7,
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_history_of_imports_judgements_and_undo_equals_a_rebuild(db: Store, steps: list[Step]) -> None:
    empty_graph(db)
    done: list[str] = []
    for step in steps:
        step(db, done)
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=importing("agency,source_id,name,street,phone,zip", a_business()), steps=STEPS)
def test_undoing_everything_leaves_nothing(db: Store, first: Step, steps: list[Step]) -> None:
    empty_graph(db)
    done: list[str] = []
    for step in (first, *steps):
        step(db, done)
    while done:
        undo_import(db, done.pop())
    assert snapshot(db) == ({}, set())
