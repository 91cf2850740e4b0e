"""What the cells of each kind of column may hold: one function from the trimmed text to a value or a `Problem`.

None of them guesses. A text that differs from a word of a list only in case, blanks or hyphens is that word; anything
else is refused with the word that was probably meant. Blank cells never get here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from importers.dates import read_iso
from importers.verdicts import Problem, Remark, Value, Verdict

Check = Callable[[str], Value | Verdict]

CHANNELS = ("visit", "survey", "call", "video", "email", "text", "letter", "event", "mass_mail")
DIRECTIONS = ("out", "in")
PURPOSES = (
    "needs", "survey", "input", "sponsorship", "job_development", "invitation", "relationship", "service", "follow_up",
)  # fmt: skip
SYSTEMS = ("workforce", "education", "economic_development", "other")
VISIBILITIES = ("exists", "who", "full")

# What people write instead, for "did you mean"; never taken without asking.
MEANT = {
    "phone": "call", "telephone": "call", "phonecall": "call", "meeting": "visit", "inperson": "visit",
    "sitevisit": "visit", "onsite": "visit", "zoom": "video", "teams": "video", "videocall": "video",
    "virtual": "video", "mail": "letter", "post": "letter", "sms": "text", "newsletter": "mass_mail",
    "mailing": "mass_mail", "massemail": "mass_mail", "outbound": "out", "outgoing": "out", "inbound": "in",
    "incoming": "in", "needsassessment": "needs", "jobdev": "job_development", "recruiting": "job_development",
    "ask": "input", "y": "yes", "true": "yes", "1": "yes", "x": "yes", "n": "no", "false": "no", "0": "no",
    "college": "education", "chamber": "economic_development", "all": "full",
}  # fmt: skip

SHORTENED = re.compile(r"\d(\.\d+)?E\+\d{2,3}", re.IGNORECASE)
SHORTENED_REMARK = "looks like a number that a spreadsheet has shortened; it is kept as it is"
EIN = re.compile(r"\d{2}-?\d{7}")
NAICS = re.compile(r"\d{2,6}|31-33|44-45|48-49")
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")
DOMAIN = re.compile(r"(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_][\w-]*[^\W_]\.?(?::\d{1,5})?(?:[/?#][^\s<>\"'\\^`{|}]*)?")
# Sites and numbers as most are, which need no closer look.
USUAL_SITE = re.compile(
    r"(?:https?://)?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,}(?:/[\w/.-]*)?", re.ASCII
)
USUAL_PHONE = re.compile(r"[+(]?\d(?:[\d ().-]*[\d)])?", re.ASCII)
MAX_EMPLOYEES = 10_000_000


def take_text(text: str) -> str:
    """Any text as it stands."""
    return text


def check_id(text: str) -> str | Remark:
    """An identifier of the source; 7.73E+16 is one that a spreadsheet has spoiled."""
    return Remark(text, SHORTENED_REMARK) if SHORTENED.fullmatch(text) else text


def check_org(text: str) -> str | Problem:
    """The name of an agency or program, which holds no `,`, `;` or `:` because those part lists of them."""
    found = next((sign for sign in ",;:" if sign in text), None)
    if found is None:
        return text
    return Problem(f"Names of agencies and programs hold no {found!r}.", f"Write the name without {found!r}.")


def check_program_reference(text: str) -> str | Problem:
    """A program, or `AGENCY:PROGRAM` where two agencies have programs of one name."""
    parts = text.split(":")
    if len(parts) == 2 and all(map(str.strip, parts)):
        return next((wrong for part in parts if isinstance(wrong := check_org(part), Problem)), text)
    return check_org(text)


def check_qualified(text: str) -> str | Problem:
    """`AGENCY:SOURCE_ID`: whose row is meant cannot be told from the id alone."""
    agency, colon, key = text.partition(":")
    if colon and agency.strip() and key.strip():
        return text
    return Problem("This does not say whose business it is.", "Write AGENCY:SOURCE_ID, such as Lakeshore College:B-17.")


# Addresses as most are, which need no closer look: letters of ASCII, no quotation, no brackets, no names in other
# alphabets in disguise (`xn--`).
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
USUAL_EMAIL = re.compile(
    rf"(?=[^@]{{1,64}}@){ATOM}(?:\.{ATOM})*@(?:{LABEL}\.)+(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}})?)?[A-Za-z]", re.ASCII
)
LONGEST_USUAL = 200


@cache
def _list_special_domains() -> tuple[str, ...]:
    from email_validator import SPECIAL_USE_DOMAIN_NAMES

    return tuple(f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES)


def is_usual_email(text: str) -> bool:
    """Whether an address is surely of good form, found without the long way of `email_validator`."""
    if len(text) > LONGEST_USUAL or "--" in text or not USUAL_EMAIL.fullmatch(text):
        return False
    return not ("." + text.rpartition("@")[2].lower()).endswith(_list_special_domains())


def check_email(text: str) -> str | Problem:
    """One address of good form; whether it exists is not asked."""
    if is_usual_email(text):
        return text
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        fix = "Write one address such as ana@example.org, or leave the cell blank and put the text into the notes."
        return Problem(f"This is not an e-mail address: {error}", fix)
    return text


YES, NO = frozenset(("y", "yes", "true", "x", "1")), frozenset(("n", "no", "none", "false", "0", "n/a", "-"))


def check_promise(text: str) -> str | Remark:
    """What was promised. Logs that only tick "Follow-up needed?" do not say what; where they say no, nothing was."""
    word = text.casefold()
    if word in NO:
        return Remark(None, "says that nothing was promised; left blank")
    return Remark("Follow up", 'says only that there is something to do; taken as "Follow up"') if word in YES else text


NO_MAILBOX = "no e-mail address; kept as it stands, and not used"
NO_WEBSITE = "no web address; kept as it stands, and not used"


def check_mailbox(text: str) -> str | Problem | Remark:
    """The e-mail address of a business or person. Lists put "none" or a date here: a row is not refused for that.

    Of several in one cell the first is used.
    """
    if "@" not in text:
        return Remark(text, NO_MAILBOX, is_used=False)
    first = _first_of(text, sign="@")
    if first == text:
        return check_email(text)
    found = check_email(first)
    return Remark(first, SEVERAL) if isinstance(found, str) else found


# Address books put all of a person's addresses, or numbers, into one cell.
SEVERAL = "several in one cell; the first is used"
BETWEEN = re.compile(r"\s*(?::::|;|\||\n)\s*")
BETWEEN_SIGNS = (":::", ";", "|", "\n")


def _first_of(text: str, sign: str = "") -> str:
    """The first of several with this sign in it, or of all; the text where there is but one."""
    if not any(between in text for between in BETWEEN_SIGNS):
        return text.strip()
    return next((part for part in BETWEEN.split(text) if part.strip() and sign in part), text).strip()


def check_website(text: str) -> str | Problem | Remark:
    """`https://…`, `http://…` or a bare domain; anything else could run as a script where it is clicked.

    Lists also say "No" here: what cannot be meant as an address is kept, and a row is not refused for it.
    """
    if USUAL_SITE.fullmatch(text):
        return text
    if not re.search(r"[.:/<>\"']", text):
        return Remark(text, NO_WEBSITE, is_used=False)
    bare = text
    if "://" in text:
        scheme, _, bare = text.partition("://")
        if scheme.lower() not in ("http", "https"):
            return Problem("Only web addresses with http or https are taken.", "Write it as www.example.org.")
    if DOMAIN.fullmatch(bare) and urlsplit(f"//{bare}").hostname:
        return text
    return Problem("This is not a web address.", "Write it as www.example.org, or leave the cell blank.")


def check_phone(text: str) -> str | Problem | Remark:
    """Kept as written; matching compares the digits. Of several in one cell the first is used."""
    if USUAL_PHONE.fullmatch(text):
        return text
    first = _first_of(text)
    if first != text:
        found = check_phone(first)
        return found if isinstance(found, Problem) else Remark(first, SEVERAL)
    if not any(map(str.isdigit, text)):
        return Problem("A telephone number has digits.", "Write the number, or leave the cell blank.")
    return Remark(text, SHORTENED_REMARK) if SHORTENED.fullmatch(text) else text


# How mailing tools say that somebody wants no more mail, or that no mail reaches them.
CONSENT: dict[str, bool] = {
    **dict.fromkeys(("unsubscribed", "optedout", "optout", "cleaned", "bounced", "donotcontact", "donotemail",
                     "hardbounce",
                     "nonsubscribed", "dnc", "y", "true", "1", "x", "spamcomplaint", "removed"), True),
    **dict.fromkeys(("subscribed", "active", "optedin", "optin", "n", "false", "0", "confirmed", "express", "implied",
                     "notset", "awaitingconfirmation", "pendingconfirmation", "temporaryhold", "pending"), False),
}  # fmt: skip


NO_CONSENT = frozenset({"unsubscribed", "optedout", "optout", "cleaned"})


def are_consents(texts: Sequence[str]) -> bool:
    """Whether these are words by which a mailing tool says who wants mail, and one says that somebody does not."""
    if len(texts) > len(CONSENT):
        return False
    letters = {_letters(text) for text in texts}
    return bool(letters & NO_CONSENT) and letters <= CONSENT.keys()


def check_consent(text: str) -> bool | Problem | Remark:
    """Whether somebody is not to be contacted: yes or no, or as a mailing tool says it."""
    said = CONSENT.get(_letters(text))
    return check_yes_no(text) if said is None else Remark(said, f"{text} is read as {'yes' if said else 'no'}")


def check_zip(text: str) -> str | Remark:
    """Kept as written; 2134 is said to have lost its zero, but stays."""
    if SHORTENED.fullmatch(text):
        return Remark(text, SHORTENED_REMARK)
    if re.fullmatch(r"\d{5}-0{4}", text):
        return Remark(text, "the four digits after the ZIP are all 0; it is kept as it is")
    if text.isascii() and text.isdigit() and len(text) == 9:
        return Remark(
            f"{text[:5]}-{text[5:]}", "a ZIP with its four digits more, written as one number; the dash is put in"
        )
    if text.isascii() and text.isdigit() and len(text) == 8:
        return Remark(text, "a ZIP has five or nine digits; a leading zero may have been lost in a spreadsheet")
    if text.isascii() and text.isdigit() and len(text) in (3, 4):
        return Remark(text, "a ZIP has five digits; leading zeros may have been lost in a spreadsheet")
    return text


def check_ein(text: str) -> str | Problem:
    """Nine digits, with or without the dash after the second."""
    if EIN.fullmatch(text):
        return text
    digits = re.sub(r"[\s-]", "", text)
    if digits.isdigit() and len(digits) == 8:
        return Problem("An EIN has nine digits; this has eight.", f"A leading zero may be missing: 0{digits}.")
    return Problem("An EIN has nine digits.", "Write it as 12-3456789, or leave the cell blank.")


def check_naics(text: str) -> str | Problem | Remark:
    """A code of two to six digits, or a range of sectors; words after it, and a vendor's two digits more, fall away."""
    if NAICS.fullmatch(text):
        return text
    if re.fullmatch(r"\d{8}(\.0)?", text):
        return Remark(text[:6], "vendors add two digits to a code; the first six are taken")
    if found := re.fullmatch(r"(31-33|44-45|48-49|\d{2,6})\s*[:–—-]\s*[^\d\s].*", text, re.DOTALL):
        return Remark(found[1], "a code with its words; the code is taken")
    if found := re.fullmatch(r"\D+\((31-33|44-45|48-49|\d{2,6})\)", text):
        return Remark(found[1], "a code with its words; the code is taken")
    code = re.match(r"(31-33|44-45|48-49|\d{2,6})(?=\D|$)|\d{6}(?=\d\d$)", text)
    fix = f"Write {code[0]}." if code else "Write the code, such as 3118 or 31-33, or leave the cell blank."
    return Problem("A NAICS code has two to six digits, or is 31-33, 44-45 or 48-49.", fix)


