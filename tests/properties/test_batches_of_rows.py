"""However the rows of a file are cut into batches, or cut off and gone on with, the graph that they make is the same,
and so are the counts; a preview counts the same too, and an undo leaves nothing. Rows say things of their business and
person beside, many rows of one.
"""

from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from crm.graph.driver import Store
from importers.results import Result
from tests.conftest import empty_graph
from tests.factories import import_cut_off, import_text, preview_text, snapshot, undo

HEADER = "Day,Company,ZIP,Tel,First,Last,Job,Mail,What"
MAPS = (
    "Company=businesses.name", "ZIP=businesses.zip", "Tel=businesses.phone", "First=people.first_name",
    "Last=people.last_name", "Job=people.title", "Mail=people.email",
)  # fmt: skip
OF_CONTACTS = (*MAPS, "Day=date", "What=notes", "=program:Outreach")
OF_BUSINESSES = (*MAPS, "Day=none", "What=businesses.notes")


def make_rows(mails: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda day, company, zip, phone, person, title, mail, notes: ",".join(
            (f"2026-03-{day:02}", company, zip, phone, *person, title, mail, notes)
        ),
        st.integers(0, 3),  # There is no 0th of March: some rows are refused.
        st.sampled_from(("Harbor Bakery", "HARBOR  bakery", "Omega Plastics", "Zeta Foods", "")),
        st.sampled_from(("", "02134", "02155")),
        st.sampled_from(("", "617-555-0117", "978-555-0101")),
        st.sampled_from((("", ""), ("Ana", "Silva"), ("ana", "SILVA"), ("Bo", "Lee"), ("Ana; Bo", "Silva; Lee"))),
        st.sampled_from(("", "Owner", "Manager")),
        st.sampled_from(mails),
        st.sampled_from(("", "Called", "Came back")),
    )


MAILS = ("", "ana@bakery.example", "bo@omega.example")
rows_of_file = st.lists(make_rows(MAILS), min_size=3, max_size=9)
rows_before = st.lists(make_rows(MAILS), max_size=3)
few = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def tell(of_contacts: bool) -> dict[str, Any]:
    """How the file is read."""
    kind, maps = ("touchpoints", OF_CONTACTS) if of_contacts else ("businesses", OF_BUSINESSES)
    return {"agency": "Chamber", "maps": maps, "kind": kind}


def write(rows: list[str]) -> str:
    return "\n".join((HEADER, *rows)) + "\n"


def count(result: Result) -> tuple[Any, ...]:
    return result.rows, result.created, result.updated, result.unchanged, result.refused, result.beside


@given(rows=rows_of_file, before=rows_before, batch=st.integers(1, 4), of_contacts=st.booleans())
@few
def test_rows_make_the_same_however_they_are_cut_into_batches(
    db: Store, rows: list[str], before: list[str], batch: int, of_contacts: bool
) -> None:
    said, made = tell(of_contacts), list[object]()
    for size in (1_000, batch):
        empty_graph(db)
        with patch("importers.load.BATCH", size):
            if before:
                import_text(db, write(before), **said)
            expected, got = preview_text(db, write(rows), **said), import_text(db, write(rows), **said)
        assert count(expected) == count(got)
        made.append((count(got), snapshot(db)))
    assert made[0] == made[1]


@given(
    rows=rows_of_file, before=rows_before, batch=st.integers(1, 3), done=st.integers(1, 2), of_contacts=st.booleans()
)
@few
def test_rows_make_the_same_where_they_were_cut_off_and_go_on(
    db: Store, rows: list[str], before: list[str], batch: int, done: int, of_contacts: bool
) -> None:
    said, made = tell(of_contacts), list[object]()
    assume(len(rows) > batch * done)
    for is_cut in (False, True):
        empty_graph(db)
        with patch("importers.load.BATCH", batch):
            if before:
                import_text(db, write(before), **said)
            if is_cut:
                result = import_cut_off(db, write(rows), after=batch * done, **said)
            else:
                result = import_text(db, write(rows), **said)
        made.append((count(result), snapshot(db)))
    assert made[0] == made[1]


@given(rows=rows_of_file, before=rows_before, batch=st.integers(1, 4), of_contacts=st.booleans())
@few
def test_rows_that_are_taken_back_leave_nothing_and_make_the_same_again(
    db: Store, rows: list[str], before: list[str], batch: int, of_contacts: bool
) -> None:
    said = tell(of_contacts)
    empty_graph(db)
    with patch("importers.load.BATCH", batch):
        if before:
            import_text(db, write(before), **said)
        empty = snapshot(db)
        result = import_text(db, write(rows), **said)
        made = snapshot(db)
        undo(db, result)
        assert snapshot(db) == empty
        import_text(db, write(rows), **said)
    assert snapshot(db) == made
