"""What the columns of a table of records mean to the matcher: guessed from headings and cells, or said by a person.

A heading is read as words, so that "Phone_No", "phoneNo" and "PHONE NO." are one. Words that only say whose value it
is ("business phone") are passed over; those that say that it is a contact's, or a second one ("mailing address"), make
the column a lesser one, which counts where there is no better. Cells have the last word: a column headed *Phone*
without a number in it is none, and a column of e-mail addresses is one, whatever its heading.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm.dedupe.text import fold, split_words
from crm.dedupe.words import LEGAL_FORMS, STREET_SUFFIXES
from crm.errors import Refused

KindName = Literal["business", "person"]
NONE = "none"
REC_ID = "rec_id"

# meaning -> the headings that say it, as words.
BUSINESS_WORDS: dict[str, str] = {
    REC_ID: "rec id|recid",
    "agency": "agency|agency name|source|source name|source list|source file|source system|data source|dataset|list"
    "|list name|origin|reported by",
    "name": "name|names|company|business|organization|organisation|org|employer|firm|establishment|account|customer"
    "|member|facility|institution|entity|site|store|restaurant|school|provider|vendor|supplier|merchant|label",
    "dba": "dba|d b a|doing business as|dba name|trade name|tradename|trading name|trading as|aka|also known as|alias"
    "|other name|alternate name|alt name|former name|formerly|previous name|brand|brand name|short name|acronym",
    "legal_name": "legal|legal name|legal entity|legal entity name|registered name|corporate name|corporation name"
    "|official name|taxpayer name|licensee|licensee name",
    "street": "street|address|adress|house|street address|address line|address street|location|street number"
    "|house number|street no|house no|street num|street name|street type|street direction|city state zip"
    "|full address|address full|strasse|adresse|direccion",
    "unit": "unit|unit number|unit no|suite|suite number|suite no|ste|apt|apartment|room|floor",
    "city": "city|town|municipality|suburb|locality|village|post town|city name|city town|town city|ort|ville|ciudad",
    "state": "state|province|state province|state code|st|state abbreviation|state name",
    "zip": "zip|zipcode|zip code|postcode|post code|postal|postal code|postalcode|zip postal code|zip postcode|plz",
    "county": "county|county name",
    "phone": "phone|phone number|phone no|phonenumber|telephone|telephone number|telephone no|ph|phone main"
    "|telefon|phones",
    "website": "website|web site|web|url|web page|webpage|web address|homepage|home page|domain|domain name|www"
    "|website url|website address|internet",
    "email": "email|e mail|email address|e mail address|mail|emailaddress|emails",
    "ein": "ein|fein|tax id|taxid|tax id number|tax number|federal tax id|federal id|employer id|fed id|tin"
    "|taxpayer id|taxpayer number"
    "|employer identification number|employer id number|fein number|ein number",
    "naics": "naics|naics code|primary naics|industry code|naics 6",
    "parent": "parent|parent name|headquarters|parent organization|parent company|parent account|operator|operated by"
    "|sponsor|umbrella",
    "closed_on": "closed|closed on|date closed|closing date|closed date|close date",
    "people": "people|person|contacts|staff|key contact|primary contact",
    "co_names": "coauthors|co authors|authors|coinventors|co inventors|inventors|co applicants|coapplicants|named with"
    "|co names|shareholders|board|board members|trustees|affiliates",
    "first_name": "first name|first|given name|forename|firstname|fname",
    "last_name": "last name|last|surname|family name|lastname|lname",
}
PERSON_WORDS: dict[str, str] = {
    REC_ID: BUSINESS_WORDS[REC_ID],
    "agency": BUSINESS_WORDS["agency"],
    "first_name": "first name|first|given name|given|forename|firstname|fname|givenname|christian name|first names"
    "|vorname|prenom",
    "middle_name": "middle name|middle|middle initial|mi|middlename|second name",
    "last_name": "last name|last|surname|family name|lastname|lname|sname|nachname",
    "suffix": "suffix|name suffix|generation|generational suffix",
    "name": "name|full name|fullname|person|contact|display name|names|individual|people|person name|label",
    "title": "title|job title|jobtitle|position|role|occupation|profession|job|function",
    "email": BUSINESS_WORDS["email"],
    "phone": BUSINESS_WORDS["phone"],
    "mobile": "mobile|mobile phone|mobile number|cell|cell phone|cellphone|cellular|cell number|mobile no",
    "employer": "employer|company|business|organization|organisation|org|firm|employer name|company name|workplace"
    "|business name|organization name|organisation name|account|account name|institution|affiliation"
    "|works at|place of work",
    "born_on": "dob|date of birth|birth date|birthdate|birthday|born|born on|d o b|date birth",
    "birth_place": "birth place|place of birth|birthplace|born in",
    "gender": "gender|sex",
    "national_id": "ssn|soc sec id|social security number|social security|national id|nino|soc sec",
    "street": BUSINESS_WORDS["street"],
    "unit": BUSINESS_WORDS["unit"],
    "city": BUSINESS_WORDS["city"],
    "state": BUSINESS_WORDS["state"],
    "zip": BUSINESS_WORDS["zip"],
    "county": BUSINESS_WORDS["county"],
}
WORDS: dict[str, dict[str, str]] = {"business": BUSINESS_WORDS, "person": PERSON_WORDS}
HEADINGS = {
    kind: {heading: meaning for meaning, headings in words.items() for heading in headings.split("|")}
    for kind, words in WORDS.items()
}
# What a person may say with --map, beside `none`.
MEANINGS = {kind: tuple(words) for kind, words in WORDS.items()}

# Words that only say whose value it is, in lists of businesses and of people.
OWN = {
    "business", "company", "organization", "organisation", "org", "employer", "firm", "establishment", "facility",
    "site", "store", "school", "provider", "account", "main", "primary", "work", "office", "physical", "location",
    "street", "customer", "member", "vendor", "institution", "center", "centre", "the", "of", "no", "corporate",
    "current", "entity", "reported", "key",
}  # fmt: skip
OF_PERSON = {"person", "individual", "contact", "client", "employee", "member", "work", "primary", "home", "main",
             "personal", "own", "patient", "customer", "student", "participant", "attendee", "staff"}  # fmt: skip
EMPLOYERS = {"business", "company", "organization", "organisation", "org", "employer", "firm"}
# Words that make a column a lesser one.
SECOND = {"mailing", "billing", "other", "second", "secondary", "alternate", "alt", "alternative", "previous", "old",
          "postal", "mail"}  # fmt: skip
CONTACT = {"contact", "director", "owner", "principal", "manager", "president", "ceo", "agent", "officer", "executive",
           "administrator", "representative", "rep", "chair", "chairperson", "supervisor", "coordinator", "proprietor",
           "partner"}  # fmt: skip
# Words over cells that look like something that they are not.
UNWANTED = {"fax", "lat", "lng", "lon", "latitude", "longitude", "date", "year", "note", "notes", "comment",
            "comments", "license", "licence", "count", "assistant", "country", "type"}  # fmt: skip
# What has a name and is no business.
OTHER_NAMES = {"file", "user", "program", "programme", "project", "sheet", "district", "region", "neighborhood",
               "category", "industry", "product", "service", "event", "course", "document", "naics", "sic", "first",
               "last", "given", "middle", "nick", "maiden"}  # fmt: skip
# Short words in headings.
SPELLED_OUT = {"nm": "name", "nbr": "number", "num": "number", "nr": "number", "biz": "business", "addr": "address",
               "tel": "telephone", "dt": "date", "init": "initial", "cust": "customer", "mgr": "manager",
               "est": "establishment"}  # fmt: skip

SAID_RANK, FIRST_RANK, SECOND_RANK, CONTACT_RANK = range(4)
SHORTEST_SLIP = 5  # letters; a slip in a shorter heading makes another word
MOSTLY = 0.8  # of the filled cells
ENOUGH = 3  # filled cells from which something can be told
MANY_NAMES = 50  # a column that says whose list a row is from has fewer different cells, or less than a tenth


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is read: its heading, what it means (`none`: nothing), and why, in words."""

    header: str
    meaning: str
    why: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read: as records of which kind, and what each column means, in the order of the file."""

    kind: KindName
    columns: tuple[Column, ...]

    def places(self, meaning: str) -> tuple[int, ...]:
        """The places (from 0) of the columns with this meaning."""
        return tuple(place for place, column in enumerate(self.columns) if column.meaning == meaning)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column may mean, and how far it stands behind one of first rank; a word of a person has rank 0."""

    meaning: str
    rank: int
    why: str


