"""What the page on coverage says, in plain words."""

from typing import Any, NamedTuple

from crm.analysis.coverage import Coverage
from crm.analysis.critical_mass import CriticalMass
from crm.analysis.days import get_date
from crm.analysis.naics import find_title
from crm.services.questions import Question
from crm.views.formatting import calendar_date, percent, plural, thousands
from crm.views.knock_words import Rate, name_size

STATUS_WORDS = {True: "reached", False: "not yet", None: "not set"}
STATUS_KINDS = {True: "good", False: "warn", None: ""}


def tell_headline(coverage: Coverage) -> str:
    together = Rate(coverage.reached, coverage.size).words
    alone = Rate(max((one.engaged for one in coverage.agencies), default=0), coverage.size).words
    return f"Together {together} businesses are reached; the widest agency alone reaches {alone}"


def tell_scope(question: Question) -> str:
    """What the numbers are about."""
    parts = [f"the 12 months up to {calendar_date(get_date(question.as_of))}", question.sector_title or "all sectors"]
    if question.place:
        parts.append(f"in {question.place}")
    if question.size:
        parts.append(name_size(question.size))
    return " · ".join(parts)


def name_sub_sector(code: str) -> str:
    """A code with its title: "332 Fabricated metal products"."""
    if code == "unknown":
        return "Industry unknown"
    return f"{code} {find_title(code)}".strip()


def name_band(band: str) -> str:
    return "size unknown" if band == "unknown" else f"{band.replace('-', '–')} employees"


def name_cell(sub_sector: str, band: str) -> str:
    return ", ".join([*([name_sub_sector(sub_sector)] if sub_sector else []), *([name_band(band)] if band else [])])


def bands(coverage: Coverage) -> list[dict[str, Any]]:
    """The columns of the matrix."""
    return [{"label": name_band(band), "num": True} for band in coverage.strata.sizes]


class Gauge(NamedTuple):
    """One part of critical mass: how far it is (0 to 1, None where there is nothing to measure), against what mark."""

    key: str
    label: str
    words: str
    share: float | None
    mark: float | None
    met: bool | None
    note: str


def list_gauges(mass: CriticalMass) -> list[Gauge]:
    """The three parts, in the order of the definitions."""
    return [_gauge_people(mass), _gauge_strata(mass), _gauge_jobs(mass)]


def _gauge_people(mass: CriticalMass) -> Gauge:
    engaged, needed = mass.decision_makers, mass.decision_makers_needed
    # The mark stands at three quarters, so that more than enough can be seen to be more.
    share = min(1.0, 0.75 * engaged / needed)
    note = f"{plural(mass.untitled, 'more person', 'more people')} met without a known title" if mass.untitled else ""
    words = f"{thousands(engaged)} met, {needed} needed"
    return Gauge("people", "Decision-makers met together", words, share, 0.75, mass.decision_makers_met, note)


def _gauge_strata(mass: CriticalMass) -> Gauge:
    label, named = "Groups that must be reached", len(mass.strata)
    if not named:
        return Gauge("strata", label, "no groups are named yet", None, None, None, "")
    reached = sum(cell.engaged > 0 for cell in mass.strata)
    missing = [name_cell(cell.sub_sector, cell.size) for cell in mass.strata if not cell.engaged]
    note = f"Nobody reaches: {'; '.join(missing)}" if missing else ""
    return Gauge("strata", label, f"{reached} of {named} reached", reached / named, 1.0, mass.strata_met, note)


def _gauge_jobs(mass: CriticalMass) -> Gauge:
    unknown = mass.jobs_unknown
    note = f"{plural(unknown, 'business', 'businesses')} of unknown size left out" if unknown else ""
    if mass.jobs is None:
        return Gauge("jobs", "Jobs reached", "no sizes are known", None, mass.jobs_needed, mass.jobs_met, note)
    needed = f", {percent(mass.jobs_needed, 1)} needed" if mass.jobs_needed is not None else ""
    words = f"{percent(mass.jobs, 1)} of jobs{needed}"
    return Gauge("jobs", "Jobs reached", words, mass.jobs, mass.jobs_needed, mass.jobs_met, note)


def tell_mass(mass: CriticalMass) -> str:
    if mass.met is None:
        return "What is set is reached; an administrator has not set all of it"
    return "There is a critical mass" if mass.met else "Not a critical mass yet"
