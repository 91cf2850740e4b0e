"""The twelve agencies of the demo region: their programs, what they ask for, and how they keep their lists."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Program:
    """A program: `asks` are its purposes with their weights; `share` of its agency's contacts."""

    name: str
    share: int
    asks: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Habits:
    """How an agency writes: shares from 0 to 1 of its rows in which it does so.

    `legal`: the registered name instead of the sign on the door. `phone` and `key` are formats.
    """

    legal: float = 0.3
    form: float = 0.5
    short: float = 0.2
    slip: float = 0.03
    upper: bool = False
    street_short: float = 0.6
    phone: str = "({0}) {1}-{2}"
    key: str = "{0}"
    blank: float = 0.15
    contacts: float = 0.7


@dataclass(frozen=True)
class Agency:
    """An agency; `records` and `contacts` are its shares of the region's, `sectors` the NAICS prefixes it cares for.

    `first_day` and `last_day` are days before the region's own day between which it has contacts in its system.
    """

    name: str
    system: str
    host: str
    records: int
    contacts: int
    programs: tuple[Program, ...]
    sectors: tuple[str, ...] = ()
    habits: Habits = field(default_factory=Habits)
    first_day: int = 730
    last_day: int = 0


NEEDS = (("needs", 5), ("input", 2), ("relationship", 2), ("invitation", 1))
JOBS = (("job_development", 7), ("needs", 2), ("relationship", 1))
LEARN = (("needs", 5), ("input", 3), ("sponsorship", 1), ("invitation", 1))
MEMBERS = (("sponsorship", 4), ("invitation", 3), ("relationship", 3))
SURVEY = (("survey", 5), ("needs", 4), ("relationship", 2))
MAKERS = ("332", "333", "336", "326")
CARE = ("621", "622", "623")
BUILD = ("236", "238")


def _programs(*rows: tuple[str, int, tuple[tuple[str, int], ...]]) -> tuple[Program, ...]:
    return tuple(Program(*row) for row in rows)


