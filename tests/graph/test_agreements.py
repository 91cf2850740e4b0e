"""The life of an agreement on a real graph: proposed, signed by each agency, in force, ended; and every way back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from crm.access import OWNER, Viewer
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph import agencies
from crm.graph.driver import Store
from crm.graph.dump import export_graph, load_graph
from crm.services import agreements, knocks, lights, whatif
from crm.services.agreement_lists import Shown, get_agreement, list_agreements
from crm.services.agreements import Terms
from crm.services.questions import ask
from importers.exports import export_file
from tests.conftest import empty_graph
from tests.factories import import_text, undo
from tests.worked_knocks import import_example

TODAY = date(2026, 12, 31)
YEAR_BEGIN = date(2026, 1, 1)


def member_of(agency: str, name: str = "kim") -> Viewer:
    return Viewer(f"u{name}", f"{name}@{agency.lower()}.example", agencies.agency_id(agency), "member")


WDB, COLLEGE, CHAMBER, VR = map(member_of, ("WDB", "College", "Chamber", "VR"))
BOTH = (agencies.agency_id("WDB"), agencies.agency_id("College"))
TERMS = Terms("One door", BOTH, YEAR_BEGIN)


@pytest.fixture
def business(db: Store) -> str:
    return import_example(db)


def count(db: Store) -> tuple[int, int]:
    """(redundant, coordinated) knocks of 2026."""
    answer = knocks.measure(db, OWNER, as_of=TODAY)
    return answer["redundant"], answer["coordinated"]


def show(db: Store, viewer: Viewer = OWNER, today: date = TODAY) -> Shown:
    (found,) = list_agreements(db, viewer, today=today)
    return found


def propose(db: Store, viewer: Viewer = WDB, **changes: object) -> str:
    return agreements.propose(db, viewer, replace(TERMS, **changes)).id  # type: ignore[arg-type]


def agree(db: Store, **changes: object) -> str:
    """Proposed by one and signed by both."""
    id = propose(db, **changes)
    for viewer in (WDB, COLLEGE):
        agreements.sign(db, viewer, id)
    return id


def export(db: Store, folder: Path) -> str:
    path = folder / "agreements.csv"
    export_file(db, "agreements", path, viewer=OWNER)
    return path.read_text("utf-8-sig")


def test_it_counts_when_the_last_has_signed_and_not_before(db: Store, business: str) -> None:
    before = count(db)
    id = propose(db)
    assert (show(db).state, count(db)) == ("proposed", before)
    agreements.sign(db, WDB, id)
    assert (show(db).state, [name for _, name in show(db).signed], count(db)) == ("proposed", ["WDB"], before)
    agreements.sign(db, COLLEGE, id)
    assert (show(db).state, count(db)) == ("in_force", (before[0] - 1, before[1] + 1))
    imported = knocks.measure(db, OWNER, as_of=TODAY)
    agreements.undo(db, COLLEGE, id, 3)
    assert (show(db).state, count(db)) == ("proposed", before)
    import_text(db, "name,agencies,from\nBy file,WDB;College,2026-01-01")
    assert knocks.measure(db, OWNER, as_of=TODAY) == imported


def test_between_signing_and_its_first_day_it_is_signed(db: Store, business: str) -> None:
    agree(db, begins_on=date(2027, 3, 1), ends_on=date(2027, 6, 30))
    days = (TODAY, date(2027, 3, 1), date(2027, 6, 30), date(2027, 7, 1))
    assert [show(db, today=day).state for day in days] == ["signed", "in_force", "in_force", "ended"]


def test_who_is_not_bound_sees_that_it_is_there_and_no_more(db: Store, business: str) -> None:
    id = agree(db, businesses=(business,), lead="jo@wdb.example", review_on=date(2026, 6, 1), note="A secret")
    found = get_agreement(db, VR, id, today=TODAY)
    assert (found.shown.name, found.shown.state, len(found.shown.agencies)) == ("One door", "in_force", 2)
    assert (found.businesses, found.leads, found.steps, found.shown.review_on) == ([], [], [], None)
    assert not found.shown.is_open
    assert "secret" not in repr(found).lower()
    assert "jo@" not in repr(found)
    own = get_agreement(db, COLLEGE, id, today=TODAY)
    assert [name for _, name in own.businesses] == ["Acme Tool Inc"]
    assert [lead.lead for lead in own.leads] == ["jo@wdb.example"]
    assert own.shown.is_review_due(TODAY)


def test_only_those_whom_it_binds_act(db: Store, business: str) -> None:
    id = propose(db)
    for act in (
        lambda who: agreements.sign(db, who, id),
        lambda who: agreements.withdraw(db, who, id, today=TODAY),
        lambda who: agreements.set_lead(db, who, id, lead="WDB"),
        lambda who: agreements.set_review(db, who, id, on=TODAY),
    ):
        for who in (VR, OWNER):
            with pytest.raises(NotAllowed):
                act(who)
    agreements.sign(db, WDB, id)
    with pytest.raises(NotAllowed):
        agreements.undo(db, COLLEGE, id, 2)
    agreements.sign(db, COLLEGE, id)
    with pytest.raises(NotAllowed):
        agreements.end(db, CHAMBER, id, on=TODAY, today=TODAY)


def test_it_ends_on_a_last_day_and_that_can_be_taken_back(db: Store, business: str) -> None:
    id = agree(db)
    joined = count(db)
    # The last day still counts: College asked on 20 January.
    done = agreements.end(db, COLLEGE, id, on=date(2026, 1, 20), today=TODAY)
    assert (show(db).state, show(db).ends_on, count(db)) == ("ended", "2026-01-20", joined)
    agreements.undo(db, COLLEGE, id, done.no)
    assert show(db).state == "in_force"
    agreements.end(db, COLLEGE, id, on=date(2026, 1, 19), today=TODAY)
    assert count(db) == (joined[0] + 1, joined[1] - 1)
    with pytest.raises(Refused, match="began on 2026-01-01"):
        agreements.end(db, COLLEGE, id, on=date(2025, 12, 31), today=TODAY)


def test_what_came_with_a_file_is_in_force_and_can_be_ended(db: Store, business: str, tmp_path: Path) -> None:
    text = "name,agencies,from\nShared lead,WDB;College,2026-01-01"
    first = import_text(db, text)
    joined = count(db)
    id = show(db).id
    assert (show(db).state, show(db).is_from_file) == ("in_force", True)
    with pytest.raises(Refused, match="came with a file"):
        agreements.sign(db, WDB, id)
    agreements.end(db, WDB, id, on=date(2026, 1, 10), today=TODAY)
    assert count(db) == (joined[0] + 1, joined[1] - 1)
    assert "2026-01-10" in export(db, tmp_path)
    # A file that does not know of the end does not bring it back to life.
    import_text(db, "name,agencies,from,to\nShared lead,WDB;College,2026-01-01,2026-11-30")
    assert count(db) == (joined[0] + 1, joined[1] - 1)
    undo(db, first)
    assert [one.state for one in list_agreements(db, OWNER, today=TODAY)] == ["ended"]


def test_undoing_its_file_takes_it_away_with_its_life(db: Store, business: str) -> None:
    first = import_text(db, "name,agencies,from\nShared lead,WDB;College,2026-01-01")
    agreements.set_review(db, WDB, show(db).id, on=TODAY)
    undo(db, first)
    assert list_agreements(db, OWNER, today=TODAY) == []


def test_it_goes_out_as_a_plain_file_and_comes_back_unchanged(db: Store, business: str, tmp_path: Path) -> None:
    agree(db, sector="332;31-33", businesses=(business,), ends_on=date(2027, 1, 1))
    propose(db, name="Only proposed")
    text = export(db, tmp_path)
    lines = [line.replace('"', "") for line in text.splitlines()]
    assert lines == [
        "name,agencies,from,to,sector,businesses",
        "One door,WDB;College,2026-01-01,2027-01-01,332;31-33,WDB:B1",
    ]
    before = count(db)
    again = import_text(db, text)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    empty_graph(db)
    import_example(db)
    import_text(db, text)
    assert count(db) == before
    assert export(db, tmp_path) == text


def test_a_place_is_a_column_of_its_own_and_only_where_there_is_one(db: Store, business: str, tmp_path: Path) -> None:
    agree(db, places="winnebago; 61109")
    joined = count(db)
    text = export(db, tmp_path)
    assert text.splitlines()[0].replace('"', "").endswith("businesses,places")
    assert import_text(db, text).unchanged == 1
    empty_graph(db)
    import_example(db)
    import_text(db, text)
    assert count(db) == joined
    empty_graph(db)
    import_example(db)
    nothing = count(db)
    agree(db, places="Cook")
    assert count(db) == nothing != joined


def test_what_a_file_says_of_it_later_can_be_undone(db: Store, business: str) -> None:
    id = agree(db)
    joined = count(db)
    later = import_text(db, "name,agencies,from,to\nOne door,WDB;College,2026-01-01,2026-01-10")
    assert later.updated == 1
    assert count(db) == (joined[0] + 1, joined[1] - 1)
    undo(db, later)
    assert (show(db).state, count(db)) == ("in_force", joined)
    agreements.end(db, WDB, id, on=date(2026, 1, 10), today=TODAY)
    assert count(db) == (joined[0] + 1, joined[1] - 1)


def test_a_dump_holds_its_life(db: Store, business: str, tmp_path: Path) -> None:
    id = agree(db, lead="jo@wdb.example")
    propose(db, name="Only proposed", businesses=(business,))
    before = (list_agreements(db, WDB, today=TODAY), get_agreement(db, WDB, id, today=TODAY), count(db))
    export_graph(db, tmp_path / "region.jsonl")
    empty_graph(db)
    load_graph(db.settings, tmp_path / "region.jsonl")
    assert (list_agreements(db, WDB, today=TODAY), get_agreement(db, WDB, id, today=TODAY), count(db)) == before


def test_a_proposal_can_be_withdrawn_taken_back_and_made_again(db: Store, business: str) -> None:
    id = propose(db)
    agreements.sign(db, WDB, id)
    done = agreements.withdraw(db, COLLEGE, id, today=TODAY)
    assert show(db).state == "withdrawn"
    with pytest.raises(Conflict, match="withdrawn"):
        agreements.sign(db, COLLEGE, id)
    agreements.undo(db, COLLEGE, id, done.no)
    assert [name for _, name in show(db).signed] == ["WDB"]
    agreements.withdraw(db, COLLEGE, id, today=TODAY)
    assert propose(db, COLLEGE, agencies=(BOTH[0], agencies.agency_id("VR"))) == id
    assert (show(db).state, show(db).signed, [name for _, name in show(db).agencies]) == ("proposed", [], ["VR", "WDB"])
    # Who proposed it for others may withdraw it, though it does not bind them.
    agreements.withdraw(db, COLLEGE, id, today=TODAY)
    with pytest.raises(Refused, match="End it instead"):
        agreements.withdraw(db, WDB, agree(db, name="In force"), today=TODAY)


def test_the_first_step_taken_back_leaves_nothing(db: Store, business: str) -> None:
    done = agreements.propose(db, WDB, TERMS)
    agreements.undo(db, WDB, done.id, done.no)
    assert list_agreements(db, OWNER, today=TODAY) == []
    with pytest.raises(NotFound):
        agreements.sign(db, WDB, done.id)


def test_one_name_is_one_agreement(db: Store, business: str) -> None:
    first = agreements.propose(db, WDB, TERMS, key="form")
    assert agreements.propose(db, WDB, TERMS, key="form") == first
    with pytest.raises(Conflict, match="another name"):
        propose(db, name="one  DOOR")
    import_text(db, "name,agencies,from\nShared lead,WDB;College,2026-01-01")
    with pytest.raises(Conflict):
        propose(db, name="Shared lead")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "  "}, "a name"),
        ({"name": "x" * 301}, "a name"),
        ({"agencies": (BOTH[0], BOTH[0])}, "two agencies"),
        ({"ends_on": date(2025, 12, 31)}, "before it begins"),
        ({"begins_on": date(1026, 1, 1)}, "Check the year"),
        ({"sector": "food"}, "no NAICS code"),
        ({"lead": "VR"}, "none of the agencies"),
        ({"lead": "jo at wdb@"}, "not an e-mail"),
    ],
)
def test_terms_that_cannot_be_are_refused(db: Store, business: str, changes: dict[str, object], says: str) -> None:
    with pytest.raises(Refused, match=says):
        propose(db, **changes)
    assert list_agreements(db, OWNER, today=TODAY) == []


def test_who_is_not_there_cannot_be_bound(db: Store, business: str) -> None:
    with pytest.raises(NotFound):
        propose(db, agencies=(BOTH[0], "anobody"))
    with pytest.raises(NotFound):
        propose(db, businesses=("bnobody",))
    assert list_agreements(db, OWNER, today=TODAY) == []


def test_two_who_sign_at_once_have_both_signed(db: Store, business: str) -> None:
    id = propose(db)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda viewer: agreements.sign(db, viewer, id), (WDB, COLLEGE)))
    assert show(db).state == "in_force"
    assert len(get_agreement(db, WDB, id, today=TODAY).steps) == 3


def ask_whom(db: Store, business: str, agency: str = "Chamber", day: date = date(2026, 7, 20)) -> list[str]:
    return lights.find_light(db, OWNER, business, agency_id=agencies.agency_id(agency), as_of=day).ask


def test_amber_names_the_lead_once_all_have_agreed(db: Store, business: str) -> None:
    import_text(db, "agency,source_id,name,employees\nWDB,B1,Acme Tool Inc,300")
    assert ask_whom(db, business) == ["ana@college.example"]
    id = agree(db)
    done = agreements.set_lead(db, WDB, id, lead="Jo@WDB.example", backup="College")
    assert ask_whom(db, business) == ["ana@college.example"]
    (waiting,) = get_agreement(db, COLLEGE, id, today=TODAY).pending
    assert (waiting.agreed, waiting.missing, waiting.may_agree) == (["WDB"], ["College"], True)
    agreements.agree_to_lead(db, COLLEGE, id, done.no)
    assert ask_whom(db, business) == ["jo@wdb.example"]
    (lead,) = get_agreement(db, COLLEGE, id, today=TODAY).leads
    assert (lead.lead, lead.backup, lead.business) == ("jo@wdb.example", "College", None)
    # One for the business itself goes before one for all.
    done = agreements.set_lead(db, COLLEGE, id, lead="College", business=business)
    agreements.agree_to_lead(db, WDB, id, done.no)
    assert ask_whom(db, business) == ["College"]
    agreements.undo(db, WDB, id, done.no + 1)
    assert ask_whom(db, business) == ["jo@wdb.example"]
    with pytest.raises(Conflict):
        agreements.agree_to_lead(db, WDB, id, 1)
    # A lead goes with the agreement.
    agreements.end(db, WDB, id, on=date(2026, 7, 19), today=TODAY)
    assert ask_whom(db, business) == ["ana@college.example"]


def test_what_the_proposal_says_of_the_lead_is_agreed_by_signing(db: Store, business: str) -> None:
    import_text(db, "agency,source_id,name,employees\nWDB,B1,Acme Tool Inc,300")
    id = propose(db, lead="jo@wdb.example")
    agreements.sign(db, WDB, id)
    assert ask_whom(db, business) == ["ana@college.example"]
    agreements.sign(db, COLLEGE, id)
    assert ask_whom(db, business) == ["jo@wdb.example"]
    removed = agreements.set_lead(db, WDB, id, lead="")
    agreements.agree_to_lead(db, COLLEGE, id, removed.no)
    assert ask_whom(db, business) == ["ana@college.example"]


def test_a_lead_under_an_imported_agreement(db: Store, business: str) -> None:
    import_text(db, "agency,source_id,name,employees\nWDB,B1,Acme Tool Inc,300")
    import_text(db, "name,agencies,from,businesses\nBy file,WDB;College,2026-01-01,WDB:B1")
    id = show(db).id
    done = agreements.set_lead(db, COLLEGE, id, lead="WDB")
    agreements.agree_to_lead(db, WDB, id, done.no)
    assert ask_whom(db, business) == ["WDB"]


def test_a_kept_what_if_makes_of_the_year_what_it_foretold(db: Store, business: str) -> None:
    foretold = whatif.find_what_if(db, OWNER, ask(db, OWNER, as_of=TODAY), [frozenset(BOTH)])
    agree(db, begins_on=date(2025, 1, 1))
    assert count(db)[0] == foretold.redundant_after