Samples = Mapping[str, Sequence[str]]


def read_layout(
    headers: Sequence[str], samples: Samples, *, kind: KindName | None = None, maps: Iterable[str] = ()
) -> Layout:
    """What the columns of a table mean; `samples` are filled cells by heading, `maps` texts such as "Site=name".

    Headings differ from each other. Raises Refused for a map that names no column, or no meaning.
    """
    said = parse_maps(maps, headers)
    kind = kind or guess_kind(headers, samples, said)
    check_meanings(kind, said)
    return Layout(kind, tuple(guess_columns(kind, headers, samples, said)))


def split_heading(heading: str) -> list[str]:
    """The heading's words: "PhoneNo2" and "phone_no_2" are both phone, no, 2."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    parted = re.sub(r"(?<=[^\W\d_])(?=\d)", " ", parted)
    return re.findall(r"[^\W_]+", fold(parted))


# What a person says.


def parse_maps(maps: Iterable[str], headers: Sequence[str]) -> dict[str, str]:
    """heading -> meaning as said, in lower case. Raises Refused for what is no rule and for an unknown heading."""
    known = {" ".join(split_heading(header)): header for header in reversed(headers)}
    known |= {" ".join(header.split()).casefold(): header for header in reversed(headers)}
    said: dict[str, str] = {}
    for text in maps:
        heading, equals, meaning = text.rpartition("=")
        if not (equals and heading.strip() and meaning.strip()):
            raise Refused(f'{text!r} is no column map. Write COLUMN=MEANING, such as --map "Site name=name".')
        header = known.get(" ".join(heading.split()).casefold()) or known.get(" ".join(split_heading(heading)))
        if header is None:
            raise Refused(f"The file has no column {heading.strip()!r}. Its columns are: {', '.join(headers)}.")
        said[header] = "_".join(split_heading(meaning))
    return said


def check_meanings(kind: KindName, said: Mapping[str, str]) -> None:
    """Raises Refused for a meaning that columns of such a list do not have."""
    for header, meaning in said.items():
        if meaning not in (*MEANINGS[kind], NONE):
            raise Refused(
                f"{header!r} cannot mean {meaning!r} in a list of {PLURAL[kind]}. It can mean: "
                f"{', '.join(MEANINGS[kind])}, or {NONE}."
            )


PLURAL: dict[str, str] = {"business": "businesses", "person": "people"}


# Whether a table is of businesses or of people.

BUSINESS_SIGNS = {"dba": 2, "legal_name": 2, "naics": 2, "ein": 2, "website": 1, "people": 2, "parent": 1}
PERSON_SIGNS = {"born_on": 3, "national_id": 2, "gender": 2, "title": 1, "mobile": 1, "birth_place": 1}


def guess_kind(headers: Sequence[str], samples: Samples, said: Mapping[str, str] | None = None) -> KindName:
    """A list of people has first and last names, birthdays, titles; one of businesses has trade names, codes, contacts.

    Without a sign of either it is a list of businesses.
    """
    said = said or {}
    meant = set(said.values())
    if meant & (BUSINESS_WORDS.keys() - PERSON_WORDS.keys()):
        return "business"
    if meant & (PERSON_WORDS.keys() - BUSINESS_WORDS.keys()):
        return "person"
    open_headers = [header for header in headers if header not in said]
    as_business = {guess.meaning for guess in guess_each("business", open_headers, samples) if guess}
    as_person = {guess.meaning for guess in guess_each("person", open_headers, samples) if guess}
    spelled = [split_heading(header) for header in headers]
    own = {" ".join(words) for words in spelled if not CONTACT & set(words)}
    business = sum(points for meaning, points in BUSINESS_SIGNS.items() if meaning in as_business)
    business += any(EMPLOYERS & set(words) for words in spelled)
    person = sum(points for meaning, points in PERSON_SIGNS.items() if meaning in as_person)
    person += 2 * any(HEADINGS["person"].get(words) in ("first_name", "last_name") for words in own)
    person += 2 * bool(own & {"full name", "fullname", "person name"} or ("name" in own and "employer" in as_person))
    return "person" if person > business else "business"


# What one column says for itself.


def guess_each(kind: KindName, headers: Sequence[str], samples: Samples) -> list[Guess | None]:
    return [guess_column(kind, header, samples.get(header, ())) for header in headers]


def guess_column(kind: KindName, header: str, cells: Sequence[str]) -> Guess | None:
    """What a heading says, unless the cells belie it; else what the cells look like; None if neither says anything."""
    guess = match_heading(kind, header)
    if guess is None:
        looks = match_cells(kind, header, cells)
        return Guess(looks, SECOND_RANK, "by its cells") if looks else None
    if guess.meaning == "people" and is_organisations(cells):
        return Guess("legal_name", SECOND_RANK, "by its cells, which name organisations")
    if guess.meaning == "agency" and "agency" in split_heading(header) and not is_list_name(cells):
        meaning = "parent" if kind == "business" else "employer"
        return Guess(meaning, SECOND_RANK, "by its cells, which are too many for the names of lists")
    fits = FITS.get(guess.meaning)
    if fits and cells and sum(map(fits, cells)) * 2 < len(cells):
        looks = match_cells(kind, header, cells)
        odd = next(cell for cell in cells if not fits(cell)).strip()
        why = f"cells such as {odd[:30]!r} are no {guess.meaning}"
        return Guess(looks, SECOND_RANK, "by its cells") if looks else Guess(NONE, SECOND_RANK, why)
    looks = match_cells(kind, header, cells)
    if looks in ("email", "website") and looks != guess.meaning:
        return Guess(looks, SECOND_RANK, "by its cells")
    return guess


def heading_words(header: str) -> list[str]:
    """The words of a heading in the spelling of the tables above, without numbers ("Phone 2" is a phone)."""
    text = " ".join(SPELLED_OUT.get(word, word) for word in split_heading(header))
    words = text.replace("e mail", "email").replace("web site", "website").split()
    # Four digits behind a zip are no zip.
    return [] if {"zip", "4"} <= set(words) else [word for word in words if not word.isdigit()]


def match_heading(kind: KindName, header: str) -> Guess | None:
    """What the words of a heading say, with the words that only say whose it is left out."""
    headings = HEADINGS[kind]
    words = heading_words(header)
    whole = " ".join(words)
    if whole in headings:
        return Guess(headings[whole], FIRST_RANK, "by its heading")
    if not words or UNWANTED & set(words):
        return None
    rank = SECOND_RANK if SECOND & set(words) else FIRST_RANK
    core = [word for word in words if word not in SECOND]
    if kind == "business":
        if CONTACT & set(core):
            return match_contact([word for word in core if word not in CONTACT and word not in OWN])
        if core in (["mobile"], ["cell"], ["mobile", "phone"], ["cell", "phone"]):
            return Guess("phone", SECOND_RANK, "by its heading")
    elif EMPLOYERS & set(core):
        core = [word for word in core if word not in EMPLOYERS]
        if not core or core == ["name"]:
            return Guess("employer", rank, "by its heading")
        rank = SECOND_RANK
    spare = OWN if kind == "business" else OF_PERSON
    bare = [word for word in core if word not in spare]
    for left in (core, bare, core[-1:] if not bare else [], bare[::-1], bare[:-1] if bare[-1:] == ["name"] else []):
        if meaning := headings.get(" ".join(left)):
            return Guess(meaning, rank, "by its heading")
    return match_nearly(kind, whole, rank) or match_part(kind, words)


def match_contact(core: list[str]) -> Guess | None:
    """What a column of a business's contact says: a name is one of its people; a phone is the business's at need."""
    if not core or core in (["name"], ["names"], ["full", "name"]):
        return Guess("people", FIRST_RANK, "by its heading")
    meaning = HEADINGS["business"].get(" ".join(core))
    if meaning in ("first_name", "last_name"):
        return Guess(meaning, FIRST_RANK, "by its heading")
    return Guess(meaning, CONTACT_RANK, "by its heading") if meaning in ("phone", "email") else None


def match_nearly(kind: KindName, whole: str, rank: int) -> Guess | None:
    """What a heading with a slip of the pen says."""
    headings = HEADINGS[kind]
    if len(whole) < SHORTEST_SLIP:
        return None
    near = process.extractOne(whole, list(headings), scorer=OSA.distance, score_cutoff=1)
    return Guess(headings[near[0]], max(rank, SECOND_RANK), f"its heading is nearly {near[0]}") if near else None


def match_part(kind: KindName, words: list[str]) -> Guess | None:
    """A heading that begins ("postcode_checked") or ends ("HQ city") with what cells can belie, or with a name."""
    for part in (words[:-1], words[-1:], words[-2:]):
        meaning = HEADINGS[kind].get(" ".join(part))
        if meaning in ("zip", "phone", "email", "website") or (meaning == "city" and part != words[:-1]):
            return Guess(meaning, SECOND_RANK, "by a part of its heading")
    if kind == "business" and words[-1] == "name" and not OTHER_NAMES & set(words):
        return Guess("name", SECOND_RANK, "by a part of its heading")
    return None


# What cells look like.

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WEBSITE = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
PHONE = re.compile(r"\+?[\d\s().\-/]{7,20}(?:\s*(?:x|ext\.?)\s*\d+)?", re.IGNORECASE)
PHONE_MARKS = re.compile(r"\d\D+\d{3}\D+\d{4}|^\+?1?\d{10}$|^\(\d{3}\)")
EIN = re.compile(r"\d{2}-\d{7}")
ZIP = re.compile(r"\d{5}(-\d{4})?")
STREET = re.compile(r"\d+[a-z]?\s+\S.*", re.IGNORECASE)
DIGITS = re.compile(r"\D+")


def count_digits(cell: str) -> int:
    return len(DIGITS.sub("", cell))


def has_letter(cell: str) -> bool:
    return any(map(str.isalpha, cell))


def is_street(cell: str) -> bool:
    return bool(STREET.fullmatch(cell.strip())) and not STREET_SUFFIXES.keys().isdisjoint(split_words(fold(cell)))


def is_phone(cell: str) -> bool:
    return bool(PHONE.fullmatch(cell.strip()) and PHONE_MARKS.search(cell.strip()))


# What a cell must be for its heading to be believed.
FITS: dict[str, Callable[[str], bool]] = {
    "name": has_letter,
    "dba": has_letter,
    "legal_name": has_letter,
    "people": has_letter,
    "co_names": has_letter,
    "employer": has_letter,
    "first_name": has_letter,
    "last_name": has_letter,
    "city": has_letter,
    "state": has_letter,
    "email": lambda cell: "@" in cell,
    "phone": lambda cell: count_digits(cell) >= 7,
    "mobile": lambda cell: count_digits(cell) >= 7,
    "website": lambda cell: "." in cell and "@" not in cell,
    "ein": lambda cell: 8 <= count_digits(cell) <= 9,
    "naics": lambda cell: cell.strip().replace("-", "").isdigit(),
    "zip": lambda cell: any(map(str.isdigit, cell)),
}
# What cells say without any heading, in the order in which it is looked for.
LOOKS: dict[str, Callable[[str], bool]] = {
    "email": lambda cell: bool(EMAIL.fullmatch(cell.strip())),
    "website": lambda cell: bool(WEBSITE.fullmatch(cell.strip())),
    "ein": lambda cell: bool(EIN.fullmatch(cell.strip())),
    "phone": is_phone,
    "street": is_street,
}


# What stands between the items of a list in one cell.
SEPARATORS = re.compile(r"\*\*|[;|\n]")


def split_list(cell: str) -> list[str]:
    """The items of a list in one cell."""
    return [item for part in SEPARATORS.split(cell) if (item := part.strip())]


def is_names_in_lists(cells: Sequence[str]) -> bool:
    """Whether cells hold lists of names: of two words or more, and mostly each another one, as kinds of things are
    not."""
    lists = [split_list(cell) for cell in cells]
    items = [item for found in lists for item in found]
    names = {item for item in items if has_letter(item) and len(split_words(fold(item))) > 1}
    return sum(len(found) > 1 for found in lists) * 2 >= len(lists) and len(names) * 2 >= len(items)


def match_cells(kind: KindName, header: str, cells: Sequence[str]) -> str | None:
    """What most cells of a column are, if that can be told from them alone."""
    if len(cells) < ENOUGH or UNWANTED & set(split_heading(header)):
        return None
    if "co_names" in MEANINGS[kind] and is_names_in_lists(cells):
        return "co_names"
    for meaning, looks in LOOKS.items():
        if meaning in MEANINGS[kind] and sum(map(looks, cells)) >= MOSTLY * len(cells):
            return meaning
    return None


def is_organisations(cells: Sequence[str]) -> bool:
    """Whether a column that should name people names firms: half of its cells end in Inc, LLC and the like."""
    ends = [words[-1] for cell in cells if (words := split_words(fold(cell)))]
    return len(ends) >= ENOUGH and sum(word in LEGAL_FORMS for word in ends) * 2 >= len(ends)


def is_list_name(cells: Sequence[str]) -> bool:
    """Whether cells can say whose list a row is from: a few names, again and again."""
    return len(set(cells)) <= max(MANY_NAMES, len(cells) // 10)


# All columns together.


def guess_columns(
    kind: KindName, headers: Sequence[str], samples: Samples, said: Mapping[str, str]
) -> Iterable[Column]:
    """One meaning a column: of several columns for one, those of the best rank have it."""
    guesses: list[Guess | None] = [
        Guess(said[header], SAID_RANK, "as said")
        if header in said
        else guess_column(kind, header, samples.get(header, ()))
        for header in headers
    ]
    guesses = find_name(kind, headers, samples, guesses)
    best: dict[str, tuple[int, str]] = {}
    for header, guess in zip(headers, guesses, strict=True):
        if guess and guess.rank < best.get(guess.meaning, (9, ""))[0]:
            best[guess.meaning] = (guess.rank, header)
    for header, guess in zip(headers, guesses, strict=True):
        if guess is None:
            yield Column(header, NONE, "neither heading nor cells say what it is")
        elif guess.meaning == REC_ID:
            # One column names the rows: of several the first of best rank.
            own = best[REC_ID][1] == header
            yield Column(header, REC_ID, "each row's own") if own else Column(header, NONE, "another is rec_id")
        elif guess.meaning == NONE:
            yield Column(header, NONE, guess.why)
        elif best[guess.meaning][0] == guess.rank:
            yield Column(header, guess.meaning, guess.why)
        else:
            yield Column(header, NONE, f"{best[guess.meaning][1]} is the better {guess.meaning}")


NAMES = {"business": {"name", "dba", "legal_name"}, "person": {"name", "first_name", "last_name"}}


def find_name(
    kind: KindName, headers: Sequence[str], samples: Samples, guesses: list[Guess | None]
) -> list[Guess | None]:
    """Where no heading says a name, the column of texts whose cells differ most from each other is it."""
    if any(guess and guess.meaning in NAMES[kind] for guess in guesses):
        return guesses
    rated: list[tuple[float, int]] = []
    for place, (header, guess) in enumerate(zip(headers, guesses, strict=True)):
        cells = samples.get(header, ())
        mostly_texts = sum(map(has_letter, cells)) >= max(1, MOSTLY * len(cells))
        if guess is None and mostly_texts and not UNWANTED & set(split_heading(header)):
            rated.append((-len(set(cells)) / len(cells), place))
    if rated:
        _, place = min(rated)
        return [*guesses[:place], Guess("name", SECOND_RANK, "by its cells"), *guesses[place + 1 :]]
    return guesses
