"""What a column heading says: the things it may be a name for, each with how well it fits, and whose thing it is.

A heading is cut into words ("BillingPostalCode", "Acct. Nm", "e-mail_1"), abbreviations are written out, misspellings
mended, and the words compared with what people call things (`heading_words`). Words that are left over count against.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from crm.dedupe.text import drop_accents
from importers.heading_languages import SAID_TOGETHER
from importers.heading_spellings import JOINED, SPELT
from importers.heading_words import LEXICON, MODIFIERS, NEUTRAL, SUBJECTS, parse_phrases

MISSPELT = 84  # rapidfuzz ratio of a word with the one that is meant
SHORTEST_MISSPELT = 5
UNKNOWN_COSTS, MEANING_COSTS, SUBJECT_COSTS, NEUTRAL_COSTS = 0.15, 0.25, 0.02, 0.01
HEAD_PAYS = 0.08
LEAST = 0.3
# Names: a word more says that it is something else of theirs, as in "Hospital type".
NAMED, MORE_COSTS = frozenset({"company", "person", "dba", "staff"}), 0.2
# "Provider first name" is no name of a provider.
PARTS_OF_NAMES, PART_COSTS = frozenset({"first", "last", "middle", "given", "family"}), 0.4
NOTHING = "-"  # things without a column begin so


@dataclass(frozen=True)
class Sense:
    """One thing that a heading may name: `score` from 0 to 1, and the words that say so."""

    thing: str
    score: float
    words: str


@dataclass(frozen=True)
class Heading:
    """`senses` are the best first; `subjects` say whose the thing is: business, person, staff, assistant, …"""

    words: tuple[str, ...]
    senses: tuple[Sense, ...]
    subjects: frozenset[str]
    is_misspelt: bool = False

    def rate(self, thing: str) -> float:
        return next((sense.score for sense in self.senses if sense.thing == thing), 0.0)

    @property
    def best(self) -> Sense | None:
        return self.senses[0] if self.senses else None


@cache
def read_heading(text: str) -> Heading:
    """What a heading says."""
    words = split_heading(text)
    senses = sorted(_add_other_names(text, _rate_things(words)), key=lambda sense: (-sense.score, sense.thing))
    subjects = {SUBJECTS[word] for word in words if word in SUBJECTS}
    if senses and senses[0].thing == "last":
        subjects.discard("business")  # "Last name or company" is in lists of people
    misspelt = any(_mend(word) for word in cut_words(text))
    return Heading(words, tuple(senses), frozenset(subjects), misspelt)


WAYS = frozenset({
    "ph", "phone", "call", "tel", "em", "email", "e-mail", "visit", "in person", "in-person", "ip", "mail",
    "text", "zoom", "video", "virtual", "onsite", "on-site", "letter", "vm", "voicemail", "mtg", "meeting",
})  # fmt: skip


def _add_other_names(text: str, senses: list[Sense]) -> list[Sense]:
    """The senses, and that of a firm where one of two names for the column says so: "Company / Brand"; or that of the
    ways to be in touch that are listed: "Ph/Visit/Em"."""
    parts = text.split("/")
    if len(parts) > 1 and WAYS.issuperset(part.strip().casefold() for part in parts):
        return [Sense("channel", 0.9, text)]
    found = [sense for part in parts for sense in _rate_things(split_heading(part)) if sense.thing == "company"]
    best = max(found, key=lambda sense: sense.score, default=None)
    if any(sense.thing == "last" and sense.score > 0.85 for sense in senses):
        return senses  # in lists of people that have firms among them
    if len(parts) < 2 or best is None or any(s.thing == "company" and s.score >= best.score for s in senses):
        return senses
    return [*(sense for sense in senses if sense.thing != "company"), best]


ENOUGH_HEADINGS = 4
# A word that says nothing is left out where a third of the headings begin with it.
UNKNOWN_COMMON = 0.3


def drop_common_word(headers: Sequence[str]) -> list[str]:
    """The headings without a word that nearly all begin with, unless it says something: "fld_" of "fld_city"."""
    found = [BEGINNING.match(header) for header in headers]
    if sum(match is not None and match[1].casefold() == "emp" for match in found) >= ENOUGH_HEADINGS:
        # They are those of the employer, and no numbers of employees.
        return [re.sub(r"^emp(?=[ _\-.:])", "employer", header, flags=re.IGNORECASE) for header in headers]
    begun = [match[1].casefold() for match in found if match]
    word = max(sorted(set(begun)), key=begun.count, default="")
    names = f"{word} name" in (" ".join(cut_words(header)) for header in headers)
    enough = max(ENOUGH_HEADINGS, (UNKNOWN_COMMON if names else COMMON) * len(headers))
    if begun.count(word) < enough or word in vocabulary() | SPELT.keys():
        return list(headers)
    return [
        header[match.end(1) :].lstrip(" _-.:") if match and match[1].casefold() == word else header
        for header, match in zip(headers, found, strict=True)
    ]


COMMON = 0.8
BEGINNING = re.compile(r"([A-Za-z]+)[ _\-.:]+(?=\w)")


def split_heading(text: str) -> tuple[str, ...]:
    """The words of a heading, in small letters, written out."""
    raw = cut_words(text)
    if raw == ["st"]:
        return ("state",)
    words: list[str] = []
    for n, word in enumerate(raw):
        if word == "ln" and n and _write_out(raw[n - 1]) in (["address"], ["street"]):
            word = "line"  # elsewhere it is a last name
        for part in _write_out(word):
            pair = (words[-1], part) if words else ("", "")
            if pair in JOINED:
                words.pop()
                words.extend(JOINED[pair].split())
            else:
                words.append(part)
    if "of" in words[1:-1] and tuple(words[:2]) != ("date", "of"):
        place = words.index("of", 1)
        words = [*words[place + 1 :], *words[:place]] if words[0] in ("name", "number", "size") else words
    if "employees" in words and "name" in words and set(words) & {"id", "address", "city"} == set() and len(words) == 2:
        words = ["employer", "name"]  # "Emp name"
    return tuple(words)


def cut_words(text: str) -> list[str]:
    """The words of a heading as they stand, in small letters, without accents."""
    text = MARKS.sub("", re.sub(r"['’]s?\b", "", text))
    text = EXAMPLES.sub("", text) or text
    text = TOGETHER.sub(lambda match: SAID_TOGETHER[match[0].casefold()], drop_accents(text))
    text = text.replace("#", " number ").replace("&", " and ")
    text = re.sub(r"\b([A-Z])\.(?=[A-Z]\b)", r"\1", text)  # D.B.A. is one word
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text) if _is_camel(text) else text
    text = re.sub(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", text)
    return re.findall(r"[^\W_]+", drop_accents(text).casefold())


# What Dynamics puts before the keys of its rows.
MARKS = re.compile(r"^\(do not modify\) *", re.IGNORECASE)
# "Type of contact (phone, e-mail, visit)": what may stand there, but for the parts of a name.
EXAMPLES = re.compile(r"\s*\((?![^)]*\b(?:first|last|name)\b)(?:[^(),]+,|\w+/(?=\w))[^()]+\)", re.IGNORECASE)
TOGETHER = re.compile(rf"\b(?:{'|'.join(map(re.escape, SAID_TOGETHER))})", re.IGNORECASE)


def _is_camel(text: str) -> bool:
    return re.search(r"[a-z][A-Z]|^[A-Z]{2,}[a-z]{3,}$", text) is not None


def _write_out(word: str) -> list[str]:
    """The word itself, what it is short for, what it is glued together from, or what it is misspelt from."""
    if word in SPELT:
        return SPELT[word].split()
    if word in vocabulary() or word.isdigit() or len(word) < 3:
        return [word]
    if word.endswith("s") and word[:-1] in vocabulary():
        return [word[:-1]]
    if word.endswith("s") and word[:-1] in SPELT:
        return SPELT[word[:-1]].split()
    parts = _cut(word)
    if parts:
        return [piece for part in parts for piece in SPELT.get(part, part).split()]
    meant = _mend(word)
    return SPELT.get(meant, meant).split() if meant else [word]


def _mend(word: str) -> str | None:
    """The word that a misspelt one is meant to be; None for one that is known, or like no other."""
    plural = word.removesuffix("s")
    if len(word) < SHORTEST_MISSPELT or {word, plural} & (vocabulary() | SPELT.keys()) or _cut(word):
        return None
    from rapidfuzz import fuzz, process

    near = process.extractOne(word, _long_words(), scorer=fuzz.ratio, score_cutoff=MISSPELT)
    return near[0] if near else None


@cache
def vocabulary() -> frozenset[str]:
    words = {word for phrases in LEXICON.values() for phrase, _ in parse_phrases(phrases) for word in phrase}
    parts = {part for word in words for part in word.split("_")}
    return frozenset(words | parts | set(SUBJECTS) | set(MODIFIERS) | NEUTRAL)


@cache
def _long_words() -> tuple[str, ...]:
    return tuple(sorted(word for word in vocabulary() | set(SPELT) if len(word) >= SHORTEST_MISSPELT))


SHORT_PARTS = frozenset(
    {"id", "of", "no", "on", "by", "to", "co", "dt", "nm", "zip", "org", "num", "acct", "emp", "dba"}
)


@cache
def _cut(word: str) -> tuple[str, ...] | None:
    """A word glued together from known ones ("companyname"): the fewest, of which each is long enough to be sure."""
    known = vocabulary() | set(SPELT)
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(word) + 1):
        for start in range(end):
            part = word[start:end]
            if start in best and (len(part) >= 4 or part in SHORT_PARTS) and part in known:
                made = (*best[start], part)
                if end not in best or len(made) < len(best[end]):
                    best[end] = made
    found = best.get(len(word))
    return found if found and 2 <= len(found) <= 4 else None


@dataclass(frozen=True)
class _Phrase:
    thing: str
    words: frozenset[str]
    text: str
    weight: float


@cache
def _phrases() -> dict[str, list[_Phrase]]:
    """The phrases by one of their words, so that a heading is compared with those alone that it may hold."""
    found: dict[str, list[_Phrase]] = {}
    for thing, text in LEXICON.items():
        listed = parse_phrases(text)
        if thing == "person":  # "Store manager": of whichever business.
            listed += [((place, office), 0.95) for place in sorted(PLACES) for office in sorted(OFFICES)]
        if thing == "id":  # "Account number", "Member ID": whosever it is.
            numbered = [word for word in SUBJECTS if word not in NO_NUMBER]
            listed += [((word, last), 1.0) for word in numbered for last in ("number", "id")]
            listed += [((word, "code"), 0.9) for word in numbered if SUBJECTS[word] in WITH_CODES]
        for words, weight in listed:
            key = min(words, key=lambda word: (word in NEUTRAL, -len(word), word))
            phrase = _Phrase(thing, frozenset(words), " ".join(words).replace("_", " "), weight)
            found.setdefault(key, []).append(phrase)
    return found


# What is not only a customer or an account: "Account manager" is one of ours.
PLACES = frozenset({
    "store", "facility", "site", "plant", "restaurant", "school", "hospital", "location", "practice", "establishment",
    "worksite", "workplace", "institution", "organization", "employer", "firm", "vendor", "provider", "supplier",
})  # fmt: skip
OFFICES = frozenset({"manager", "director", "administrator", "principal", "officer", "supervisor", "coordinator"})

WITH_CODES = frozenset({"business", "person", "member"})

# A contact's number is a telephone, and a number of staff is how many there are.
NO_NUMBER = frozenset(
    {"contact", "staff", "people", "attendee", "participant", "site", "registered", "parent", "owner"}
)


def _rate_things(words: Sequence[str]) -> list[Sense]:
    """The best sense of each thing that the words may name."""
    present = set(words)
    head = _find_head(words)
    best: dict[str, Sense] = {}
    for word in dict.fromkeys(words):
        for phrase in _phrases().get(word, ()):
            if phrase.words <= present and (score := _rate(phrase, words, head)) >= LEAST:
                known = best.get(phrase.thing)
                if known is None or score > known.score:
                    best[phrase.thing] = Sense(phrase.thing, score, phrase.text)
    return list(best.values())


def _rate(phrase: _Phrase, words: Sequence[str], head: str | None) -> float:
    rest = [word for word in words if word not in phrase.words]
    if len(phrase.words) == 1 and phrase.thing in ("first", "last") and any(map(_says_more, rest)):
        return 0.0  # the first of something else
    more = sum(_says_more(word) for word in rest)
    if (phrase.thing == "name" and more) or (phrase.thing in {*NAMED, "parent"} and "address" in rest):
        return 0.0
    score = (
        phrase.weight - sum(map(_cost, rest)) + (0.004 * len(phrase.words) if rest or len(phrase.words) > 1 else 0.01)
    )
    if phrase.thing in NAMED:
        score -= MORE_COSTS * min(2, sum(word in vocabulary() and _says_more(word) for word in rest))
    if "name" in words and not PARTS_OF_NAMES.isdisjoint(rest) and not phrase.thing.startswith(NOTHING):
        score -= PART_COSTS
    if rest and head is not None:
        score += HEAD_PAYS if head in phrase.words else -HEAD_PAYS
    return min(score, 0.97 if rest else 1.0)


def _says_more(word: str) -> bool:
    """Whether a word beside "name" says that it is the name of something else: "Street name"."""
    return word not in NEUTRAL and word not in SUBJECTS and word not in MODIFIERS and not word.isdigit()


def _find_head(words: Sequence[str]) -> str | None:
    """The word that says what kind of thing it is: the last one that says anything, that before "of"."""
    if "of" in words[1:]:
        words = words[: list(words).index("of", 1)]
    says = [word for word in words if word not in NEUTRAL and not word.isdigit() and word not in MODIFIERS]
    return says[-1] if says else None


def _cost(word: str) -> float:
    if word in MODIFIERS:
        return MODIFIERS[word]
    if word in SUBJECTS:
        return SUBJECT_COSTS
    if word in NEUTRAL:
        return NEUTRAL_COSTS
    if word.isdigit():
        return 0.05
    return MEANING_COSTS if word in vocabulary() else UNKNOWN_COSTS
