"""A room as its pages draw it: everybody under the name that the room may read, and never under another."""

import time
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import segno
from flask import request, url_for
from markupsafe import Markup

from crm.access import Viewer
from crm.analysis.days import get_date
from crm.analysis.reports import RegionKnocks
from crm.analysis.whatif import WhatIf
from crm.analysis.workshops import AgencyFigures, Guesses
from crm.graph.workshops import Entry, Workshop, list_entries
from crm.services.workshop_agreements import Outcome, list_outcomes
from crm.services.workshop_figures import Decision, Room
from crm.services.workshops import PLACES, STEPS, find_earlier, measure_earlier
from crm.views import knock_words
from crm.views.formatting import calendar_date, decimal, of, percent, plural, thousands, words_list
from crm.views.knock_drawings import draw_room_doors, draw_room_spread

GUESS_WORDS = {
    "knocks": "knocks",
    "redundant": "redundant",
    "shared": "businesses others knock on too",
    "hours": "hours",
}
TOP = 5
# How many bars a wall has room for.
MOST_COVERED = 8
LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Row:
    """An agency on the wall: its name there, what it guessed, and what was counted."""

    name: str
    guesses: dict[str, Guesses]
    counted: AgencyFigures


@dataclass(frozen=True)
class Business:
    name: str
    knocks: int
    redundant: int
    agencies: int
    doors: int


@dataclass(frozen=True)
class Rule:
    """A what-if in words; `key` is None for that of everybody who is here."""

    who: str
    found: WhatIf
    entry: Entry | None


@dataclass(frozen=True)
class Agreed:
    """A decision as it stands on the wall."""

    decision: Decision
    who: list[str]
    what: str
    begins: str
    review: str
    scope: str
    agree: int
    dissent: int
    reasons: list[str]


def draw_room(room: Room) -> dict[str, Any]:
    """What every page of a workshop is drawn from."""
    report = room.findings.report
    return {
        "room": room,
        "workshop": room.workshop,
        "title": room.masks.hide(room.workshop.title),
        "steps": STEPS,
        "places": PLACES,
        "report": report,
        "words": knock_words,
        "guess_words": GUESS_WORDS,
        "scope": knock_words.tell_scope(room.question),
        "headline": knock_words.tell_headline(report),
        "interval": knock_words.tell_interval(report),
        "elapsed": count_elapsed(room.workshop),
        "present": [room.masks.call(id) for id in room.present],
    }


def count_elapsed(workshop: Workshop) -> int:
    """Seconds since the step began."""
    return max(0, int(time.time()) - workshop.step_at)


def fill_guess(entry: Entry | None) -> dict[str, float]:
    """What somebody guessed, as it stands in the form: the share in percent."""
    if entry is None:
        return {}
    values = {name: entry.data[name] for name in GUESS_WORDS if entry.data[name] is not None}
    return {name: value * 100 if name == "shared" else value for name, value in values.items()}


def draw_rows(room: Room) -> list[Row]:
    """The agencies that are here, by letter. Those that guessed have something to compare."""
    here = [id for id in room.masks.agencies if id in room.sure_guesses or id in room.present]
    return [
        Row(room.masks.call(id), {name: room.sum_up_guesses(name, id) for name in GUESS_WORDS}, room.agencies[id])
        for id in here
        if id in room.agencies
    ]


def draw_businesses(room: Room, *, most: int = TOP) -> list[Business]:
    """The numbered businesses as they stand in the ranking now."""
    ranking = room.findings.report.businesses
    wanted = set(room.workshop.businesses)
    at = {id: place for place, id in enumerate(ranking.business) if id in wanted}
    rows = [(id, ranking[at[id]]) for id in room.workshop.businesses if id in at]
    return [
        Business(room.masks.call(id), row.knocks, row.redundant, row.agencies, row.doors) for id, row in rows[:most]
    ]


def draw_rules(room: Room) -> list[Rule]:
    rules = [Rule(name_all(room, entry.data["agencies"]), found, entry) for entry, found in room.what_ifs]
    if room.all_together is not None:
        rules.append(Rule("Everybody who is here", room.all_together, None))
    return rules


def name_all(room: Room, ids: list[str]) -> str:
    """Agencies by what the room calls them, in the order of their letters."""
    order = {id: place for place, id in enumerate(room.masks.agencies)}
    return words_list(room.masks.call(id) for id in sorted(ids, key=lambda id: order.get(id, len(order))))


def draw_decisions(room: Room) -> list[Agreed]:
    return [_draw_decision(room, decision) for decision in room.decisions]


def _draw_decision(room: Room, decision: Decision) -> Agreed:
    data, masks = decision.entry.data, room.masks
    order = {id: place for place, id in enumerate(masks.agencies)}
    dissent = [voice for voice in decision.voices if voice.data["stance"] == "dissent"]
    return Agreed(
        decision=decision,
        who=[masks.call(id) for id in sorted(data["agencies"], key=lambda id: order.get(id, len(order)))],
        what=masks.hide(data["what"]),
        begins=calendar_date(data["from"]),
        review=calendar_date(data["review"]),
        scope=f"businesses of {data['sector']}" if data["sector"] else "all businesses",
        agree=decision.count("agree"),
        dissent=len(dissent),
        reasons=[masks.hide(voice.data["why"]) for voice in dissent if voice.data["why"]],
    )


