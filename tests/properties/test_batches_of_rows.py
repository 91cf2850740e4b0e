"""However the rows of a file are cut into batches, the graph that they make is the same, and so are the counts; and a
preview counts the same too. Rows say things of their business and person beside, many rows of one.
"""

from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.graph.driver import Store
from tests.conftest import empty_graph
from tests.factories import import_text, preview_text, snapshot

HEADER = "Day,Company,ZIP,Tel,First,Last,Job,Mail,What"
MAPS = (
    "Company=businesses.name", "ZIP=businesses.zip", "Tel=businesses.phone", "First=people.first_name",
    "Last=people.last_name", "Job=people.title", "Mail=people.email",
)  # fmt: skip
OF_CONTACTS = (*MAPS, "Day=date", "What=notes", "=program:Outreach")
OF_BUSINESSES = (*MAPS, "Day=none", "What=businesses.notes")

row = st.builds(
    lambda day, company, zip, phone, person, title, mail, notes: ",".join(
        (f"2026-03-{day:02}", company, zip, phone, *person, title, mail, notes)
    ),
    st.integers(0, 3),  # There is no 0th of March: some rows are refused.
    st.sampled_from(("Harbor Bakery", "HARBOR  bakery", "Omega Plastics", "Zeta Foods", "")),
    st.sampled_from(("", "02134", "02155")),
    st.sampled_from(("", "617-555-0117", "978-555-0101")),
    st.sampled_from((("", ""), ("Ana", "Silva"), ("ana", "SILVA"), ("Bo", "Lee"), ("Ana; Bo", "Silva; Lee"))),
    st.sampled_from(("", "Owner", "Manager")),
    st.sampled_from(("", "ana@bakery.example", "bo@omega.example")),
    st.sampled_from(("", "Called", "Came back")),
)


@given(
    rows=st.lists(row, min_size=3, max_size=9),
    earlier=st.lists(row, max_size=3),
    batch=st.integers(1, 4),
    of_contacts=st.booleans(),
)
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_rows_make_the_same_however_they_are_cut_into_batches(
    db: Store, rows: list[str], earlier: list[str], batch: int, of_contacts: bool
) -> None:
    kind, maps = ("touchpoints", OF_CONTACTS) if of_contacts else ("businesses", OF_BUSINESSES)
    said = {"agency": "Chamber", "maps": maps, "kind": kind}
    before, text = ("\n".join((HEADER, *some)) + "\n" for some in (earlier, rows))
    made: list[object] = []
    for size in (1_000, batch):
        empty_graph(db)
        with patch("importers.load.BATCH", size):
            if earlier:
                import_text(db, before, **said)
            told = [preview_text(db, text, **said), import_text(db, text, **said)]
        counts = [(one.rows, one.created, one.updated, one.unchanged, one.refused, one.beside) for one in told]
        assert counts[0] == counts[1]
        made.append((counts[1], snapshot(db)))
    assert made[0] == made[1]
