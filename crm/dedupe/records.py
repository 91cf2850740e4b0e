"""What goes into the matcher: the rows that agencies asserted, and what people have decided about pairs of them.

A row is one record of one agency, already read but not yet normalised: every cell is text as the agency typed it, and
an empty cell is "". `uid` names the record for ever; `seq` is its place in the order of birth over the whole region,
which is what settles every tie, so that the answer does not depend on the order in which rows arrive.
"""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["same", "different", "unsure"]


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """One agency's record of one establishment.

    `name` may hold several names ("X dba Y"); `legal_name` is the registered one if the agency keeps it apart. `people`
    are names of contacts, when the list has them; `co_names` whoever else is named with it (co-authors, a board).
    `parent`, `county` and `closed_on` are carried for the roll-up and for callers: they are no evidence for or against
    two records being one site.
    """

    uid: str
    seq: int = 0
    agency: str = ""
    name: str = ""
    legal_name: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    county: str = ""
    phone: str = ""
    website: str = ""
    email: str = ""
    ein: str = ""
    naics: str = ""
    parent: str = ""
    closed_on: str = ""
    people: tuple[str, ...] = ()
    co_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One agency's record of one person.

    `name` is used where first and last name are not given apart. `businesses` are ids of the things (or, before
    matching, of the records) that the person works at; `employers` are names, for lists that hold nothing better.
    """

    uid: str
    seq: int = 0
    agency: str = ""
    first_name: str = ""
    last_name: str = ""
    name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    businesses: tuple[str, ...] = ()
    employers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person decided about two records. The latest one about a pair counts; "different" wins over any score."""

    left: str
    right: str
    verdict: Verdict

    @property
    def pair(self) -> tuple[str, str]:
        """The two uids in text order: a judgement has no direction."""
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)
