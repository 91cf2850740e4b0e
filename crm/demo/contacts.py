"""Who called on whom in the demo region: 25,000 touchpoints over two years, and some that are planned.

The skew is the problem that the region has: each agency goes where it expects most, which is where all the others go,
so a few large firms are asked all the time and most are never asked. Contacts come as episodes: an ask, tried again
until somebody is reached, and sometimes a promise, a service or a call back after it.

From the day of the agreement on (`links.FIRST_AGREEMENT`), agencies that it binds go to the firms that it covers
together more often.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from crm.demo import talk
from crm.demo.agencies import AGENCIES, BY_NAME, Agency, Program
from crm.demo.links import FIRST_AGREEMENT
from crm.demo.listings import Cells, Listing
from crm.demo.rosters import Contact

TOUCHPOINTS = 25_000
PLANNED = 0.012
NEVER_ASKED = 0.45
# Beyond this even the keenest agency comes no more often.
MOST_ASKED = 350.0
# A promise that was due longer ago (in days) has been kept or given up.
STILL_OPEN = 100
# Work goes on at another pace in each month, January first.
SEASON = (0.9, 1.05, 1.2, 1.15, 1.1, 0.95, 0.65, 0.8, 1.2, 1.25, 1.0, 0.6)


@dataclass(frozen=True)
class Touch:
    """One touchpoint before it is written down; `ago` counts days before the region's day, below zero for a plan."""

    listing: Listing
    programs: tuple[str, ...]
    staff: str
    ago: int
    purpose: str
    channel: str
    direction: str
    topics: tuple[str, ...]
    person: Contact | None
    reached: bool | None


class Diary:
    """One agency's contacts, drawn episode by episode."""

    def __init__(
        self, rng: Random, agency: Agency, listings: list[Listing], people: list[Contact], as_of: date
    ) -> None:
        self._rng = rng
        self._agency = agency
        self._as_of = as_of
        least = _threshold(listings)
        self._places = [listing for listing in listings if listing.site.asked >= least]
        self._place_weights = list(accumulate(self._weigh_place(listing) for listing in self._places))
        self._staff = list_staff(agency)
        self._known: dict[str, list[Contact]] = {}
        for person in people:
            self._known.setdefault(person.listing.key, []).append(person)
        self._days = list(range(agency.first_day, agency.last_day - 1, -1))
        self._day_weights = list(accumulate(self._weigh_day(ago) for ago in self._days))

    def _weigh_place(self, listing: Listing) -> float:
        fits = not self._agency.sectors or listing.site.trade.naics.startswith(self._agency.sectors)
        return min(listing.site.asked, MOST_ASKED) ** 0.85 * (2.0 if fits else 0.6) * self._rng.lognormvariate(0, 0.6)

    def _weigh_day(self, ago: int) -> float:
        day = self._as_of - timedelta(days=ago)
        return SEASON[day.month - 1] * (0.04 if day.weekday() > 4 else 1.0)

    def draw(self, many: int) -> list[Touch]:
        """So many touchpoints, in no order."""
        touches: list[Touch] = []
        while len(touches) < many:
            touches.extend(self._draw_episode())
        return touches[:many]

    def _draw_episode(self) -> Iterator[Touch]:
        rng = self._rng
        listing = rng.choices(self._places, cum_weights=self._place_weights)[0]
        program = rng.choices(self._agency.programs, [program.share for program in self._agency.programs])[0]
        purpose = rng.choices([ask for ask, _ in program.asks], [weight for _, weight in program.asks])[0]
        ago = rng.choices(self._days, cum_weights=self._day_weights)[0]
        if self._agency.last_day == 0 and rng.random() < PLANNED:
            ago = -rng.randrange(1, 40)
        first = self._draw_ask(listing, program, purpose, ago)
        yield from self._try_again(first)
        if first.ago > 20 and first.reached and rng.random() < 0.22:
            yield self._follow(first)

    def _draw_ask(self, listing: Listing, program: Program, purpose: str, ago: int) -> Touch:
        rng = self._rng
        channel = rng.choices(*zip(*talk.CHANNELS[purpose], strict=True))[0]
        topics = talk.list_topics(listing.site.trade.naics)
        known = self._known.get(listing.key)
        likely = talk.REACHED[channel]
        return Touch(
            listing=listing,
            programs=(program.name, *self._find_partners(listing, ago)),
            staff=self._pick_staff(program),
            ago=ago,
            purpose=purpose if rng.random() > 0.03 else "",
            channel=channel if rng.random() > 0.02 else "",
            direction="out" if rng.random() > 0.1 else "",
            topics=tuple(rng.sample(topics, rng.choice((1, 1, 2)))) if rng.random() < 0.6 else (),
            person=rng.choice(known) if known and rng.random() < 0.75 else None,
            reached=None if likely is None or ago < 0 else rng.random() < likely,
        )

    def _find_partners(self, listing: Listing, ago: int) -> tuple[str, ...]:
        """Programs of other agencies that came along, as a cell names them."""
        together = FIRST_AGREEMENT.joins(self._agency.name, listing.site.trade.naics, ago)
        if self._rng.random() >= (0.22 if together else 0.015):
            return ()
        names = FIRST_AGREEMENT.agencies if together else [agency.name for agency in AGENCIES]
        partner = BY_NAME[self._rng.choice([name for name in names if name != self._agency.name])]
        return (f"{partner.name}:{self._rng.choice(partner.programs).name}",)

    def _pick_staff(self, program: Program) -> str:
        """One of two or three people who work in the program."""
        place = self._agency.programs.index(program)
        return self._staff[(place * 2 + self._rng.randrange(2 + place % 2)) % len(self._staff)]

    def _try_again(self, ask: Touch) -> Iterator[Touch]:
        """The ask, and the next tries of it until somebody is reached or it is given up."""
        yield ask
        ago = ask.ago
        while ask.reached is False and self._rng.random() < 0.55:
            ago -= self._rng.randrange(2, 12)
            if ago < self._agency.last_day:
                return
            ask = replace(ask, ago=ago, channel="call", reached=self._rng.random() < 0.5)
            yield ask

    def _follow(self, ask: Touch) -> Touch:
        """What comes of an ask: a service, a call to see how it goes, or a question that comes back."""
        rng = self._rng
        purpose, direction = rng.choice((("service", "out"), ("follow_up", "out"), ("follow_up", "in"), ("", "in")))
        channel = rng.choices(*zip(*talk.CHANNELS[purpose or "follow_up"], strict=True))[0]
        ago = max(self._agency.last_day, ask.ago - rng.randrange(3, 45))
        return replace(ask, ago=ago, purpose=purpose, direction=direction, channel=channel, reached=True)


