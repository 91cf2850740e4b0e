"""Workshops on a real graph: who leads, who says what, what is counted, and what nobody can see through a mask."""

from datetime import date, timedelta
from itertools import count

import pytest
import time_machine

from crm.access import Viewer
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph import agencies
from crm.graph import workshops as graph
from crm.graph.driver import Store
from crm.graph.workshops import Workshop
from crm.services import agreements, workshop_agreements, workshop_people, workshop_sayings, workshops
from crm.services.workshop_figures import open_room
from crm.services.workshops import PLACES
from crm.views.workshop_words import tell_change
from tests.factories import import_text, snapshot
from tests.worked_knocks import TWO_AGREE, import_example

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
_users = count()


def make_viewer(agency: str, role: str = "member") -> Viewer:
    number = next(_users)
    return Viewer(f"u{number}", f"u{number}@x.example", agencies.agency_id(agency), role)  # type: ignore[arg-type]


def begin(db: Store, viewer: Viewer, **asked: object) -> Workshop:
    return workshops.start(db, viewer, name="Ada", title="Our hour", expected=4, **{"period": YEAR, **asked})  # type: ignore[arg-type]


def mark_of(db: Store, workshop: Workshop, *names: str) -> list[str]:
    masks = workshops.make_masks(db, workshop, [])
    return [masks.mark(agencies.agency_id(name)) for name in names]


def test_a_room_reads_the_region_and_each_agency_its_own_numbers(db: Store) -> None:
    import_example(db)
    room = open_room(db, begin(db, make_viewer("WDB")).id)
    report = room.findings.report
    assert (report.knocks, report.redundant) == (5, 2)
    college = room.agencies[agencies.agency_id("College")]
    assert (college.knocks, college.redundant, college.shared_share, college.hours) == (2, 1, 1.0, 6.0)
    assert {room.masks.call(id) for id in room.agencies} == {"Agency A", "Agency B", "Agency C", "Agency D"}


def test_its_days_are_fixed_when_it_starts(db: Store) -> None:
    import_example(db)
    with time_machine.travel("2026-12-31 12:00", tick=False):
        workshop = begin(db, make_viewer("WDB"), period=(None, None))
    question = workshops.read_question(db, graph.get_workshop(db, workshop.id))
    assert workshop.asked["as_of"] == workshop.asked["to"] == "2026-12-31"
    assert question.is_last_year


def test_nothing_that_is_said_changes_what_the_region_knows(db: Store) -> None:
    import_example(db)
    before, clock = snapshot(db), db.clock()
    viewer = make_viewer("WDB")
    workshop = begin(db, viewer)
    attendee = workshop_people.join(db, viewer, workshop.id, name="Ada")
    workshop_sayings.guess(db, attendee, workshop.id, {"knocks": 3})
    workshop_people.show_agency(db, viewer, workshop.id, name="Ada")
    assert (snapshot(db), db.clock()) == (before, clock)


def test_a_guess_is_kept_once_with_who_and_when_and_not_changed_after_the_numbers(db: Store) -> None:
    import_example(db)
    viewer = make_viewer("College")
    leader = make_viewer("WDB")
    workshop = begin(db, leader)
    attendee = workshop_people.join(db, viewer, workshop.id, name="Ana")
    for knocks in (9, 4):
        workshop_sayings.guess(db, attendee, workshop.id, {"knocks": knocks, "shared": 0.5})
    workshops.go(db, leader, workshop.id, PLACES["own"])
    with pytest.raises(Refused, match="on the wall already"):
        workshop_sayings.guess(db, attendee, workshop.id, {"knocks": 2})
    other = workshop_people.join(db, make_viewer("VR"), workshop.id, name="Vi")
    workshop_sayings.guess(db, other, workshop.id, {"knocks": 1})
    room = open_room(db, workshop.id)
    kept = room.list_entries("guess")
    assert [(one.by_name, one.data["knocks"], one.data["late"]) for one in kept] == [("Ana", 4, False), ("Vi", 1, True)]
    assert room.sum_up_guesses("knocks", agencies.agency_id("College")).middle == 4
    assert room.sum_up_guesses("knocks").number == 2


@pytest.mark.parametrize("given", [{}, {"knocks": -1}, {"shared": 1.1}, {"hours": float("nan")}, {"knocks": None}])
def test_what_is_no_guess_is_refused(db: Store, given: dict[str, float | None]) -> None:
    import_example(db)
    viewer = make_viewer("College")
    workshop = begin(db, viewer)
    with pytest.raises(Refused):
        workshop_sayings.guess(db, workshop_people.join(db, viewer, workshop.id, name="Ana"), workshop.id, given)


