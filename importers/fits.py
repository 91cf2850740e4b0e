"""How well a column's cells fit a thing that its heading may name: from 0 (they cannot be that) to 1.

And what the cells look like where no heading speaks.
"""

import re

from importers.cell_types import Cells, is_person

STRICT = frozenset({"email", "phone", "mobile", "assistant_phone", "website", "date", "zip", "state", "ein", "naics"})
DATES = frozenset({
    "date", "promise_due", "promise_kept_on", "service_begun", "service_ended", "closed_on", "offered_on",
    "accepted_on", "declined_on", "outcome_on", "from", "to",
})  # fmt: skip
LEAST_WORD = 1.5  # letters; codes of one letter are no words
ENOUGH = 3  # cells that must be there before they speak for themselves


def fit(thing: str, cells: Cells) -> float | None:
    """None where there are no cells to go by."""
    if thing not in cells.fits:
        cells.fits[thing] = _fit(thing, cells) if cells else None
    return cells.fits[thing]


def _fit(thing: str, cells: Cells) -> float:
    if thing in DATES:
        return _fit_date(cells)
    test = TESTS.get(thing)
    return test(cells) if test else 0.8


def look_alone(cells: Cells) -> tuple[str, float, str] | None:
    """What the cells alone say the column is: the thing, how sure from 0 to 1, and the share in words."""
    if cells.filled < ENOUGH:
        return None
    few = len(cells.texts) < ENOUGH
    for thing, look, least, score, word in ALONE:
        share = cells.share(look)
        if (
            share >= least
            and not (few and thing not in FEW_ALONE)
            and not (thing == "website" and (cells.share("social") > 0.3 or cells.are_of_one_site))
        ):
            return thing, score, tell_share(share, cells, word)
    if cells.length > SENTENCE and cells.share("letters") > 0.9 and cells.share("url") < 0.5:
        return "notes", 0.45, "most cells are long texts"
    return None


def tell_share(share: float, cells: Cells, word: str) -> str:
    """`48 of 50 different cells are e-mail addresses`."""
    if share == 1:
        return f"its cells are {word}"
    return f"{round(share * len(cells.texts))} of {len(cells.texts)} different cells are {word}"


SENTENCE = 50  # letters
# Things of which one is said again and again.
FEW_ALONE = frozenset({"state", "zip", "channel"})

# thing, look, the least share, how sure that makes it, in words
ALONE = (
    ("email", "email", 0.7, 0.62, "e-mail addresses"),
    ("website", "url", 0.7, 0.6, "web addresses"),
    ("street", "street", 0.7, 0.55, "street addresses"),
    ("ein", "ein", 0.8, 0.5, "written like an EIN"),
    ("phone", "written_phone", 0.8, 0.5, "telephone numbers"),
    ("state", "state", 0.9, 0.45, "states"),
    ("title", "job", 0.6, 0.45, "names of jobs"),
    ("person", "person", 0.6, 0.45, "names of people"),
    ("company", "company", 0.5, 0.45, "names of firms"),
    ("zip", "zip", 0.95, 0.35, "ZIP codes"),
    ("channel", "channel", 0.8, 0.4, "ways to be in touch"),
    ("first", "first_name", 0.7, 0.4, "first names"),
)

# What a cell should look like, for the words of a reason.
LOOKS_LIKE = {
    "email": ("email", "e-mail addresses"),
    "phone": ("phone", "telephone numbers"),
    "mobile": ("phone", "telephone numbers"),
    "zip": ("zip", "ZIP codes"),
    "state": ("state", "states"),
    "website": ("url", "web addresses"),
    "street": ("street", "street addresses"),
    "ein": ("ein", "written like an EIN"),
    "naics": ("naics", "codes of industries"),
    "employees": ("integer", "whole numbers"),
    "title": ("job", "names of jobs"),
    "person": ("person", "names of people"),
    "company": ("company", "names of firms"),
    "first": ("first_name", "first names"),
    "channel": ("channel", "ways to be in touch"),
}  # fmt: skip


def _fit_date(cells: Cells) -> float:
    if cells.patterns:
        return 1.0
    return 0.7 if cells.are_serials else 0.2 if cells.share("year") > 0.8 else 0.0


def _fit_phone(cells: Cells) -> float:
    shortened = sum("E+" in text.upper() or text.endswith(".0") for text in cells.texts) / len(cells.texts)
    return min(1.0, cells.share("phone") + shortened)


def _fit_zip(cells: Cells) -> float:
    short = sum(text.isdigit() and len(text) in (3, 4) for text in cells.texts) / len(cells.texts)
    return min(1.0, max(cells.share("zip") + 0.8 * short, cells.share("postcode")))


