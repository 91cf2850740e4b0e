"""The kinds of plain file, as data: their columns, which of them a row must fill, and what each may hold.

The table is the product's contract with other systems. A file is recognised by its headings alone; several files of
one import are taken in the order of `KINDS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from importers import cells
from importers.cells import Check, Words
from importers.rows import MAX_CELL
from importers.street_parts import join_parts


@dataclass(frozen=True)
class CellType:
    """How the text of a cell is taken: `many` values parted by `;`, `lines` allowed inside, `exact` without trimming.

    `limit` is in characters, `least` the number of values; `join` makes one text of those of several columns.
    """

    check: Check = cells.take_text
    many: bool = False
    lines: bool = False
    exact: bool = False
    limit: int = 500
    least: int = 1
    join: Callable[[Sequence[str]], str] = " ".join

    @property
    def words(self) -> tuple[str, ...]:
        """The only words that a cell may hold; empty where any text may stand."""
        if isinstance(self.check, Words):
            return self.check.words
        return ("yes", "no") if self.check is cells.check_yes_no else ()


ID = CellType(cells.check_id, limit=200)
NAME = CellType(limit=300)
LINE = CellType()
STREET = CellType(lines=True, join=join_parts)
PARAGRAPH = CellType(lines=True, limit=MAX_CELL, join="\n".join)
PROMISE = CellType(cells.check_promise, lines=True, limit=MAX_CELL, join="\n".join)
NOTES = CellType(lines=True, exact=True, limit=MAX_CELL, join="\n".join)
DATE = CellType(cells.check_day, limit=60)
YES_NO = CellType(cells.check_yes_no)
CONSENT = CellType(cells.check_consent)
ORG = CellType(cells.check_org, limit=200)
ORGS = CellType(cells.check_org, many=True, limit=200, least=2)
PROGRAM = CellType(cells.check_program_reference, limit=400)
PROGRAMS = CellType(cells.check_program_reference, many=True, limit=400)
EMAIL = CellType(cells.check_email)
MAILBOX = CellType(cells.check_mailbox)
PHONE = CellType(cells.check_phone, limit=100)
ZIP = CellType(cells.check_zip, limit=20)
WEBSITE = CellType(cells.check_website)
EIN = CellType(cells.check_ein)
NAICS = CellType(cells.check_naics)
NAICS_LIST = CellType(cells.check_naics, many=True)
EMPLOYEES = CellType(cells.check_employees)
CADENCE = CellType(cells.check_cadence, limit=20)
MEETING_HOURS = CellType(cells.check_meeting_hours, limit=20)
SITTER = CellType(cells.check_sitter, limit=300)
NAMES = CellType(many=True, limit=300)
TOPICS = CellType(many=True, lines=True, limit=1_000)
QUALIFIED = CellType(cells.check_qualified, many=True, limit=400)
SYSTEM = CellType(Words(cells.SYSTEMS))
CHANNEL = CellType(Words(cells.CHANNELS))
DIRECTION = CellType(Words(cells.DIRECTIONS))
PURPOSE = CellType(Words(cells.PURPOSES))
VISIBILITY = CellType(Words(cells.VISIBILITIES))


@dataclass(frozen=True)
class Column:
    """One column of a plain file; `example` is its cell in the template's row."""

    name: str
    type: CellType
    example: str = ""
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of plain file.

    `key` is the column that identifies a row (its hash does where that is blank). `instead` names columns that, filled
    together, stand for a required one; of a pair in `falls_back`, the second fills the first where that is blank.
    `ordered` are pairs of days of which the second may not come before the first.
    `beside` are columns that are taken where a file has them, though the plain file's format does not; an export has
    them only where `exports.list_columns` says so. `through` is the column whose thing belongs to an agency, where rows
    do not say an agency themselves.
    `least` is how many of its headings a file has before it is taken for one of this kind, if it has others too.
    `carries` names the kinds of which a row may say something as well: of the business, and the person, that it is
    about; a business's row of its contact there.
    """

    name: str
    key: str
    columns: tuple[Column, ...]
    instead: tuple[tuple[str, tuple[str, ...]], ...] = ()
    falls_back: tuple[tuple[str, str], ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()
    beside: tuple[Column, ...] = ()
    through: str = ""
    least: int = 1
    carries: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[Column, ...]:
        """All columns that a row of this kind may fill."""
        return self.columns + self.beside

    @cached_property
    def carried(self) -> tuple[Column, ...]:
        """The columns of the kinds that it carries, each with its kind: `businesses.city`."""
        columns = [
            replace(column, name=f"{kind}.{column.name}", required=False)
            for kind in self.carries
            for column in BY_NAME[kind].columns
            if column.name not in ("agency", "business")
        ]
        # Several contacts of a business often stand in one cell, each on a line.
        several = ("people.name", "people.title") if self.name == "businesses" else ()
        return tuple(
            replace(column, type=replace(column.type, lines=True)) if column.name in several else column
            for column in columns
        )

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in (*self.known, *self.carried)}

    def column(self, name: str) -> Column | None:
        """The column of this name, be it one that the row says beside."""
        return self._by_name.get(name)

    @property
    def takes_agency(self) -> bool:
        """Whether each row belongs to an agency, which may be said once for the file."""
        return self.column("agency") is not None

    @property
    def is_of_agencies(self) -> bool:
        """Whether each row is some agency's, said or by what it is about; the others concern the whole region."""
        return self.takes_agency or bool(self.through)


