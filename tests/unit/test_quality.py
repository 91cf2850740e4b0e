"""Precision and recall from answers: worked values, what is told when too little is known, and that an interval holds
the truth about as often as it says.
"""

from itertools import product

import numpy as np
import pytest

from crm.analysis.quality import (
    LEAST,
    LEAST_OF_PART,
    Answer,
    Cell,
    Estimate,
    count_true,
    fill_cells,
    fill_part,
    find_limits,
    find_precision,
    find_recall,
    rate_part,
    rate_trial,
    rate_whole,
    weigh_opinions,
)

MANY = 10**9


def test_the_limits_of_one_band_are_those_of_agresti_and_coull() -> None:
    # By hand: two successes and two failures more (z^2 / 2 = 1.92 each), then share +- 1.96 standard errors.
    for (same, answers), expected in {
        (81, 263): (0.2552, 0.3663), (15, 148): (0.0614, 0.1615), (0, 20): (0, 0.1898), (20, 20): (0.8102, 1),
    }.items():  # fmt: skip
        assert find_limits(Cell(MANY, answers, same)) == pytest.approx(expected, abs=1e-4)


def test_a_band_that_was_checked_entirely_is_known_and_one_that_was_not_at_all_is_not() -> None:
    assert find_limits(Cell(12, 12, 9)) == (0.75, 0.75)
    assert find_limits(Cell(12)) == (0, 1)
    half, whole = find_limits(Cell(40, 20, 10)), find_limits(Cell(MANY, 20, 10))
    assert whole[0] < half[0] < 0.5 < half[1] < whole[1]


def test_precision_weighs_each_band_by_its_size() -> None:
    # 1,000 pairs of which 19 of 20 are one, 100 of which 10 of 20 are: (950 + 50) of 1,100.
    found = find_precision([Cell(1_000, 20, 19), Cell(100, 20, 10)])
    assert found is not None
    assert found.value == pytest.approx(1000 / 1100)
    assert found.answers == 40
    # MOVER by hand, with the limits of the two bands.
    (low, _), (low_too, _) = find_limits(Cell(1_000, 20, 19)), find_limits(Cell(100, 20, 10))
    below = ((950 - 1000 * low) ** 2 + (50 - 100 * low_too) ** 2) ** 0.5
    assert found.low == pytest.approx((1000 - below) / 1100)


def test_recall_is_what_is_found_of_all_that_is_one() -> None:
    joined, apart = [Cell(900, 900, 800)], [Cell(2_000, 2_000, 200)]
    assert find_recall(joined, apart) == Estimate(0.8, pytest.approx(0.8), pytest.approx(0.8), 2_900)  # type: ignore[arg-type]
    # No miss among 20 answers of 1,000 pairs still leaves room for some.
    found = find_recall([Cell(900, 900, 800)], [Cell(1_000, 20, 0)])
    assert found is not None
    assert found.value == found.high == 1
    assert found.low == pytest.approx(800 / (800 + 1000 * find_limits(Cell(1_000, 20, 0))[1]))


def test_nothing_is_no_share() -> None:
    assert find_precision([]) is None
    assert find_recall([], []) is None
    assert find_recall([Cell(10, 10, 0)], [Cell(10, 10, 0)]) is None
    assert count_true([]) == (0, 0, 0)


def test_an_unsure_is_no_answer_and_two_who_differ_are_half_each() -> None:
    assert weigh_opinions(["same"]) == 1
    assert weigh_opinions(["firm", None]) == weigh_opinions(["different"]) == 0
    assert weigh_opinions(["unsure", None]) is None
    assert weigh_opinions(["same", "different"]) == weigh_opinions(["firm", "same"]) == 0.5
    assert weigh_opinions(["unsure", "same"]) == 1
    cells = fill_cells([10, 10], [Answer(0, 1), Answer(0, 0.5), Answer(0, None), Answer(1, 0)])
    assert cells == [Cell(10, 2, 1.5), Cell(10, 1, 0)]


def test_no_figure_without_a_basis_and_how_much_is_missing() -> None:
    joined = [True, True, False]
    assert rate_whole([Cell(100), Cell(3), Cell(50)], joined).missing == LEAST + 3 + LEAST
    found = rate_whole([Cell(100, LEAST, 5), Cell(3, 3, 3), Cell(50, 2, 0)], joined)
    assert found.precision is not None
    assert (found.recall, found.missing) == (None, LEAST - 2)
    found = rate_whole([Cell(100, LEAST, 5), Cell(3, 3, 3), Cell(50, LEAST, 0)], joined)
    assert found.recall is not None
    assert found.missing == 0