STATUSES = re.compile(
    r"(?:in)?activ[eo]|pend(?:ing|iente)|open|closed?|cerrad[oa]|abiert[oa]|complet(?:ed?|o|ado)|approved|new|nuev[oa]|current|"
    r"expired|cancel(?:l?ed|ad[oa])|draft|won|lost|vigente|suspend(?:ed|ido)|actif|inactif|ferme|ouvert",
    re.IGNORECASE,
)


def _fit_state(cells: Cells) -> float:
    if sum(STATUSES.fullmatch(text) is not None for text in cells.texts) > 0.3 * len(cells.texts):
        return 0.0  # "Estado" is a state and a status
    if cells.share("state") > 0.4 or cells.length > 25 or cells.share("digit") > 0.5:
        return cells.share("state")
    return 0.4 * cells.share("letters")


def _fit_city(cells: Cells) -> float:
    if cells.share("yes_no") > 0.5:
        return 0.0
    if cells.share("email", "url", "phone", "street", "digits") > 0.4:
        return 0.1
    return 0.9 if cells.share("word", "city_state") > 0.5 else 0.6 if cells.length < 40 else 0.2


def _fit_street(cells: Cells) -> float:
    if cells.share("email", "url", "point", "phone") > 0.5:
        return 0.0
    if cells.share("city_state") > 0.6:
        return 0.3
    if cells.share("word") > 0.6 and cells.share("street") < 0.2:
        return 0.25
    return max(cells.share("street"), 0.55 if cells.share("letters") > 0.8 else 0.1)


def _fit_ein(cells: Cells) -> float:
    digits = sum(len("".join(filter(str.isdigit, text))) in (8, 9) for text in cells.texts) / len(cells.texts)
    return max(cells.share("ein"), 0.9 * digits)


def _fit_employees(cells: Cells) -> float:
    return cells.share("integer", "range") if cells.length < 9 or cells.share("range") > 0.5 else 0.1


def _fit_yes_no(cells: Cells) -> float:
    if cells.share("yes_no") > 0.5:
        return 1.0
    return 0.1 if cells.patterns or cells.share("digits") > 0.5 else 0.6 if cells.is_few else 0.3


def _fit_first(cells: Cells) -> float:
    if cells.share("first_name") > 0.25:
        return 1.0
    return 0.1 if cells.share("digits", "email") > 0.4 else 0.3 + 0.6 * cells.share("word")


def _fit_last(cells: Cells) -> float:
    return 0.1 if cells.share("digits", "email", "company") > 0.5 else 0.4 + 0.6 * cells.share("word")


def _fit_person(cells: Cells) -> float:
    if cells.share("yes_no") > 0.5:
        return 0.0
    if cells.share("digits", "url") > 0.5 or cells.length > 120 or (cells.length > LIST and _names_nobody(cells)):
        return 0.1
    if cells.share("email") > 0.5:
        return 0.5
    if sum(text.isupper() and len(text) in (3, 4, 5) for text in cells.texts) > 0.8 * len(cells.texts):
        return 0.1  # what bodies are called for short
    if cells.share("company") > 0.5 and cells.share("person") < 0.3:
        return 0.25
    if len(cells.texts) <= 2 and cells.filled >= ENOUGH_ROWS and not cells.share("person", "first_name"):
        return 0.2  # one of two words in every row
    return 1.0 if cells.share("person") > 0.3 else 0.65


ENOUGH_ROWS = 8


LIST = 35  # letters; what is longer is more than one name


def _names_nobody(cells: Cells) -> bool:
    """Whether these are lists of something else than people."""
    parts = (part.strip() for text in cells.texts[:ENOUGH_LISTS] for part in re.split(r"[;,\n/]| and ", text))
    return not cells.share("person", "email") and not any(map(is_person, parts))


ENOUGH_LISTS = 40


def _fit_company(cells: Cells) -> float:
    if cells.share("digits", "email", "url", "phone", "yes_no", "salutation") > 0.6 or cells.length > 120:
        return 0.0
    if (cells.share("state") > 0.8 and cells.length < 3) or cells.share("code") > 0.7:
        return 0.1
    if cells.share("person") > 0.7 and cells.share("company") < 0.15:
        return 0.5
    return 1.0 if cells.share("company") > 0.3 else 0.75


def _fit_title(cells: Cells) -> float:
    if cells.share("salutation") > 0.4 or cells.share("digits", "email", "url") > 0.5:
        return 0.0
    if cells.share("company") > 0.5 and cells.share("job") < 0.25:
        return 0.1
    if cells.length > 70:
        return 0.3
    return 1.0 if cells.share("job") > 0.3 else 0.65


