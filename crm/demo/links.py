"""What joins agencies in the demo region: agreements, referrals, and the sectors that they work on together."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from crm.demo import talk
from crm.demo.agencies import AGENCIES, Agency
from crm.demo.listings import Cells, Listing

REFERRALS = 320


@dataclass(frozen=True)
class Agreement:
    """A shared lead: who keeps it, for which industries, from how many days ago until when (None: still)."""

    name: str
    agencies: tuple[str, ...]
    sector: tuple[str, ...]
    begun: int
    ended: int | None = None

    def joins(self, agency: str, naics: str, ago: int) -> bool:
        """Whether it binds this agency towards a business of this industry on that day."""
        return agency in self.agencies and naics.startswith(self.sector) and (self.ended or 0) <= ago <= self.begun


# Begins midway, binds those that knock most, and covers where they knock most: the trend turns here.
FIRST_AGREEMENT = Agreement(
    "Shared lead for makers",
    (
        "Alder River Workforce Board", "Tamarack Technical College", "Verrin County Economic Development",
        "Oxley Bend School District", "Upland Manufacturing Extension", "Upland Apprenticeship Council",
    ),
    ("332", "333", "336", "326"),
    begun=190,
)  # fmt: skip
AGREEMENTS = (
    FIRST_AGREEMENT,
    Agreement(
        "One visit to care homes",
        ("Alder River Workforce Board", "Tamarack Technical College", "Adult Learning Alliance"),
        ("623",),
        begun=140,
    ),
    Agreement(
        "Builders pilot",
        ("Oxley Bend School District", "Upland Apprenticeship Council"),
        ("236", "238"),
        begun=620,
        ended=440,
    ),
)
SECTORS: tuple[Cells, ...] = (
    {"sector": "Precision manufacturing", "naics": "332;333;336;326", "places": "", "version": "2"},
    {"sector": "Health care", "naics": "621;622;623", "places": "Verrin County;Tamarack County", "version": "1"},
)


def list_agreements(as_of: date) -> list[Cells]:
    """The agreements as rows of the plain file."""
    return [
        {
            "name": agreement.name,
            "agencies": ";".join(agreement.agencies),
            "from": _day(as_of, agreement.begun),
            "to": "" if agreement.ended is None else _day(as_of, agreement.ended),
            "sector": ";".join(agreement.sector),
            "businesses": "",
        }
        for agreement in AGREEMENTS
    ]


def list_referrals(listings: list[Listing], as_of: date) -> list[Cells]:
    """Businesses handed from one agency to another: a good half accepted, some declined, some not answered."""
    rng = Random("demo region: referrals")
    # Only the busier half of each list is ever referred.
    busy = sorted(listings, key=lambda listing: -listing.site.asked)[: len(listings) // 2]
    weights = [listing.site.asked**0.7 for listing in busy]
    days = sorted((rng.randrange(0, 700) for _ in range(REFERRALS)), reverse=True)
    numbers: dict[str, int] = {}
    rows: list[Cells] = []
    for ago in days:
        listing = rng.choices(busy, weights)[0]
        number = numbers[listing.agency.name] = numbers.get(listing.agency.name, 0) + 1
        rows.append(_refer(rng, listing, f"R{number:03d}", ago, as_of))
    return rows


def _refer(rng: Random, listing: Listing, key: str, ago: int, as_of: date) -> Cells:
    partners = [agency for agency in AGENCIES if agency is not listing.agency]
    partner: Agency = rng.choices(partners, [agency.contacts for agency in partners])[0]
    answer = rng.choices(("accepted", "declined", "silence"), (55, 15, 30))[0]
    answered = ago - rng.randrange(1, 20)
    done = answered - rng.randrange(20, 80)
    accepted = answer == "accepted" and answered >= 0
    return {
        "agency": listing.agency.name,
        "source_id": key,
        "from_program": rng.choice(listing.agency.programs).name,
        "to_program": f"{partner.name}:{rng.choice(partner.programs).name}",
        "business": listing.key,
        "offered_on": _day(as_of, ago),
        "accepted_on": _day(as_of, answered) if accepted else "",
        "declined_on": _day(as_of, answered) if answer == "declined" and answered >= 0 else "",
        "need": rng.choice(talk.NEEDS_REFERRED),
        "outcome": "Training has begun" if accepted and done >= 0 else "",
        "outcome_on": _day(as_of, done) if accepted and done >= 0 else "",
    }


def _day(as_of: date, ago: int) -> str:
    return (as_of - timedelta(days=ago)).isoformat()
