"""Words of a file that a column does not take as they are: `Site Visit` where a plain file says `visit`.

What they mean is proposed, from what people usually write instead, and said once by a person; it is kept in the
profile. Names of programs are asked about too, where the agency has programs of other names.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from importers.cells import MEANT, choose_word
from importers.choices import Choices
from importers.kinds import BY_NAME, PROGRAMS, Column
from importers.readings import Reading
from importers.rules import compare_word
from importers.verdicts import Problem

# Parts of what people write -> the word that they mean; the first of a column's words that fits is proposed.
HINTS: tuple[tuple[str, str], ...] = (
    (r"no.?show|not (reached|home|in)|no answer|voice.?mail|left message|^(false|unchecked|none|never)$", "no"),
    (r"^(true|checked|ok|done|complete[d]?|connected|reached|spoke.*|attended)$", "yes"),
    (r"newsletter|mass|blast|bulk|campaign|mailing|constant contact|mailchimp", "mass_mail"),
    (r"zoom|teams|video|virtual|webex|google meet|skype|online", "video"),
    (r"e-?mail", "email"),
    (r"\b(text|sms|whatsapp)\b", "text"),
    (r"phone|\bcall|tele|voice.?mail|\bvm\b", "call"),
    (r"letter|postal|\bmail\b|\bpost\b|flyer", "letter"),
    (r"survey|questionnaire", "survey"),
    (r"fair|event|conference|workshop|webinar|luncheon|breakfast|mixer|roundtable|open house|expo", "event"),
    (r"visit|in.?person|on.?site|meeting|face|walk|tour|lunch|coffee|drop.?in", "visit"),
    (r"inbound|incoming|received|from (them|employer|business|client|customer)|they ", "in"),
    (r"outbound|outgoing|sent|made|to (employer|business|client|customer)|we ", "out"),
    (r"follow", "follow_up"),
    (r"sponsor|donat|fundrais", "sponsorship"),
    (
        r"job.?(dev|order|posting|lead)|recruit|hir(e|ing)|place|opening|vacanc|internship|apprentic|ojt",
        "job_development",
    ),
    (r"invit|rsvp", "invitation"),
    (r"advis|input|feedback|curricul|focus group|committee", "input"),
    (r"need|assess|discovery|intake|retention|\bbre\b|consult|expansion|rapid response|layoff", "needs"),
    (r"servic|training|assist|support|deliver|info|grant|incumbent", "service"),
    (r"relation|introduc|courtesy|check.?in|outreach|network|thank|general|touch|prospect", "relationship"),
    (r"workforce|wib|job center|one.?stop", "workforce"),
    (r"college|school|universit|education", "education"),
    (r"econom|chamber|city|county|develop", "economic_development"),
    (r"private|confidential|hidden|restricted", "exists"),
    (r"public|open|everyone|shared", "full"),
)
# The most names of programs that are asked about.
MOST = 60


@dataclass(frozen=True)
class Word:
    """A word of the file: how often it stands there, what it was said to mean (None: nothing yet, "": a blank cell)."""

    place: int
    n: int
    text: str
    count: int
    meaning: str | None


@dataclass(frozen=True)
class Asked:
    """The words of one column of the file that are asked about, most frequent first, and what they may mean."""

    column: str
    header: str
    options: tuple[str, ...]
    words: tuple[Word, ...]
    is_list: bool


def suggest_meaning(words: Sequence[str], text: str) -> str | None:
    """Which of these words somebody who wrote this text probably meant; nothing is taken without a person."""
    plain = re.sub(r"[\W_]+", "", text.casefold())
    if MEANT.get(plain) in words:
        return MEANT[plain]
    for pattern, word in HINTS:
        if word in words and re.search(pattern, text, re.IGNORECASE):
            return word
    return None


def list_asked(choices: Choices, reading: Reading, programs: Iterable[str] = ()) -> list[Asked]:
    """The words that no column takes as they are, for each column of words; `programs` are those that are known."""
    known = list(programs)
    asked: list[Asked] = []
    for place, column in _list_places(choices):
        options = column.type.words or tuple(known if column.type is PROGRAMS else ())
        if not options:
            continue
        said = choices.values.get(column.name, {})
        found = [
            Word(place, n, text, count, said.get(compare_word(text)))
            for n, (text, count) in enumerate(reading.headings[place].words)
            if compare_word(text) in said or _is_unknown(column, options, text)
        ]
        if found:
            heading = reading.headings[place].name
            asked.append(Asked(column.name, heading, options, tuple(found[:MOST]), bool(column.type.words)))
    return asked


def suggest_words(choices: Choices, reading: Reading, *, only: Iterable[str] | None = None) -> Choices:
    """The choices with a proposal for each word that nothing was said of yet; `only` in these columns."""
    values = {column: dict(words) for column, words in choices.values.items()}
    for asked in list_asked(choices, reading):
        if only is not None and asked.column not in only:
            continue
        for word in asked.words:
            meaning = suggest_meaning(asked.options, word.text) if asked.is_list else None
            if word.meaning is None and meaning:
                values.setdefault(asked.column, {})[compare_word(word.text)] = meaning
    return replace(choices, values=values)


def has_unknown(choices: Choices, reading: Reading) -> bool:
    """Whether the file has words of which nothing was said, in a column that takes only certain words."""
    return any(word.meaning is None for asked in list_asked(choices, reading) for word in asked.words)


def _list_places(choices: Choices) -> list[tuple[int, Column]]:
    kind = BY_NAME[choices.kind]
    places = [(place, name) for place, name in enumerate(choices.meanings)]
    places += [(fill.place, fill.column) for fill in choices.fills if fill.place is not None]
    return [(place, column) for place, name in places if (column := kind.column(name))]


def _is_unknown(column: Column, options: Sequence[str], text: str) -> bool:
    if column.type.words:
        return isinstance(choose_word(options, text), Problem)
    return ":" not in text and compare_word(text) not in {compare_word(name) for name in options}
