"""Questions about many knocks: for which day, period and sector, by which window; alike on a page, a command, the API.

What is not said has one meaning everywhere: today, the 12 months up to then, all businesses, a window of 90 days.
"""

from dataclasses import dataclass, replace
from datetime import date

from crm.access import Viewer
from crm.analysis.businesses import Scope, Sector
from crm.analysis.days import Period, get_date, get_day, get_last_year
from crm.analysis.settings import Settings, Size
from crm.errors import Refused
from crm.graph.driver import Store
from crm.services import lookups

SETTINGS = Settings()
MOST_WINDOW = 3650
MOST_YEARS = 30
# A day outside is a slip of the pen, and would leave the calendar on the way to the period before.
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
Ends = tuple[date | None, date | None]


@dataclass(frozen=True)
class Question:
    """Hashable, so that its answer can be kept. `agency` is an id; the names are for showing.

    `sector_name` asks for the sector again, with @VERSION only where one was said; `sector_base` is its name alone, and
    `sector_title` says which version was used.
    """

    as_of: int
    period: Period
    window: int
    broad: bool = False
    sector: Sector | None = None
    agency: str | None = None
    purpose_class: str | None = None
    place: str = ""
    size: Size | None = None
    sector_name: str = ""
    sector_base: str = ""
    sector_title: str = ""
    agency_name: str = ""
    program: str | None = None
    program_name: str = ""

    @property
    def is_last_year(self) -> bool:
        """Whether the period is that of a report which names none."""
        return self.period == get_last_year(self.as_of, days=SETTINGS.year_days)

    @property
    def scope(self) -> Scope:
        """The businesses that it is about."""
        return Scope(self.sector, self.place, self.size)

    @property
    def before(self) -> "Question":
        """The same for the period of the same length that ends the day before this one begins."""
        first, last = self.period
        return replace(self, period=Period(first - (last - first + 1), first - 1))


def ask(
    db: Store,
    viewer: Viewer,
    *,
    as_of: date | None = None,
    period: Ends = (None, None),
    window: int | None = None,
    broad: bool = False,
    sector: str | None = None,
    place: str | None = None,
    size: str | None = None,
    agency: str | None = None,
    purpose: str | None = None,
    program: str | None = None,
) -> Question:
    """The question in full. Without `as_of` it is about the end of the period, else today; without a period, about the
    12 months up to then. Sector (NAME, or NAME@VERSION) and agency are names, `place` is a county or zip, `size` a
    line of the table of budgets such as 10-49, `purpose` a class of asks, `program` a name, or
    AGENCY:PROGRAM where several agencies have one of that name.

    Raises Refused for what cannot be asked, NotFound for a sector or an agency that is not there.
    """
    first, last = period
    for said in (as_of, first, last):
        if said is not None and not EARLIEST <= said <= LATEST:
            raise Refused(f"{said.isoformat()} cannot be used. Check the year.")
    day = get_day(as_of or last or date.today())
    window = SETTINGS.window_days if window is None else window
    if not 0 <= window <= MOST_WINDOW:
        raise Refused(f"A window of {window} days cannot be used: choose one from 0 to {MOST_WINDOW}.")
    if purpose and purpose not in SETTINGS.classes:
        raise Refused(f"“{purpose}” is no kind of question. Known kinds: {', '.join(SETTINGS.classes)}.")
    named = lookups.find_sector(db, sector) if sector else None
    found = lookups.get_agency(db, viewer, agency) if agency else None
    run_by = lookups.get_program(db, viewer, program) if program else None
    return Question(
        as_of=day,
        period=_make_period(first, last, day),
        window=window,
        broad=broad,
        sector=named.sector if named else None,
        place=" ".join((place or "").split()),
        size=_read_size(size),
        agency=found.id if found else None,
        purpose_class=purpose or None,
        sector_name=named.said if named else "",
        sector_base=named.name if named else "",
        sector_title=named.title if named else "",
        agency_name=found.name if found else "",
        program=run_by.id if run_by else None,
        program_name=lookups.name_program(run_by) if run_by else "",
    )


def _read_size(said: str | None) -> Size | None:
    # In an address that was typed, the plus of 250+ is a blank.
    wanted = (said or "").strip().casefold().replace(" ", "").replace("–", "-")
    if not wanted:
        return None
    for size in SETTINGS.sizes:
        if wanted in (size.name, size.name.rstrip("+")):
            return size
    names = ", ".join(size.name for size in SETTINGS.sizes)
    raise Refused(f"“{said}” is no size of a business. Known sizes, by employees: {names}.")


def _make_period(first: date | None, last: date | None, as_of: int) -> Period:
    end = as_of if last is None else get_day(last)
    begin = get_last_year(end, days=SETTINGS.year_days).first if first is None else get_day(first)
    if begin > end:
        raise Refused(
            f"The period begins on {get_date(begin).isoformat()}, after it ends on {get_date(end).isoformat()}."
        )
    if end - begin > MOST_YEARS * 366:
        raise Refused(f"A period of more than {MOST_YEARS} years cannot be measured. Check the year.")
    return Period(begin, end)
