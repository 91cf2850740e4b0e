"""Clues: what a row of a calendar says of the business with which a meeting was, where no column names it.

They are the addresses of those who were invited (by their domain, unless that is one of everybody's mail), the place
and the title. None of them is taken for a business by itself: somebody says once what each means, and that is kept in
the profile as a word of the column `business`. The organiser's own name and domain are no clue.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from importers.headers import normalise_heading

# The value for every row by which the business is looked for in what the row says.
FIND: Final = "?"
# Headings under which clues stand, the surest first.
TELLING: Final = (
    "attendee e-mails", "attendee emails", "required attendees", "optional attendees", "attendees", "guests",
    "location", "where", "subject", "title", "summary",
)  # fmt: skip
OWN: Final = ("organizer e-mail", "organizer email", "meeting organizer", "organizer")
ADDRESS = re.compile(r"[^@\s<>,;:\"'()]+@([^@\s<>,;:\"'()]+\.[a-z]{2,})", re.IGNORECASE)
NOWHERE = re.compile(
    r"(?:microsoft )?teams.*|zoom.*|https?:.*|google meet.*|webex.*|phone.*|call|online|virtual.*|remote|tbd|tba|n/?a|"
    r"(?:conference |meeting )?room .*|[\W_]*",
    re.IGNORECASE,
)
LONGEST: Final = 120
MOST: Final = 8


def list_places(headers: Sequence[str]) -> list[int]:
    """The columns that hold clues, the surest first, and after them those that say whose calendar it is."""
    places = {normalise_heading(header): place for place, header in enumerate(headers)}
    return [places[heading] for heading in (*TELLING, *OWN) if heading in places]


def list_clues(cells: Iterable[tuple[str, str]]) -> list[str]:
    """The clues of a row of (heading, cell), the surest first."""
    from crm.dedupe.contacts import own_domain  # with which the matcher comes; only calendars need it

    told = [(normalise_heading(heading), cell) for heading, cell in cells]
    own = {domain for heading, cell in told if heading in OWN for domain in map(own_domain, _list_addresses(cell))}
    own |= {part.casefold() for heading, cell in told if heading in OWN for part in _cut(cell)}
    clues: dict[str, str] = {}
    for heading, cell in told:
        if heading in OWN:
            continue
        addresses = _list_addresses(cell)
        found = [own_domain(address) or address for address in addresses] if addresses else _cut(cell)
        clues |= {clue.casefold(): clue for clue in found if clue.casefold() not in own | clues.keys()}
    return list(clues.values())[:MOST]


def _list_addresses(cell: str) -> list[str]:
    return [match[0].lower() for match in ADDRESS.finditer(cell)]


def _cut(cell: str) -> list[str]:
    parts = (" ".join(part.split()) for part in cell.split(";"))
    return [part for part in parts if 1 < len(part) <= LONGEST and not NOWHERE.fullmatch(part) and "=" not in part]