def list_staff(agency: Agency) -> list[str]:
    """The e-mail addresses of an agency's staff."""
    rng = Random(f"demo region: staff of {agency.name}")
    names = rng.sample(STAFF_NAMES, staff_size(agency))
    return [f"{name.lower()}@{agency.host}" for name in names]


def staff_size(agency: Agency) -> int:
    return 2 * len(agency.programs) + 1


STAFF_NAMES = (
    "Ada", "Ben", "Cora", "Dev", "Edda", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Leon", "Mina", "Nils",
    "Orla", "Pia", "Quinn", "Rhea", "Sami", "Tess", "Uma", "Vera", "Wim", "Yara", "Zeno",
)  # fmt: skip


def list_touchpoints(listings: list[Listing], people: list[Contact], as_of: date) -> list[Cells]:
    """Every touchpoint as a row of the plain file: by agency, each in the order of its days."""
    rng = Random("demo region: contacts")
    rows: list[Cells] = []
    total = sum(agency.contacts for agency in AGENCIES)
    for agency in AGENCIES:
        own = [listing for listing in listings if listing.agency is agency]
        known = [person for person in people if person.listing.agency is agency]
        last = agency is AGENCIES[-1]
        many = TOUCHPOINTS - len(rows) if last else TOUCHPOINTS * agency.contacts // total
        touches = sorted(
            Diary(rng, agency, listings=own, people=known, as_of=as_of).draw(many), key=lambda touch: -touch.ago
        )
        rows += [write_row(rng, touch, f"T{number:05d}", as_of) for number, touch in enumerate(touches, start=1)]
    return rows


def write_row(rng: Random, touch: Touch, key: str, as_of: date) -> Cells:
    """What was logged of a contact; of a plan only what is planned."""
    happened = touch.ago >= 0 and touch.reached is not False
    topic = touch.topics[0] if touch.topics else "hiring"
    outcomes = talk.OUTCOMES.get(touch.purpose, ())
    outcome = rng.choice(outcomes).format(topic=topic) if outcomes and happened and rng.random() < 0.4 else ""
    row = {
        "agency": touch.listing.agency.name,
        "source_id": key,
        "date": _day(as_of, touch.ago),
        "program": ";".join(touch.programs),
        "staff": touch.staff,
        "business": touch.listing.key,
        "person": touch.person.key if touch.person else "",
        "channel": touch.channel,
        "direction": touch.direction,
        "purpose": touch.purpose,
        "topics": ";".join(touch.topics),
        "reached": "" if touch.reached is None else ("yes" if touch.reached else "no"),
        "outcome": outcome,
        "notes": rng.choice(talk.NOTES) if happened and rng.random() < 0.05 else "",
        "visibility": rng.choice(("who", "full", "exists")) if rng.random() < 0.1 else "",
    }
    if happened and touch.direction != "in" and rng.random() < 0.13:
        row |= _promise(rng, touch.ago, as_of)
    if touch.purpose == "service" and happened:
        row |= _serve(rng, touch.ago, as_of)
    return row


def _promise(rng: Random, ago: int, as_of: date) -> Cells:
    """A promise, due in one to five weeks. Most that fell due are kept, some of them late; of old ones all are."""
    due = ago - rng.randrange(7, 36)
    kept = due + rng.choice((6, 4, 3, 2, 1, 1, 0, 0, -3, -9))
    is_kept = 0 <= kept <= ago and (due > STILL_OPEN or rng.random() < 0.72)
    return {
        "promise": rng.choice(talk.PROMISES),
        "promise_due": _day(as_of, due),
        "promise_kept_on": _day(as_of, kept) if is_kept else "",
    }


def _serve(rng: Random, ago: int, as_of: date) -> Cells:
    end = ago - rng.randrange(10, 90)
    ended = _day(as_of, end) if end >= 0 else ""
    return {"service": rng.choice(talk.SERVICES), "service_begun": _day(as_of, ago), "service_ended": ended}


def _day(as_of: date, ago: int) -> str:
    return (as_of - timedelta(days=ago)).isoformat()


def _threshold(listings: list[Listing]) -> float:
    """How much a site must be asked for the agency to go there at all: most on its list never hear from it."""
    wishes = sorted(listing.site.asked for listing in listings)
    return wishes[int(len(wishes) * NEVER_ASKED)]
