"""The firms' index after any changes says what the roll-up over all sites says."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.dedupe.firms import FirmIndex, roll_up_firms

NAMES = (
    "City of Rockford",
    "City of Rockford Police Department",
    "Acme Tool",
    "Acme Tool #2",
    "Trigen Foods",
    "Trigen",
    "City Bank",
    "Subway",
)
sites = st.fixed_dictionaries(
    {
        "id": st.sampled_from([f"b{n}" for n in range(9)]),
        "name": st.sampled_from(NAMES),
        "legal_name": st.sampled_from((None, "Acme Holdings Inc", "Trigen LLC", "Trigen Foods Inc")),
        "state": st.sampled_from((None, "IL")),
        "ein": st.sampled_from((None, None, None, "36-1234567", "36-7654321")),
        "website": st.sampled_from((None, None, "acme.com", "trigen.com")),
        "parent": st.sampled_from((None, None, *NAMES)),
    }
)
ids = st.sampled_from([f"b{n}" for n in range(9)])
pairs_of_two = st.lists(st.tuples(ids, ids).filter(lambda pair: pair[0] != pair[1]), max_size=2)
steps = st.tuples(st.lists(sites, max_size=4), st.lists(ids, max_size=2), pairs_of_two, pairs_of_two)


@settings(max_examples=600, deadline=None)
@given(st.lists(steps, max_size=6))
def test_after_any_changes_the_firms_are_as_rolled_up_from_scratch(sequence: list) -> None:
    index, there, firms = FirmIndex(), {}, {}
    for changed, gone, pairs, parted in sequence:
        for id in gone:
            there.pop(id, None)
            firms.pop(id, None)
        there |= {site["id"]: site for site in changed}
        said = [pair for pair in pairs if there.keys() >= set(pair)]
        barred = [pair for pair in parted if there.keys() >= set(pair)]
        found = index.change(changed, gone, said, barred)
        firms |= found
        assert firms == roll_up_firms(list(there.values()), said=said, barred=barred)
        assert not any(firms[left] == firms[right] for left, right in barred)
        assert found.keys() <= there.keys()
        assert index.sites.keys() == there.keys()


@settings(max_examples=300, deadline=None)
@given(st.lists(sites, max_size=8, unique_by=lambda site: site["id"]), pairs_of_two, pairs_of_two, st.randoms())
def test_the_order_of_sites_and_of_what_was_said_is_no_matter(
    there: list, said: list, barred: list, rng: Random
) -> None:
    firms = roll_up_firms(there, said=said, barred=barred)
    for turned in (there, said, barred):
        rng.shuffle(turned)
    assert roll_up_firms(there, said=said, barred=barred) == firms


def test_only_what_has_to_do_with_a_change_is_looked_at() -> None:
    index = FirmIndex()
    firms = index.change(({"id": f"b{n}", "name": f"Name{n}", "ein": f"36-12345{n % 50:02}"} for n in range(100)), ())
    assert len(set(firms.values())) == 50
    assert index.change([{"id": "b3", "name": "Name3"}], ()) == {"b3": "o3", "b53": "o53"}
    assert index.change([], ["b7"]) == {"b57": "o57"}