def draw_charts(room: Room) -> dict[str, Any]:
    doors, title = draw_room_doors(room.findings)
    return {"doors": doors, "doors_title": title, "spread": draw_room_spread(room.findings)}


def draw_coverage(room: Room) -> list[dict[str, Any]]:
    """The share of the businesses of the widest agencies beside that of all together, and what each adds."""
    ids = {name: id for id, name in room.masks.names.items() if id in room.masks.agencies}
    coverage = room.coverage
    together = {"label": "All together", "value": coverage.together or 0, "text": percent(coverage.together)}
    return [
        together | {"strong": True},
        *(
            {
                "label": room.masks.call(ids[one.agency]),
                "value": one.alone or 0,
                "text": f"{percent(one.alone)}, adds {percent(one.adds, 1)}",
            }
            for one in [one for one in coverage.agencies if one.engaged][:MOST_COVERED]
        ),
    ]


@dataclass(frozen=True)
class Change:
    """The share of redundant knocks now and then, by one measure. `caveat` says why nothing can be claimed."""

    words: str
    caveat: str


def tell_change(now: RegionKnocks, then: RegionKnocks) -> Change | None:
    """None where there is nothing to compare."""
    trend = knock_words.compare(now, then)
    if trend is None or now.rate is None or then.rate is None:
        return None
    rates = [knock_words.Rate(one.redundant, one.knocks).words for one in (then, now)]
    points = round(100 * now.rate) - round(100 * then.rate)
    verdict = f"{abs(points)} of 100 {'more' if points > 0 else 'fewer'}" if points else "as many"
    return Change(f"{rates[0]} then, {rates[1]} now: {verdict}", trend.caveat)


def draw_earlier(room: Room, viewer: Viewer) -> dict[str, Any] | None:
    """What the last workshop about the same businesses saw and decided, and what has become of both."""
    earlier = find_earlier(room.db, room.workshop)
    if earlier is None:
        return None
    then = measure_earlier(room.db, earlier, room.question)
    entries = list_entries(room.db, earlier.id)
    outcomes = list_outcomes(room.db, viewer, entries, today=date.today())
    decided = [entry for entry in entries if entry.kind == "decision"]
    return {
        "id": earlier.id,
        "day": tell_start(earlier),
        "change": tell_change(room.findings.report, then),
        "decisions": [(room.masks.hide(entry.data["what"]), tell_state(outcomes.get(entry.key))) for entry in decided],
    }


def tell_state(outcome: Outcome | None) -> str:
    """What a decision has come to."""
    if outcome is None:
        return "no agreement came of it"
    return STATE_WORDS[outcome.agreement.state] if outcome.agreement else "its agreement is gone"


STATE_WORDS = {
    "proposed": "proposed",
    "signed": "signed by all",
    "in_force": "in force",
    "ended": "ended",
    "withdrawn": "withdrawn",
}


def write_guess(name: str, value: float | None) -> str:
    """A guessed or counted number as people say it."""
    if value is None:
        return "–"
    if name == "shared":
        return percent(value)
    return decimal(value) if name == "hours" and value < 100 else thousands(value)


def write_guesses(name: str, found: Guesses) -> str:
    """What several people guessed: the middle, and how far apart they were."""
    if found.middle is None:
        return "–"
    text = write_guess(name, found.middle)
    ends = [write_guess(name, end) for end in (found.least, found.most)]
    return text if found.number == 1 or ends[0] == ends[1] else f"{text} ({ends[0]} to {ends[1]})"


def get_counted(name: str, counted: AgencyFigures) -> float | None:
    return {
        "knocks": counted.knocks,
        "redundant": counted.redundant,
        "shared": counted.shared_share,
        "hours": counted.hours,
    }[name]


def join_address(workshop: Workshop) -> str:
    """Where a phone joins, with the code in it."""
    return url_for("workshop_rooms.join", code=workshop.code, _external=True)


def is_unreachable() -> bool:
    """Whether this page was opened by a name that only this computer knows."""
    return request.host.rpartition(":")[0] in LOOPBACK or request.host in LOOPBACK


def draw_code(workshop: Workshop) -> Markup:
    """The address as a picture to point a phone at."""
    code = segno.make(join_address(workshop), error="m", micro=False)
    # The library writes the picture itself, from an address of ours.
    return Markup(code.svg_inline(scale=8, border=2, svgclass="qr", lineclass=None, omitsize=True, title="Join"))  # noqa: S704


def tell_start(workshop: Workshop) -> str:
    return calendar_date(date.fromtimestamp(workshop.at))


def tell_time(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000):%H:%M}"


def tell_last_day(room: Room) -> date:
    return get_date(room.question.as_of)


def tell_people(room: Room) -> str:
    """How many are here, of how many agencies."""
    people = plural(len(room.participants), "person", "people")
    return f"{people} here, {of(len(room.present), room.workshop.expected)} agencies"
