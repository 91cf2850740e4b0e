"""A proposal for what the columns of an unknown file mean, with how sure it is and why. A person decides.

Three kinds of evidence: the heading is a name that other systems use for the column; it is nearly such a name; or
the cells are e-mail addresses or web addresses whatever the heading says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from importers.dates import likely_patterns
from importers.kinds import DATE, KINDS, Kind, find_kind, list_missing
from importers.readers import read_cell
from importers.rows import Row, shorten
from importers.rules import NONE
from importers.sheets import Sheet
from importers.verdicts import Problem, Remark, Value, Verdict

EXACT, SYNONYM, NEARLY, BY_CELLS, DOUBTFUL = 1.0, 0.9, 0.7, 0.6, 0.4
NEARLY_SAME = 88  # rapidfuzz ratio of the letters
MOSTLY = 0.8  # of the filled cells
# What can be said once for the file (`=program:…`), as an agency can: a roster may be of one committee.
SAID_ONCE = {"touchpoints": {"program"}, "seats": {"table"}}

COMPANY = (
    "company", "companyname", "business", "businessname", "employer", "employername", "organization", "organisation",
    "organizationname", "account", "accountname", "companyaccount", "sitename", "firm", "firmname", "establishment",
    "associatedcompany", "membername", "organisationindividual", "customer", "customername", "dba", "tradename",
)  # fmt: skip
IDS = ("id", "recordid", "recid", "externalid", "sourceid", "iusanumber", "uniqueid")
PHONE = ("phone", "phonenumber", "telephone", "tel", "businessphone", "workphone", "officephone", "phonenumbercombined",
         "mainphone", "companymainphone", "phone1value")  # fmt: skip
EMAIL = ("email", "emailaddress", "mail", "workemail", "email1value")
TABLE = ("committee", "committeename", "advisorycommittee", "advisoryboard", "panel", "skillspanel", "council",
         "boardname", "tablename")  # fmt: skip
NOTES = ("notes", "note", "comments", "comment", "description", "remarks", "fullcomments", "details")

# Headings as letters and digits in lower case, for each column of each kind where they differ from its own name.
SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "businesses": {
        "source_id": (*IDS, "accountid", "companyid", "memberid", "employerid", "accountnumber"),
        "name": (*COMPANY, "name"),
        "legal_name": ("legalname", "registeredname", "legalbusinessname"),
        "street": ("street", "address", "streetaddress", "address1", "addressline1", "billingstreet", "mailingaddress",
                   "businessstreet", "location", "siteaddress"),
        "city": ("town", "billingcity", "businesscity", "mailingcity"),
        "state": ("stateprovince", "billingstate", "billingstateprovince", "businessstate", "region", "province"),
        "zip": ("zipcode", "postalcode", "postcode", "zippostalcode", "billingzip", "billingzippostalcode",
                "billingpostalcode", "businesspostalcode"),
        "county": ("countyname",),
        "phone": PHONE,
        "website": ("web", "url", "webpage", "site", "homepage", "companydomainname", "domain", "websiteurl"),
        "email": EMAIL,
        "ein": ("fein", "feinnumber", "taxid", "employeridentificationnumber", "federaltaxid", "ein1"),
        "naics": ("naicscode", "primarynaics", "naics1", "primarynaicscode", "industrycode"),
        "employees": ("employeecount", "numberofemployees", "noofemployees", "headcount", "staffsize",
                      "locationemployeesizeactual", "companysize", "jobs", "fte"),
        "parent": ("parentcompany", "parentcompanyname", "parentaccount", "headquarters"),
        "closed_on": ("closed", "closeddate", "dateclosed", "closingdate"),
        "notes": NOTES,
    },
    "people": {
        "source_id": (*IDS, "contactid", "personid"),
        "business": COMPANY,
        "first_name": ("firstname", "givenname", "first", "forename"),
        "last_name": ("lastname", "surname", "familyname", "last"),
        "name": ("fullname", "contactname", "contact", "displayname", "name", "person"),
        "title": ("jobtitle", "position", "role", "title", "professionaltitle", "organizationtitle"),
        "email": EMAIL,
        "phone": PHONE,
        "mobile": ("mobilephone", "cell", "cellphone", "mobilenumber", "cellular"),
        "assistant": ("assistantsname", "assistantname", "gatekeeper"),
        "assistant_phone": ("assistantsphone", "asstphone", "assistantphone"),
        "do_not_contact": ("donotcontact", "donotcall", "dnc", "optout", "donotemail"),
        "notes": NOTES,
    },
    "touchpoints": {
        "source_id": (*IDS, "activityid", "taskid", "eventid"),
        "date": ("date", "dateofmeeting", "meetingdate", "contactdate", "visitdate", "activitydate", "dateofcontact",
                 "startdate", "servicedate", "calldate", "dateofvisit",
                 "datevisited", "visitedon", "meton", "contactedon", "when", "day"),
        "program": ("program", "programme", "programname"),
        "staff": ("staffname", "assigned", "assignedto", "owner", "rep", "contactedby", "meetingorganizer", "loggedby"),
        "business": COMPANY,
        "person": ("contact", "contactname", "attendees", "metwith", "requiredattendees", "spokewith",
                   "who", "whowemet", "whomwemet", "wemet"),
        "channel": ("type", "activitytype", "contacttype", "method", "contactmethod", "medium"),
        "direction": ("calltype", "inout", "inboundoutbound"),
        "purpose": ("reason", "subject", "purposeofmeeting", "purposeofcontact", "purposeofvisit"),
        "topics": ("topic", "tags", "keywords", "agenda", "about", "whatabout", "subjects"),
        "reached": ("connected", "spoketo", "contactmade"),
        "outcome": ("result", "callresult", "outcomes", "status"),
        "promise": ("nextstep", "nextsteps", "followup", "actionitem", "actionitems", "todo"),
        "promise_due": ("duedate", "followupdate", "nextstepdate"),
        "service": ("servicename", "servicetype", "serviceprovided", "services"),
        "notes": NOTES,
    },
    "referrals": {
        "source_id": (*IDS, "referralid"),
        "from_program": ("referredby", "referringprogram", "fromprogram", "referralfrom"),
        "to_program": ("referredto", "receivingprogram", "toprogram", "referralto"),
        "business": COMPANY,
        "offered_on": ("referraldate", "datereferred", "referredon", "date"),
        "accepted_on": ("dateaccepted", "accepteddate"),
        "declined_on": ("datedeclined", "declineddate"),
        "need": ("reason", "needs", "reasonforreferral"),
    },
    "tables": {
        "table": TABLE,
        "sector": ("industry", "industrysector"),
        "cadence_days": ("cadence", "daysbetweenmeetings"),
        "hours": ("hourspermeeting", "meetinghours"),
        "required_by": ("requiredby", "mandate", "mandatedby", "authority"),
    },
    "seats": {
        "table": TABLE,
        "business": COMPANY,
        "person": ("fullname", "name", "contactname", "representative", "rep", "committeemember", "boardmember",
                   "member", "appointee", "contact"),
        "title": ("jobtitle", "position", "role", "professionaltitle"),
        "email": EMAIL,
        "from": ("termfrom", "termstart", "termstarts", "termstartdate", "termbegins", "termbegan", "dateappointed",
                 "appointed", "appointedon", "membersince"),
        "to": ("termto", "termend", "termends", "termenddate", "termexpires", "termexpiration", "expires"),
    },
    "meetings": {
        "table": TABLE,
        "date": ("meetingdate", "meeting", "dateofmeeting", "heldon", "day"),
    },
}  # fmt: skip

CELL_PATTERNS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "website": re.compile(r"(https?://|www\.)\S+", re.IGNORECASE),
}


@dataclass(frozen=True)
class Guess:
    """What one column probably means: `kind.column` or `none`, from 0 to 1 how sure, and a sentence."""

    header: str
    meaning: str
    confidence: float
    why: str
    date_format: str | None = None


@dataclass(frozen=True)
class Proposal:
    """The likeliest kind (None if no kind gets all that its rows need) with a guess for each column, in file order."""

    kind: str | None
    guesses: tuple[Guess, ...]

    @property
    def maps(self) -> tuple[str, ...]:
        """The rules of `map_columns` that say the same."""
        return tuple(f"{guess.header}={guess.meaning.rpartition('.')[2]}" for guess in self.guesses)

    @property
    def date_formats(self) -> tuple[str, ...]:
        return tuple(f"{guess.header}={guess.date_format}" for guess in self.guesses if guess.date_format)


def propose_mapping(sheet: Sheet, *, sample: int = 2_000) -> Proposal:
    """What each column probably means, from its heading and the cells of the first rows."""
    samples = sample_cells(sheet, sample)
    plain = find_kind(sheet.headers)
    kinds = [plain] if plain else [kind for kind in KINDS if kind.name in SYNONYMS]
    rated = [(kind, guess_columns(kind, sheet.headers, samples)) for kind in kinds]
    kind, guesses = max(rated, key=lambda pair: _rate(*pair))
    found = {guess.meaning.rpartition(".")[2] for guess in guesses}
    complete = set(list_missing(kind, found)) <= SAID_ONCE.get(kind.name, set())
    return Proposal(kind.name if complete else None, tuple(guesses))


def sample_cells(sheet: Sheet, sample: int = 2_000) -> dict[str, list[str]]:
    """heading -> the filled cells under it in the first rows; broken rows are left out."""
    rows = [row.cells for row in islice(sheet.rows(), sample) if isinstance(row, Row)]
    return {header: [cells[n] for cells in rows if cells[n].strip()] for n, header in enumerate(sheet.headers)}


def _rate(kind: Kind, guesses: Sequence[Guess]) -> float:
    """How well a kind explains the columns: what is missing weighs as much as three columns that fit."""
    found = {guess.meaning.rpartition(".")[2] for guess in guesses}
    missing = set(list_missing(kind, found)) - SAID_ONCE.get(kind.name, set())
    return sum(guess.confidence for guess in guesses if guess.meaning != NONE) - 3 * len(missing)


def guess_columns(kind: Kind, headers: Sequence[str], samples: dict[str, list[str]]) -> list[Guess]:
    """A guess for each heading; where two want one column, the surer keeps it."""
    letters = {_letters(header) for header in headers}
    best: dict[str, Guess] = {}
    guesses = [_guess_column(kind, header, samples[header], letters) for header in headers]
    guesses = _guess_day(kind, guesses, samples)
    for guess in guesses:
        rival = best.get(guess.meaning)
        if guess.meaning != NONE and (rival is None or guess.confidence > rival.confidence):
            best[guess.meaning] = guess
    return [
        guess
        if guess.meaning == NONE or best[guess.meaning] is guess
        else Guess(guess.header, NONE, DOUBTFUL, f"{best[guess.meaning].header} fits {guess.meaning} better")
        for guess in guesses
    ]


def _guess_day(kind: Kind, guesses: list[Guess], samples: dict[str, list[str]]) -> list[Guess]:
    """Where rows need a day and no heading says one, the only column without a meaning whose cells are days."""
    needed = next((column for column in kind.columns if column.required and column.type is DATE), None)
    if needed is None or any(guess.meaning == f"{kind.name}.{needed.name}" for guess in guesses):
        return guesses
    found = [
        (n, patterns)
        for n, guess in enumerate(guesses)
        if guess.meaning == NONE
        and _letters(guess.header) not in _known_headings()
        and (patterns := likely_patterns(samples[guess.header]))
    ]
    if len(found) != 1:
        return guesses
    n, patterns = found[0]
    pattern = patterns[0] if patterns[0] != "yyyy-mm-dd" else None
    day = Guess(guesses[n].header, f"{kind.name}.{needed.name}", BY_CELLS, "its cells are days", pattern)
    return [*guesses[:n], day, *guesses[n + 1 :]]


@cache
def _known_headings() -> frozenset[str]:
    """Headings that mean something in any kind of file."""
    names = {_letters(column.name) for kind in KINDS for column in kind.known}
    return frozenset(names.union(*(synonyms for columns in SYNONYMS.values() for synonyms in columns.values())))


def _guess_column(kind: Kind, header: str, cells: list[str], others: set[str]) -> Guess:
    name, confidence, why = _match_heading(kind, header, others)
    column = kind.column(name) if name else None
    if column and column.type is DATE and cells:
        patterns = likely_patterns(cells)
        if not patterns:
            return Guess(header, NONE, DOUBTFUL, f"the heading says {name}, but the cells are not dates of one form")
        if len(patterns) > 1:
            why += f"; the days may be {' or '.join(patterns[:2])}: please choose"
            confidence = min(confidence, DOUBTFUL)
        pattern = patterns[0] if patterns[0] != "yyyy-mm-dd" else None
        return Guess(header, f"{kind.name}.{name}", confidence, why, pattern)
    if column and cells:
        unfit = [cell for cell in cells if _is_unfit(read_cell(cell, column.type, column.type.check))]
        if len(unfit) > len(cells) / 2:
            why += f"; but cells such as {shorten(unfit[0], 30)!r} do not belong there"
            return Guess(header, f"{kind.name}.{name}" if confidence == EXACT else NONE, DOUBTFUL, why)
    by_cells = _match_cells(cells)
    if by_cells and by_cells != name and kind.column(by_cells) and confidence < SYNONYM:
        return Guess(header, f"{kind.name}.{by_cells}", BY_CELLS, f"most cells look like {by_cells} addresses")
    return Guess(header, f"{kind.name}.{name}", confidence, why) if name else Guess(header, NONE, 0.0, why)


def _is_unfit(value: Value | Verdict) -> bool:
    return isinstance(value, Problem) or (isinstance(value, Remark) and not value.is_used)


def _match_heading(kind: Kind, header: str, others: set[str]) -> tuple[str | None, float, str]:
    from rapidfuzz import fuzz, process

    plain = _letters(header)
    if kind.name in ("people", "seats") and plain == "title" and "jobtitle" in others:
        return None, 0.0, "beside a job title, Title is the form of address"
    if kind.column(header.casefold()):
        return header.casefold(), EXACT, "the heading of a plain file"
    named = {_letters(column.name): column.name for column in kind.known}
    named |= {synonym: name for name, synonyms in SYNONYMS.get(kind.name, {}).items() for synonym in synonyms}
    if plain in named:
        return named[plain], SYNONYM, f"{header} is another name for {named[plain]}"
    near = process.extractOne(plain, list(named), scorer=fuzz.ratio, score_cutoff=NEARLY_SAME) if plain else None
    if near:
        return named[near[0]], NEARLY, f"{header} is nearly {near[0]}"
    return None, 0.0, "the heading is not known"


def _match_cells(cells: list[str]) -> str | None:
    if len(cells) < 3:
        return None
    for name, pattern in CELL_PATTERNS.items():
        if sum(bool(pattern.fullmatch(cell.strip())) for cell in cells) >= MOSTLY * len(cells):
            return name
    return None


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