def check_employees(text: str) -> int | Problem:
    """A whole number; commas between thousands are understood, because 1,200 can mean nothing else."""
    digits = text.replace(",", "") if THOUSANDS.fullmatch(text) else text
    if digits.isascii() and digits.isdigit() and len(digits) < 12 and int(digits) <= MAX_EMPLOYEES:
        return int(digits)
    return Problem(
        "The number of employees is a whole number, 0 or more.", "Write it as 1200, or leave the cell blank."
    )


MAX_CADENCE_DAYS = 3_660
MAX_MEETING_HOURS = 24
# What rosters write where nobody sits.
NOBODY = frozenset(("vacant", "vacancy", "open", "open seat", "tbd", "tba", "to be determined", "to be announced",
                    "to be named", "to be appointed", "unfilled", "none", "n/a", "na", "-", "--"))  # fmt: skip


def check_cadence(text: str) -> int | Problem:
    """Days from one meeting to the next."""
    if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= MAX_CADENCE_DAYS:
        return int(text)
    return Problem("A cadence is a whole number of days from meeting to meeting.", "Write 30 for once a month.")


def check_meeting_hours(text: str) -> str | Problem:
    """Hours that one meeting takes, as 2 or 1.5."""
    if re.fullmatch(r"\d{1,2}(\.\d{1,4})?", text) and 0 < float(text) <= MAX_MEETING_HOURS:
        return text
    return Problem("The hours of one meeting are a number from 0 to 24.", "Write 1.5 for an hour and a half.")


