"""docker-compose.yml, the Dockerfile and their neighbours, read as files: no Docker engine is needed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(:?[-?])?([^}]*)\}")
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_nothing_starts_without_a_password_of_its_own() -> None:
    used = [(sign, default) for name, sign, default in VARIABLE.findall(COMPOSE) if "PASSWORD" in name]
    assert len(used) == 2
    assert all(sign == ":?" and ".env" in default for sign, default in used)


def test_no_secret_stands_in_a_file() -> None:
    assert not re.search(r"password:\s*[\"']?\w", COMPOSE, re.IGNORECASE)
    example = dict(line.split("=", 1) for line in _read_example())
    assert example["NEO4J_PASSWORD"] == ""


def test_the_example_of_env_names_every_variable_and_no_other() -> None:
    assert {line.partition("=")[0] for line in _read_example()} == {name for name, _, _ in VARIABLE.findall(COMPOSE)}


def test_only_the_proxy_is_open_to_the_network() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"nginx"}
    assert yaml.safe_load(COMPOSE)["networks"]["inside"] == {"internal": True}
    assert SERVICES["neo4j"]["networks"] == ["inside"]
    assert "inside" not in SERVICES["nginx"]["networks"]


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_watched_limited_and_started_again(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert service["mem_limit"]
    assert service["restart"] == "unless-stopped"
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", ["neo4j", "nginx"])
def test_images_are_of_a_named_version(name: str) -> None:
    assert re.fullmatch(r"[\w/]+:\d+\.\d+(-\w+)?", SERVICES[name]["image"])


def test_the_database_is_a_long_term_release_and_keeps_its_data_in_a_volume() -> None:
    assert SERVICES["neo4j"]["image"] == "neo4j:5.26-community"
    assert "neo4j-data:/data" in SERVICES["neo4j"]["volumes"]
    assert "neo4j-data" in yaml.safe_load(COMPOSE)["volumes"]


def test_neither_the_application_nor_the_proxy_runs_as_root() -> None:
    assert re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE) == ["10001"]
    assert SERVICES["nginx"]["user"] == "101:101"
    assert all(SERVICES[name]["read_only"] and SERVICES[name]["cap_drop"] == ["ALL"] for name in ("app", "nginx"))


def test_the_image_installs_what_is_locked_and_nothing_else() -> None:
    for line in re.findall(r"pip install (.*)$", DOCKERFILE, re.MULTILINE):
        assert "--require-hashes" in line or "--no-deps --no-build-isolation" in line


def test_what_the_image_and_the_proxy_take_from_here_is_here() -> None:
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]
    ]
    mounted = [volume.split(":")[0] for volume in SERVICES["nginx"]["volumes"] if volume.startswith("./")]
    assert copied
    assert mounted
    assert [path for path in [*copied, *mounted] if not (ROOT / path).exists()] == []
    allowed = set(re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert set(copied) <= allowed


def test_the_database_gives_up_later_than_the_application_does() -> None:
    # The driver's own limit of a statement speaks first, so that the user reads a sentence of ours.
    from crm.graph.driver import STATEMENT_SECONDS

    limit = SERVICES["neo4j"]["environment"]["NEO4J_db_transaction_timeout"]
    assert int(limit.removesuffix("s")) > STATEMENT_SECONDS


def _read_example() -> list[str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]
