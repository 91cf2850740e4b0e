"""The demo region in the graph, loaded once an engine: the product's own import takes all of it."""

import stat
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

import pytest

from crm.access import OWNER
from crm.demo.files import KINDS, name_file
from crm.demo.listings import list_businesses
from crm.demo.sites import build_sites
from crm.graph import imports, users
from crm.graph.driver import Store
from crm.services import accounts
from crm.services.demo import LOADER, Demo, make_demo
from tests.conftest import empty_graph

pytestmark = pytest.mark.slow
TODAY = date(2026, 6, 30)
RESOLVED = """
MATCH (r:BusinessRecord)-[:OF]->(a:Agency)
MATCH (r)-[:RESOLVES_TO]->(b:Business)
RETURN a.name AS agency, r.key AS key, b.id AS business
ORDER BY agency, key
"""
NODES = "MATCH (n) WHERE n:BusinessRecord OR n:PersonRecord OR n:Touchpoint OR n:Business RETURN count(n) AS n"


@dataclass(frozen=True)
class Region:
    """A store that holds the demo region, and what loading it said."""

    db: Store
    made: Demo


@pytest.fixture(scope="module")
def region(engine: str, request: pytest.FixtureRequest) -> Region:
    store: Store = request.getfixturevalue(f"{engine}_store")
    empty_graph(store)
    (store.settings.data_dir / "demo.json").unlink(missing_ok=True)
    return Region(store, make_demo(store, as_of=TODAY))


def test_every_row_goes_in(region: Region) -> None:
    runs = {run.kind: run for run in imports.list_imports(region.db, OWNER)}
    assert {kind: (runs[kind].file, runs[kind].created, runs[kind].refused) for kind in KINDS} == {
        kind: (name_file(kind), rows, 0)
        for kind, rows in zip(KINDS, (40, 9_000, 6_000, 25_000, 320, 3, 17, 213, 213, 2), strict=True)
    }
    assert all(run.stage == "done" and run.by == LOADER.user_id for run in runs.values())


def test_a_second_call_changes_nothing_and_says_the_same(region: Region) -> None:
    before = region.db.read(NODES)
    again = make_demo(region.db)
    assert not again.loaded
    assert (again.as_of, again.sign_ins) == (TODAY, region.made.sign_ins)
    assert region.db.read(NODES) == before
    assert len(imports.list_imports(region.db, OWNER)) == len(KINDS)


def test_three_people_of_different_agencies_can_sign_in(region: Region) -> None:
    people = region.made.sign_ins
    assert len({person.agency for person in people}) == 3
    assert [person.role for person in people] == ["admin", "member", "member"]
    for person in people:
        assert accounts.sign_in(region.db, person.email, person.password)


def test_passwords_are_kept_for_their_owner_only(region: Region) -> None:
    path = region.db.settings.data_dir / "demo.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert region.made.sign_ins[0].password in path.read_text()


def test_where_the_passwords_are_lost_new_ones_are_made(region: Region) -> None:
    (region.db.settings.data_dir / "demo.json").unlink()
    again = make_demo(region.db)
    assert again.sign_ins[0].password != region.made.sign_ins[0].password
    assert accounts.sign_in(region.db, again.sign_ins[0].email, again.sign_ins[0].password)
    assert len(users.list_users(region.db)) == 3


def test_records_become_the_establishments_that_they_are_of(region: Region) -> None:
    truth = {(one.agency.name, one.key): one.site.no for one in list_businesses(build_sites(), TODAY)}
    found = {(row["agency"], row["key"]): row["business"] for row in region.db.read(RESOLVED)}
    assert found.keys() == truth.keys()
    both = _count_pairs((truth[record], found[record]) for record in truth)
    assert both / _count_pairs(found.values()) > 0.97
    assert both / _count_pairs(truth.values()) > 0.95


def _count_pairs(labels: Iterable[Hashable]) -> int:
    sizes: dict[Hashable, int] = defaultdict(int)
    for label in labels:
        sizes[label] += 1
    return sum(size * (size - 1) // 2 for size in sizes.values())