def _need(name: str, type_: CellType, example: str) -> Column:
    return Column(name, type_, example, required=True)


PROGRAMS_FILE = Kind("programs", key="program", columns=(
    _need("agency", ORG, "Lakeshore College"),
    _need("program", ORG, "Welding Academy"),
    Column("system", SYSTEM, "education"),
    Column("contact_email", EMAIL, "welding@example.org"),
))  # fmt: skip

# Lists that have a column for the trade name leave it blank where that is the legal one.
BUSINESSES_FILE = Kind("businesses", key="source_id", carries=("people",), instead=(
    ("name", ("legal_name",)),
), falls_back=(("name", "legal_name"),), columns=(
    Column("agency", ORG, "Lakeshore College"),
    Column("source_id", ID, "B-17"),
    _need("name", NAME, "Harbor Bakery"),
    Column("legal_name", NAME, "Harbor Bakery LLC"),
    Column("street", STREET, "27 Dock Street"),
    Column("city", LINE, "Boston"),
    Column("state", LINE, "MA"),
    Column("zip", ZIP, "02134"),
    Column("county", LINE, "Suffolk"),
    Column("phone", PHONE, "617-555-0117"),
    Column("website", WEBSITE, "www.example.org"),
    Column("email", MAILBOX, "office@example.org"),
    Column("ein", EIN, "04-1234567"),
    Column("naics", NAICS, "311811"),
    Column("employees", EMPLOYEES, "24"),
    Column("parent", NAME, "Harbor Foods Inc"),
    Column("closed_on", DATE),
    Column("notes", NOTES, "Ask for the morning shift"),
))  # fmt: skip

PEOPLE_FILE = Kind("people", key="source_id", instead=(
    ("name", ("first_name", "last_name")),
    # An address that wants no more mail needs no name.
    ("name", ("email", "do_not_contact")),
), carries=("businesses",), columns=(
    Column("agency", ORG, "Lakeshore College"),
    Column("source_id", ID, "P-4"),
    Column("business", NAME, "B-17"),
    Column("first_name", NAME, "Ana"),
    Column("last_name", NAME, "Silva"),
    _need("name", NAME, "Ana Silva"),
    Column("title", LINE, "Owner"),
    Column("email", MAILBOX, "ana@example.org"),
    Column("phone", PHONE, "617-555-0117"),
    Column("mobile", PHONE, "617-555-0118"),
    Column("assistant", NAME, "Ben Ode"),
    Column("assistant_phone", PHONE, "617-555-0119"),
    Column("do_not_contact", CONSENT, "no"),
    Column("notes", NOTES, "Prefers e-mail"),
))  # fmt: skip

TOUCHPOINTS_FILE = Kind("touchpoints", key="source_id", ordered=(("service_begun", "service_ended"),), instead=(
    ("business", ("businesses.name",)),
), carries=("businesses", "people"), columns=(
    Column("agency", ORG, "Lakeshore College"),
    Column("source_id", ID, "T-801"),
    _need("date", DATE, "2026-03-31"),
    _need("program", PROGRAMS, "Welding Academy"),
    Column("staff", NAMES, "jo@example.org"),
    _need("business", NAME, "B-17"),
    Column("person", NAMES, "P-4"),
    Column("channel", CHANNEL, "visit"),
    Column("direction", DIRECTION, "out"),
    Column("purpose", PURPOSE, "needs"),
    Column("topics", TOPICS, "welders;apprentices"),
    Column("reached", YES_NO, "yes"),
    Column("outcome", PARAGRAPH, "Needs two welders by June"),
    Column("promise", PROMISE, "Send the course list"),
    Column("promise_due", DATE, "2026-04-07"),
    Column("promise_kept_on", DATE),
    Column("service", LINE),
    Column("service_begun", DATE),
    Column("service_ended", DATE),
    Column("notes", NOTES),
    Column("visibility", VISIBILITY, "who"),
))  # fmt: skip