def check_sitter(text: str) -> str | Problem:
    """Who sits on a seat; an empty one is nobody's."""
    if text.casefold().strip("() ") in NOBODY:
        return Problem("Nobody sits on this seat.", "Leave the row out until somebody does.")
    if ";" in text:
        return Problem("A seat is one person's.", "Write a row for each person.")
    return text


def check_yes_no(text: str) -> bool | Problem:
    word = choose_word(("yes", "no"), text)
    return word if isinstance(word, Problem) else word == "yes"


@dataclass(frozen=True)
class Words:
    """One word of a list."""

    words: tuple[str, ...]

    def __call__(self, text: str) -> str | Problem:
        return choose_word(self.words, text)


def choose_word(words: Sequence[str], text: str) -> str | Problem:
    """The word that the text is but for case, blanks, hyphens and underscores; else a Problem with the likely one."""
    from rapidfuzz import fuzz, process

    plain = _letters(text)
    for word in words:
        if _letters(word) == plain:
            return word
    meant = MEANT.get(plain)
    if meant not in words:
        close = process.extractOne(plain, words, scorer=fuzz.ratio, processor=_letters, score_cutoff=70)
        meant = close[0] if close else None
    ask = f" Did you mean {meant}?" if meant else ""
    return Problem("This word is not on the list.", f"Write one of {', '.join(words)}, or leave the cell blank.{ask}")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


check_day = read_iso
