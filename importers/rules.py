"""The texts of a column map, one rule each.

`Site name=name` puts one column in place, `Street 2=street:join` says how several share a place (`join`, `first`,
`newest`), `=channel:visit` fills a column that the file does not have, `Fax=none` leaves one out. A column may be
written with its kind. That of another kind than the file's is what a row says beside: `Billing City=businesses.city` in
a file of contacts is the city of the business that the contact was with. In place of a column may stand a splitter
(`importers.splits`): `Contact=name-title`. `Private=leave out:True` leaves out the rows in which the column says so;
several such words are parted by `;`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from importers.errors import MapError

HOWS = ("join", "first", "newest")
NONE = "none"
LEAVE_OUT = "leave out"


@dataclass(frozen=True)
class Rule:
    """One parsed text of a column map: a heading (None for a constant) and the column's name (None to leave it out).

    `leaves_out` are the words of the column that leave their rows out.
    """

    header: str | None
    target: str | None
    how: str | None = None
    constant: str | None = None
    split: str | None = None  # the splitter of whose parts this is one
    leaves_out: tuple[str, ...] = ()


# Kinds of which rows of other kinds may say something beside.
CARRIED = ("businesses", "people")


def parse_rules(maps: Iterable[str], kind: str | None = None) -> tuple[list[Rule], str | None]:
    """The rules, and the kind of the file if they leave no doubt about it. Raises MapError.

    Once the kind is known, its own columns stand in the rules without it.
    """
    rules = [_parse_rule(text) for text in maps]
    named = dict.fromkeys(rule.target.partition(".")[0] for rule in rules if rule.target and "." in rule.target)
    main = [name for name in named if name not in CARRIED]
    if kind is None and len(main) > 1:
        raise MapError(f"The map names columns of {' and of '.join(main)}. A file is of one kind.")
    kind = kind or (main[0] if main else None)
    return (localise(rules, kind) if kind else rules), kind


def localise(rules: Iterable[Rule], kind: str) -> list[Rule]:
    """The rules of a file of this kind, its own columns named without it."""
    return [replace(rule, target=local_name(rule.target, kind)) if rule.target else rule for rule in rules]


def local_name(meaning: str, kind: str) -> str:
    """A column in a file of this kind: `title` for `people.title` among people, `people.title` in any other file."""
    return meaning.removeprefix(f"{kind}.")


def _parse_rule(text: str) -> Rule:
    if text.startswith("="):
        target, colon, constant = text[1:].partition(":")
        if not (target.strip() and colon and constant.strip()):
            raise MapError(f"{text!r} is not a rule. A value for every row is written =channel:visit.")
        return Rule(None, target.strip().lower(), constant=constant.strip())
    header, equals, right = text.rpartition("=")
    if right.strip().casefold().startswith(f"{LEAVE_OUT}:"):
        words = tuple(word for part in right.partition(":")[2].split(";") if (word := part.strip()))
        if not header.strip() or not words:
            raise MapError(f"{text!r} is not a rule. Say which rows are left out, such as Private=leave out:True.")
        return Rule(header.strip(), None, leaves_out=words)
    target, _, how = (part.strip().lower() for part in right.partition(":"))
    if not equals or not header.strip() or not target:
        raise MapError(f'{text!r} is not a rule. Write HEADING=COLUMN, such as "Site name=name".')
    if how and how not in HOWS:
        raise MapError(f"{text!r}: several columns can share a place by {', '.join(HOWS)}, not by {how!r}.")
    return Rule(header.strip(), None if target == NONE else target, how or None)


def parse_value(text: str) -> tuple[str, str, str]:
    """(column, word of the file, what it means; "" for a blank cell) of `channel:Site Visit=visit`. Raises MapError."""
    column, colon, rest = text.partition(":")
    word, equals, meaning = rest.rpartition("=")
    if not (colon and equals and column.strip() and word.strip()):
        raise MapError(
            f'{text!r} is not a value. Write COLUMN:THEIR WORD=OUR WORD, such as "channel:Site Visit=visit".'
        )
    meaning = meaning.strip()
    return column.strip().lower(), word.strip(), "" if meaning.lower() == NONE else meaning


def write_value(column: str, word: str, meaning: str) -> str:
    """The reverse of `parse_value`."""
    return f"{column}:{word}={meaning or NONE}"


def compare_word(word: str) -> str:
    """A word as it is compared: whatever its case and blanks."""
    return " ".join(word.split()).casefold()