REFERRALS_FILE = Kind("referrals", key="source_id", instead=(
    ("business", ("businesses.name",)),
), carries=("businesses",), columns=(
    Column("agency", ORG, "Lakeshore College"),
    Column("source_id", ID, "R-12"),
    _need("from_program", PROGRAM, "Welding Academy"),
    _need("to_program", PROGRAM, "On-the-Job Training"),
    _need("business", NAME, "B-17"),
    _need("offered_on", DATE, "2026-04-02"),
    Column("accepted_on", DATE, "2026-04-04"),
    Column("declined_on", DATE),
    Column("need", PARAGRAPH, "Wages while they train"),
    Column("outcome", PARAGRAPH),
    Column("outcome_on", DATE),
))  # fmt: skip

AGREEMENTS_FILE = Kind("agreements", key="name", ordered=(("from", "to"),), columns=(
    _need("name", NAME, "Shared lead on food makers"),
    _need("agencies", ORGS, "Lakeshore College;Harbor Workforce Board"),
    _need("from", DATE, "2026-01-01"),
    Column("to", DATE),
    Column("sector", NAICS_LIST, "311;312"),
    Column("businesses", QUALIFIED, "Lakeshore College:B-17"),
), beside=(Column("places", NAMES),))  # fmt: skip

# A roster may well have a column "Table" among columns of other names.
TABLES_FILE = Kind("tables", key="table", least=2, columns=(
    _need("table", NAME, "Bakers advisory committee"),
    _need("agency", ORG, "Lakeshore College"),
    Column("sector", NAME, "Food and drink"),
    Column("purpose", PARAGRAPH, "What bakers must be able to do"),
    Column("cadence_days", CADENCE, "90"),
    Column("hours", MEETING_HOURS, "1.5"),
    Column("required_by", LINE, "Perkins V"),
))  # fmt: skip

SEATS_FILE = Kind("seats", key="table", through="table", ordered=(("from", "to"),), carries=("people",), columns=(
    _need("table", NAME, "Bakers advisory committee"),
    _need("business", NAME, "Lakeshore College:B-17"),
    _need("person", SITTER, "Ana Silva"),
    Column("from", DATE, "2025-09-01"),
    Column("to", DATE),
), beside=(  # What rosters say of who sits there.
    Column("title", LINE),
    Column("email", MAILBOX),
))  # fmt: skip

MEETINGS_FILE = Kind("meetings", key="table", through="table", columns=(
    _need("table", NAME, "Bakers advisory committee"),
    _need("date", DATE, "2026-03-12"),
))  # fmt: skip

SECTORS_FILE = Kind("sectors", key="sector", columns=(
    _need("sector", NAME, "Food and drink"),
    _need("naics", NAICS_LIST, "311;312"),
    Column("places", NAMES, "Suffolk;02134"),
    Column("version", LINE, "2026"),
))  # fmt: skip

KINDS: tuple[Kind, ...] = (
    PROGRAMS_FILE, BUSINESSES_FILE, PEOPLE_FILE, TOUCHPOINTS_FILE, REFERRALS_FILE, AGREEMENTS_FILE, TABLES_FILE,
    SEATS_FILE, MEETINGS_FILE, SECTORS_FILE,
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}


def find_kind(headers: Sequence[str], kinds: Sequence[Kind] = KINDS) -> Kind | None:
    """The kind whose required columns are all there and which knows most of the headings; the first of equals.

    Headings are compared whole, but for case and blanks around them: "First Name" belongs to some other system, where
    its neighbour "Title" may well be the salutation.
    """
    names = {header.strip().casefold() for header in headers}
    fitting = [
        kind
        for kind in kinds
        if not list_missing(kind, names) and count_known(kind, names) >= min(kind.least, len(names))
    ]
    return max(fitting, key=lambda kind: count_known(kind, names), default=None)


def count_known(kind: Kind, names: set[str]) -> int:
    """How many of the (lower-case) headings are columns of the kind."""
    return sum(column.name in names for column in kind.known)


def list_missing(kind: Kind, names: set[str]) -> list[str]:
    """The required columns that neither stand among the names nor are stood for by others."""
    return [
        column.name
        for column in kind.columns
        if column.required
        and column.name not in names
        and not any(name == column.name and set(others) <= names for name, others in kind.instead)
        and column.name != "agency"  # it may be said once for the whole file
    ]


def template(kind: Kind) -> tuple[list[str], list[str]]:
    """The header and one example row."""
    return [column.name for column in kind.columns], [column.example for column in kind.columns]
