"""Sources that send everything each time: what a new whole list lacks is marked, never deleted, and comes back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm.errors import Refused
from crm.graph import unsent
from crm.graph.driver import Store
from crm.graph.records import record_id
from importers.load import import_files
from importers.openings import Said, close_sources, open_sources
from importers.previews import Preview
from importers.results import Result
from importers.undo import undo_import
from tests.factories import snapshot

HEADER = "agency,source_id,name,city"
ROWS = {
    "B-1": "Board,B-1,Harbor Bakery,Boston",
    "B-2": "Board,B-2,Cascade Casting,Everett",
    "B-3": "Board,B-3,Okafor Machine,Renton",
    "B-4": "Board,B-4,Tern Welding,Kent",
}
TODAY = datetime.now(UTC).date().isoformat()


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def bring(db: Store, *paths: Path, complete: bool | None = True, sure: bool = False, **said: str) -> list[Result]:
    """Preview the files and import them; the counts of the import, which are those of the preview."""
    sources = open_sources(db, paths, Said(complete=complete, **said), keep=False)  # type: ignore[arg-type]
    try:
        with Preview(db, system=said.get("system", "plain")) as preview:
            for source in sources:
                preview.add(source)
            foreseen = preview.finish()
        done = import_files(db, sources, sure=sure)
    finally:
        close_sources(sources)
    for one, other in zip(foreseen, done, strict=True):
        assert (one.no_longer_sent, one.sent_again) == (other.no_longer_sent, other.sent_again)
    return done


def list_gone(db: Store, agency: str = "Board") -> set[str]:
    """Keys of the businesses of an agency that are no longer sent."""
    rows = db.read("MATCH (r:BusinessRecord) RETURN r.id AS id, r.key AS key ORDER BY key, id")
    marks = unsent.find_open(db, [row["id"] for row in rows])
    return {row["key"] for row in rows if row["id"] in marks}


def test_what_a_whole_list_lacks_is_marked_and_stays(db: Store, tmp_path: Path) -> None:
    bring(db, write(tmp_path / "january.csv", *ROWS.values()))
    assert list_gone(db) == set()
    (result,) = bring(db, write(tmp_path / "february.csv", ROWS["B-1"], ROWS["B-2"], ROWS["B-3"]))
    assert (result.no_longer_sent, result.unchanged) == (1, 3)
    assert list_gone(db) == {"B-4"}
    gone = db.read("MATCH (r:BusinessRecord {key: 'B-4'}) RETURN r.id AS id")[0]["id"]
    assert unsent.find_open(db, [gone])[gone] == unsent.Mark(gone, TODAY, "february.csv")
    assert db.read("MATCH (b:Business) RETURN count(b) AS n") == [{"n": 4}]


def test_a_list_that_is_not_whole_marks_nothing_but_takes_marks_off(db: Store, tmp_path: Path) -> None:
    bring(db, write(tmp_path / "january.csv", *ROWS.values()))
    bring(db, write(tmp_path / "february.csv", ROWS["B-1"], ROWS["B-2"]), complete=True)
    assert list_gone(db) == {"B-3", "B-4"}
    (result,) = bring(db, write(tmp_path / "some.csv", ROWS["B-4"]), complete=False)
    assert (result.no_longer_sent, result.sent_again, result.unchanged) == (0, 1, 1)
    assert list_gone(db) == {"B-3"}


def test_undoing_takes_back_the_marks_that_it_made_and_those_that_it_ended(db: Store, tmp_path: Path) -> None:
    bring(db, write(tmp_path / "january.csv", *ROWS.values()))
    before = snapshot(db)
    (february,) = bring(db, write(tmp_path / "february.csv", ROWS["B-1"], ROWS["B-2"], ROWS["B-3"]))
    lacking = snapshot(db)
    (march,) = bring(db, write(tmp_path / "march.csv", ROWS["B-1"], ROWS["B-2"], ROWS["B-4"]))
    assert list_gone(db) == {"B-3"}
    assert march.sent_again == 1
    undo_import(db, str(march.id))
    assert list_gone(db) == {"B-4"}
    assert _nodes(lacking, "Unsent") == _nodes(snapshot(db), "Unsent")
    undo_import(db, str(february.id))
    assert list_gone(db) == set()
    assert _nodes(snapshot(db), "Unsent") == _nodes(before, "Unsent") == []


def _nodes(taken: tuple[dict[str, object], set[str]], label: str) -> list[object]:
    return sorted((node for node in taken[0].values() if node[0] == label), key=str)  # type: ignore[index]


def test_what_a_later_whole_list_lacks_too_stays_marked_when_the_first_is_undone(db: Store, tmp_path: Path) -> None:
    bring(db, write(tmp_path / "january.csv", *ROWS.values()))
    few = [ROWS["B-1"], ROWS["B-2"], ROWS["B-3"]]
    (february,) = bring(db, write(tmp_path / "february.csv", *few))
    (march,) = bring(db, write(tmp_path / "march.csv", *few, "Board,B-5,Elm Foods,Kent"))
    assert march.no_longer_sent == 0, "it was missing before"
    undo_import(db, str(february.id))
    assert list_gone(db) == {"B-4"}
    assert unsent.count_of_import(db, str(march.id)) == (1, 0)
    undo_import(db, str(march.id))
    assert list_gone(db) == set()


def test_other_agencies_systems_and_kinds_are_left_alone(db: Store, tmp_path: Path) -> None:
    bring(db, write(tmp_path / "all.csv", *ROWS.values(), "College,C-1,Elm Foods,Kent"))
    bring(db, write(tmp_path / "other.csv", "Board,X-1,Birch Foods,Kent"), system="hubspot")
    people = write(tmp_path / "people.csv", "Board,P-1,B-1,Ana Silva", header="agency,source_id,business,name")
    bring(db, people)
    (result,) = bring(db, write(tmp_path / "board.csv", ROWS["B-1"], ROWS["B-2"], ROWS["B-3"]))
    assert result.no_longer_sent == 1
    assert list_gone(db) == {"B-4"}


def test_a_refused_row_was_sent_all_the_same(db: Store, tmp_path: Path) -> None:
    header = f"{HEADER},employees"
    bring(db, write(tmp_path / "january.csv", *(f"{row},5" for row in ROWS.values()), header=header))
    rows = [f"{ROWS['B-1']},5", f"{ROWS['B-2']},5", f"{ROWS['B-3']},many"]
    (result,) = bring(db, write(tmp_path / "february.csv", *rows, header=header))
    assert (result.refused, result.no_longer_sent) == (1, 1)
    assert list_gone(db) == {"B-4"}


def test_a_changed_row_without_an_id_is_one_gone_and_one_new(db: Store, tmp_path: Path) -> None:
    header = "agency,name,city"
    rows = ["Board,Harbor Bakery,Boston", "Board,Cascade Casting,Everett", "Board,Okafor Machine,Renton"]
    bring(db, write(tmp_path / "january.csv", *rows, header=header))
    rows[2] = "Board,Okafor Machine,Kent"
    (result,) = bring(db, write(tmp_path / "february.csv", *rows, header=header))
    assert (result.created, result.unchanged, result.no_longer_sent) == (1, 2, 1)


def test_a_list_that_lacks_more_than_half_asks_first(db: Store, tmp_path: Path) -> None:
    bring(db, write(tmp_path / "january.csv", *ROWS.values()))
    before = snapshot(db)
    few = write(tmp_path / "few.csv", "Board,B-1,Harbor Bakery & Cafe,Boston")
    with pytest.raises(Refused, match="lacks 3 of the 4 rows"):
        bring(db, few)
    assert snapshot(db) == before
    (result,) = bring(db, few, sure=True)
    assert (result.updated, result.no_longer_sent) == (1, 3)


def test_two_files_of_one_command_are_one_list(db: Store, tmp_path: Path) -> None:
    bring(db, write(tmp_path / "january.csv", *ROWS.values()))
    first = write(tmp_path / "part1.csv", ROWS["B-1"], ROWS["B-2"])
    second = write(tmp_path / "part2.csv", ROWS["B-3"])
    assert [result.no_longer_sent for result in bring(db, first, second)] == [0, 1]
    assert list_gone(db) == {"B-4"}


def test_the_same_whole_list_again_changes_nothing(db: Store, tmp_path: Path) -> None:
    bring(db, write(tmp_path / "january.csv", *ROWS.values()))
    path = write(tmp_path / "february.csv", ROWS["B-1"], ROWS["B-2"], ROWS["B-3"])
    bring(db, path)
    (again,) = bring(db, path)
    assert (again.unchanged, again.no_longer_sent, again.sent_again) == (3, 0, 0)
    assert list_gone(db) == {"B-4"}


def test_a_record_that_goes_takes_its_mark_along(db: Store, tmp_path: Path) -> None:
    (january,) = bring(db, write(tmp_path / "january.csv", *ROWS.values()))
    bring(db, write(tmp_path / "february.csv", ROWS["B-1"], ROWS["B-2"], ROWS["B-3"]))
    undo_import(db, str(january.id))
    assert db.read("MATCH (u:Unsent) RETURN u.id AS id") == []


def test_a_kind_whose_rows_cannot_be_missed_is_refused(db: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "programs.csv", "Board,Typing", header="agency,program")
    with pytest.raises(Refused, match="cannot be taken as a whole list"):
        bring(db, path)
    assert record_id("Program", "Board", "plain", "typing") not in snapshot(db)[0]
