"""Rows of which a few businesses' are replaced: whatever is replaced, they are those of a plain list of rows."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from crm.analysis import patches
from crm.analysis.patches import Patched

Rows = list[tuple[int, int]]


@dataclass(frozen=True)
class Table:
    """Rows with a business, a value, and a word that is of all of them."""

    business: NDArray[np.int32]
    value: NDArray[np.int64]
    word: str


def make_table(rows: Rows, word: str) -> Table:
    return Table(
        np.array([business for business, _ in rows], dtype=np.int32),
        np.array([value for _, value in rows], dtype=np.int64),
        word,
    )


def list_rows(table: Table) -> Rows:
    return list(zip(table.business.tolist(), table.value.tolist(), strict=True))


ROWS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 99)), max_size=30)
# Which businesses are replaced, by which rows; what is looked at in between.
STEPS = st.lists(st.tuples(st.sets(st.integers(0, 9), max_size=4), ROWS, st.booleans()), max_size=6)


@pytest.mark.parametrize("most", [2_000, 3])
@given(first=ROWS, steps=STEPS, wanted=st.sets(st.integers(0, 9)))
def test_rows_are_those_of_a_list(most: int, first: Rows, steps: list[tuple[set[int], Rows, bool]], wanted: set[int]):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patches, "MOST_REPLACED", most)
        table = make_table(first, "0")
        held, rows = Patched(table, table.business), sorted(first, key=lambda row: row[0])
        versions = [(held, rows)]
        for number, (codes, given_rows, is_looked_at) in enumerate(steps, 1):
            fresh = [row for row in given_rows if row[0] in codes]
            held = held.replace(np.array(sorted(codes), dtype=np.int64), *_make(fresh, str(number)))
            rows = sorted([row for row in rows if row[0] not in codes] + fresh, key=lambda row: row[0])
            versions.append((held, rows))
            assert held.newest.word == str(number)
            if is_looked_at:
                assert list_rows(held.whole) == rows
        for number, (version, expected) in enumerate(versions):
            taken, business = version.take(np.array(sorted(wanted), dtype=np.int64))
            assert list_rows(taken) == [row for row in expected if row[0] in wanted]
            assert business.tolist() == taken.business.tolist()
            assert len(version) == len(expected)
            assert list_rows(version.whole) == expected
            assert version.whole.word == str(number)


def _make(rows: Rows, word: str) -> tuple[Table, NDArray[np.int32]]:
    table = make_table(rows, word)
    return table, table.business