def _fit_id(cells: Cells) -> float:
    if cells.length > 45 or cells.share("decimal", "email", "person", "street", "point") > 0.5:
        return 0.15
    if " " in cells.texts[0] and not all(text.replace(" ", "").isdigit() for text in cells.texts):
        return 0.15
    if cells.share("yes_no") > 0.9 and len(cells.texts) < 3 and cells.filled > 3:
        return 0.1
    if cells.share("digit") < 0.2 and cells.is_few and cells.repeats > 0.3:
        return 0.1  # words that come again and again, such as where a lead came from
    return 1.0 if cells.is_unique else 0.75 if cells.filled < 4 else 0.45


def _fit_notes(cells: Cells) -> float:
    if cells.share("integer") > 0.6:
        return 0.1  # how many there are
    if cells.share("digits", "email", "url") > 0.6:
        return 0.2
    return 1.0 if cells.length > 25 else 0.75


def _fit_channel(cells: Cells) -> float:
    if cells.share("channel") > 0.4:
        return 1.0
    return 0.1 if cells.share("digits") > 0.5 or cells.length > 40 else 0.5 if cells.is_few else 0.3


def _fit_purpose(cells: Cells) -> float:
    if cells.share("digits", "email") > 0.5:
        return 0.1
    return 0.9 if cells.length < 45 and cells.is_few else 0.75


def _fit_few(cells: Cells) -> float:
    if cells.share("email", "url", "digits") > 0.6 or cells.length > 100:
        return 0.1
    return 0.9 if cells.is_few else 0.6 if cells.filled < 8 else 0.35


WAYS = re.compile(
    r"(?:in|out|to|from|we|they|us|them)\b|.*\b(?:inbound|outbound|incoming|outgoing|received|sent|made)\b",
    re.IGNORECASE,
)


def _fit_direction(cells: Cells) -> float:
    told = sum(WAYS.match(text) is not None for text in cells.texts) > 0.4 * len(cells.texts)
    return _fit_few(cells) if told else 0.15


def _fit_words(cells: Cells) -> float:
    if cells.patterns or cells.share("digits", "email", "url") > 0.6 or cells.length < LEAST_WORD:
        return 0.15
    return 0.9 if cells.share("yes_no") < 0.8 else 0.45


def _fit_topics(cells: Cells) -> float:
    return _fit_words(cells) * (1.0 if cells.length < 45 else 0.6)


def _fit_staff(cells: Cells) -> float:
    if cells.share("digits", "url") > 0.5 or cells.length > 60:
        return 0.1
    if cells.share("company") > 0.5 and cells.share("person") < 0.2:
        return 0.4
    return 1.0 if cells.share("person", "email") > 0.3 else 0.75


def _fit_website(cells: Cells) -> float:
    """A site that all rows name is somebody else's, and so are pages of one site."""
    if cells.are_of_one_site or (cells.filled >= ENOUGH_ROWS and len(cells.texts) == 1):
        return 0.1
    return cells.share("url") - cells.share("social")


def _fit_naics(cells: Cells) -> float:
    return max(cells.share("naics"), 0.5 if cells.share("integer") > 0.9 and 2 <= cells.length <= 8 else 0.0)


TESTS = {
    "email": lambda cells: cells.share("email"),
    "contact_email": lambda cells: cells.share("email"),
    "phone": _fit_phone, "mobile": _fit_phone, "assistant_phone": _fit_phone,
    "zip": _fit_zip, "state": _fit_state, "city": _fit_city, "county": _fit_city, "street": _fit_street,
    "website": _fit_website,
    "ein": _fit_ein, "naics": _fit_naics, "employees": _fit_employees,
    "do_not_contact": _fit_yes_no, "reached": _fit_yes_no,
    "first": _fit_first, "last": _fit_last, "person": _fit_person, "sitter": _fit_person, "assistant": _fit_person,
    "company": _fit_company, "dba": _fit_company, "legal": _fit_company, "parent": _fit_company, "name": _fit_words,
    "title": _fit_title, "id": _fit_id, "license_id": _fit_id, "notes": _fit_notes, "channel": _fit_channel,
    "direction": _fit_direction, "purpose": _fit_purpose, "topics": _fit_topics, "outcome": _fit_words,
    "promise": _fit_words, "staff": _fit_staff, "program": _fit_few, "service": _fit_words, "agency": _fit_few,
    "table": _fit_few, "from_program": _fit_few, "to_program": _fit_few,
}  # fmt: skip
