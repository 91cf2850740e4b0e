"""`crm tables` on a real graph: from files to JSON, and never from before a write."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from crm.access import OWNER
from crm.commands.tables import tables
from crm.errors import CrmError, NotFound, Refused
from crm.graph.driver import Store
from crm.services import tables as services
from crm.services.judgements import judge
from tests.conftest import empty_graph
from tests.factories import import_text, undo
from tests.table_worlds import FILES, SEATS

AS_OF = date(2026, 6, 30)


@pytest.fixture
def region(db: Store) -> Store:
    for text in FILES:
        import_text(db, text)
    import_text(db, "table,business,person\nFocus group,Zeta Foods,Ben Ode", agency="College")
    return db


@pytest.fixture
def run(engine_env: dict[str, str]):
    """Run the command in this process, on the graph of `db`."""

    def call(*arguments: str):
        return CliRunner().invoke(tables, [*arguments, "--as-of", AS_OF.isoformat()], env=engine_env)

    return call


def test_the_answer_is_that_of_the_contract(run, region: Store) -> None:
    result = run("--json")
    assert result.exception is None, result.output
    answer = json.loads(result.stdout)
    people = {row["name"]: row.pop("person") for row in answer["seats"]}
    assert all(id.startswith("e") for id in people.values())
    assert answer == {
        "tables": [
            {"table": "Skills panel", "agency": "Board", "active": True, "businesses": 2, "persons": 2, "hours": 4.0},
            {
                "table": "Welding advisory", "agency": "College", "active": True, "businesses": 2, "persons": 2,
                "hours": 3.0,
            },
        ],
        "one_time": [
            {"table": "Focus group", "agency": "College", "active": False, "businesses": 1, "persons": 1, "hours": None}
        ],
        "pairs": [
            {
                "a": "Skills panel", "b": "Welding advisory", "shared_businesses": 1, "shared_persons": 1,
                "jaccard": 1 / 3, "overlap": 0.5, "candidate": True,
            }
        ],
        "seats": [
            {"name": "Ana Silva", "tables": 2, "hours": 7.0},
            {"name": "Cy Young", "tables": 1, "hours": 4.0},
            {"name": "Ben Ode", "tables": 1, "hours": 3.0},
        ],
    }  # fmt: skip


def test_the_order_of_imports_and_rows_changes_nothing(region: Store) -> None:
    def tell() -> dict[str, Any]:
        """The answer without the ids of people: they are called after the record that came first."""
        answer = services.measure(region, OWNER, as_of=AS_OF)
        return answer | {"seats": [{**row, "person": ""} for row in answer["seats"]]}

    expected = tell()
    empty_graph(region)
    places, people, groups, seats, meetings = (text.strip().splitlines() for text in FILES)
    import_text(region, "table,business,person\nFocus group,Zeta Foods,Ben Ode", agency="College")
    for rows in (groups, meetings, places, people, seats):
        import_text(region, "\n".join([rows[0], *reversed(rows[1:])]))
    assert tell() == expected


def test_it_is_told_in_words_too(run, region: Store) -> None:
    told = run().output
    assert "Skills panel" in told
    assert "Ana Silva" in told
    assert (
        "seats of businesses 4 -> 3 (1 fewer)" in run("--merge", "Skills panel", "--merge", "Welding advisory").output
    )
    assert (
        "Ends Welding advisory, which Perkins V requires."
        in run("--merge", "Skills panel", "--merge", "Welding advisory", "--stays", "Skills panel").output
    )


def test_without_any_the_next_step_is_told(run, db: Store) -> None:
    assert "Import a roster" in run().output
    assert json.loads(run("--json").stdout) == {"tables": [], "one_time": [], "pairs": [], "seats": []}


def test_what_cannot_be_asked_is_refused_with_a_reason(run, region: Store) -> None:
    found = services.find_tables(region, OWNER, as_of=AS_OF)
    with pytest.raises(Refused, match="takes 2 to"):
        services.find_merge(found, ["Skills panel", "skills panel"])
    with pytest.raises(Refused, match="Only active tables"):
        services.find_merge(found, ["Skills panel", "Focus group"])
    with pytest.raises(Refused, match="none of the tables"):
        services.find_merge(found, ["Skills panel", "Welding advisory"], stays="Focus group")
    with pytest.raises(NotFound, match="Known tables: Focus group"):
        services.find_merge(found, ["Skills panel", "Nowhere"])
    with pytest.raises(Refused, match="days cannot be looked ahead"):
        services.find_calendar(region, OWNER, days=0)
    with pytest.raises(Refused, match="Check the year"):
        services.measure(region, OWNER, as_of=date(3026, 1, 1))
    with pytest.raises(NotFound):
        services.get_table(region, OWNER, "mnothing")
    assert isinstance(run("--merge", "Nowhere").exception, CrmError)


def test_a_write_counts_at_once_and_its_undo_too(region: Store) -> None:
    before = services.measure(region, OWNER, as_of=AS_OF)
    made = import_text(region, "table,business,person\nSkills panel,Zeta Foods,Ben Ode", agency="Board")
    after = services.measure(region, OWNER, as_of=AS_OF)
    assert after["tables"][0]["businesses"] == 3
    undo(region, made)
    assert services.measure(region, OWNER, as_of=AS_OF) == before


def test_splitting_a_business_that_sits_at_two_tables_takes_the_overlap_away(region: Store) -> None:
    ids = region.read("MATCH (s:Seat)-[:SPEAKS_FOR]->(r:BusinessRecord) WHERE r.key IN ['B1', '77'] RETURN r.id AS id")
    left, right = (row["id"] for row in ids)
    judge(region, OWNER, left=left, right=right, verdict="different")
    (pair,) = services.measure(region, OWNER, as_of=AS_OF)["pairs"] or [{"shared_businesses": 0}]
    assert pair["shared_businesses"] == 0


PLANS = """
agency,source_id,date,program,business,person,channel,purpose,direction
College,T1,2026-08-10,Welding,B1,P1,visit,needs,out
College,T2,2026-08-11,Welding,B1,,visit,service,out
College,T3,2026-08-12,Welding,B1,,call,needs,in
Board,T4,2026-08-05,Jobs,77,,visit,needs,
College,T5,2026-08-20,Welding;Board:Jobs,B1,,visit,needs,
College,T6,2027-08-20,Welding,B1,,visit,needs,
"""


def test_the_calendar_has_meetings_and_planned_asks_and_says_which_clash(region: Store, run) -> None:
    import_text(region, PLANS)
    found = services.find_calendar(region, OWNER, as_of=AS_OF).as_json()
    assert [(str(row["date"]), row["kind"], row["what"]) for row in found["asks"]] == [
        ("2026-08-01", "meeting", "Skills panel"),
        ("2026-08-05", "contact", "Acme Tool Inc"),
        ("2026-08-10", "contact", "Acme Tool Inc"),
        ("2026-08-20", "contact", "Acme Tool Inc"),
    ]
    # Skills panel and T4 are both of the board; T5 is a joint visit of the two.
    clashes = [(str(c["first"]["date"]), str(c["second"]["date"]), c["days"]) for c in found["clashes"]]
    assert clashes == [("2026-08-01", "2026-08-10", 9), ("2026-08-05", "2026-08-10", 5)]
    assert [len(clash["persons"]) for clash in found["clashes"]] == [1, 0]
    told = json.loads(run("--calendar", "--json").stdout)
    assert len(told["asks"]) == 4
    assert "Clashes (2)" in run("--calendar").output


def test_one_table_has_its_members_and_meetings(region: Store) -> None:
    import_text(region, SEATS.replace("Welding advisory,B2,Ben Ode,,", "Welding advisory,B2,Ben Ode,,2026-05-31"))
    reading = services.read_tables(region, OWNER)
    id = next(table.id for table in reading.tables if table.name == "Welding advisory")
    found = services.get_table(region, OWNER, id, as_of=AS_OF).as_json()
    assert [(row["person_name"], row["is_current"]) for row in found["members"]] == [
        ("Ana Silva", True),
        ("Ben Ode", False),
    ]
    assert [str(row["date"]) for row in found["meetings"]] == ["2026-04-10", "2026-01-10"]
    assert (found["state"], found["required_by"], found["hours"]) == ("small", "Perkins V", 3.0)
