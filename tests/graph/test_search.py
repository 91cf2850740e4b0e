"""Search on a real graph: the index is in step with whatever happens, in every process, and slips do not matter."""

import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from click.testing import CliRunner, Result

from bench.search_region import make_region, write_region
from bench.slips import slip
from crm.access import OWNER, Viewer
from crm.commands.businesses import businesses
from crm.graph import agencies, programs
from crm.graph import search as rows
from crm.graph.clock import CLOCK
from crm.graph.driver import Store
from crm.search.filters import Filter
from crm.search.index import Index
from crm.services import search
from crm.services.finders import Finder, get_finder
from crm.services.judgements import judge
from crm.services.resolution import recompute
from crm.services.touchpoints import Contact, log_contact
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text, undo

HEADER = "agency,source_id,name,city,phone"


def names(db: Store, text: str, **only: object) -> list[str]:
    """The names of the businesses that are found, best first."""
    found = search.search(db, OWNER, text, only=Filter(**only))  # type: ignore[arg-type]
    return [row.name for row in found.businesses]


def people(db: Store, text: str) -> list[str]:
    return [row.name for row in search.search(db, OWNER, text, people=True).people]


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    return db


def test_what_was_imported_is_found_with_who_knows_it(region: Store) -> None:
    found = search.search(region, OWNER, "acme tol")
    assert [(row.name, row.city, len(row.agency_ids), row.records, row.contacts) for row in found.businesses] == [
        ("Acme Tool Inc", "Rockford", 2, 2, 2)
    ]
    assert (found.business_count, found.person_count) == (1, 1)


def test_an_empty_graph_has_nothing_to_find(db: Store) -> None:
    assert search.search(db, OWNER, "acme").business_count == 0
    assert search.search(db, OWNER, "").business_count == 0


def test_a_second_import_renames(region: Store) -> None:
    assert names(region, "zeta foods") == ["Zeta Foods"]
    import_text(region, f"{HEADER}\nCollege,78,Omnivore Kitchens,Peoria,")
    assert names(region, "omnivore") == ["Omnivore Kitchens"]
    assert names(region, "zeta foods") == []


def test_what_is_undone_is_found_no_more(region: Store) -> None:
    done = import_text(region, f"{HEADER}\nCollege,90,Brand New Castings,Peoria,309-555-0100\nCollege,91,Other New,,")
    assert names(region, "brand new castings") == ["Brand New Castings"]
    undo(region, done)
    assert names(region, "brand new castings") == []
    assert search.search(region, OWNER, "").business_count == 3


def test_what_was_joined_is_one_and_what_was_split_two(region: Store) -> None:
    import_text(region, f"{HEADER}\nChamber,1,Zeta Fine Food Company of Rockford,Rockford,")
    assert len(names(region, "zeta")) == 2
    ids = {row["key"]: row["id"] for row in region.read("MATCH (r:BusinessRecord) RETURN r.key AS key, r.id AS id")}
    judge(region, OWNER, left=ids["78"], right=ids["1"], verdict="same")
    assert len(names(region, "zeta foods")) == 1
    assert names(region, "zeta fine food company") == names(region, "zeta foods")
    judge(region, OWNER, left=ids["78"], right=ids["1"], verdict="different")
    assert len(names(region, "zeta")) == 2


def test_a_contact_that_is_logged_makes_its_new_business_known_at_once(region: Store) -> None:
    welding = next(p.id for p in programs.list_programs(region, OWNER) if p.name == "Welding")
    kim = Viewer("u1", "kim@example.org", agencies.agency_id("College"), "member")
    assert names(region, "quorra") == []
    made = Contact(key="f", on=date(2026, 6, 1), programs=(welding,), new_business="Quorra Robotics", channel="call")
    log_contact(region, kim, made, today=date(2026, 6, 1))
    assert names(region, "quorra robotcs") == ["Quorra Robotics"]
    assert "Quorra Robotics" not in names(region, "", never_contacted=True)


def test_people_are_found_by_their_employer_also_after_it_was_renamed(region: Store) -> None:
    assert people(region, "ana acme") == ["Ana Silva"]
    import_text(region, f"{HEADER}\nWorkforce Board,B1,Quantum Forge,Rockford,\nCollege,77,Quantum Forge,Rockford,")
    assert people(region, "quantum") == ["Ana Silva"]
    assert people(region, "acme") == []
    row = search.search(region, OWNER, "silva", people=True).people[0]
    assert row.business == "Quantum Forge"


def test_an_index_that_followed_every_step_equals_a_new_one(region: Store) -> None:
    followed = get_finder(region)
    followed.get_index()
    second = import_text(region, f"{HEADER}\nCollege,90,Brand New,Peoria,309-555-0100\nChamber,1,Acme Tools,Rockford,")
    assert_like_new(followed.get_index(), region)
    undo(region, second)
    assert_like_new(followed.get_index(), region)
    recompute(region)
    assert_like_new(followed.get_index(), region)


def assert_like_new(index: Index, db: Store) -> None:
    new = Finder(db).get_index()
    assert index.list_ids() == new.list_ids() == rows.list_ids(db, OWNER)
    assert index.counts == new.counts
    for text in ("", "acme", "a", "rockford", "new", "309-555-0100", "ana"):
        assert index.search(text) == new.search(text)


