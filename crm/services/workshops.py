"""Workshops: a facilitator leads the agencies of a region through one question, in steps with a clock.

A member or an administrator starts one, and only they (or an administrator) go to the next step, write down what is
decided, and end it. The days of the question are fixed at the start, so that the numbers on the wall stay those of this
room.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crm.access import OWNER, Viewer
from crm.analysis.days import Period, get_date
from crm.analysis.masks import Masks
from crm.analysis.reports import RegionKnocks
from crm.errors import Conflict, NotAllowed, Refused
from crm.graph import agencies, businesses, workshops
from crm.graph.driver import Store
from crm.graph.workshops import Entry, Workshop
from crm.ids import ALPHABET
from crm.services.knocks import find_knocks
from crm.services.questions import Question, ask
from crm.services.regions import get_cache

CODE_LENGTH = 6
LEAST, MOST = 2, 60
# How many businesses the room may speak of by number.
NUMBERED = 12
DAYS = ("as_of", "from", "to")
# What two workshops must have in common to be laid beside each other.
ABOUT = ("sector", "place", "size")


@dataclass(frozen=True)
class Step:
    """A part of the workshop, and how many minutes it may take."""

    name: str
    title: str
    minutes: int


STEPS = (
    Step("welcome", "Welcome", 5),
    Step("guess", "Guess first", 10),
    Step("own", "Then see", 10),
    Step("tables", "Many tables", 10),
    Step("knocks", "Many knocks", 15),
    Step("together", "Alone or together", 10),
    Step("whatif", "What if", 10),
    Step("agree", "What we agree on", 15),
    Step("close", "What we leave with", 5),
)
PLACES = {step.name: place for place, step in enumerate(STEPS)}


def start(db: Store, viewer: Viewer, *, name: str, title: str, expected: int, **asked: Any) -> Workshop:
    """A new workshop about this question (what `questions.ask` takes, without an agency or a purpose).

    Its letters and its code are drawn by lot. Raises what `questions.ask` raises, and Refused for too few or too many
    agencies.
    """
    if not LEAST <= expected <= MOST:
        raise Refused(f"A workshop is for {LEAST} to {MOST} agencies.")
    question = ask(db, viewer, **asked)
    drawn = secrets.SystemRandom()
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}
    letters = list(names)
    drawn.shuffle(letters)
    ranking = find_knocks(db, viewer, question).report.businesses
    numbered = [ranking[place] for place in range(min(NUMBERED, len(ranking)))]
    names |= {row.business: row.name for row in numbered}
    # The title stands on lists too, where no workshop's masks are at hand.
    masks = Masks(letters, [row.business for row in numbered], names)
    now = int(time.time())
    id = workshops.workshop_id(secrets.token_hex(16))
    workshops.add_workshop(
        db,
        {
            "id": id,
            "title": masks.hide(" ".join(title.split()))[:200] or "Many tables, many knocks",
            "code": "".join(drawn.choice(ALPHABET) for _ in range(CODE_LENGTH)),
            "expected": expected,
            "asked": _write_question(question),
            "agencies": letters,
            "businesses": list(masks.businesses),
            "by": viewer.user_id,
            "by_name": name,
            "at": now,
            "step": 0,
            "step_at": now,
        },
    )
    return workshops.get_workshop(db, id)


def _write_question(question: Question) -> dict[str, Any]:
    """The question with its days, as it is kept."""
    return {
        "as_of": get_date(question.as_of).isoformat(),
        "from": get_date(question.period.first).isoformat(),
        "to": get_date(question.period.last).isoformat(),
        "window": question.window,
        "broad": question.broad,
        "sector": question.sector_name or None,
        "place": question.place or None,
        "size": question.size.name if question.size else None,
    }


def read_question(db: Store, workshop: Workshop) -> Question:
    """What the room asks. Raises NotFound for a sector that is there no more."""
    said = dict(workshop.asked)
    as_of, first, last = (date.fromisoformat(said.pop(name)) for name in DAYS)
    return ask(db, OWNER, as_of=as_of, period=(first, last), **said)


def may_lead(workshop: Workshop, viewer: Viewer | None) -> bool:
    """Whether this is the facilitator, or an administrator, who can stand in."""
    return viewer is not None and (viewer.is_admin or viewer.user_id == workshop.by)


def lead(db: Store, viewer: Viewer, id: str) -> Workshop:
    """The workshop, for what only its facilitator does. Raises NotFound, NotAllowed."""
    workshop = workshops.get_workshop(db, id)
    if not may_lead(workshop, viewer):
        raise NotAllowed("Only who started this workshop may do that, or an administrator.")
    return workshop


def go(db: Store, viewer: Viewer, id: str, step: int) -> None:
    """Go to a step, by its place from 0; its clock starts. Going to where one is starts the clock again."""
    workshop = lead(db, viewer, id)
    if workshop.ended_at is not None:
        raise Conflict("This workshop has ended. Open it again first.")
    if not 0 <= step < len(STEPS):
        raise Refused(f"There are {len(STEPS)} steps.")
    workshops.set_step(db, id, step=step, at=int(time.time()))


def end(db: Store, viewer: Viewer, id: str) -> None:
    """Nobody can join or say anything more; what the room read is kept beside what a later one will read."""
    workshop = lead(db, viewer, id)
    if workshop.ended_at is None:
        report = find_knocks(db, OWNER, read_question(db, workshop)).report
        workshops.end(db, id, at=int(time.time()), seen=sum_up(report))


def reopen(db: Store, viewer: Viewer, id: str) -> None:
    """Take the end back."""
    lead(db, viewer, id)
    workshops.reopen(db, id)


def sum_up(report: RegionKnocks) -> dict[str, Any]:
    """The figures by which one workshop is laid beside another, with the contract's names."""
    answer = report.as_json()
    return {name: answer[name] for name in ("as_of", "from", "to", "knocks", "redundant", "rate", "interval")} | {
        "unknown_months": len(answer["unknown_months"])
    }


