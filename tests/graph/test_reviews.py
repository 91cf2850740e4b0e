"""Open reviews in the graph: exactly what the matcher asks, in the order of what an answer changes; answers of several
processes at once; judgements that outlive imports.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm.access import OWNER
from crm.dedupe.partition import Review as Found
from crm.errors import Conflict, NotFound, Refused
from crm.graph import judgements, reviews, stale
from crm.graph.driver import Store
from crm.graph.leases import lease
from crm.services import jobs, review_pairs
from crm.services import reviews as reviewing
from crm.services.from_nothing import build_index
from crm.services.judgements import judge, list_conflicts, withdraw
from crm.services.resolution import recompute, resolve_new
from crm.services.review_order import get_order, list_queue
from crm.services.review_queue import keep_reviews, weigh
from tests.factories import import_text, snapshot, undo
from tests.graph.engines import read_line, say, start_worker
from tests.review_worlds import BUSINESSES, a_member, find_records, make_contradictions, make_review_world

ANA, EVE = a_member("ana", "College"), a_member("eve", "Port")


@pytest.fixture
def region(db: Store) -> Store:
    make_review_world(db)
    return db


def open_pairs(db: Store) -> set[str]:
    return {review.id for review in list_queue(db, OWNER)}


def asked_by_the_matcher(db: Store) -> set[str]:
    return {
        judgements.pair_of(one.left, one.right)
        for kind in ("business", "person")
        for one in build_index(db, kind).list_reviews()
    }


def pair_of(db: Store, left: str, right: str) -> str:
    ids = find_records(db)
    return judgements.pair_of(ids[left], ids[right])


def seen(db: Store, pair: str) -> str:
    return review_pairs.get_pair(db, ANA, pair).standing.seen


def test_the_queue_is_what_the_matcher_asks_and_stays_so(region: Store) -> None:
    assert len(open_pairs(region)) == 4
    assert open_pairs(region) == asked_by_the_matcher(region)
    result = import_text(region, "agency,source_id,name,city\nPort Authority,P9,Fennatek Machinery,Rockford\n")
    assert open_pairs(region) == asked_by_the_matcher(region)
    undo(region, result)
    assert open_pairs(region) == asked_by_the_matcher(region)
    assert len(open_pairs(region)) == 4


def test_what_changes_most_comes_first(region: Store) -> None:
    queue = list_queue(region, OWNER)
    assert queue[0].id == pair_of(region, "B1", "77")
    assert (queue[0].redundant, queue[0].own_repeat, queue[0].contacts, queue[0].agencies) == (2, -1, 3, 2)
    assert [one.weight for one in queue] == sorted((one.weight for one in queue), reverse=True)
    assert queue[-1].weight == 0
    assert queue[-1].contacts == 0


def test_the_order_is_redundant_knocks_then_repeats_then_contacts_then_agencies() -> None:
    def of(redundant: int, own: int, contacts: tuple[int, int], agencies: int) -> int:
        return weigh(redundant=redundant, own_repeat=own, contacts=contacts, agencies=agencies)

    falling = [
        of(2, 0, (1, 1), 2), of(-1, 9, (900, 900), 90), of(1, 0, (1, 1), 2), of(0, 3, (5, 5), 2), of(0, 0, (2, 2), 2),
        of(0, 0, (1, 9), 2), of(0, 0, (1, 8), 9), of(0, 0, (1, 8), 2), of(0, 0, (0, 99_999), 99), of(0, 0, (0, 1), 2),
        of(0, 0, (0, 0), 9),
    ]  # fmt: skip
    assert falling == sorted(falling, reverse=True)
    assert len(set(falling)) == len(falling)
    assert of(10**6, 10**6, (10**6, 10**6), 1_000) < 2**63


def test_a_pair_names_the_others_of_its_things(region: Store) -> None:
    one, other = pair_of(region, "P2", "78"), pair_of(region, "B2", "78")
    rivals = {review.id: review.rivals for review in list_queue(region, OWNER)}
    assert (rivals[one], rivals[other]) == ([other], [one])
    assert rivals[pair_of(region, "B1", "77")] == []
    found = review_pairs.get_pair(region, ANA, one)
    assert [rival.review.id for rival in found.rivals] == [other]
    review_pairs.answer(region, ANA, other, "different", seen=seen(region, other))
    assert review_pairs.get_pair(region, ANA, one).rivals == []
    jobs.run_all(region)
    assert rivals.keys() - open_pairs(region) >= {other}
    assert review_pairs.get_pair(region, ANA, one).rivals == []


def test_a_file_of_contacts_alone_weighs_the_pairs_anew(region: Store) -> None:
    before = reviews.find_review(region, pair_of(region, "P2", "78"))
    assert before is not None
    assert before.redundant == 0
    import_text(
        region,
        "agency,source_id,date,program,business,channel,purpose\n"
        "Harbor College,T8,2020-01-01,Welding,78,call,needs\nHarbor College,T9,2020-01-09,Welding,78,call,needs\n",
    )
    after = reviews.find_review(region, before.id)
    assert after is not None
    assert after.contacts == before.contacts + 2


def test_a_rebuild_asks_the_same(region: Store) -> None:
    before = snapshot(region)
    recompute(region)
    assert snapshot(region) == before


@pytest.mark.parametrize("verdict", [verdict for verdict in judgements.VERDICTS if verdict != "moved"])
def test_a_decision_outlives_the_import_and_a_rebuild_and_is_never_asked_again(db: Store, verdict: str) -> None:
    result = import_text(db, BUSINESSES)
    pair = pair_of(db, "B1", "77")
    review_pairs.answer(db, ANA, pair, verdict, seen=seen(db, pair), why="We were there")
    assert pair not in open_pairs(db)
    jobs.run_all(db)
    things = resolved(db, pair)
    assert (things[0] == things[1]) == (verdict == "same")
    undo(db, result)
    assert open_pairs(db) == set()
    import_text(db, BUSINESSES)
    assert resolved(db, pair) == things
    recompute(db)
    assert resolved(db, pair) == things
    assert pair not in open_pairs(db)
    found = judgements.find_of_pair(db, *pair.split("~"))
    assert found is not None
    assert (found["verdict"], found["by"], found["why"]) == (verdict, ANA.email, "We were there")


def resolved(db: Store, pair: str) -> tuple[str, ...]:
    ids = pair.split("~")
    members = reviews.list_members(db, "business", ids)
    return tuple(members[id][0] for id in ids)


def test_an_answer_whose_worker_dies_is_followed_by_the_next_to_match(region: Store) -> None:
    pair = pair_of(region, "B1", "77")
    review_pairs.answer(region, ANA, pair, "same", seen=seen(region, pair))
    assert stale.list_judged(region)
    resolve_new(region)
    assert not stale.list_judged(region)
    assert len(set(resolved(region, pair))) == 1
    assert jobs.run_all(region) == 1
    assert len(set(resolved(region, pair))) == 1


def test_a_worker_beside_the_web_follows_an_answer(region: Store, engine_env: dict[str, str]) -> None:
    pair = pair_of(region, "B1", "77")
    review_pairs.answer(region, ANA, pair, "same", seen=seen(region, pair))
    command = [sys.executable, "-m", "crm.cli", "worker", "--idle", "0.5"]
    subprocess.run(command, env=os.environ | engine_env, check=True, timeout=120, capture_output=True)
    assert not stale.list_judged(region)
    assert len(set(resolved(region, pair))) == 1


def test_while_an_answer_waits_nothing_more_is_asked_about_its_things(region: Store) -> None:
    pair, other = pair_of(region, "P2", "78"), pair_of(region, "B2", "78")
    looked = seen(region, other)
    review_pairs.answer(region, ANA, pair, "same", seen=seen(region, pair))
    offered = set()
    for number in range(4):
        viewer = a_member(f"m{number}", "College")
        if turn := reviewing.take_next(region, viewer, name="M"):
            offered.add(turn.pair)
    assert other not in offered
    assert len(offered) == 2
    with pytest.raises(Conflict, match="still being worked in"):
        review_pairs.answer(region, EVE, other, "same", seen=looked)
    jobs.run_all(region)
    with pytest.raises(Conflict, match="faster"):
        review_pairs.answer(region, EVE, other, "same", seen=looked)
    assert judgements.find_of_pair(region, *other.split("~")) is None


def test_of_two_processes_that_answer_about_overlapping_things_one_is_told(
    region: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    pairs = [pair_of(region, "P2", "78"), pair_of(region, "B2", "78")]
    workers = [
        start_worker(tmp_path, "answer", pair, seen(region, pair), name, "same", **engine_env)
        for pair, name in zip(pairs, ("ana", "carl"), strict=True)
    ]
    try:
        assert [read_line(worker) for worker in workers] == ["ready", "ready"]
        for worker in workers:
            say(worker)
        assert sorted(read_line(worker) for worker in workers) == ["taken", "told"]
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    assert len(judgements.list_judgements(region, OWNER)) == 1
    jobs.run_all(region)
    merged = [pair for pair in pairs if len(set(resolved(region, pair))) == 1]
    assert len(merged) == 1


def test_two_processes_never_hand_out_the_same_pair(region: Store, engine_env: dict[str, str], tmp_path: Path) -> None:
    workers = [start_worker(tmp_path, "take", *names, **engine_env) for names in (("ana", "eve"), ("carl", "dan"))]
    try:
        assert [read_line(worker) for worker in workers] == ["ready", "ready"]
        for worker in workers:
            say(worker)
        taken = [pair for worker in workers for pair in json.loads(read_line(worker))]
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    assert len(taken) == len(set(taken)) == 4
    assert set(taken) == open_pairs(region)


def test_a_judgement_that_was_taken_back_says_nothing_but_is_kept(region: Store) -> None:
    pair = pair_of(region, "B1", "77")
    id = judge(region, ANA, left=pair.split("~")[0], right=pair.split("~")[1], verdict="different")
    assert pair not in open_pairs(region)
    withdraw(region, EVE, id)
    with pytest.raises(Conflict):
        withdraw(region, EVE, id)
    jobs.run_all(region)
    assert pair in open_pairs(region)
    kept = region.read("MATCH (j:Judgement {pair: $pair}) RETURN j.verdict AS verdict, j.by AS by", pair=pair)
    assert {(row["verdict"], row["by"]) for row in kept} == {("different", ANA.email), ("withdrawn", EVE.email)}
    assert judgements.list_judgements(region, OWNER) == []


def test_sites_called_one_firm_part_again_when_that_is_taken_back(region: Store) -> None:
    left, right = pair_of(region, "B1", "77").split("~")
    id = judge(region, ANA, left=left, right=right, verdict="firm")
    assert firms_of(region, left, right) == 1
    withdraw(region, ANA, id)
    jobs.run_all(region)
    assert firms_of(region, left, right) == 2


FIRM = """
agency,source_id,name,street,city,state,zip,ein
Workforce Board,H1,Rockford Regional Hospital,1 Elm Street,Rockford,IL,61101,36-1234567
Workforce Board,H2,Rockford Regional Hospital - Radiology,7 Main Street,Rockford,IL,61104,36-1234567
Harbor College,H3,ROCKFORD REGIONAL HOSP - PHARMACY,9 Oak Street,Rockford,IL,61107,36-1234567
"""


def test_a_firm_goes_by_the_name_that_its_sites_have_in_common(db: Store) -> None:
    import_text(db, "\n".join([FIRM.strip().splitlines()[0], *FIRM.strip().splitlines()[2:]]))
    assert name_firms(db) == ["Rockford Regional Hospital"]
    import_text(db, FIRM)
    assert name_firms(db) == ["Rockford Regional Hospital"]
    import_text(db, FIRM.replace("Rockford Regional", "Forest City").replace("ROCKFORD REGIONAL", "FOREST CITY"))
    assert name_firms(db) == ["Forest City Hospital"]
    recompute(db)
    assert name_firms(db) == ["Forest City Hospital"]


def name_firms(db: Store) -> list[str]:
    return [row["name"] for row in db.read("MATCH (f:Firm) RETURN f.name AS name ORDER BY name")]


def test_a_site_that_is_said_not_to_be_of_a_firm_leaves_it_until_that_is_taken_back(db: Store) -> None:
    result = import_text(db, FIRM)
    ids = find_records(db)
    assert firms_of(db, *ids.values()) == 1
    id = judge(db, ANA, left=ids["H1"], right=ids["H2"], verdict="two_firms", about=ids["H2"])
    assert (firms_of(db, ids["H1"], ids["H3"]), firms_of(db, ids["H1"], ids["H2"])) == (1, 2)
    undo(db, result)
    import_text(db, FIRM)
    assert (firms_of(db, ids["H1"], ids["H3"]), firms_of(db, ids["H1"], ids["H2"])) == (1, 2)
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before
    withdraw(db, EVE, id)
    jobs.run_all(db)
    assert firms_of(db, *ids.values()) == 1


def test_who_says_one_firm_where_others_said_two_is_told(db: Store) -> None:
    import_text(db, FIRM.replace("36-1234567", ""))
    ids = find_records(db)
    judge(db, ANA, left=ids["H1"], right=ids["H2"], verdict="firm")
    judge(db, ANA, left=ids["H2"], right=ids["H3"], verdict="firm")
    assert firms_of(db, *ids.values()) == 1
    assert list_conflicts(db, ANA) == []
    judge(db, EVE, left=ids["H1"], right=ids["H3"], verdict="two_firms", about=ids["H3"], why="Sold last year")
    assert firms_of(db, ids["H1"], ids["H3"]) == 2
    (conflict,) = list_conflicts(db, ANA)
    assert {conflict.same.judged.left, conflict.same.judged.right} == {ids["H2"], ids["H3"]}
    assert [one.judged.why for one in conflict.against] == ["Sold last year"]


def test_two_departments_of_one_firm_are_set_aside_and_not_asked_with_the_others(db: Store) -> None:
    import_text(db, FIRM)
    ids = find_records(db)
    left, right = sorted((ids["H2"], ids["H3"]))
    ask(db, Found(50, left, right))
    assert [one.aside for one in reviews.list_all(db, "business").values()] == [True]
    assert (open_pairs(db), reviewing.find_progress(db, ANA).open, get_order(db, OWNER).changing) == (set(), 0, 0)
    assert reviewing.take_next(db, ANA, name="Ana") is None
    turn = reviewing.take_next(db, ANA, name="Ana", kind="sites")
    assert turn is not None
    assert turn.pair == judgements.pair_of(left, right)
    # Of two firms they are asked like all others, though neither has changed.
    judge(db, ANA, left=ids["H1"], right=left, verdict="two_firms", about=left)
    judge(db, ANA, left=right, right=left, verdict="two_firms", about=left)
    ask(db, Found(50, left, right))
    assert open_pairs(db) == {judgements.pair_of(left, right)}


def test_two_sites_of_one_firm_under_one_name_are_asked(db: Store) -> None:
    import_text(db, FIRM.replace(" - Radiology", "").replace(" - PHARMACY", ""))
    ids = find_records(db)
    left, right = sorted((ids["H2"], ids["H3"]))
    ask(db, Found(50, left, right))
    assert firms_of(db, left, right) == 1
    assert open_pairs(db) == {judgements.pair_of(left, right)}


def ask(db: Store, *found: Found) -> None:
    """Let these be what the matcher asks."""
    with lease(db, "matching") as held:
        keep_reviews(db, held, "business", found)


def firms_of(db: Store, *records: str) -> int:
    found = db.read(
        "MATCH (r:BusinessRecord)-[:RESOLVES_TO]->(b:Business) WHERE r.id IN $ids RETURN b.firm_id AS firm",
        ids=list(records),
    )
    return len({row["firm"] for row in found})


def test_a_contradiction_is_found_and_names_what_stands_against_it(region: Store) -> None:
    assert list_conflicts(region, ANA) == []
    make_contradictions(region)
    (conflict,) = list_conflicts(region, ANA)
    ids = find_records(region)
    assert {conflict.same.judged.left, conflict.same.judged.right} == {ids["P2"], ids["78"]}
    (against,) = conflict.against
    assert {against.judged.left, against.judged.right} == {ids["P2"], ids["B2"]}
    assert against.judged.why == "Two plants, we were in both"
    assert [(end["key"], own["key"]) for end, own in conflict.joined if end and own] == [("B2", "78")]
    assert build_index(region, "business").list_conflicts()[0].verdict == "same"


def test_what_is_no_pair_or_no_verdict_is_refused(region: Store) -> None:
    pair = pair_of(region, "B1", "77")
    left, right = pair.split("~")
    for wrong in (f"{right}~{left}", left, f"{left}~{left}", f"{left}~q123", ""):
        with pytest.raises(NotFound):
            review_pairs.get_pair(region, ANA, wrong)
    with pytest.raises(Refused):
        review_pairs.answer(region, ANA, pair, "withdrawn", seen=seen(region, pair))
    (person,) = list_queue(region, OWNER, kind="person")
    with pytest.raises(Refused, match="Only businesses"):
        judge(region, ANA, left=person.left, right=person.right, verdict="firm", kind="person")


def test_a_turn_runs_out_and_what_ran_out_is_forgotten(region: Store) -> None:
    pair = pair_of(region, "B1", "77")
    assert reviews.take_turn(region, pair, user="u-ana", name="Ana", seconds=-1)
    assert reviews.take_turn(region, pair, user="u-eve", name="Eve")
    assert not reviews.take_turn(region, pair, user="u-ana", name="Ana")
    assert reviews.list_turns(region, user="u-ana") == {pair: "Eve"}
    assert reviews.take_turn(region, "other", user="u-ana", name="Ana", seconds=-1)
    resolve_new(region)
    assert [row["id"] for row in region.read("MATCH (t:ReviewTurn) RETURN t.id AS id")] == [pair]
