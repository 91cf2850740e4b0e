"""The turnstile: so many readers at once, the others in line, nobody for long, and forms not at all."""

import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest

from crm.views import turnstile
from crm.views.turnstile import PLACES, Line, Turnstile


class Slow:
    """An application that answers when it is told to, and counts who is inside."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self.go = threading.Event()
        self.most = self._now = 0
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.inside.release()
        self.go.wait(10)
        with self._lock:
            self._now -= 1
        return [b"done"]


def ask(app: Turnstile, method: str, many: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=app, args=({"REQUEST_METHOD": method}, None)) for _ in range(many)]
    for thread in threads:
        thread.start()
    return threads


@pytest.fixture
def slow() -> Iterable[Slow]:
    app = Slow()
    yield app
    app.go.set()


def test_readers_go_in_a_few_at_a_time(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 10)
    threads = ask(Turnstile(slow), "GET", 5 * PLACES)
    for _ in range(PLACES):
        assert slow.inside.acquire(timeout=5)
    assert not slow.inside.acquire(timeout=0.1)
    slow.go.set()
    for thread in threads:
        thread.join(5)
    assert slow.most == PLACES
    assert sum(slow.inside.acquire(blocking=False) for _ in threads) == 4 * PLACES


def test_whoever_has_waited_goes_in_though_others_take_long(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 0.01)
    ask(Turnstile(slow), "GET", PLACES + 2)
    assert all(slow.inside.acquire(timeout=5) for _ in range(PLACES + 2))


def test_a_form_waits_for_nobody_and_takes_no_place(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 10)
    app = Turnstile(slow)
    ask(app, "POST", PLACES + 1)
    assert all(slow.inside.acquire(timeout=5) for _ in range(PLACES + 1))
    ask(app, "GET", PLACES)
    assert all(slow.inside.acquire(timeout=5) for _ in range(PLACES))


def test_a_page_that_fails_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 0)
    places = []

    def fail(environ: Any, start_response: Any) -> Iterable[bytes]:
        places.append(app._line._free)
        raise ValueError("broken")

    app = Turnstile(fail)
    for _ in range(PLACES + 1):
        with pytest.raises(ValueError, match="broken"):
            app({"REQUEST_METHOD": "GET"}, None)  # type: ignore[arg-type]
    assert places == [PLACES - 1] * (PLACES + 1)


def test_places_are_given_in_the_order_of_coming() -> None:
    line, came = Line(1), []
    assert line.enter(0)

    def wait(number: int) -> None:
        assert line.enter(10)
        came.append(number)
        line.leave()

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(line._waiting) <= number:
            time.sleep(0.001)
    line.leave()
    for thread in threads:
        thread.join(5)
    assert came == [0, 1, 2, 3, 4]
    # The place is free again, once.
    assert line.enter(0)
    assert not line.enter(0)


def test_who_gives_up_is_passed_over() -> None:
    line = Line(1)
    assert line.enter(0)
    assert not line.enter(0.01)
    line.leave()
    assert line.enter(0)