def test_a_part_has_its_share_of_every_band() -> None:
    answers = [Answer(0, 1, frozenset({"College"})) for _ in range(12)] + [Answer(0, 0)] * 12
    answers += [Answer(1, 0, frozenset({"College"}))] * 3 + [Answer(1, 0)] * 9
    cells = fill_part([240, 400], answers, "College")
    assert cells == [Cell(120, 12, 12), Cell(100, 3, 0)]
    found = rate_part(cells, [True, False])
    assert found.precision is not None
    assert found.precision.value == 1
    assert (found.recall, found.missing) == (None, LEAST_OF_PART - 3)
    assert rate_part(fill_part([240, 400], answers, "Port"), [True, False]).missing == 2 * LEAST_OF_PART


def test_a_trial_counts_what_would_be_one_then() -> None:
    # 100 pairs are one and 10 near. At a higher limit 40 of the 100 part, which are one less often than the others.
    cells = [Cell(100, 100, 80), Cell(10, 10, 0)]
    split = [(Cell(60, 60, 60), Cell(40, 40, 20)), (Cell(0), Cell(10, 10, 0))]
    found = rate_trial(cells, split)
    assert found.precision is not None
    assert found.recall is not None
    assert (found.precision.value, found.precision.low) == (1, 1)
    assert found.recall.value == pytest.approx(60 / 80)
    # Pairs that nobody knows of make the interval wide.
    beyond = rate_trial(cells, split, beyond=60)
    assert beyond.precision is not None
    assert (beyond.precision.value, beyond.precision.low, beyond.precision.high) == pytest.approx((0.75, 0.5, 1))
    assert rate_trial([Cell(100)], [(Cell(50), Cell(50))]).missing == LEAST


@pytest.mark.parametrize(
    "worlds",
    [
        # (size, truly one) by band: those that are one, then those that are not.
        (((4_000, 0.99), (1_500, 0.95), (400, 0.7)), ((600, 0.3), (9_000, 0.01))),
        (((900, 0.9), (300, 0.6)), ((300, 0.4), (1_000, 0.05))),
        (((30_000, 0.998), (2_000, 0.9)), ((1_500, 0.25), (40_000, 0.004))),
    ],
)
def test_an_interval_holds_the_truth_about_as_often_as_it_says(
    worlds: tuple[tuple[tuple[int, float], ...], tuple[tuple[int, float], ...]],
) -> None:
    rng = np.random.default_rng(7)
    bands = [*worlds[0], *worlds[1]]
    joined = [True] * len(worlds[0]) + [False] * len(worlds[1])
    sizes, true = [size for size, _ in bands], [round(size * share) for size, share in bands]
    one, missed = sum(true[: len(worlds[0])]), sum(true[len(worlds[0]) :])
    truth = (one / sum(sizes[: len(worlds[0])]), one / (one + missed))
    held = np.zeros(2)
    rounds = 1_500
    for _ in range(rounds):
        drawn = [rng.hypergeometric(good, size - good, 40) for good, size in zip(true, sizes, strict=True)]
        cells = [Cell(size, 40, int(same)) for size, same in zip(sizes, drawn, strict=True)]
        found = rate_whole(cells, joined)
        for at, estimate in enumerate((found.precision, found.recall)):
            assert estimate is not None
            held[at] += estimate.low <= truth[at] <= estimate.high
    coverage = held / rounds
    # 95 %, never much less; somewhat more where mistakes are rarer than the answers can show.
    assert coverage.min() > 0.93, coverage
    assert coverage.max() <= 0.999, coverage


def test_an_interval_encloses_its_value_and_narrows_with_answers() -> None:
    for size, same, missed in product((60, 5_000), (0, 3, 20), (0, 7)):
        widths = []
        for times in (1, 2):
            found = rate_whole(
                [Cell(size, 20 * times, same * times), Cell(800, 20 * times, missed * times)], [True, False]
            )
            assert found.precision is not None
            assert 0 <= found.precision.low <= found.precision.value <= found.precision.high <= 1
            if found.recall:
                assert 0 <= found.recall.low <= found.recall.value <= found.recall.high <= 1
            widths.append(found.precision.high - found.precision.low)
        assert widths[1] < widths[0]
