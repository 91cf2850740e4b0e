"""A contact logged on the screen: counted at once, once, and for the right business."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from crm.access import OWNER, Viewer
from crm.errors import NotAllowed, NotFound, Refused
from crm.graph import agencies, dossiers, programs
from crm.graph.driver import Store
from crm.services.resolution import recompute, resolve_new
from crm.services.touchpoints import Contact, keep_promise, log_contact, remove_contact
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text, snapshot

TODAY = date(2026, 6, 30)


def member_of(agency: str) -> Viewer:
    return Viewer("u1", "kim@example.org", agencies.agency_id(agency), "member")


def find_business(db: Store, name: str) -> str:
    return db.read("MATCH (b:Business {name: $name}) RETURN b.id AS id", name=name)[0]["id"]


def a_contact(db: Store, business: str | None, **changes: object) -> Contact:
    welding = next(p.id for p in programs.list_programs(db, OWNER) if p.name == "Welding")
    contact = Contact(key="form-1", on=TODAY, programs=(welding,), business=business, channel="visit", purpose="needs")
    return replace(contact, **changes)  # type: ignore[arg-type]


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    return db


def test_a_logged_contact_is_on_the_timeline_and_in_the_counts_at_once(region: Store) -> None:
    business = find_business(region, "Acme Tool Inc")
    logged = log_contact(region, member_of("College"), a_contact(region, business), today=TODAY)
    lines = dossiers.list_business_timeline(region, business, viewer=OWNER)
    assert (logged.business, logged.is_new) == (business, True)
    assert lines[0].id == logged.id
    assert dossiers.get_business(region, business, viewer=OWNER).contacts == 3


def test_the_same_form_sent_twice_is_one_contact(region: Store) -> None:
    business = find_business(region, "Acme Tool Inc")
    first = log_contact(region, member_of("College"), a_contact(region, business), today=TODAY)
    second = log_contact(region, member_of("College"), a_contact(region, business), today=TODAY)
    assert (second.id, second.business, second.is_new) == (first.id, first.business, False)
    assert dossiers.get_business(region, business, viewer=OWNER).contacts == 3


def test_an_agency_without_a_record_of_the_business_gets_a_small_one_of_its_own(region: Store) -> None:
    business = find_business(region, "Zeta Foods")
    board = next(p.id for p in programs.list_programs(region, OWNER) if p.name == "On-the-job training")
    log_contact(region, member_of("Workforce Board"), a_contact(region, business, programs=(board,)), today=TODAY)
    records = dossiers.list_business_records(region, business, viewer=OWNER)
    assert [(record.agency, record.stub) for record in records] == [("College", False), ("Workforce Board", True)]
    assert dossiers.get_business(region, business, viewer=OWNER).agencies == sorted(
        [agencies.agency_id("College"), agencies.agency_id("Workforce Board")]
    )


def test_what_was_chosen_on_the_screen_outlives_a_full_rebuild(region: Store) -> None:
    business = find_business(region, "Zeta Foods")
    board = next(p.id for p in programs.list_programs(region, OWNER) if p.name == "On-the-job training")
    log_contact(region, member_of("Workforce Board"), a_contact(region, business, programs=(board,)), today=TODAY)
    before = snapshot(region)
    recompute(region)
    assert snapshot(region) == before


def test_a_business_that_nobody_knew_is_there_at_once_and_matched_later(region: Store) -> None:
    contact = a_contact(region, None, new_business="Brand New Bakery", new_person="Bo Ek")
    logged = log_contact(region, member_of("College"), contact, today=TODAY)
    found = dossiers.get_business(region, logged.business, viewer=OWNER)
    resolve_new(region)
    assert (found.name, found.contacts) == ("Brand New Bakery", 1)
    assert [role.name for role in dossiers.list_roles_at(region, logged.business, viewer=OWNER)] == ["Bo Ek"]
    assert dossiers.get_business(region, logged.business, viewer=OWNER).name == "Brand New Bakery"


def test_taking_a_contact_back_leaves_no_trace(region: Store) -> None:
    before = snapshot(region)
    contact = a_contact(region, None, new_business="Brand New Bakery", new_person="Bo Ek")
    logged = log_contact(region, member_of("College"), contact, today=TODAY)
    remove_contact(region, member_of("College"), logged.id)
    assert snapshot(region) == before


def test_only_the_agency_that_logged_a_contact_may_take_it_back(region: Store) -> None:
    business = find_business(region, "Acme Tool Inc")
    logged = log_contact(region, member_of("College"), a_contact(region, business), today=TODAY)
    with pytest.raises(NotAllowed):
        remove_contact(region, member_of("Workforce Board"), logged.id)


def test_a_contact_that_came_with_a_file_is_not_taken_back_one_by_one(region: Store) -> None:
    line = dossiers.list_business_timeline(region, find_business(region, "Omega Plastics"), viewer=OWNER)[0]
    with pytest.raises(NotAllowed, match="came with a file"):
        remove_contact(region, member_of("College"), line.id)


def test_a_joint_contact_counts_once_for_several_agencies(region: Store) -> None:
    business = find_business(region, "Zeta Foods")
    both = tuple(p.id for p in programs.list_programs(region, OWNER))
    log_contact(region, member_of("College"), a_contact(region, business, programs=both), today=TODAY)
    line = dossiers.list_business_timeline(region, business, viewer=OWNER)[0]
    assert {agency for _, _, agency in line.programs} == {"College", "Workforce Board"}
    assert dossiers.get_business(region, business, viewer=OWNER).contacts == 1


def test_a_contact_needs_a_program_of_ones_own_agency(region: Store) -> None:
    with pytest.raises(Refused, match="your own agency"):
        log_contact(
            region, member_of("Workforce Board"), a_contact(region, find_business(region, "Zeta Foods")), today=TODAY
        )


def test_an_unknown_business_is_not_found_and_nothing_is_written(region: Store) -> None:
    before = snapshot(region)
    with pytest.raises(NotFound):
        log_contact(region, member_of("College"), a_contact(region, "b000000000000"), today=TODAY)
    assert snapshot(region) == before


def test_a_promise_is_kept_and_unkept(region: Store) -> None:
    business = find_business(region, "Zeta Foods")
    logged = log_contact(
        region, member_of("College"), a_contact(region, business, promise="Send the list"), today=TODAY
    )
    keep_promise(region, member_of("College"), logged.id, on=TODAY)
    assert dossiers.get_touchpoint(region, logged.id, viewer=OWNER).promise_kept_on == "2026-06-30"
    keep_promise(region, member_of("College"), logged.id, on=None)
    assert dossiers.get_touchpoint(region, logged.id, viewer=OWNER).promise_kept_on is None


def test_another_agencys_notes_are_known_to_exist_and_not_shown(region: Store) -> None:
    business = find_business(region, "Zeta Foods")
    log_contact(region, member_of("College"), a_contact(region, business, notes="They are selling"), today=TODAY)
    own = dossiers.list_business_timeline(region, business, viewer=member_of("College"))[0]
    other = dossiers.list_business_timeline(region, business, viewer=member_of("Workforce Board"))[0]
    assert (own.notes, own.has_notes) == ("They are selling", True)
    assert (other.notes, other.has_notes) == (None, True)


def test_eight_people_who_log_at_once_with_one_business_all_count(region: Store) -> None:
    business = find_business(region, "Acme Tool Inc")
    with ThreadPoolExecutor(8) as pool:
        contacts = [a_contact(region, business, key=f"form-{n}", channel="call") for n in range(16)]
        list(pool.map(lambda contact: log_contact(region, member_of("College"), contact, today=TODAY), contacts))
    found = dossiers.get_business(region, business, viewer=OWNER)
    before = snapshot(region)
    recompute(region)
    assert found.contacts == 2 + 16
    assert snapshot(region) == before
