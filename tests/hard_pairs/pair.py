"""A hard pair: two records as agencies write them, and what a careful person who knows the region would say of them.

The answer is a person's, whatever the matcher says: a new one is written down before the matcher is asked. There are
four:

- SAME: one site, or one person.
- FIRM: two sites of one owner; kept apart as sites, and rolled up to one firm.
- REVIEW: the two records alone do not settle it; a person has to look.
- DIFFERENT: two, and nobody needs to be asked.

A pair that the matcher answers otherwise stays in the catalogue and says why in `fails`.
"""

from typing import Any, Literal, NamedTuple

Answer = Literal["same", "firm", "review", "different"]
Cells = dict[str, Any]

SAME: Answer = "same"
FIRM: Answer = "firm"
REVIEW: Answer = "review"
DIFFERENT: Answer = "different"


class Pair(NamedTuple):
    """`left` and `right` are cells of a row by field; `why` is the sentence that a person would give for the answer."""

    title: str
    left: Cells
    right: Cells
    answer: Answer
    why: str
    fails: str = ""


def row(name: str = "", **cells: Any) -> Cells:
    """The cells of one record; what is not given is blank."""
    return {"name": name, **cells}


# Places that many pairs are at. Names of places and firms are invented or mean nothing here.
ROCKFORD: Cells = {"city": "Rockford", "state": "IL"}
PEORIA: Cells = {"city": "Peoria", "state": "IL"}
MAIN: Cells = {"street": "120 N Main St", "zip": "61101", **ROCKFORD}
OAK: Cells = {"street": "900 Oak Ave", "zip": "61107", **ROCKFORD}
ELM: Cells = {"street": "4100 Elm St", "zip": "61602", **PEORIA}
