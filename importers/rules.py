"""The texts of a column map, one rule each.

`Site name=name` puts one column in place, `Street 2=street:join` says how several share a place (`join`, `first`,
`newest`), `=channel:visit` fills a column that the file does not have, `Fax=none` leaves one out. A column may be
written with its kind, as `people.title`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from importers.errors import MapError

HOWS = ("join", "first", "newest")
NONE = "none"


@dataclass(frozen=True)
class Rule:
    """One parsed text of a column map: a heading (None for a constant) and the column's name (None to leave it out)."""

    header: str | None
    target: str | None
    how: str | None = None
    constant: str | None = None


def parse_rules(maps: Iterable[str], kind: str | None = None) -> tuple[list[Rule], str | None]:
    """The rules, and the kind if one of them names it (`people.title`). Raises MapError."""
    rules: list[Rule] = []
    for text in maps:
        rule = _parse_rule(text)
        if rule.target and "." in rule.target:
            named, _, target = rule.target.partition(".")
            if kind not in (None, named):
                raise MapError(f"The map names columns of {kind} and of {named}. A file is of one kind.")
            kind = named
            rule = Rule(rule.header, target, rule.how, rule.constant)
        rules.append(rule)
    return rules, kind


def _parse_rule(text: str) -> Rule:
    if text.startswith("="):
        target, colon, constant = text[1:].partition(":")
        if not (target.strip() and colon and constant.strip()):
            raise MapError(f"{text!r} is not a rule. A value for every row is written =channel:visit.")
        return Rule(None, target.strip().lower(), constant=constant.strip())
    header, equals, right = text.rpartition("=")
    target, _, how = (part.strip().lower() for part in right.partition(":"))
    if not equals or not header.strip() or not target:
        raise MapError(f'{text!r} is not a rule. Write HEADING=COLUMN, such as "Site name=name".')
    if how and how not in HOWS:
        raise MapError(f"{text!r}: several columns can share a place by {', '.join(HOWS)}, not by {how!r}.")
    return Rule(header.strip(), None if target == NONE else target, how or None)
