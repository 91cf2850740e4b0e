"""What the cells of a column look like: how many of them are e-mail addresses, telephone numbers, states, names…

Each look is a small test of one trimmed text. A column is looked at once, by a sample of its different cells, without
placeholders such as "N/A", which say nothing of what the column is for.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import mean

from crm.dedupe.text import drop_accents
from importers.dates import are_serials, likely_patterns
from importers.name_words import CHANNEL_WORDS, COMPANY_WORDS, FIRST_NAMES, JOB_WORDS, SALUTATIONS, STATES, STREETS

SAMPLE = 300
PAGES = 3  # of one web site, from which on they are no sites of their own

PLACEHOLDER = re.compile(
    r"[-–—.?*_/\\]+|n/?a,?|n\.a\.|not available|not applicable|none|null|nil|nan|-1|unknown|unk\.?|vacant|tbd|tba|"
    r"blank|see notes|notes, see|\(?blank\)?|#n/a|unspecified|no data|not provided|not reported|pending",
    re.IGNORECASE,
)
EMAIL = re.compile(r"(?:mailto:|.*<)?[^@\s<>,;]+@[^@\s<>,;]+\.[a-z]{2,}>?", re.IGNORECASE)
URL = re.compile(r"(?:https?://|www\.)\S+|(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|us|biz|info|co|io|ca|uk|au|nz|shop|net)"
                 r"(?:/\S*)?", re.IGNORECASE)  # fmt: skip
EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension|#)\s*\d{1,6}\s*$", re.IGNORECASE)
PHONE_LETTERS = re.compile(r"\+?[\d\s().\-/·–]+")
PAIRS = re.compile(r"0\d(?: \d\d){4}")  # as the French write them
LONGEST_BARE_PHONE = 12  # digits without any sign between them
AMERICAN = re.compile(r"1?[2-9]\d\d[2-9]\d{6}")
GUID = re.compile(
    r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?|(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z]{15,18}", re.ASCII
)
ZIP = re.compile(r"\d{5}(?:[- ]?\d{4}|-)?(?:\.0)?|[A-Z]\d[A-Z] ?\d[A-Z]\d", re.IGNORECASE)
# Of other countries, where the heading says that it is one: "560001", "LS1 4AP".
POSTCODE = re.compile(r"\d{6}|\d{3} \d{2,3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)
HOST = re.compile(r"(?:https?://|(?!https?:))(?:www\.)?([^/\s?]+)/\S", re.IGNORECASE)
EIN = re.compile(r"\d{2}-\d{7}")
NAICS = re.compile(r"(?:1[1]|2[1-3]|3[1-3]|4[24589]|5[1-6]|6[12]|7[12]|81|92)\d{0,6}(?:\.0)?|(?:31-33|44-45|48-49)"
                   r"|(?:\d{2,6}|31-33|44-45|48-49)\s*[:–-]\s*[A-Z].*|\D+\(\d{2,6}\)")  # fmt: skip
INTEGER = re.compile(r"-?\d{1,3}(?:,\d{3})+|-?\d+(?:\.0+)?")
DECIMAL = re.compile(r"-?\d+\.\d+")
MONEY = re.compile(r"[$€£]\s?[\d,]+(?:\.\d+)?(?:\s?[KMB](?:illion)?)?.*")
RANGE = re.compile(
    r"\d[\d,]*\s*(?:-|–|to)\s*\d[\d,]*|\d[\d,]*\s?\+|(?:under|over|less than|more than|<|>)\s*\d[\d,]*", re.IGNORECASE
)
POINT = re.compile(r"\(?-?\d+\.\d+,\s*-?\d+\.\d+\)?|POINT ?\(.*\)|.*\n\(?-?\d+\.\d+, -?\d+\.\d+\)")
YEAR = re.compile(r"(?:18|19|20)\d\d(?:\.0)?")
DAY = re.compile(r"\d{1,2}[ -][A-Za-z]{3,9}\.?[ -]\d{2,4}.*|\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?:[ T].*)?")
SOCIAL = re.compile(r"linkedin|facebook|twitter|instagram|youtube|x\.com/", re.IGNORECASE)
CODE = re.compile(r"(?=.*\d)[A-Z0-9]+(?:[-_.#/][A-Z0-9]+)*")
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?\s*(?:[AP]\.?M\.?)?", re.IGNORECASE)
YES_NO = frozenset({"yes", "no", "y", "n", "true", "false", "t", "f", "0", "1", "x", "on", "off"})
HOUSE = re.compile(r"\d+[\w/-]*(?:\s*-\s*\d+)?\s+\S.*|P\.?\s?O\.?\s+Box\s+\d+.*|(?:one|two|three) .*", re.IGNORECASE)
CITY_STATE = re.compile(r"[A-Za-z .'-]+,\s*[A-Z]{2}\.?(?:\s+\d{5}(?:-\d{4})?)?")
WORD = re.compile(r"[^\W\d_][\w'’.-]*")
LEGAL = re.compile(
    r"\b(?:inc|llc|l\.l\.c|corp|co|ltd|llp|lp|pllc|plc|pc|dba|company|corporation|incorporated|limited|gmbh)\b\.?",
    re.IGNORECASE,
)


def is_phone(text: str) -> bool:
    bare = EXTENSION.sub("", text)
    if PAIRS.fullmatch(bare):
        return True
    if DAY.fullmatch(bare):
        return False
    digits = sum(map(str.isdigit, bare))
    if digits == len(bare) and digits > LONGEST_BARE_PHONE:
        return False
    return (
        PHONE_LETTERS.fullmatch(bare) is not None and 7 <= digits <= 15 and not re.fullmatch(r"\d{4}-\d\d-\d\d.*", bare)
    )


def is_written_phone(text: str) -> bool:
    """A telephone number by which no heading is needed to know it: with its signs, or ten digits that may be one."""
    digits = sum(map(str.isdigit, text))
    if not is_phone(text) or (
        digits > LONGEST_BARE_PHONE and not text.startswith(("+", "00")) and not EXTENSION.search(text)
    ):
        return False
    return not text.isdigit() or AMERICAN.fullmatch(text) is not None


def is_state(text: str) -> bool:
    return text.casefold().strip(" .") in STATES


def is_street(text: str) -> bool:
    if DAY.fullmatch(text):
        return False
    words = [word.casefold().strip(".") for word in WORD.findall(text)]
    return bool(HOUSE.fullmatch(text)) and len(words) >= 1 and not is_phone(text) and (
        bool(STREETS & set(words)) or (text[:1].isdigit() and len(words) <= 5 and not LEGAL.search(text))
    )  # fmt: skip


def is_company(text: str) -> bool:
    words = {word.casefold().strip(".,") for word in WORD.findall(text)}
    return bool(LEGAL.search(text)) or bool(words & COMPANY_WORDS) or ("&" in text and "@" not in text)


def is_person(text: str) -> bool:
    """Some words with a first name at the right place: "Ana Silva", "Silva, Ana", "Dr. Ana M. Silva"."""
    if any(map(str.isdigit, text)) or "@" in text or "%" in text or is_company(text):
        return False
    words = [word.casefold().strip(".,") for word in WORD.findall(drop_accents(text))]
    words = [word for word in words if word not in SALUTATIONS]
    if not 2 <= len(words) <= 5:
        return False
    if "," in text:
        return any(word in FIRST_NAMES for word in words[1:])
    return words[0] in FIRST_NAMES


def is_first_name(text: str) -> bool:
    words = drop_accents(text).casefold().strip(".").split()
    return 1 <= len(words) <= 2 and words[0] in FIRST_NAMES


def is_word(text: str) -> bool:
    """One or two words with capitals and without digits, as surnames and cities are."""
    words = text.split()
    return 1 <= len(words) <= 3 and not any(map(str.isdigit, text)) and text[:1].isupper() and "@" not in text


def is_job(text: str) -> bool:
    words = {word.casefold().strip(".,") for word in WORD.findall(text)}
    return bool(words & JOB_WORDS) and len(words) <= 10


def is_channel(text: str) -> bool:
    plain = " ".join(re.findall(r"[a-z]+", text.casefold()))
    return plain in CHANNEL_WORDS or (len(plain) < 40 and bool(set(plain.split()) & CHANNEL_STRONG))


CHANNEL_STRONG = frozenset(
    {"phone", "call", "email", "visit", "zoom", "video", "virtual", "telephone", "teams", "onsite"}
)

LOOKS: dict[str, Callable[[str], bool]] = {
    "email": lambda text: EMAIL.fullmatch(text) is not None,
    "url": lambda text: URL.fullmatch(text) is not None,
    "phone": is_phone,
    "written_phone": is_written_phone,
    "guid": lambda text: GUID.fullmatch(text) is not None,
    "zip": lambda text: ZIP.fullmatch(text) is not None,
    "postcode": lambda text: (ZIP.fullmatch(text) or POSTCODE.fullmatch(text)) is not None,
    "state": is_state,
    "ein": lambda text: EIN.fullmatch(text) is not None,
    "naics": lambda text: NAICS.fullmatch(text) is not None,
    "integer": lambda text: INTEGER.fullmatch(text) is not None,
    "decimal": lambda text: DECIMAL.fullmatch(text) is not None,
    "money": lambda text: MONEY.fullmatch(text) is not None,
    "range": lambda text: RANGE.fullmatch(text) is not None,
    "point": lambda text: POINT.fullmatch(text) is not None,
    "year": lambda text: YEAR.fullmatch(text) is not None,
    "digit": lambda text: any(map(str.isdigit, text)),
    "code": lambda text: CODE.fullmatch(text) is not None,
    "social": lambda text: SOCIAL.search(text) is not None,
    "time": lambda text: TIME.fullmatch(text) is not None,
    "yes_no": lambda text: text.casefold() in YES_NO,
    "street": is_street,
    "city_state": lambda text: CITY_STATE.fullmatch(text) is not None,
    "company": is_company,
    "person": is_person,
    "first_name": is_first_name,
    "word": is_word,
    "job": is_job,
    "salutation": lambda text: text.casefold().strip(". ") in SALUTATIONS,
    "channel": is_channel,
    "digits": lambda text: sum(map(str.isdigit, text)) * 2 > len(text),
    "letters": lambda text: any(map(str.isalpha, text)),
}


@dataclass(frozen=True)
class Cells:
    """A column's cells as they look. `texts` are different ones, trimmed and without placeholders; `filled` counts all.

    `repeats` is the share of cells that say again what another says.
    """

    texts: tuple[str, ...]
    filled: int
    repeats: float

    def __bool__(self) -> bool:
        return bool(self.texts)

    @cached_property
    def fits(self) -> dict[str, float | None]:
        """How well they fit things, as far as that has been asked (`fits.fit`)."""
        return {}

    @cached_property
    def are_serials(self) -> bool:
        """Whether they may be days that a spreadsheet has turned into numbers."""
        return are_serials(self.texts)

    @cached_property
    def are_of_one_site(self) -> bool:
        """Whether these are pages of one web site, as each row's own page in a directory."""
        hosts = [found[1].casefold() for text in self.texts if (found := HOST.match(text))]
        return len(hosts) >= PAGES and len(set(hosts)) == 1 and len(hosts) == len(self.texts)

    @cached_property
    def shares(self) -> dict[str, float]:
        """The share of the texts that look so, for each look."""
        count = max(1, len(self.texts))
        return {name: sum(map(test, self.texts)) / count for name, test in LOOKS.items()}

    def share(self, *looks: str) -> float:
        """The highest share among these looks."""
        return max(self.shares[look] for look in looks)

    @cached_property
    def patterns(self) -> list[str]:
        """The patterns under which they are dates."""
        digits = self.shares["digits"] if self.texts else 0
        return likely_patterns(self.texts) if digits > 0 or any(map(str.isdigit, "".join(self.texts[:5]))) else []

    @cached_property
    def length(self) -> float:
        """How many letters a text has, on average."""
        return mean(map(len, self.texts)) if self.texts else 0.0

    @property
    def is_unique(self) -> bool:
        """Whether each row says something of its own; a handful of rows proves nothing."""
        return self.filled >= 3 and self.repeats < 0.02

    @property
    def is_few(self) -> bool:
        """Whether a few texts come again and again."""
        return len(self.texts) <= 2 or self.repeats > 0.7 or (self.filled >= 8 and len(self.texts) <= 12)


def look_at(cells: Sequence[str]) -> Cells:
    """A column's filled cells as they look."""
    trimmed = [text for cell in cells if not PLACEHOLDER.fullmatch(text := cell.strip())]
    different = list(dict.fromkeys(trimmed))
    repeats = 1 - len(different) / len(trimmed) if trimmed else 0.0
    return Cells(tuple(different[:SAMPLE]), len(trimmed), repeats)
