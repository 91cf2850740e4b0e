"""The pairs that are drawn to be checked, and the clusters at other thresholds."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from crm.dedupe import BUSINESS, BusinessRow, Judgement, MatchIndex
from crm.dedupe.checks import (
    BANDS,
    EDGES,
    LEAST,
    NEAR,
    Band,
    Population,
    draw,
    find_band,
    list_population,
    share_out,
)
from crm.dedupe.score import explain
from crm.dedupe.thresholds import ASKS, JOINS, Ground, Outcome
from tests.quality_worlds import write_region


def read_rows(count: int = 12) -> list[BusinessRow]:
    rows = enumerate(csv.DictReader(io.StringIO(write_region(count))))
    return [
        BusinessRow(
            row["source_id"],
            number,
            row["agency"],
            row["name"],
            street=row["street"],
            city=row["city"],
            state=row["state"],
            zip=row["zip"],
            phone=row["phone"],
        )
        for number, row in rows
    ]


ROWS = read_rows()
SAID = [Judgement("0.a", "1.a", "same"), Judgement("2.a", "2.b", "different")]


@pytest.fixture(scope="module")
def ground() -> Ground:
    return Ground(BUSINESS, ROWS, SAID)


@pytest.fixture(scope="module")
def now(ground: Ground) -> Outcome:
    return ground.try_join(BUSINESS.join)


@pytest.fixture(scope="module")
def population(ground: Ground, now: Outcome) -> Population:
    return list_population(ground, now)


@pytest.mark.parametrize("join", JOINS)
def test_a_trial_gives_what_an_index_at_that_threshold_gives(ground: Ground, join: int) -> None:
    outcome = ground.try_join(join)
    for ask in ASKS:
        index = MatchIndex(replace(BUSINESS, join=join, ask=ask))
        index.apply(ROWS, judgements=SAID)
        assert outcome.clusters == index.list_clusters()
        assert outcome.count_reviews(ask) == len(index.list_reviews())


def test_thresholds_change_what_is_one_here(ground: Ground) -> None:
    assert len(ground.try_join(JOINS[0]).clusters) < len(ground.try_join(JOINS[-1]).clusters)


def test_the_population_is_all_pairs_that_are_one_and_those_that_came_near(
    ground: Ground, now: Outcome, population: Population
) -> None:
    found = {
        (ground.uids[left], ground.uids[right]): int(points)
        for left, right, points in zip(population.left, population.right, population.points, strict=True)
    }
    assert len(found) == len(population.left)
    by_uid, expected = {row.uid: row for row in ROWS}, {}
    for number, left in enumerate(ground.uids):
        for other, right in enumerate(ground.uids[number + 1 :], number + 1):
            points = explain(BUSINESS, by_uid[left], by_uid[right]).points
            together = now.cluster_of[number] == now.cluster_of[other]
            if together or points >= NEAR:
                expected[left, right] = points
    # In so small a list every pair that comes near has been compared.
    assert {tuple(sorted(pair)): points for pair, points in found.items()} == expected
    assert sum(band.size for band in population.bands) == len(found)
    assert any(band.joined for band in population.bands)
    assert not all(band.joined for band in population.bands)


def test_each_pair_is_in_the_band_of_its_points(now: Outcome, population: Population) -> None:
    for left, right, points, at in zip(
        population.left, population.right, population.points.tolist(), population.band, strict=True
    ):
        band = population.bands[at]
        assert band.joined == (now.cluster_of[left] == now.cluster_of[right])
        assert find_band(population.bands, joined=band.joined, points=points) == at
        assert points >= EDGES[band.number] or (band.joined and band.number == 0)
        assert band.number == BANDS - 1 or points < EDGES[band.number + 1]


def test_a_band_that_nothing_is_in_any_more_is_there_if_pairs_were_drawn_from_it(
    ground: Ground, now: Outcome, population: Population
) -> None:
    there = {(band.joined, band.number) for band in population.bands}
    empty = next(
        (joined, number) for joined in (True, False) for number in range(BANDS) if (joined, number) not in there
    )
    again = list_population(ground, now, drawn=[(empty[0], int(EDGES[empty[1]]))])
    assert {(band.joined, band.number) for band in again.bands} == there | {empty}
    assert next(band.size for band in again.bands if (band.joined, band.number) == empty) == 0
    assert [again.bands[at] for at in again.band] == [population.bands[at] for at in population.band]


def test_the_draw_is_the_same_in_any_order_and_stays_when_records_come(ground: Ground, population: Population) -> None:
    drawn = draw(ground, population, number=1)
    again = Ground(BUSINESS, ROWS[::-1], SAID)
    assert draw(again, list_population(again, again.try_join(BUSINESS.join)), number=1) == drawn
    more = [*ROWS, BusinessRow("zz", 999, name="Wexora Lanes", street="7 Elm Street", zip="61101")]
    larger = Ground(BUSINESS, more, SAID)
    assert draw(larger, list_population(larger, larger.try_join(BUSINESS.join)), number=1) == drawn


def test_every_pair_of_a_band_has_the_same_chance() -> None:
    """Over many sets of ids, the pair that is drawn first is each of five about as often."""
    counts = np.zeros(5)
    for world in range(400):
        rows = [BusinessRow(f"{world}-{n}", n, name=f"Kelmar {n}") for n in range(6)]
        ground = Ground(BUSINESS, rows, [])
        places = np.arange(5, dtype=np.int64)
        population = Population(
            np.zeros(5, dtype=np.int64), places + 1, places * 0, places * 0, [Band(False, 2, 5, 0.5)]
        )  # fmt: skip
        first = draw(ground, population, number=1)[0]
        counts[ground.place_of[max(first.left, first.right)] - 1] += 1
    # Chi-square of 4 degrees of freedom: 18.5 is exceeded once in a thousand.
    assert ((counts - 80) ** 2 / 80).sum() < 18.5


def test_the_draw_is_shared_out_by_size_and_doubt() -> None:
    bands = [
        Band(True, 5, 100_000, 0.999),
        Band(True, 3, 2_000, 0.8),
        Band(False, 2, 10_000, 0.4),
        Band(False, 0, 7, 0),
    ]
    shares = share_out(bands, 400)
    assert shares[3] == 7
    assert shares[0] > shares[2] > shares[1] >= LEAST
    assert abs(sum(shares) - 400) < 2 * LEAST