def test_nothing_is_read_again_while_nothing_changes(region: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    finder = get_finder(region)
    index = finder.get_index()
    asked: list[str] = []
    read = Store.read
    monkeypatch.setattr(Store, "read", lambda self, query, **params: asked.append(query) or read(self, query, **params))
    assert finder.get_index() is index
    assert asked == [CLOCK]


def test_a_change_is_read_without_reading_the_region(region: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    finder = get_finder(region)
    finder.get_index()
    import_text(region, f"{HEADER}\nCollege,90,Brand New,Peoria,")
    asked: list[str] = []
    read = Store.read
    monkeypatch.setattr(Store, "read", lambda self, query, **params: asked.append(query) or read(self, query, **params))
    assert finder.get_index().search("brand new").businesses.total == 1
    assert rows.CHANGED_BUSINESSES in asked
    assert {rows.ALL_BUSINESSES, rows.BUSINESS_IDS}.isdisjoint(asked)


def test_what_waits_to_be_computed_is_not_found_yet_and_not_looked_for_again_and_again(
    region: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    finder = get_finder(region)
    finder.get_index()
    region.write("CREATE (b:Business {id: 'bwaiting00000'})")
    assert finder.get_index().counts == (3, 1)
    asked: list[str] = []
    read = Store.read
    monkeypatch.setattr(Store, "read", lambda self, query, **params: asked.append(query) or read(self, query, **params))
    finder.get_index()
    assert asked == [CLOCK]


def test_many_may_search_while_the_region_changes(region: Store) -> None:
    texts = [f"{HEADER}\nCollege,{number},Changing {number % 3},Peoria," for number in range(12)]
    with ThreadPoolExecutor(5) as threads:
        searches = [threads.submit(names, region, text) for text in ("changing", "acme", "a", "") * 15]
        for text in texts:
            import_text(region, text)
        found = [search.result() for search in searches]
    assert found[1] == ["Acme Tool Inc"]
    assert len(names(region, "changing")) == len(
        region.read("MATCH (b:Business) WHERE b.name CONTAINS 'Ch' RETURN b.id AS id")
    )
    assert_like_new(get_finder(region).get_index(), region)


def test_another_process_sees_it_too(region: Store, engine_env: dict[str, str]) -> None:
    """A process that has its index, and one that changes the graph."""
    code = (
        "import sys; from crm.access import OWNER; from crm.config import read_settings\n"
        "from crm.graph.schema import open_store; from crm.services import search\n"
        "db = open_store(read_settings().graph)\n"
        "for line in sys.stdin: print(search.search(db, OWNER, line).business_count, flush=True)\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code], env=engine_env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin is not None
    assert other.stdout is not None

    def ask(text: str) -> str:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdin.write(text + "\n")
        other.stdin.flush()
        return other.stdout.readline().strip()

    with other:
        assert (ask("zeta"), ask("brand new")) == ("1", "0")
        done = import_text(region, f"{HEADER}\nCollege,90,Brand New,Peoria,\nCollege,78,Yotta Foods,Rockford,")
        assert (ask("zeta"), ask("yotta"), ask("brand new")) == ("0", "1", "1")
        undo(region, done)
        assert (ask("zeta"), ask("brand new")) == ("1", "0")
        other.stdin.close()


def test_a_result_that_has_just_gone_is_not_shown(region: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    finder = get_finder(region)
    stale = finder.get_index()
    monkeypatch.setattr(finder, "get_index", lambda: stale)
    region.write("MATCH (b:Business {name: 'Zeta Foods'}) DETACH DELETE b")
    assert names(region, "zeta") == []


def test_a_graph_that_was_restored_is_read_anew(region: Store) -> None:
    finder = get_finder(region)
    finder.get_index()
    region.write("MATCH (c:Clock {id: 'graph'}) SET c.version = 1")
    region.write(
        "MATCH (b:Business {name: 'Zeta Foods'}) SET b.name = 'Restored', b.search = replace(b.search, 'zeta', 'yotta')"
    )
    try:
        assert finder.get_index().search("yotta").businesses.total == 1
    finally:
        region.write("MATCH (c:Clock {id: 'graph'}) SET c.version = 1000000 + c.version")


def test_190_of_200_names_with_one_slip_are_among_the_first_five(db: Store) -> None:
    region = make_region(size=1_000, people=200, seed=7)
    write_region(db, region)
    draw = random.Random(7)
    found = 0
    for id in draw.sample(sorted(region.businesses), 200):
        typed = slip(draw, region.businesses[id][0]["name"])
        found += id in [row.id for row in search.search(db, OWNER, typed, most=5).businesses]
    assert found >= 190


@pytest.fixture
def crm(engine_env: dict[str, str]):
    """Run `crm businesses` in this process, on the graph of `db`."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(businesses, list(arguments), env=engine_env)

    return run


def test_the_command_lists_businesses_best_first_in_the_contracts_shape(crm, region: Store) -> None:
    found = json.loads(crm("--search", "tool acme llc", "--json").stdout)
    id = region.read("MATCH (b:Business {name: 'Acme Tool Inc'}) RETURN b.id AS id")[0]["id"]
    assert found == [
        {"business": id, "name": "Acme Tool Inc", "city": "Rockford", "agencies": ["College", "Workforce Board"],
         "records": 2, "light": "green"}
    ]  # fmt: skip
    everything = json.loads(crm("--json").stdout)
    assert [row["name"] for row in everything] == ["Acme Tool Inc", "Omega Plastics", "Zeta Foods"]
    assert len(json.loads(crm("--json", "--limit", "2").stdout)) == 2
    assert json.loads(crm("--search", "qqqq", "--json").stdout) == []


def test_the_command_writes_a_table_or_says_that_nobody_is_known(crm, region: Store) -> None:
    assert "Acme Tool Inc  Rockford  College, Workforce Board" in crm("--search", "acme").stdout
    assert crm("--search", "qqqq").stdout == "No one knows them yet.\n"