def find_now(db: Store, workshop: Workshop, *, today: date) -> tuple[RegionKnocks, RegionKnocks]:
    """The room's question as it is answered now, and the same question for the equally long period up to today.

    The first may differ from what was seen, because contacts of that time came in later.
    """
    question = read_question(db, workshop)
    days = question.period.last - question.period.first
    said = dict(workshop.asked)
    for name in DAYS:
        said.pop(name)
    first = date.fromordinal(today.toordinal() - days)
    later = ask(db, OWNER, as_of=today, period=(first, today), **said)
    return find_knocks(db, OWNER, question).report, find_knocks(db, OWNER, later).report


def find_earlier(db: Store, workshop: Workshop) -> Workshop | None:
    """The last workshop before this one that has ended and was about the same businesses."""
    about = {name: workshop.asked[name] for name in ABOUT}
    before = [
        one
        for one in workshops.list_workshops(db, OWNER)
        if one.ended_at is not None and (one.at, one.id) < (workshop.at, workshop.id) and one.id != workshop.id
    ]
    return next((one for one in before if {name: one.asked[name] for name in ABOUT} == about), None)


def measure_earlier(db: Store, earlier: Workshop, question: Question) -> RegionKnocks:
    """What an earlier room would read by the measure of a later question: its days, as many, the same window."""
    then = read_question(db, earlier)
    days = question.period.last - question.period.first
    period = Period(then.period.last - days, then.period.last)
    asked = replace(then, period=period, window=question.window, broad=question.broad)
    return find_knocks(db, OWNER, asked).report


def make_masks(db: Store, workshop: Workshop, entries: Sequence[Entry]) -> Masks:
    """What everybody is called in the room. Agencies that came into the region later get the next letters."""
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, OWNER)}
    known = get_cache(db).get_region().businesses
    for id in workshop.businesses:
        current = id if id in known.places else businesses.find_current_id(db, id)
        names[id] = known.names[known.places[current]] if current in known.places else ""
    later = sorted(id for id in names if id not in {*workshop.agencies, *workshop.businesses})
    return Masks(
        agencies=(*workshop.agencies, *later),
        businesses=tuple(workshop.businesses),
        names=names,
        shown=frozenset(entry.key for entry in entries if entry.kind == "shown"),
    )
