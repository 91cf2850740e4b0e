"""A row keeps its key over repeated imports."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from importers.keys import content_hash, row_key
from importers.kinds import AGREEMENTS_FILE, BUSINESSES_FILE, TOUCHPOINTS_FILE

VALUES = {"agency": "A", "name": "Harbor Bakery", "zip": "02134", "city": None}


def test_the_sources_own_id_is_the_key() -> None:
    assert row_key(BUSINESSES_FILE, {**VALUES, "source_id": "007"}) == "007"
    assert row_key(AGREEMENTS_FILE, {"name": "Shared lead"}) == "Shared lead"


def test_without_an_id_the_key_is_of_what_the_row_says() -> None:
    key = row_key(BUSINESSES_FILE, VALUES)
    # Stored in graphs: another value here would make every such row a new one at its next import.
    assert key == "row-3fabde9b397edede1692"
    assert row_key(BUSINESSES_FILE, {**VALUES, "source_id": None}) == key
    assert row_key(BUSINESSES_FILE, {"zip": "02134", "name": "Harbor Bakery"}) == key
    assert row_key(BUSINESSES_FILE, {**VALUES, "agency": "B"}) == key
    assert row_key(BUSINESSES_FILE, {**VALUES, "zip": "02135"}) != key


def test_the_hash_tells_values_apart_that_print_alike() -> None:
    one = {"program": ("A", "B"), "date": date(2026, 1, 1), "reached": True}
    assert content_hash(one) != content_hash({**one, "program": ("A;B",)})
    assert content_hash(one) != content_hash({**one, "reached": False})
    assert content_hash(one) == content_hash({**one, "notes": None, "topics": ()})
    assert content_hash({"name": "A", "city": "B"}) != content_hash({"name": "B", "city": "A"})


@given(
    st.dictionaries(
        st.sampled_from(["name", "zip", "city", "notes"]), st.text(st.characters(min_codepoint=32, codec="utf-8"))
    )
)
def test_the_key_does_not_depend_on_the_order_of_columns(values: dict[str, str]) -> None:
    backwards = dict(reversed(values.items()))
    assert row_key(TOUCHPOINTS_FILE, values) == row_key(TOUCHPOINTS_FILE, backwards)
    assert content_hash(values) == content_hash(backwards)
