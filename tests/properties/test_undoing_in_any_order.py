"""In whatever order whole lists of two agencies are imported, sent again, changed and taken back, the region is as if
only those that were not taken back had been imported, and each import counts what its preview did.
"""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.graph.driver import Store
from importers.load import import_files
from importers.openings import Said, close_sources, open_source
from importers.results import Result
from tests.conftest import empty_graph
from tests.factories import preview_text, snapshot, undo

# Whose list it is, and its text.
List = tuple[str, str]
COLUMNS = (("zip", "phone"), ("phone",), ("zip",))
MISSING = "MATCH (u:Unsent) WHERE u.until IS NULL RETURN u.record_id AS id"

# Few rows, so that lists have some in common.
row = st.sampled_from(
    (
        ("B1", "Harbor Bakery", {"zip": "02134", "phone": "617-555-0117"}),
        ("B1", "Harbor Bakery", {"zip": "02134", "phone": ""}),
        ("B2", "Omega Plastics", {"zip": "02155", "phone": ""}),
        ("B2", "Zeta Foods", {"zip": "", "phone": "978-555-0101"}),
    )
)
lists = st.tuples(
    st.sampled_from(("Chamber", "College")),
    st.builds(
        lambda columns, rows: "\n".join(
            (
                f"source_id,name,{','.join(columns)}",
                *(",".join((key, name, *(cells[column] for column in columns))) for key, name, cells in rows),
            )
        ),
        st.sampled_from(COLUMNS),
        st.lists(row, min_size=1, max_size=3),
    ),
)
# Import a list, send one that was sent before once more, or take one back: the n-th of those there are.
steps = st.lists(
    st.one_of(lists, st.tuples(st.sampled_from(("again", "undo")), st.integers(0, 5))), min_size=2, max_size=4
)


def take_in(db: Store, of: List) -> Result:
    agency, text = of
    expected = preview_text(db, text, agency=agency, complete=True)
    source = open_source(db, (text + "\n").encode(), Said(agency=agency, complete=True), name="list.csv")
    try:
        (result,) = import_files(db, [source], sure=True)
    finally:
        close_sources([source])
    for count in ("rows", "created", "updated", "unchanged", "to_review", "no_longer_sent", "sent_again"):
        assert getattr(result, count) == getattr(expected, count)
    return result


def look(db: Store) -> tuple[object, ...]:
    return *snapshot(db), {row["id"] for row in db.read(MISSING)}


@given(first=lists, steps=steps)
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_region_is_what_those_lists_say_that_were_not_taken_back(
    db: Store, first: List, steps: list[List | tuple[str, int]]
) -> None:
    empty_graph(db)
    sent = [first]
    live = [(first, take_in(db, first))]
    for what, said in (*steps, ("undo", 0)):
        if isinstance(said, str) or what == "again":
            sent.append((what, said) if isinstance(said, str) else sent[said % len(sent)])
            live.append((sent[-1], take_in(db, sent[-1])))
        elif live:
            undo(db, live.pop(said % len(live))[1])
    made = look(db)
    empty_graph(db)
    for of, _ in live:
        take_in(db, of)
    assert look(db) == made