def test_a_guests_guess_stands_under_no_letter(db: Store) -> None:
    import_example(db)
    workshop = begin(db, make_viewer("WDB"))
    _, token = workshop_people.join_as_guest(db, f" {workshop.code.upper()} ", name="", agency="college")
    guest = workshop_people.find_guest(db, workshop.id, token)
    assert guest is not None
    assert (guest.name, guest.agency, guest.is_member) == ("Guest", agencies.agency_id("College"), False)
    workshop_sayings.guess(db, guest, workshop.id, {"knocks": 77})
    room = open_room(db, workshop.id)
    assert room.sum_up_guesses("knocks", guest.agency).number == 0
    assert room.sum_up_guesses("knocks").middle == 77
    assert room.present == []
    assert workshop_people.find_guest(db, workshop.id, token + "x") is None


def test_a_code_opens_one_workshop_while_it_goes_on(db: Store) -> None:
    import_example(db)
    leader = make_viewer("WDB")
    workshop = begin(db, leader)
    assert workshop_people.find_open(db, workshop.code).id == workshop.id
    for wrong in ("", "zzzzzz", workshop.code[:-1]):
        with pytest.raises(NotFound):
            workshop_people.find_open(db, wrong)
    with pytest.raises(Refused, match="No agency"):
        workshop_people.join_as_guest(db, workshop.code, name="", agency="Nobody's")
    workshops.end(db, leader, workshop.id)
    with pytest.raises(NotFound):
        workshop_people.find_open(db, workshop.code)
    workshops.reopen(db, leader, workshop.id)
    with time_machine.travel(date.today() + timedelta(days=8)), pytest.raises(NotFound):
        workshop_people.find_open(db, workshop.code)


