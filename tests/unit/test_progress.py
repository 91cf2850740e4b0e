"""The bar of a long command: rows done of all, the rate, and the time left."""

import io
import re
import sys

import pytest

from crm.commands.progress import bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_says_how_far_how_fast_and_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "stderr", Terminal())
    shown = sys.stderr
    with bar() as report:
        for done in range(0, 3_001, 1_000):
            report("loading", done, 4_000)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.getvalue())  # type: ignore[attr-defined]
    last = text.strip().splitlines()[-1]
    assert re.search(r"Loading rows .*3000/4000 +[\d,]+/s +\d+:\d\d:\d\d", last)


def test_nobody_watches_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    shown = sys.stderr
    with bar() as report:
        report("loading", 1, 2)
    assert shown.getvalue() == ""  # type: ignore[attr-defined]
