"""Firms are found out by the process that matched, while businesses are made: they are what they are from nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from crm.graph import businesses, stale
from crm.graph.driver import Store
from crm.graph.leases import find_state
from crm.services import from_nothing, resolution, roll_ups
from crm.services.matcher_file import Memory
from crm.services.resolution import recompute
from tests.factories import import_text, snapshot
from tests.processes import find_matchers

HEADER = "agency,source_id,name,street,zip,ein"
NAMES = ("Acme Tool", "Bolt Works", "Corn Mill", "Dairy Hill", "Elm Press")
# The first two have an employer number in common.
ROWS = [f"Board,{n},{name},{n} Oak St,61101,36-123456{max(n, 1)}" for n, name in enumerate(NAMES)]
FIRMS = "MATCH (b:Business) RETURN b.firm_id AS firm, b.firm_shared AS shared ORDER BY firm, b.id"


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_nothing, "MANY", 1)


def import_rows(db: Store) -> list[bool]:
    """Import them, and tell of which businesses the firm has several sites."""
    import_text(db, "\n".join([HEADER, *ROWS]))
    assert find_matchers() == []
    found = [row["shared"] for row in db.read(FIRMS)]
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before
    return found


def remembers_firms(db: Store) -> bool:
    memory = Memory(db.settings.data_dir, find_state(db, "matching"))
    found = memory.find_firms() is not None
    memory.close()
    return found


def test_sites_of_one_firm_are_found_without_reading_them_again(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(businesses, "list_for_roll_up", lambda *_: pytest.fail("was read again"))
        import_text(db, "\n".join([HEADER, *ROWS]))
    assert sum(row["shared"] for row in db.read(FIRMS)) == 2
    assert remembers_firms(db)
    import_text(db, f"{HEADER}\nCollege,9,Fern House,9 Elm St,61101,36-1234561")
    assert sum(row["shared"] for row in db.read(FIRMS)) == 3
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before


def test_a_business_that_was_changed_since_it_was_made_is_read_again(
    db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(compute: Callable[..., None], done: list[bool]) -> Callable[..., None]:
        def changed(*said: Any, **named: Any) -> None:
            if not done:
                done.append(True)
                (row,) = db.write("MATCH (r:BusinessRecord {key: '4'}) SET r.ein = '36-1234563' RETURN r.id AS id")
                db.transact(lambda tx: stale.mark(tx, "business", records=[row["id"]]))
            compute(*said, **named)

        return changed

    monkeypatch.setattr(resolution, "compute_stale", change(resolution.compute_stale, []))
    assert sum(import_rows(db)) == 4


def test_without_the_process_the_firms_are_found_out_here(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(original: Callable[..., Any]) -> Callable[..., Any]:
        def killed(*said: Any) -> Any:
            for process in find_matchers():
                process.kill()
            return original(*said)

        return killed

    with monkeypatch.context() as patch:
        patch.setattr(roll_ups, "_roll_up_made", kill(roll_ups._roll_up_made))
        import_text(db, "\n".join([HEADER, *ROWS]))
    # Whether anything is remembered then depends on how far the process had come.
    assert sum(row["shared"] for row in db.read(FIRMS)) == 2
    assert sum(import_rows(db)) == 2