AGENCIES = (
    Agency(
        "Alder River Workforce Board", "workforce", "alderworkforce.example", 15, 20,
        _programs(
            ("On-the-Job Training", 4, JOBS), ("Business Services Team", 5, NEEDS), ("Youth Employment", 2, JOBS),
            ("Rapid Response", 1, NEEDS), ("Incumbent Worker Training", 2, LEARN),
        ),
        MAKERS + CARE, Habits(legal=0.6, form=0.8, phone="{0}-{1}-{2}", key="ARWB{0:05d}"),
    ),
    Agency(
        "Tamarack Technical College", "education", "tamaracktech.example", 12, 14,
        _programs(
            ("Welding Academy", 3, LEARN), ("Customized Training", 4, NEEDS), ("Nursing Pathways", 3, LEARN),
            ("Internship Office", 3, JOBS), ("Advisory Committees", 2, (("input", 6), ("invitation", 4))),
        ),
        (*MAKERS, *CARE, "541"), Habits(legal=0.2, form=0.3, short=0.35, key="{0}", phone="({0}) {1}-{2}"),
    ),
    Agency(
        "Verrin County Economic Development", "economic_development", "verrineconomy.example", 10, 10,
        _programs(
            ("Retention Visits", 6, SURVEY), ("Expansion Grants", 2, NEEDS), ("Site Selection", 1, NEEDS),
            ("Downtown Retail", 2, SURVEY),
        ),
        (*MAKERS, "493", "311"),
        Habits(legal=0.8, form=0.95, upper=True, phone="{0}{1}{2}", key="VC-{0:04d}", contacts=0.5),
    ),
    Agency(
        "Brackwater Chamber of Commerce", "economic_development", "brackwaterchamber.example", 13, 9,
        _programs(("Membership", 5, MEMBERS), ("Leadership Breakfasts", 2, MEMBERS), ("Talent Attraction", 3, NEEDS)),
        (), Habits(legal=0.05, form=0.1, slip=0.05, phone="{0}.{1}.{2}", key="M{0:04d}", contacts=0.95),
    ),
    Agency(
        "Alder River Vocational Rehabilitation", "workforce", "alderrehab.example", 8, 9,
        _programs(("Job Placement", 5, JOBS), ("Work Experience", 3, JOBS), ("Supported Employment", 2, JOBS)),
        ("721", "722", "445", *CARE),
        Habits(legal=0.4, form=0.5, slip=0.06, blank=0.3, phone="1-{0}-{1}-{2}", key="EMP-{0}"),
    ),
    Agency(
        "Oxley Bend School District", "education", "oxleyschools.example", 7, 7,
        _programs(
            ("Career and Technical Education", 3, (("input", 5), ("sponsorship", 3), ("invitation", 2))),
            ("Work-Based Learning", 4, JOBS), ("Job Shadow Days", 3, (("invitation", 6), ("sponsorship", 3))),
        ),
        (*MAKERS, *BUILD), Habits(legal=0.1, form=0.2, short=0.3, slip=0.08, blank=0.35, key="{0}", contacts=0.8),
    ),
    Agency(
        "Adult Learning Alliance", "education", "adultlearning.example", 5, 5,
        _programs(("Workplace English", 4, NEEDS), ("GED at Work", 2, NEEDS), ("Digital Skills", 2, LEARN)),
        ("311", "326", *CARE),
        Habits(legal=0.15, form=0.3, blank=0.3, phone="({0}){1}-{2}", key="A-{0:03d}"), last_day=75,
    ),
    Agency(
        "Harbor Light Community Action", "other", "harborlight.example", 6, 5,
        _programs(("Job Readiness", 4, JOBS), ("Transportation Partners", 2, NEEDS), ("Second Chance Hiring", 3, JOBS)),
        ("484", "493", "722", "561"),
        Habits(legal=0.1, form=0.2, slip=0.07, blank=0.4, phone="{0} {1} {2}", key="HL{0}"),
    ),
    Agency(
        "Upland Manufacturing Extension", "economic_development", "uplandextension.example", 6, 7,
        _programs(("Lean Assessments", 4, NEEDS), ("Supplier Scouting", 3, SURVEY), ("Cyber Reviews", 2, SURVEY)),
        (*MAKERS, "311", "337"), Habits(legal=0.5, form=0.7, phone="({0}) {1}-{2}", key="CLT-{0:05d}", contacts=0.9),
    ),
    Agency(
        "Valley Veterans Career Network", "workforce", "valleyveterans.example", 5, 5,
        _programs(("Hire Veterans First", 5, JOBS), ("Transition Desk", 2, JOBS)),
        ("484", "336", *BUILD), Habits(legal=0.3, form=0.4, upper=True, blank=0.25, key="V{0:04d}"), first_day=420,
    ),
    Agency(
        "Small Business Advising Office", "economic_development", "smallbizadvice.example", 9, 4,
        _programs(
            ("Advising", 5, (("relationship", 4), ("survey", 3), ("needs", 2))), ("Loan Readiness", 2, NEEDS),
            ("Export Help", 1, NEEDS),
        ),
        ("722", "812", "311", "541"), Habits(legal=0.5, form=0.6, phone="{0}-{1}-{2}", key="SB{0:05d}", contacts=0.9),
    ),
    Agency(
        "Upland Apprenticeship Council", "workforce", "uplandapprentice.example", 4, 5,
        _programs(("Registered Apprenticeship", 5, NEEDS), ("Pre-Apprenticeship", 2, JOBS), ("Sponsor Help", 2, LEARN)),
        (*MAKERS, *BUILD), Habits(legal=0.7, form=0.9, key="S-{0}", blank=0.2),
    ),
)  # fmt: skip
BY_NAME = {agency.name: agency for agency in AGENCIES}
