"""`crm profiles` as it is typed: list, show, and to a file and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crm.cli import cli
from crm.errors import NotFound, Refused
from crm.graph.driver import Store
from crm.services import accounts
from tests.conftest import empty_graph
from tests.factories import import_text

VISITS = "Met on,Firm,How\n14/3/2026,Harbor Bakery,Site Visit\n"
SAID: dict[str, Any] = {
    "agency": "College", "profile": "College visits",
    "maps": ("Firm=business", "Met on=date", "How=channel", "=program:Outreach"),
    "date_formats": ("Met on=d/m/yyyy",), "values": ("channel:Site Visit=visit", "business:Harbor Bakers=College:B-1"),
}  # fmt: skip


def run(env: dict[str, str], *words: str) -> Any:
    answer = CliRunner().invoke(cli, ["profiles", *words, "--json"], env=env, catch_exceptions=True)
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return json.loads(answer.stdout)


def test_a_profile_goes_to_another_installation(db: Store, engine_env: dict[str, str], tmp_path: Path) -> None:
    import_text(db, VISITS, **SAID)
    (told,) = run(engine_env, "list")
    assert (told["name"], told["agency"], told["kind"], told["version"]) == (
        "College visits",
        "College",
        "touchpoints",
        1,
    )
    path = tmp_path / "visits.json"
    assert run(engine_env, "export", "--out", str(path)) == {"file": str(path), "profiles": 1}
    assert json.loads(path.read_text())["import-profiles"] == 1
    # Which business a name means is of this region alone.
    assert "Harbor Bakers" not in path.read_text()
    empty_graph(db)
    (kept,) = run(engine_env, "import", str(path), "--agency", "Chamber")
    assert (kept["name"], kept["agency"], kept["version"], kept["state"]) == ("Chamber visits", "Chamber", 1, "created")
    shown = run(engine_env, "show", "Chamber visits")
    assert shown["maps"] == list(SAID["maps"])
    assert shown["values"] == ["channel:Site Visit=visit"]
    result = import_text(db, VISITS.replace("14/3", "15/3"))
    assert (result.created, result.refused) == (1, 0)
    rows = db.read("MATCH (t:Touchpoint) RETURN t.date AS date, t.channel AS channel")
    assert rows == [{"date": "2026-03-15", "channel": "visit"}]


def test_the_same_file_again_is_no_new_version_and_what_names_mean_stays(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    import_text(db, VISITS, **SAID)
    path = tmp_path / "visits.json"
    run(engine_env, "export", "College visits", "--out", str(path))
    (kept,) = run(engine_env, "import", str(path))
    assert (kept["version"], kept["state"]) == (1, "unchanged")
    path.write_text(path.read_text().replace("Site Visit=visit", "Site Visit=call"))
    (kept,) = run(engine_env, "import", str(path))
    assert (kept["version"], kept["state"]) == (2, "updated")
    values = run(engine_env, "show", "College visits")["values"]
    assert sorted(values) == ["business:Harbor Bakers=College:B-1", "channel:Site Visit=call"]


def test_a_member_sees_and_keeps_those_of_the_own_agency(db: Store, engine_env: dict[str, str], tmp_path: Path) -> None:
    import_text(db, VISITS, **SAID)
    accounts.add_user(db, email="eve@port.example", agency="Port", role="member", name="Eve", password="rope and tar 7")
    own = ("--as", "eve@port.example")
    assert run(engine_env, "list", *own) == []
    with pytest.raises(NotFound, match="There is no profile 'College visits'"):
        run(engine_env, "show", "College visits", *own)
    path = tmp_path / "visits.json"
    run(engine_env, "export", "--out", str(path))
    (kept,) = run(engine_env, "import", str(path), "--agency", "College", *own)
    assert (kept["name"], kept["agency"]) == ("Port visits", "Port")
    assert [one["name"] for one in run(engine_env, "list", *own)] == ["Port visits"]
    path.write_text(path.read_text().replace('"agency": "College"', '"agency": "Harbor"'))
    with pytest.raises(Refused, match="There is a profile 'College visits' of another agency"):
        run(engine_env, "import", str(path), *own)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Met on,Firm\n", "is not a file of profiles"),
        ("[]", "is not a file of profiles"),
        ('{"import-profiles": 2, "profiles": []}', "is written in form 2; this version reads form 1"),
        ('{"import-profiles": 1, "profiles": [{"name": "x", "profile": {"kind": "seats"}}]}', "is damaged"),
        (
            '{"import-profiles": 1, "profiles": [{"name": "x", "profile": {"agency": "A", "system": "plain", '
            '"kind": "no", "headers": ["Firm"], "maps": ["Firm=business"]}}]}',
            "cannot be used",
        ),
    ],
)
def test_another_file_is_refused_with_the_reason(
    db: Store, engine_env: dict[str, str], tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "visits.json"
    path.write_text(text)
    with pytest.raises(Refused, match=says):
        run(engine_env, "import", str(path))
    assert run(engine_env, "list") == []
