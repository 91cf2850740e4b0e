"""The lock files: every package pinned and hashed, from wherever the reader's registry is."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ALL, SERVER = ROOT / "requirements.lock", ROOT / "deploy" / "requirements.lock"
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)


@pytest.mark.parametrize("path", [ALL, SERVER], ids=["all", "server"])
def test_a_lock_names_no_address(path: Path) -> None:
    assert not re.search(r"https?://|--index-url|--find-links", path.read_text())


@pytest.mark.parametrize("path", [ALL, SERVER], ids=["all", "server"])
def test_every_pin_has_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", path.read_text().strip())
    assert len(entries) > 30
    assert [entry for entry in entries if not PIN.match(entry) or "--hash=sha256:" not in entry] == []


def test_the_servers_lock_is_a_part_of_the_whole_one() -> None:
    whole, server = dict(PIN.findall(ALL.read_text())), dict(PIN.findall(SERVER.read_text()))
    # What packages are built with is needed only where the server is installed.
    del server["setuptools"]
    assert server.items() <= whole.items()


def test_both_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    tests = project["optional-dependencies"]["dev"]
    assert _names(project["dependencies"]) <= {name for name, _ in PIN.findall(SERVER.read_text())}
    assert _names(project["dependencies"] + tests) <= {name for name, _ in PIN.findall(ALL.read_text())}


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9_.-]", one)[0].lower().replace("_", "-").replace(".", "-") for one in requirements}