def test_only_the_facilitator_or_an_administrator_leads(db: Store) -> None:
    import_example(db)
    leader, other, admin = make_viewer("WDB"), make_viewer("College"), make_viewer("VR", "admin")
    workshop = begin(db, leader)
    marks = mark_of(db, workshop, "WDB", "College")
    for forbidden in (
        lambda: workshops.go(db, other, workshop.id, 1),
        lambda: workshops.end(db, other, workshop.id),
        lambda: workshop_sayings.ask_what_if(db, other, workshop.id, marks, name="Ana"),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    workshops.go(db, admin, workshop.id, 1)
    assert graph.get_workshop(db, workshop.id).step == 1
    with pytest.raises(Refused):
        workshops.go(db, leader, workshop.id, 99)


def test_what_if_says_what_the_command_says(db: Store) -> None:
    import_example(db)
    leader = make_viewer("WDB")
    workshop = begin(db, leader)
    workshop_sayings.ask_what_if(db, leader, workshop.id, mark_of(db, workshop, "WDB", "College"), name="Ada")
    (_, found), *_ = open_room(db, workshop.id).what_ifs
    assert found.as_json() == {
        "redundant_before": 2,
        "redundant_after": 1,
        "avoided": 1,
        "business_hours": 1.0,
        "staff_hours": 2.0,
    }
    for wrong in ([], ["A"], ["A", "?"]):
        with pytest.raises(Refused, match="two agencies"):
            workshop_sayings.ask_what_if(db, leader, workshop.id, wrong, name="Ada")


def test_a_decision_is_written_once_with_who_agreed_and_who_did_not(db: Store) -> None:
    import_example(db)
    leader = make_viewer("WDB")
    workshop = begin(db, leader)
    people = [workshop_people.join(db, make_viewer(name), workshop.id, name=name) for name in ("College", "VR")]
    said = {
        "name": "Ada",
        "what": " One  lead ",
        "letters": mark_of(db, workshop, "WDB", "College"),
        "begins": date(2026, 9, 1),
        "review": date(2026, 12, 1),
    }
    for _ in range(2):
        workshop_sayings.decide(db, leader, workshop.id, "k", **said)  # type: ignore[arg-type]
    for who, stance in ((people[0], "dissent"), (people[1], "dissent"), (people[0], "agree")):
        workshop_sayings.say(db, who, workshop.id, "k", stance=stance, why="Not yet")
    (decision,) = open_room(db, workshop.id).decisions
    assert decision.entry.data["what"] == "One lead"
    assert set(decision.entry.data["agencies"]) == {agencies.agency_id("WDB"), agencies.agency_id("College")}
    assert (decision.count("agree"), decision.count("dissent")) == (1, 1)
    workshop_sayings.take_back(db, leader, workshop.id, "decision", "k")
    assert open_room(db, workshop.id).decisions == []
    workshop_sayings.bring_back(db, leader, workshop.id, "decision", "k")
    assert len(open_room(db, workshop.id).decisions) == 1
    with pytest.raises(Refused, match="after it begins"):
        workshop_sayings.decide(db, leader, workshop.id, "m", **said | {"review": date(2026, 9, 1)})  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        workshop_sayings.say(db, people[0], workshop.id, "m", stance="agree", why="")


def test_nothing_more_is_said_after_the_end(db: Store) -> None:
    import_example(db)
    leader = make_viewer("WDB")
    workshop = begin(db, leader)
    attendee = workshop_people.join(db, leader, workshop.id, name="Ada")
    workshops.end(db, leader, workshop.id)
    for late in (
        lambda: workshop_sayings.guess(db, attendee, workshop.id, {"knocks": 1}),
        lambda: workshop_people.show_agency(db, leader, workshop.id, name="Ada"),
        lambda: workshops.go(db, leader, workshop.id, 2),
    ):
        with pytest.raises(Conflict):
            late()
    assert graph.get_workshop(db, workshop.id).seen == {
        "as_of": "2026-12-31",
        "from": "2026-01-01",
        "to": "2026-12-31",
        "knocks": 5,
        "redundant": 2,
        "rate": 0.4,
        "interval": [0.4, 0.4],
        "unknown_months": pytest.approx(34, abs=14),
    }


def test_a_later_day_answers_the_same_question_again(db: Store) -> None:
    import_example(db)
    leader = make_viewer("WDB")
    workshop = begin(db, leader, period=(date(2026, 1, 1), date(2026, 3, 31)))
    import_text(db, TWO_AGREE)
    then, now = workshops.find_now(db, workshop, today=date(2026, 8, 1))
    assert (then.knocks, then.redundant) == (4, 1)
    assert (now.knocks, now.redundant, now.period.last - now.period.first) == (1, 0, 89)


def test_only_an_agency_that_knows_a_business_may_show_its_name(db: Store) -> None:
    business = import_example(db)
    wdb, stranger = make_viewer("WDB"), make_viewer("Port")
    workshop = begin(db, wdb)
    assert workshop.businesses == [business]
    assert workshop_people.list_known_businesses(db, wdb, workshop) == [business]
    for mark in ("1", "2", "x", "-1"):
        with pytest.raises(NotFound):
            workshop_people.show_business(db, stranger, workshop.id, mark, name="Eve")
    workshop_people.show_business(db, wdb, workshop.id, "1", name="Ada")
    assert open_room(db, workshop.id).masks.call(business) == "Acme Tool Inc"
    workshop_people.hide_business(db, wdb, workshop.id, "1")
    assert open_room(db, workshop.id).masks.call(business) == "Business 1"


def test_the_version_changes_with_everything_that_is_said_or_taken_back(db: Store) -> None:
    import_example(db)
    viewer = make_viewer("WDB")
    workshop = begin(db, viewer)
    seen = [graph.read_version(db, workshop.id)]
    for act in (
        lambda: workshop_people.join(db, viewer, workshop.id, name="Ada"),
        lambda: workshop_people.show_agency(db, viewer, workshop.id, name="Ada"),
        lambda: workshop_people.hide_agency(db, viewer, workshop.id),
        lambda: workshop_people.show_agency(db, viewer, workshop.id, name="Ada"),
    ):
        act()
        seen.append(graph.read_version(db, workshop.id))
    assert len(set(seen)) == len(seen)


def test_a_decision_becomes_an_agreement_once_its_agencies_have_shown_their_names(db: Store) -> None:
    import_example(db)
    leader, ana = make_viewer("WDB"), make_viewer("College")
    workshop = begin(db, leader)
    workshop_sayings.decide(
        db,
        leader,
        workshop.id,
        "k",
        name="Ada",
        what="One lead for College, without VR",
        letters=mark_of(db, workshop, "WDB", "College"),
        begins=date(2026, 1, 1),
        review=date(2026, 12, 1),
    )
    for viewer in (leader, ana):
        with pytest.raises(Refused, match="did not show"):
            workshop_agreements.propose(db, leader, workshop.id, "k", name="Ada")
        workshop_people.show_agency(db, viewer, workshop.id, name="x")
    ids = {workshop_agreements.propose(db, leader, workshop.id, "k", name="Ada") for _ in range(2)}
    (id,) = ids
    today = date(2026, 6, 1)
    outcome = workshop_agreements.list_outcomes(db, leader, open_room(db, workshop.id).entries, today=today)["k"]
    assert outcome.agreement is not None
    assert outcome.agreement.state == "proposed"
    masked = workshops.make_masks(db, workshop, []).mask(agencies.agency_id("VR"))
    assert outcome.agreement.name == f"One lead for College, without {masked} (2026-01-01)"
    assert outcome.agreement.review_on == "2026-12-01"
    assert open_room(db, workshop.id).findings.report.redundant == 2
    for viewer in (leader, ana):
        agreements.sign(db, viewer, id)
    assert open_room(db, workshop.id).findings.report.redundant == 1


def test_a_proposal_of_a_workshop_is_about_its_sector_and_place_and_can_be_taken_back(db: Store) -> None:
    import_example(db)
    import_text(db, "sector,naics,places\nMetal,332;333,\n")
    leader, ana = make_viewer("WDB"), make_viewer("College")
    workshop = begin(db, leader, sector="Metal", place="Winnebago")
    said = {
        "name": "Ada",
        "what": "One lead",
        "letters": mark_of(db, workshop, "WDB", "College"),
        "begins": date.today() + timedelta(days=9),
        "review": date.today() + timedelta(days=99),
    }
    for viewer in (leader, ana):
        workshop_people.show_agency(db, viewer, workshop.id, name="x")
    for key, everywhere in (("k", False), ("m", True)):
        workshop_sayings.decide(db, leader, workshop.id, key, **said | {"what": key}, everywhere=everywhere)  # type: ignore[arg-type]
        workshop_agreements.propose(db, leader, workshop.id, key, name="Ada")

    def outcomes() -> dict[str, workshop_agreements.Outcome]:
        entries = open_room(db, workshop.id).entries
        return workshop_agreements.list_outcomes(db, leader, entries, today=date.today())

    found = {key: one.agreement for key, one in outcomes().items()}
    assert [(a.sector, a.places) for a in (found["k"], found["m"]) if a] == [
        ("332;333", "Winnebago"),
        ("", "Winnebago"),
    ]
    workshop_agreements.take_back(db, leader, workshop.id, "k", today=date.today())
    assert set(outcomes()) == {"m"}


def test_a_later_workshop_about_the_same_businesses_reads_what_became_of_the_last(db: Store) -> None:
    import_example(db)
    leader = make_viewer("WDB")
    spring = begin(db, leader, period=(date(2026, 1, 1), date(2026, 3, 31)), window=30)
    assert workshops.find_earlier(db, spring) is None
    elsewhere = begin(db, leader, place="Cook", period=(date(2026, 1, 1), date(2026, 3, 31)))
    for one in (spring, elsewhere):
        workshops.end(db, leader, one.id)
    with time_machine.travel(date.today() + timedelta(days=30)):
        summer = begin(db, leader, period=(date(2026, 5, 1), date(2026, 7, 29)))
    earlier = workshops.find_earlier(db, summer)
    assert earlier is not None
    assert earlier.id == spring.id
    then = workshops.measure_earlier(db, earlier, workshops.read_question(db, summer))
    # By the later measure: its window of 90 days, and its 90 days up to the end of the earlier period.
    assert (then.window_days, then.knocks, then.redundant) == (90, 4, 2)
    now = open_room(db, summer.id).findings.report
    assert (now.knocks, now.redundant) == (1, 0)
    change = tell_change(now, then)
    assert change is not None
    assert change.words == "2 of 4 then, 0 of 1 now: 50 of 100 fewer"
    assert "this may not be an improvement" in change.caveat


def test_a_title_holds_no_name_from_the_start(db: Store) -> None:
    import_example(db)
    viewer = make_viewer("WDB")
    made = workshops.start(db, viewer, name="Ada", title="College at Acme Tool Inc", expected=4, period=YEAR)
    assert made.title == f"{workshops.make_masks(db, made, []).mask(agencies.agency_id('College'))} at Business 1"


def test_a_room_has_an_end(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import_example(db)
    monkeypatch.setattr(workshop_people, "MOST_PEOPLE", 2)
    workshop = begin(db, make_viewer("WDB"))
    for _ in range(2):
        workshop_people.join_as_guest(db, workshop.code, name="", agency="")
    with pytest.raises(Refused, match="nobody else"):
        workshop_people.join_as_guest(db, workshop.code, name="", agency="")
