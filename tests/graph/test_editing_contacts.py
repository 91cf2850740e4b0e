"""A contact that was logged on the screen is corrected: counted at once, by one at a time, and with a way back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from crm.access import OWNER, Viewer
from crm.errors import Conflict, CrmError, NotAllowed, NotFound, Refused
from crm.graph import agencies, dossiers
from crm.graph.driver import Store
from crm.services import lights
from crm.services.edits import edit_contact, get_editable, undo_edit
from crm.services.resolution import recompute, resolve_new
from crm.services.touchpoints import Contact, keep_promise, log_contact, remove_contact
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text, snapshot, undo
from tests.graph.test_logging_contacts import TODAY, a_contact, find_business, member_of

COLLEGE, BOARD = "College", "Workforce Board"


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    return db


def log(db: Store, business: str | None, **changes: object) -> str:
    return log_contact(db, member_of(COLLEGE), a_contact(db, business, **changes), today=TODAY).id


def edit(db: Store, id: str, viewer: Viewer | None = None, *, revision: int | None = None, **changes: object) -> int:
    """Change what a colleague of the one who logged it sees on the form; returns the revision."""
    viewer = viewer or member_of(COLLEGE)
    seen = get_editable(db, viewer, id)
    said: Contact = replace(seen.contact, **changes)  # type: ignore[arg-type]
    return edit_contact(db, viewer, id, said, revision=revision or seen.revision, today=TODAY).revision


def find_program(db: Store, name: str) -> str:
    return db.read("MATCH (p:Program {name: $name}) RETURN p.id AS id", name=name)[0]["id"]


def assert_rebuild_changes_nothing(db: Store) -> None:
    resolve_new(db)
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before


def test_everything_that_the_form_says_can_be_changed(region: Store) -> None:
    business = find_business(region, "Acme Tool Inc")
    ana = dossiers.list_roles_at(region, business, viewer=OWNER)[0].person_id
    id = log(region, business, topics="welders", promise="Call back")
    both = (find_program(region, "Welding"), find_program(region, "On-the-job training"))
    edit(
        region, id, on=date(2026, 6, 1), programs=both, persons=(ana,), new_person="Bo Ek", channel="call",
        direction="in", purpose="survey", topics="nurses", reached="no", outcome="Left word", promise="Send the list",
        promise_due=date(2026, 7, 7), notes="They are selling", visibility="exists",
    )  # fmt: skip
    line = dossiers.get_touchpoint(region, id, viewer=OWNER)
    assert line.date == "2026-06-01"
    assert {agency for _, _, agency in line.programs} == {COLLEGE, BOARD}
    assert sorted(name for _, name in line.persons) == ["Ana Silva", "Bo Ek"]
    assert (line.channel, line.direction, line.purpose, line.topics) == ("call", "in", "survey", "nurses")
    assert (line.reached, line.outcome, line.notes) == ("no", "Left word", "They are selling")
    assert (line.promise, line.promise_due) == ("Send the list", "2026-07-07")
    seen = get_editable(region, member_of(COLLEGE), id).contact
    assert (seen.visibility, seen.promise_due, sorted(seen.programs)) == ("exists", date(2026, 7, 7), sorted(both))
    assert_rebuild_changes_nothing(region)


def test_a_contact_says_after_an_edit_what_it_would_say_had_it_been_logged_so(region: Store) -> None:
    business, other = find_business(region, "Acme Tool Inc"), find_business(region, "Omega Plastics")
    said = {"topics": "welders", "channel": "call", "promise": "Call back", "promise_due": date(2026, 7, 1)}
    id = log(region, business, new_person="Bo Ek", notes="A slip")
    edit(region, id, business=other, notes="", **said)
    edited = snapshot(region)
    remove_contact(region, member_of(COLLEGE), id)
    log(region, other, new_person="Bo Ek", **said)
    assert snapshot(region) == edited


def test_who_logged_it_stays_who_logged_it(region: Store) -> None:
    id = log(region, find_business(region, "Acme Tool Inc"))
    edit(region, id, replace(member_of(COLLEGE), email="carl@example.org"), topics="welders")
    assert dossiers.get_touchpoint(region, id, viewer=OWNER).staff == ["kim@example.org"]


def test_both_businesses_are_right_at_once_when_a_contact_moves(region: Store) -> None:
    wrong, right = find_business(region, "Acme Tool Inc"), find_business(region, "Zeta Foods")
    id = log(region, wrong)
    edit(region, id, business=right)
    left, got = (dossiers.get_business(region, business, viewer=OWNER) for business in (wrong, right))
    assert (left.contacts, left.last_contact_on) == (2, "2026-01-20")
    assert (got.contacts, got.last_contact_on) == (1, TODAY.isoformat())
    assert_rebuild_changes_nothing(region)


def test_the_light_follows_an_edit_at_once(region: Store) -> None:
    business = find_business(region, "Zeta Foods")
    id = log(region, business)
    ask = {"agency_id": agencies.agency_id(BOARD), "as_of": TODAY}
    assert lights.find_light(region, OWNER, business, **ask).light == "amber"  # type: ignore[arg-type]
    edit(region, id, on=date(2026, 1, 2))
    assert lights.find_light(region, OWNER, business, **ask).light == "green"  # type: ignore[arg-type]


def test_a_small_record_that_only_the_contact_needed_goes_with_it_to_another_business(region: Store) -> None:
    id = log(region, None, new_business="Brand New Bakery", new_person="Bo Ek")
    bakery = find_business(region, "Brand New Bakery")
    edit(region, id, business=find_business(region, "Acme Tool Inc"))
    with pytest.raises(NotFound):
        dossiers.get_business(region, bakery, viewer=OWNER)
    line = dossiers.get_touchpoint(region, id, viewer=OWNER)
    assert (line.business, [name for _, name in line.persons]) == ("Acme Tool Inc", ["Bo Ek"])
    roles = dossiers.list_roles_of(region, line.persons[0][0], viewer=OWNER, today=date.today())
    assert [role.business for role in roles] == ["Acme Tool Inc"]
    assert_rebuild_changes_nothing(region)


@pytest.mark.parametrize("business", ["Acme Tool Inc", "Omega Plastics", None])
def test_an_edit_is_taken_back_without_a_trace(region: Store, business: str | None) -> None:
    there = find_business(region, business) if business else None
    new = "" if there else "Brand New Bakery"
    id = log(region, there, new_business=new, new_person="Bo Ek", promise="Call back", notes="A\r\nB")
    resolve_new(region)
    before = snapshot(region, leave_out=("stamp", "locked"))
    revision = edit(
        region, id, business=find_business(region, "Zeta Foods"), persons=(), new_person="Cy Fox", promise="", notes="",
        on=date(2026, 6, 2),
    )  # fmt: skip
    undo_edit(region, member_of(COLLEGE), id, revision=revision, today=TODAY)
    resolve_new(region)
    assert snapshot(region, leave_out=("stamp", "locked")) == before
    assert region.read("MATCH (e:Edit) RETURN e.id AS id") == []
    assert_rebuild_changes_nothing(region)


def test_edits_are_taken_back_one_after_the_other_and_only_the_last_can_be(region: Store) -> None:
    id = log(region, find_business(region, "Acme Tool Inc"), topics="one")
    first, second = edit(region, id, topics="two"), edit(region, id, topics="three")
    with pytest.raises(Conflict, match="changed again"):
        undo_edit(region, member_of(COLLEGE), id, revision=first, today=TODAY)
    undo_edit(region, member_of(COLLEGE), id, revision=second, today=TODAY)
    assert dossiers.get_touchpoint(region, id, viewer=OWNER).topics == "two"
    undo_edit(region, member_of(COLLEGE), id, revision=first, today=TODAY)
    assert dossiers.get_touchpoint(region, id, viewer=OWNER).topics == "one"


def test_a_promise_that_was_kept_stays_kept_through_an_edit_and_its_way_back(region: Store) -> None:
    id = log(region, find_business(region, "Acme Tool Inc"), promise="Send the lst")
    keep_promise(region, member_of(COLLEGE), id, on=TODAY)
    revision = edit(region, id, promise="Send the list")
    assert dossiers.get_touchpoint(region, id, viewer=OWNER).promise_kept_on == TODAY.isoformat()
    undo_edit(region, member_of(COLLEGE), id, revision=revision, today=TODAY)
    line = dossiers.get_touchpoint(region, id, viewer=OWNER)
    assert (line.promise, line.promise_kept_on) == ("Send the lst", TODAY.isoformat())


def test_of_two_who_edit_at_a_time_the_second_is_told_and_writes_nothing(region: Store) -> None:
    id = log(region, find_business(region, "Acme Tool Inc"))
    seen = get_editable(region, member_of(COLLEGE), id).revision
    edit(region, id, topics="welders")
    with pytest.raises(Conflict, match="Somebody else has changed this contact"):
        edit(region, id, revision=seen, topics="nurses")
    assert dossiers.get_touchpoint(region, id, viewer=OWNER).topics == "welders"


def test_of_eight_who_save_at_once_exactly_one_does(region: Store) -> None:
    id = log(region, find_business(region, "Acme Tool Inc"))
    seen = get_editable(region, member_of(COLLEGE), id)

    def save(n: int) -> bool:
        said = replace(seen.contact, topics=f"topic {n}")
        try:
            edit_contact(region, member_of(COLLEGE), id, said, revision=seen.revision, today=TODAY)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(save, range(8)))
    assert saved.count(True) == 1
    assert dossiers.get_touchpoint(region, id, viewer=OWNER).topics == f"topic {saved.index(True)}"
    assert len(region.read("MATCH (e:Edit) RETURN e.id AS id")) == 1


def test_saving_what_is_there_already_changes_nothing(region: Store) -> None:
    id = log(region, find_business(region, "Acme Tool Inc"), notes="one\ntwo")
    before = snapshot(region, leave_out=())
    edit(region, id, notes="one\r\ntwo")
    assert snapshot(region, leave_out=()) == before


def test_other_agencies_edit_nothing_and_administrators_do(region: Store) -> None:
    id = log(region, find_business(region, "Acme Tool Inc"), notes="They are selling")
    with pytest.raises(NotAllowed):
        get_editable(region, member_of(BOARD), id)
    seen = get_editable(region, member_of(COLLEGE), id)
    with pytest.raises(NotAllowed):
        edit_contact(region, member_of(BOARD), id, seen.contact, revision=seen.revision, today=TODAY)
    admin = replace(member_of(BOARD), role="admin")
    with pytest.raises(NotAllowed):
        undo_edit(region, member_of(BOARD), id, revision=edit(region, id, admin, topics="welders"), today=TODAY)
    line = dossiers.get_touchpoint(region, id, viewer=OWNER)
    assert (line.agency, line.topics) == (COLLEGE, "welders")


def test_an_administrator_of_another_agency_neither_sees_nor_loses_its_note(region: Store) -> None:
    id = log(region, find_business(region, "Acme Tool Inc"), notes="They are selling")
    admin = replace(member_of(BOARD), role="admin")
    seen = get_editable(region, admin, id)
    assert (seen.contact.notes, seen.has_closed_notes) == ("", True)
    edit(region, id, admin, topics="welders")
    assert dossiers.get_touchpoint(region, id, viewer=OWNER).notes == "They are selling"


def test_a_contact_that_came_with_a_file_is_not_edited(region: Store) -> None:
    line = dossiers.list_business_timeline(region, find_business(region, "Omega Plastics"), viewer=OWNER)[0]
    with pytest.raises(NotAllowed, match="Correct its row and import it again"):
        get_editable(region, member_of(COLLEGE), line.id)


def test_what_cannot_be_a_contact_is_refused_and_nothing_is_written(region: Store) -> None:
    id = log(region, find_business(region, "Acme Tool Inc"))
    before = snapshot(region, leave_out=())
    changes: list[dict[str, object]] = [
        {"programs": ()},
        {"programs": (find_program(region, "On-the-job training"),)},
        {"on": date(1926, 1, 1)},
        {"business": "b000000000000"},
        {"persons": ("e000000000000",)},
    ]
    for change in changes:
        with pytest.raises((Refused, NotFound)):
            edit(region, id, **change)
    with pytest.raises(NotFound):
        get_editable(region, member_of(COLLEGE), "t000000000000")
    assert snapshot(region, leave_out=()) == before


def test_a_contact_that_was_edited_is_taken_back_without_a_trace(region: Store) -> None:
    before = snapshot(region)
    id = log(region, None, new_business="Brand New Bakery", new_person="Bo Ek")
    edit(region, id, business=None, new_business="Old Bakery", new_person="Cy Fox")
    remove_contact(region, member_of(COLLEGE), id)
    assert snapshot(region) == before
    assert region.read("MATCH (e:Edit) RETURN e.id AS id") == []


def test_a_file_that_corrects_an_edited_contact_is_undone_to_what_the_edit_said(region: Store) -> None:
    id = log(region, find_business(region, "Zeta Foods"), topics="one")
    revision = edit(region, id, topics="two")
    before = snapshot(region, leave_out=("stamp", "locked"))
    key = region.read("MATCH (t:Touchpoint {id: $id}) RETURN t.key AS key", id=id)[0]["key"]
    row = f"College,{key},2026-06-30,Welding,78,three"
    result = import_text(region, f"agency,source_id,date,program,business,topics\n{row}")
    assert result.updated == 1
    with pytest.raises(CrmError):
        undo_edit(region, member_of(COLLEGE), id, revision=revision, today=TODAY)
    undo(region, result)
    assert snapshot(region, leave_out=("stamp", "locked")) == before
    undo_edit(region, member_of(COLLEGE), id, revision=revision, today=TODAY)
    assert dossiers.get_touchpoint(region, id, viewer=OWNER).topics == "one"


def test_what_an_exported_row_says_is_what_the_edit_said(region: Store) -> None:
    """The cells follow the ties, so the agency's own file of contacts changes nothing when it comes back."""
    id = log(region, find_business(region, "Acme Tool Inc"))
    edit(region, id, business=find_business(region, "Zeta Foods"), new_person="Bo Ek")
    row = region.read("MATCH (t:Touchpoint {id: $id}) RETURN t.business AS business, t.person AS person", id=id)[0]
    assert row == {"business": "78", "person": "Bo Ek"}


def test_the_business_that_another_list_knows_too_is_matched_again_when_the_small_record_goes(region: Store) -> None:
    id = log(region, None, new_business="Brand New Bakery")
    import_text(region, "agency,source_id,name\nWorkforce Board,B9,Brand New Bakery")
    edit(region, id, business=find_business(region, "Acme Tool Inc"))
    assert_rebuild_changes_nothing(region)
