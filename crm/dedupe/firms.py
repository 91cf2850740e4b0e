"""Firms: which businesses (sites) are of one owner. A firm is never a reason to take two sites for one.

Careful on purpose: a brand in common is no owner in common (a franchise), and neither is a landlord's web host. Two
sites are of one firm when they
- have the same federal employer number;
- have a web domain of their own in common and a rare word of their names too, unless such sites state several legal
  names (the domain is a brand's);
- go by one name and one legal name;
- are by their names a city, county, college or university and a department of it, or two departments, in one state;
- name the same parent, or one names the other (or the firm that all bearers of that name belong to) as its parent;
- have been called sites of one firm by a person.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crm.dedupe.contacts import own_domain, read_ein, read_email, read_website
from crm.dedupe.names import Name, read_names, word_weight
from crm.dedupe.text import fold
from crm.dedupe.words import UNIT_WORDS

COMMON = 50  # the weight of a word that many names share
RARE = 100  # the weight that a word, or a whole name, must have to tell who somebody is
Site = Mapping[str, Any]

# Of these a state has one of a name; not so of townships and districts.
BODIES = frozenset({"city", "county", "college", "university"})
BODY_OF = re.compile(r"(?:the )?(?:city|county|college|university) of ")
PARTS = UNIT_WORDS | {"foundation", "office", "program"}


class Groups:
    """Sets that can be joined. A set goes by its least member, whatever the order of joining."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}

    def find(self, member: str) -> str:
        while (parent := self.parent.setdefault(member, member)) != member:
            self.parent[member] = self.parent[parent]
            member = parent
        return member

    def join(self, members: Iterable[str]) -> None:
        roots = sorted({self.find(member) for member in members})
        for root in roots[1:]:
            self.parent[root] = roots[0]


def roll_up_firms(businesses: Sequence[Site], *, said: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """Business id -> firm id, which is `o` and the rest of the least business id in the firm.

    `said` are the pairs of businesses that people have called sites of one firm. A site has `id` and `name`, and may
    have `legal_name`, `state`, `ein`, `website`, `email` and `parent`; None is blank.
    """
    groups = Groups()
    for clues in (employer_numbers, names_with_a_legal_name, stated_parents, public_bodies):
        for members in gather(businesses, clues):
            groups.join(site["id"] for site in members)
    for members in gather(businesses, domains_with_a_name):
        if len({legal for site in members for legal in legal_names(site)}) < 2:
            groups.join(site["id"] for site in members)
    join_named_parents(businesses, groups)
    for pair in said:
        groups.join(pair)
    return {site["id"]: "o" + groups.find(site["id"])[1:] for site in businesses}


def gather(businesses: Sequence[Site], clues: Callable[[Site], Iterable[Any]]) -> Iterator[list[Site]]:
    """The sites that have a clue in common, two or more."""
    found: dict[Any, list[Site]] = {}
    for site in businesses:
        for clue in clues(site):
            found.setdefault(clue, []).append(site)
    return (members for members in found.values() if len(members) > 1)


def cell(site: Site, field: str) -> str:
    return site.get(field) or ""


def weight(name: Name) -> int:
    return sum(map(word_weight, name.words))


def employer_numbers(site: Site) -> list[str]:
    """The federal employer number."""
    number = read_ein(cell(site, "ein"))
    return [number] if number else []


def domains_with_a_name(site: Site) -> list[tuple[str, str]]:
    """The site's own domain with each rare word of its names."""
    domain = read_website(cell(site, "website")) or own_domain(read_email(cell(site, "email")))
    names = read_names(cell(site, "name"), cell(site, "legal_name")) if domain else ()
    return [(domain, word) for word in {w for name in names for w in name.words} if word_weight(word) >= RARE]


def legal_names(site: Site) -> list[tuple[Any, ...]]:
    """The legal name with its form, if it is a rare one."""
    legal = read_names(cell(site, "legal_name"))[:1]
    return [(name.words, name.legal) for name in legal if weight(name) >= RARE]


def names_with_a_legal_name(site: Site) -> list[tuple[Any, ...]]:
    """The name without its number, with the legal name and form."""
    names = read_names(cell(site, "name"))
    return [(without_numbers(names[0]), *legal) for legal in legal_names(site)] if names else []


def stated_parents(site: Site) -> list[tuple[str, ...]]:
    """The parent that the site names."""
    names = read_names(cell(site, "parent"))
    return [names[0].words] if names and weight(names[0]) >= RARE else []


def public_bodies(site: Site) -> list[tuple[Any, ...]]:
    """The body whose name this is, or begins with if it goes on with a department; with its state.

    "City of Rock Island Police" is a department of no city of Rock: what goes on must be common words."""
    names = read_names(cell(site, "name"))
    if not names:
        return []
    words = names[0].words
    is_of = bool(BODY_OF.match(fold(cell(site, "name")).strip()))
    found = [
        words[:length]
        for length in range(2, len(words) + 1)
        if (is_of and words[0] in BODIES) or words[length - 1] in BODIES - {"city"}
        if any(word_weight(word) >= RARE for word in words[:length])
        if length == len(words) or (words[-1] in PARTS and all(word_weight(word) <= COMMON for word in words[length:]))
    ]
    return [(*sorted(body), cell(site, "state").strip().lower()) for body in found]


def without_numbers(name: Name) -> tuple[str, ...]:
    """ "Acme Tool #2" goes by the name of Acme Tool."""
    return tuple(word for word in name.words if word not in name.numbers) or name.words


def join_named_parents(businesses: Sequence[Site], groups: Groups) -> None:
    """Put a site with the business that it names as its parent, if all that bear that name are of one firm."""
    bearers: dict[tuple[str, ...], list[str]] = {}
    for site in businesses:
        for name in {name.words for name in read_names(cell(site, "name"), cell(site, "legal_name"))}:
            bearers.setdefault(name, []).append(site["id"])
    # Decided before any is joined, so that the order of the sites is no matter.
    found = [
        (site["id"], owners[0])
        for site in businesses
        for parent in stated_parents(site)
        if (owners := bearers.get(parent)) and len({groups.find(owner) for owner in owners}) == 1
    ]
    for pair in found:
        groups.join(pair)
