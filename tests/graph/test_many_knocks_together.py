"""What all measures owe to whoever reads them: numbers that do not depend on who sent their file first, and that change
with a join and a split exactly as the review page foretold.
"""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from crm.access import OWNER
from crm.analysis.classes import Outcome
from crm.graph.driver import Store
from crm.graph.judgements import pair_of
from crm.services import coverage, credit, knocks, review_pairs, tables
from crm.services.judgements import judge, withdraw
from crm.services.resolution import resolve_new
from importers.jobs import ORDER
from importers.load import import_files
from importers.openings import Said, close_sources, open_source
from tests.conftest import empty_graph
from tests.review_worlds import a_member, find_records, make_review_world
from tests.worked_knocks import BUSINESSES, CONTACTS, PROGRAMS, TWO_AGREE

AS_OF = date(2026, 7, 31)
HEAD, *VISITS = CONTACTS.strip().splitlines()
# What each agency sends in one go, and what anybody may send.
BATCHES = (
    (PROGRAMS,),
    (TWO_AGREE,),
    (
        BUSINESSES,
        *(f"{HEAD}\n{line}" for line in VISITS if line.startswith("WDB")),
        "agency,source_id,name,city,naics,employees,county,zip\n"
        "WDB,B2,Blue Ladder Bakery,Pekin,311811,90,Tazewell,61554",
        "agency,source_id,business,name,title,email\nWDB,P1,B1,Ann Ames,Owner,ann@acme.example",
        f"{HEAD}\nWDB,W9,2026-06-02,Training;College:Welding,B2,visit,needs,yes,",
        "agency,source_id,from_program,to_program,business,offered_on,accepted_on\n"
        "WDB,R1,Training,VR:Placement,B1,2026-02-01,2026-02-03",
        "table,agency,hours\nMetal Board,WDB,2\nSkills Panel,WDB,1",
        "table,business,person,from\nMetal Board,WDB:B1,WDB:P1,2026-01-01\nMetal Board,WDB:B2,Bo Bell,2026-01-01\n"
        "Skills Panel,WDB:B1,WDB:P1,2026-01-01\nSkills Panel,WDB:B2,Cy Cole,2026-01-01",
        "table,date\nMetal Board,2026-03-01\nMetal Board,2026-05-01\nSkills Panel,2026-03-02\nSkills Panel,2026-04-02",
    ),
    (
        *(f"{HEAD}\n{line}" for line in VISITS if line.startswith("College")),
        "agency,source_id,name,city,naics,county,zip\nCollege,77,Crane Valley Foundry,Moline,331511,Rock Island,61265",
        f"{HEAD}\nCollege,C9,2026-06-20,Welding,77,call,needs,yes,",
    ),
    *((f"{HEAD}\n{line}",) for line in VISITS if line.startswith(("Chamber", "VR"))),
)
# Ids are drawn from the oldest record of a thing, and lists come in their order.
IDS = {"business", "person", "table"}


def measure_all(db: Store) -> dict[str, Any]:
    resolve_new(db)
    return {
        "knocks": _strip(knocks.measure(db, OWNER, as_of=AS_OF)),
        "coverage": _strip(coverage.measure(db, OWNER, as_of=AS_OF)),
        "tables": _strip(tables.measure(db, OWNER, as_of=AS_OF)),
        "credit": _strip(credit.measure(db, OWNER, as_of=AS_OF)),
    }


def _strip(value: Any) -> Any:
    """Without ids, and lists in an order of their own."""
    if isinstance(value, dict):
        return {name: _strip(one) for name, one in value.items() if name not in IDS}
    if isinstance(value, list):
        return sorted((_strip(one) for one in value), key=repr)
    return value


def import_batch(db: Store, texts: Sequence[str]) -> None:
    sources = [open_source(db, f"{text.strip()}\n".encode(), Said(), name=f"{n}.csv") for n, text in enumerate(texts)]
    try:
        in_order = sorted(sources, key=lambda source: ORDER[source.mapping.kind.name])
        assert [result.refusals for result in import_files(db, in_order) if result.refused] == []
    finally:
        close_sources(sources)


def test_the_order_of_import_changes_no_number(db: Store) -> None:
    for batch in BATCHES:
        import_batch(db, batch)
    expected = measure_all(db)
    assert expected["knocks"]["knocks"] == 7
    assert expected["tables"]["pairs"]
    assert any(agency["holds"] for agency in expected["credit"]["agencies"])
    for seed in range(3):
        draw = random.Random(seed)
        empty_graph(db)
        for batch in draw.sample(BATCHES, len(BATCHES)):
            import_batch(db, draw.sample(batch, len(batch)))
        assert measure_all(db) == expected


def count(db: Store) -> dict[str, int]:
    resolve_new(db)
    found = knocks.measure(db, OWNER)
    return {outcome.word: found[outcome.word] for outcome in Outcome}


@pytest.mark.parametrize(("left", "right"), [("B1", "77"), ("P2", "78")])
def test_a_join_and_its_split_change_the_numbers_as_the_review_page_foretold(db: Store, left: str, right: str) -> None:
    make_review_world(db)
    ids, ana = find_records(db), a_member("ana", "College")
    before = count(db)
    foretold = review_pairs.get_pair(db, ana, pair_of(ids[left], ids[right])).change
    assert foretold is not None
    judgement = judge(db, ana, left=ids[left], right=ids[right], verdict="same")
    after = count(db)
    assert after == {word: before[word] + getattr(foretold, word) for word in before}
    withdraw(db, ana, judgement)
    assert count(db) == before
