"""The index takes changes: what is renamed, gone or new is found as it is now."""

from collections.abc import Collection, Iterable

import pytest

import crm.search.index
from crm.analysis.businesses import Sector
from crm.search import building
from crm.search.filters import Filter
from crm.search.index import Index
from crm.search.segments import Segment
from tests.unit.search_entries import business, find, find_people, index, person


def test_what_is_renamed_is_found_by_its_new_name_only() -> None:
    found = index(business("b1", "Acme Tool"), business("b2", "Zeta")).change([business("b1", "Omega Castings")])
    assert find(found, "omega") == ["b1"]
    assert find(found, "acme") == []
    assert found.counts == (2, 0)


def test_what_is_gone_is_not_found() -> None:
    found = index(business("b1", "Acme Tool"), business("b2", "Acme Bakery")).change([], gone=["b1", "b9"])
    assert find(found, "acme") == ["b2"]
    assert found.counts == (1, 0)
    assert found.list_ids() == {"b2"}


def test_what_went_may_come_again() -> None:
    found = index(business("b1", "Acme Tool")).change([], gone=["b1"]).change([business("b1", "Acme Tool")])
    assert find(found, "acme") == ["b1"]


def test_an_index_that_somebody_searches_does_not_change() -> None:
    before = index(business("b1", "Acme Tool"))
    before.change([business("b1", "Omega")], gone=[])
    assert find(before, "acme") == ["b1"]


def test_people_are_found_by_an_employer_of_another_part_of_the_index() -> None:
    firm = business("b1", "Acme Tool", city="Rockford")
    found = index(firm, business("b2", "Zeta")).change([person("e1", "Jane Doe", "b1")], employers=[firm])
    assert find_people(found, "jane acme") == ["e1"]
    assert find(found, "acme") == ["b1"]
    assert found.counts == (2, 1)


def test_many_small_changes_leave_few_parts() -> None:
    found = index(*(business(f"b{number:04d}", f"Acme {number}") for number in range(1000)))
    for number in range(200):
        found = found.change([business(f"b{number:04d}", f"Renamed {number}")])
    assert len(found.parts) <= 8
    assert find(found, "renamed 17")[:1] == ["b0017"]
    assert found.counts == (1000, 0)
    assert sum(len(part.segment) for part in found.parts) < 2_000


def test_a_large_change_builds_once_what_it_is_joined_with(monkeypatch: pytest.MonkeyPatch) -> None:
    before = index(*(business(f"b{number}", f"Acme {number}") for number in range(9)))
    sizes: list[int] = []
    build = building.build_segment

    def watched(texts: Collection[str], *, employers: Iterable[str]) -> Segment:
        sizes.append(len(texts))
        return build(texts, employers=employers)

    monkeypatch.setattr(crm.search.index, "build_segment", watched)
    found = before.change([business(f"b{number}", f"Zeta {number}") for number in range(6)])
    assert sizes == [9]
    assert len(found.parts) == 1
    assert found.counts == (9, 0)


def test_the_order_does_not_depend_on_how_the_index_came_about() -> None:
    texts = [business(f"b{number:02d}", f"Acme {'Tool' if number % 3 else 'Bakery'}", agencies=number % 5 + 1)
             for number in range(40)]  # fmt: skip
    grown = Index()
    for text in reversed(texts):
        grown = grown.change([text])
    for typed in ("acme", "acme tool", "tool", "a", "", "acme bakrey"):
        assert grown.search(typed) == index(*texts).search(typed)


def test_only_some_are_wanted() -> None:
    found = index(
        business("b1", "Acme", naics="332710", county="Winnebago", city="Rockford", zip="61101"),
        business("b2", "Acme", naics="311811", county="Cook", city="Chicago", zip="60601", contacts=2),
        business("b3", "Acme", agencies=2),
        person("e1", "Ann Acme", "b1"),
        person("e2", "Ann Acme", "b2"),
    )

    def ids(**only: object) -> tuple[list[str], list[str]]:
        results = found.search("acme", only=Filter(**only))  # type: ignore[arg-type]
        return sorted(results.businesses.ids), sorted(results.people.ids)

    assert ids(place="rockf") == ids(place="Winnebago") == ids(place="61101") == (["b1"], ["e1"])
    assert ids(sector=Sector(naics=("31", "33"))) == (["b1", "b2"], ["e1", "e2"])
    assert ids(sector=Sector(naics=("31", "33"), places=("cook",))) == (["b2"], ["e2"])
    assert ids(agency_id="a1") == (["b3"], [])
    assert ids(never_contacted=True) == (["b1", "b3"], [])
    assert found.search("acme", only=Filter(place="rock")).businesses.total == 1
    assert not Filter(place=" ")
