"""While something is read ahead, threads take short turns; afterwards they take those that they took before."""

import sys
from contextlib import closing

import pytest

from crm.ahead import TURN, read_ahead


def test_turns_are_short_as_long_as_anybody_reads_ahead() -> None:
    usual = sys.getswitchinterval()
    with closing(read_ahead([1, 2])) as outer, closing(read_ahead([3, 4])) as inner:
        assert (next(outer), next(inner)) == (1, 3)
        assert sys.getswitchinterval() == pytest.approx(TURN)
        assert list(inner) == [4]
        assert sys.getswitchinterval() == pytest.approx(TURN)
    assert sys.getswitchinterval() == pytest.approx(usual)
