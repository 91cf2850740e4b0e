"""The log: one line of JSON an event, and no secret in it (promise D11)."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crm import logs

Lines = Callable[[], list[dict[str, Any]]]
CANARY = "canary-7f3a9"


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the log has written so far, as its lines read back."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.json_formatter())
    log = logging.getLogger("crm.test")
    log.addHandler(handler)
    log.setLevel("INFO")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    log.removeHandler(handler)


def test_an_event_is_one_line_of_json_with_its_values(lines: Lines) -> None:
    logging.getLogger("crm.test").info("signed in", extra={"user": "u123"})
    (line,) = lines()
    assert line["event"] == "signed in"
    assert line["user"] == "u123"
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_a_new_line_in_a_value_cannot_make_a_second_event(lines: Lines) -> None:
    logging.getLogger("crm.test").info("asked", extra={"path": '/x\n{"event": "forged"}\r\n'})
    (line,) = lines()
    assert line["path"].startswith("/x\n")


@pytest.mark.parametrize("name", ["password", "new_password", "api_token", "Authorization", "cookie", "secret_key"])
def test_what_is_kept_under_the_name_of_a_secret_is_blanked(lines: Lines, name: str) -> None:
    logging.getLogger("crm.test").warning(
        "sent", extra={"form": {name: CANARY, "deeper": {name: CANARY}}, name: CANARY}
    )
    (line,) = lines()
    assert CANARY not in json.dumps(line)
    assert line["form"]["deeper"][name] == "[hidden]"


def test_a_traceback_stays_on_one_line(lines: Lines) -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        logging.getLogger("crm.test").error("failed", exc_info=error)
    (line,) = lines()
    assert "ValueError: broken" in line["exception"]
