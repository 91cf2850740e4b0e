"""Splitters: how one column of a file gives several, such as `Smith, Ana - CEO`, which is a name and a title.

A rule names one in place of a column: `Contact=name-title`. A cell that is not written so goes whole into the first of
the columns, with a remark; nothing of it is lost.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from importers.cell_types import PLACEHOLDER
from importers.kinds import Kind

# The share of filled cells that are written so before a splitter is proposed.
MOSTLY = 0.8
LEAST_CELLS = 2
LONGEST = 400

Split = Callable[[str], tuple[str, ...] | None]


@dataclass(frozen=True)
class Splitter:
    """`columns` are what the parts are, each with the kind that it says something of; `example` is such a cell."""

    name: str
    columns: tuple[str, ...]
    split: Split
    example: str

    def cut(self, text: str) -> tuple[str, ...] | None:
        """The parts of a cell, as many as there are columns; None if it is not written so."""
        return self.split(text) if len(text) <= LONGEST else None

    def list_columns(self, kind: Kind) -> list[str]:
        """The columns of a file of this kind that the parts go to; empty if such a file has no place for them."""
        own = [column.removeprefix(f"{kind.name}.") for column in self.columns]
        return own if all(kind.column(column) for column in own) else []


# A word or two of a title, so that "Acme - Boston" is not taken for a person with a post.
NAME = r"[^\W\d_][\w.'’-]*"
STATE = (
    r"A[KLRZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|"
    r"V[AIT]|W[AIVY]"
)
STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|"
    "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|"
    "Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|"
    "Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    "West Virginia|Wisconsin|Wyoming|District of Columbia|Puerto Rico"
)
LAST_FIRST = re.compile(rf"({NAME}(?: {NAME})?(?:,? (?:Jr|Sr|II|III)\.?)?), *({NAME}(?: {NAME}\.?)*)")
FIRST_LAST = re.compile(rf"{NAME}\.?(?: {NAME}\.?)+")
DASHED = re.compile(r"(?P<name>.+?) +[-–—|/] +(?P<rest>.+)", re.DOTALL)
BRACKETED = re.compile(r"(?P<name>[^()]+?) *\((?P<rest>[^()]+)\)")
COMMA = re.compile(r"(?P<name>[^,]+), *(?P<rest>.+)", re.DOTALL)
MAILBOX = re.compile(r"\"?(?P<name>[^<>\"@]+?)\"? *[<(\[](?:mailto:)?(?P<mail>[^<>()\[\]@\s]+@[^<>()\[\]@\s]+)[>)\]]")
CITY_STATE_ZIP = re.compile(rf"(?P<city>[^,\d]+?),? +(?P<state>{STATE}|{STATES}),? *(?P<zip>\d{{5}}(?:-?\d{{4}})?)?")
ADDRESS = re.compile(
    rf"(?P<street>.*\d.*?)[,\n] *(?P<place>[^,\n\d]+,? +(?:{STATE}|{STATES}),? *(?:\d{{5}}(?:-?\d{{4}})?)?)", re.DOTALL
)
CODED = re.compile(r"(?P<code>31-33|44-45|48-49|\d{2,6}) *[:–—-] *(?P<rest>\D.+)", re.DOTALL)
TITLE_WORDS = re.compile(
    r"\b(ceo|cfo|coo|cto|chief|president|vp|svp|evp|vice|owner|partner|founder|director|manager|mgr|supervisor|head|lead|"
    r"officer|chair\w*|treasurer|secretary|superintendent|principal|administrator|coordinator|specialist|recruiter|hr|"
    r"human resources|engineer|buyer|foreman|controller|accountant|assistant|executive|representative|dean|mayor|"
    r"operations|sales|marketing|training|general|plant|technician|analyst|consultant|advisor|counsel|attorney|nurse)\b",
    re.IGNORECASE,
)
SEVERAL = re.compile(r"\s*(?:[;\n|]|\band\b|&|,)\s*")


def put_in_order(name: str) -> str:
    """ "Ana Smith" for "Smith, Ana"; any other name as it is."""
    turned = LAST_FIRST.fullmatch(name.strip())
    return f"{turned[2]} {turned[1]}" if turned else name.strip()


def split_name_title(text: str) -> tuple[str, ...] | None:
    """`Smith, Ana - CEO`, `Ana Smith (CEO)`, `Ana Smith, CEO`."""
    for form in (DASHED, BRACKETED):
        found = form.fullmatch(text)
        if found and _is_person(found["name"]) and "@" not in found["rest"]:
            return put_in_order(found["name"]), found["rest"].strip()
    found = COMMA.fullmatch(text)
    if found and FIRST_LAST.fullmatch(found["name"]) and TITLE_WORDS.search(found["rest"]):
        return found["name"].strip(), found["rest"].strip()
    return None


def split_name_email(text: str) -> tuple[str, ...] | None:
    """`Ana Smith <ana@x.org>`."""
    found = MAILBOX.fullmatch(text)
    return (put_in_order(found["name"]), found["mail"]) if found else None


def split_last_first(text: str) -> tuple[str, ...] | None:
    """`Smith, Ana`: first and last name."""
    found = LAST_FIRST.fullmatch(text)
    return (found[2], found[1]) if found and not TITLE_WORDS.search(text) else None


def split_firm_place(text: str) -> tuple[str, ...] | None:
    """`Acme Inc (Springfield)`."""
    found = BRACKETED.fullmatch(text)
    return (found["name"], found["rest"].strip()) if found and not re.search(r"\d|@", found["rest"]) else None


def split_city_state_zip(text: str) -> tuple[str, ...] | None:
    """`Rockford, IL 61101`."""
    found = CITY_STATE_ZIP.fullmatch(text)
    return (found["city"].strip(), found["state"], found["zip"] or "") if found else None


def split_address(text: str) -> tuple[str, ...] | None:
    """`12 Main St, Rockford, IL 61101`."""
    found = ADDRESS.fullmatch(text)
    place = split_city_state_zip(found["place"].strip()) if found else None
    return (found["street"].strip(" ,\n"), *place) if found and place else None


def split_code(text: str) -> tuple[str, ...] | None:
    """`54: Professional…` is the NAICS code 54."""
    found = CODED.fullmatch(text)
    return (found["code"],) if found else None


def split_people(text: str) -> tuple[str, ...] | None:
    """`Ana Smith, Bo Lee and Cy Young`: one cell names several people."""
    if ";" in text or "\n" in text:
        parts = [put_in_order(part) for part in re.split(r"[;\n]", text)]
    else:
        parts = [part.strip() for part in SEVERAL.split(text)]
    parts = [part for part in parts if part]
    fits = all("@" in part or FIRST_LAST.fullmatch(part) for part in parts)
    return (";".join(parts),) if parts and fits else None


def list_people(text: str) -> list[tuple[str, str]]:
    """(name, title or "") of each of several people in one cell: `Ana Smith (CEO); Bo Lee`, `Ana Smith and Bo Lee`.

    Empty for a cell that names one person, or where it is not clear that each part is one: two names with nothing but
    a comma between them may be one, last name first.
    """
    if len(text) > LONGEST:
        return []
    parts = _cut_people(text, SEPARATORS) or []
    is_clear = len(parts) > 2 or any(sign.search(text) for sign in SEPARATORS[:-1]) or "(" in text
    return parts if len(parts) > 1 and is_clear else []


# What stands between people, the surest first; not within brackets.
SEPARATORS = tuple(re.compile(rf"\s*(?:{sign})\s*(?![^()]*\))") for sign in (r"[;\n|]", r"\band\b|&", ","))


def _cut_people(text: str, separators: Sequence[re.Pattern[str]]) -> list[tuple[str, str]] | None:
    """The people of a text, if all that stands between these separators is people."""
    for place, separator in enumerate(separators):
        parts = [part for part in separator.split(text.strip()) if part]
        if len(parts) > 1:
            cut = [_cut_people(part, separators[place + 1 :]) for part in parts]
            if all(cut):
                return [one for people in cut for one in people or ()]
    titled = split_name_title(text.strip())
    if titled:
        return [(titled[0], titled[1])]
    name = put_in_order(text)
    return [(name, "")] if FIRST_LAST.fullmatch(name) and not TITLE_WORDS.search(name) else None


def _is_person(text: str) -> bool:
    return bool(FIRST_LAST.fullmatch(text.strip()) or LAST_FIRST.fullmatch(text.strip()))


SPLITTERS = (
    Splitter("name-email", ("people.name", "people.email"), split_name_email, "Ana Smith <ana@x.org>"),
    Splitter("name-title", ("people.name", "people.title"), split_name_title, "Smith, Ana - CEO"),
    Splitter("last-first", ("people.first_name", "people.last_name"), split_last_first, "Smith, Ana"),
    Splitter("person-list", ("touchpoints.person",), split_people, "Ana Smith, Bo Lee and Cy Young"),
    Splitter(
        "address",
        ("businesses.street", "businesses.city", "businesses.state", "businesses.zip"),
        split_address,
        "12 Main St, Rockford, IL 61101",
    ),
    Splitter(
        "city-state-zip",
        ("businesses.city", "businesses.state", "businesses.zip"),
        split_city_state_zip,
        "Rockford, IL 61101",
    ),
    Splitter("firm-place", ("businesses.name", "businesses.city"), split_firm_place, "Acme Inc (Springfield)"),
    Splitter("naics-title", ("businesses.naics",), split_code, "54: Professional services"),
)  # fmt: skip
BY_NAME = {splitter.name: splitter for splitter in SPLITTERS}


def list_splitters(kind: Kind) -> list[Splitter]:
    """The splitters whose parts a file of this kind can take."""
    return [splitter for splitter in SPLITTERS if splitter.list_columns(kind)]


def find_splitter(cells: Sequence[str], kind: Kind | None = None) -> Splitter | None:
    """The splitter as which most of these filled cells are written, the first of equals; None if they need none.

    Words that stand for nothing ("None") do not count; of two cells both must be written so.
    A cell that holds a single name is one that `person-list` takes, but no reason for it.
    """
    texts = [text for text in dict.fromkeys(cell.strip() for cell in cells) if text and not PLACEHOLDER.fullmatch(text)]
    if len(texts) < LEAST_CELLS:
        return None
    best: tuple[float, Splitter] | None = None
    for splitter in SPLITTERS if kind is None else list_splitters(kind):
        parts = [splitter.cut(text) for text in texts]
        share = sum(part is not None for part in parts) / len(texts)
        several = sum(part is not None and ";" in part[0] for part in parts)
        if splitter.name == "person-list" and several < max(2, 0.1 * len(texts)):
            continue
        if share >= (MOSTLY if len(texts) > LEAST_CELLS else 1) and (best is None or share > best[0]):
            best = share, splitter
    return best[1] if best else None
