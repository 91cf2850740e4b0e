"""Merges tried out: what would change among the knocks if two businesses were one."""

from datetime import date

from crm.analysis.classes import Outcome
from crm.analysis.days import get_day
from crm.analysis.merges import Consequence, try_merge, weigh_merges
from tests.knock_worlds import Handover, Pact, Site, World, make_region, make_touch, make_world

AS_OF = get_day(date(2026, 12, 31))
SITES = [Site("bakery"), Site("baker"), Site("quiet")]
BOARD = make_touch("2026-03-01", "WDB")
COLLEGE = make_touch("2026-03-20", "College", business="baker")
AGAIN = make_touch("2026-05-01", "College", business="baker")


def weigh(world: World, *pairs: tuple[str, str]) -> list[Consequence]:
    return weigh_merges(make_region(world), pairs or [("bakery", "baker")], as_of=AS_OF)


def test_a_first_knock_becomes_redundant() -> None:
    (change,) = weigh(make_world(BOARD, COLLEGE, sites=SITES))
    assert (change.first, change.redundant, change.own_repeat, change.coordinated) == (-1, 1, 0, 0)
    assert (change.contacts, change.agencies) == ((1, 1), 2)


def test_a_repeat_of_ones_own_becomes_redundant_too() -> None:
    (change,) = weigh(make_world(BOARD, COLLEGE, AGAIN, sites=SITES))
    assert (change.first, change.redundant, change.own_repeat) == (-1, 2, -1)


def test_what_an_agreement_about_one_of_the_two_joins_is_coordinated() -> None:
    pact = Pact(("WDB", "College"), date(2026, 1, 1), businesses=frozenset({"baker"}))
    (change,) = weigh(make_world(BOARD, COLLEGE, sites=SITES, pacts=[pact]))
    assert (change.redundant, change.coordinated) == (0, 1)
    elsewhere = Pact(("WDB", "College"), date(2026, 1, 1), businesses=frozenset({"quiet"}))
    (change,) = weigh(make_world(BOARD, COLLEGE, sites=SITES, pacts=[elsewhere]))
    assert (change.redundant, change.coordinated) == (1, 0)


def test_a_referral_of_either_links_both() -> None:
    told = Handover("bakery", "WDB", "College", date(2026, 3, 10))
    (change,) = weigh(make_world(BOARD, COLLEGE, sites=SITES, handovers=[told]))
    assert (change.redundant, change.coordinated) == (0, 1)


def test_each_pair_is_tried_by_itself_also_of_businesses_without_contacts() -> None:
    pairs = [("bakery", "baker"), ("baker", "quiet"), ("quiet", "nobody"), ("quiet", "bakery")]
    found = weigh(make_world(BOARD, COLLEGE, sites=SITES), *pairs)
    assert [one.redundant for one in found] == [1, 0, 0, 0]
    assert [one.contacts for one in found] == [(1, 1), (1, 0), (0, 0), (0, 1)]
    assert weigh_merges(make_region(make_world(sites=SITES)), pairs, as_of=AS_OF)[0].contacts == (0, 0)
    assert weigh_merges(make_region(make_world(sites=SITES)), [], as_of=AS_OF) == []


def test_plans_and_knocks_of_earlier_years_do_not_count() -> None:
    old = make_touch("2024-03-01", "WDB"), make_touch("2024-03-10", "College", business="baker")
    plan = make_touch("2027-01-05", "WDB")
    (change,) = weigh(make_world(*old, plan, sites=SITES))
    assert change.redundant == 0
    assert change.contacts == (1, 1)


def test_the_knocks_that_would_count_otherwise_come_with_their_sentence() -> None:
    change, lines = try_merge(make_region(make_world(BOARD, COLLEGE, sites=SITES)), ("bakery", "baker"), as_of=AS_OF)
    assert change.redundant == 1
    (line,) = lines
    assert (line.agencies, line.outcome) == (["College"], Outcome.REDUNDANT)
    assert "WDB had asked" in line.why


def test_the_two_may_come_in_either_order() -> None:
    region = make_region(make_world(BOARD, COLLEGE, AGAIN, sites=SITES))
    one, other = weigh_merges(region, [("bakery", "baker"), ("baker", "bakery")], as_of=AS_OF)
    assert one.contacts == other.contacts[::-1]
    assert (one.first, one.own_repeat, one.redundant) == (other.first, other.own_repeat, other.redundant)
