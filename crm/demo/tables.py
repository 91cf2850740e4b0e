"""The tables of the demo region: committees, boards and panels that want the same few people.

Each agency seats whom it knows best, which are the heads of the firms that everybody runs after: so the makers' tables
share most of their members, and some people sit at one table after the other.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from crm.demo.agencies import BUILD, CARE, MAKERS
from crm.demo.listings import Cells
from crm.demo.rosters import Contact

MANUFACTURING, HEALTH, CONSTRUCTION = "Precision manufacturing", "Health care", "Construction"


@dataclass(frozen=True)
class Group:
    """A table. `cares` are the NAICS prefixes of its members, `last` the days since it last met as it should; `once`
    is for a group that met a single time. A seat can be free: `size` is what the agency aims at.
    """

    name: str
    agency: str
    sector: str
    purpose: str
    cadence: int
    hours: str
    size: int
    cares: tuple[str, ...] = ()
    required_by: str = ""
    last: int = 0
    once: bool = False


COLLEGE, BOARD = "Tamarack Technical College", "Alder River Workforce Board"
COUNTY, EXTENSION = "Verrin County Economic Development", "Upland Manufacturing Extension"
CHAMBER, SCHOOLS = "Brackwater Chamber of Commerce", "Oxley Bend School District"
SKILLS = "Which skills will be short"
PERKINS = "Perkins V"
GROUPS = (
    Group("Welding Advisory Committee", COLLEGE, MANUFACTURING, SKILLS, 120, "2", 12, MAKERS, PERKINS),
    Group("Machining Advisory Committee", COLLEGE, MANUFACTURING, SKILLS, 120, "2", 11, MAKERS, PERKINS),
    Group("Nursing Advisory Committee", COLLEGE, HEALTH, SKILLS, 120, "2", 10, CARE, PERKINS),
    Group("Workforce Development Board", BOARD, "", "Policy of the region", 60, "2.5", 14, (), "WIOA section 107"),
    Group("Manufacturing Skills Panel", BOARD, MANUFACTURING, SKILLS, 45, "1.5", 14, MAKERS),
    Group("Health Care Skills Panel", BOARD, HEALTH, SKILLS, 45, "1.5", 10, CARE),
    Group("Manufacturers Roundtable", COUNTY, MANUFACTURING, "What keeps makers here", 60, "1.5", 12, MAKERS),
    Group("Business Retention Council", COUNTY, "", "What keeps firms here", 90, "2", 10),
    Group("Chamber Board of Directors", CHAMBER, "", "Runs the chamber", 30, "1.5", 12),
    Group("Talent Committee", CHAMBER, "", "Where to find people", 30, "1", 12),
    Group("Career and Technical Education Board", SCHOOLS, "", SKILLS, 90, "1.5", 12, MAKERS + BUILD, PERKINS),
    Group("Construction Trades Committee", SCHOOLS, CONSTRUCTION, SKILLS, 90, "1.5", 8, BUILD),
    Group("Lean Peer Group", EXTENSION, MANUFACTURING, "Learning from each other", 30, "2", 9, MAKERS),
    Group(
        "Apprenticeship Standards Committee", "Upland Apprenticeship Council", MANUFACTURING, "Standards of training",
        60, "2", 9, MAKERS + BUILD, "29 CFR part 29",
    ),
    Group("Veterans Employer Council", "Valley Veterans Career Network", "", "Who hires veterans", 60, "", 7, last=480),
    Group(
        "Workplace English Focus Group", "Adult Learning Alliance", "", "What English is needed at work", 0, "2", 8,
        once=True,
    ),
    Group("Care Homes Listening Session", BOARD, HEALTH, SKILLS, 0, "2", 9, CARE, once=True),
)  # fmt: skip


def list_tables() -> list[Cells]:
    """The tables as rows of the plain file."""
    return [
        {
            "table": group.name,
            "agency": group.agency,
            "sector": group.sector,
            "purpose": group.purpose,
            "cadence_days": str(group.cadence or ""),
            "hours": group.hours,
            "required_by": group.required_by,
        }
        for group in GROUPS
    ]


def list_seats(people: list[Contact], as_of: date) -> list[Cells]:
    """Who sits where: of each agency's own people, the heads of the firms that are asked most, more often than not."""
    rng = Random("demo region: seats")
    return [
        _seat(rng, group, contact, as_of)
        for group in GROUPS
        for contact in _choose(rng, group, [one for one in people if one.listing.agency.name == group.agency])
    ]


def _choose(rng: Random, group: Group, people: list[Contact]) -> list[Contact]:
    """One of a firm at most; some of them have left since."""
    waiting = [
        (rng.expovariate(1) / _wish(contact), contact)
        for contact in people
        if not group.cares or contact.listing.site.trade.naics.startswith(group.cares)
    ]
    waiting.sort(key=lambda wait: wait[0])
    chosen: dict[int, Contact] = {}
    for _, contact in waiting:
        if contact.listing.site.closed is None:
            chosen.setdefault(contact.listing.site.firm, contact)
    return list(chosen.values())[: group.size + 2]


def _wish(contact: Contact) -> float:
    site = contact.listing.site
    is_head = bool(site.people) and site.people[0].no == contact.person.no
    return (1 + site.asked) ** 1.6 * (6 if is_head else 1)


def _seat(rng: Random, group: Group, contact: Contact, as_of: date) -> Cells:
    begun = rng.randrange(40, 900)
    ended = rng.random() < 0.12
    ends = begun - rng.randrange(20, begun) if ended else -rng.randrange(60, 700)
    by_name = rng.random() < 0.15
    person = contact.person
    return {
        "table": group.name,
        "business": contact.listing.cells["name"] if by_name else f"{group.agency}:{contact.listing.key}",
        "person": f"{person.first} {person.last}" if by_name else f"{group.agency}:{contact.key}",
        "from": _day(as_of, begun) if rng.random() < 0.8 else "",
        "to": _day(as_of, ends) if ended or rng.random() < 0.4 else "",
    }


def list_meetings(as_of: date) -> list[Cells]:
    """Meetings of two years, and those that are fixed for the months to come."""
    rng = Random("demo region: meetings")
    rows: list[Cells] = []
    for group in GROUPS:
        days = [rng.randrange(30, 200)] if group.once else _list_days(rng, group)
        rows += [{"table": group.name, "date": _day(as_of, ago)} for ago in days]
    return rows


def _list_days(rng: Random, group: Group) -> list[int]:
    """Days ago, the earliest first; below zero for those to come."""
    first = 730 - rng.randrange(group.cadence)
    until = group.last or -min(2 * group.cadence, 130)
    return [ago + rng.randrange(-3, 4) for ago in range(first, until, -group.cadence)]


def _day(as_of: date, ago: int) -> str:
    return (as_of - timedelta(days=ago)).isoformat()
