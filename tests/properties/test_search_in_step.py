"""Whatever is added, renamed, taken out and brought back, in whatever order: the index finds what a new one finds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.search.filters import Filter
from crm.search.index import Index
from tests.unit.search_entries import business, person

NAMES = ("Acme Tool", "Acme Bakery LLC", "Northline Cold Storage", "North Shore", "Ünal & Söhne", "Tool", "")
PLACES = ("Rockford", "Peoria", "")
QUERIES = ("acme", "acme tool", "tol", "north", "a", "rockford", "", "jane", "jane acme", "unal sohne", "815555")

IDS = st.integers(0, 7)
BUSINESSES = st.builds(
    lambda number, name, city, agencies: business(
        f"b{number}", name, agencies=agencies, contacts=agencies - 1, city=city, phone=f"815-555-010{number}"
    ),
    IDS,
    st.sampled_from(NAMES),
    st.sampled_from(PLACES),
    st.integers(1, 3),
)
# Whom a change touches: businesses that are new or renamed, the people at them, and what is gone.
CHANGES = st.tuples(st.lists(BUSINESSES, max_size=4), st.lists(IDS, max_size=3), st.lists(IDS, max_size=3))


@settings(max_examples=60, deadline=None)
@given(changes=st.lists(CHANGES, max_size=8))
def test_any_history_of_changes_finds_what_a_new_index_finds(
    changes: list[tuple[list[str], list[int], list[int]]],
) -> None:
    index, there = Index(), dict[str, str]()
    for changed, hired, gone in changes:
        texts = {text.partition("\n")[0]: text for text in changed}
        # Who is at a business that changed is read again with it, as the finder does.
        at = {id[1:] for id in texts} & {id[1:] for id in there if id.startswith("e")}
        texts |= {f"e{n}": person(f"e{n}", "Jane Doe", f"b{n}") for n in {*map(str, hired), *at}}
        left = {f"{kind}{number}" for number in gone for kind in "be"}
        # Who is at a business that is gone is known to be at none.
        there = {id: text for id, text in (there | texts).items() if id not in left}
        employers = [there[f"b{id[1:]}"] for id in texts if id in there and f"b{id[1:]}" in there]
        index = index.change([text for id, text in texts.items() if id in there], employers=employers, gone=left)
        new = Index().change(there.values())
        assert index.counts == new.counts
        assert index.list_ids() == new.list_ids() == set(there)
        for text in QUERIES:
            assert index.search(text) == new.search(text)
            for only in (Filter(place="rock"), Filter(never_contacted=True)):
                assert index.search(text, only=only) == new.search(text, only=only)


# What the matcher takes for no name, for what parts two, or for a part of the address.
ODD_NAMES = st.lists(
    st.sampled_from(["none", "N/A", "known", "DBA", "attn", "c/o", "The", "Inc", "(A)", "aka", "Ünal", "1"]), max_size=4
).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60), name=st.text(max_size=40) | ODD_NAMES)
def test_any_text_can_be_searched_for_and_any_name_is_found_by_itself(text: str, name: str) -> None:
    index = Index().change([business("b1", name), business("b2", "Acme Tool")])
    index.search(text)
    assert "b1" in index.search(name).businesses.ids or not any(letter.isalnum() for letter in name)
