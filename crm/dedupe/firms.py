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

Two sites that a person has called sites of two firms are never of one, whatever else says so: the one that was said not
to belong comes last, and stays apart from every firm that the other is in.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, Sequence
from functools import lru_cache
from typing import Any

from crm.dedupe.contacts import own_domain, read_ein, read_email, read_website
from crm.dedupe.names import MAX_NAMES, Name, read_names, word_weight
from crm.dedupe.pool import Keep, in_memory
from crm.dedupe.text import fold
from crm.dedupe.words import UNIT_WORDS

COMMON = 50  # the weight of a word that many names share
RARE = 100  # the weight that a word, or a whole name, must have to tell who somebody is
Site = Mapping[str, Any]
# What kind of clue, and what it says; and what tells the clues of a kind from a site's cells.
Clue = tuple[Any, ...]
Clues = Callable[[Site], Iterable[Any]]
# Clue -> the one site that has it, or those that have: most clues are of one site, and a set for each would take more
# memory than all the rest.
Holders = MutableMapping[Clue, "str | set[str]"]
# Kind of clue -> clue -> the sites that have it.
Shared = dict[str, dict[Clue, list[str]]]

# Of these a state has one of a name; not so of townships and districts.
BODIES = frozenset({"city", "county", "college", "university"})
BODY_OF = re.compile(r"(?:the )?(?:city|county|college|university) of ")
PARTS = UNIT_WORDS | {"foundation", "office", "program"}

# All that reads the clues of one site begins with the same few cells.
read_cell = lru_cache(maxsize=16)(read_names)


class Groups:
    """Sets that can be joined. A set goes by its least member, whatever the order of joining.

    Two members that are `barred` from each other are never in one set. A barred pair is (outsider, other): where more
    than two are joined outsiders come last, so that it is they who stay out.
    """

    def __init__(self, barred: Iterable[tuple[str, str]] = ()) -> None:
        self.parent: dict[str, str] = {}
        self.outsiders: set[str] = set()
        # By the least member of a set: its members that are barred from any other, and from which they are.
        self.held: dict[str, set[str]] = {}
        self.kept_out: dict[str, set[str]] = {}
        for outsider, other in barred:
            self.outsiders.add(outsider)
            for one, against in ((outsider, other), (other, outsider)):
                self.held.setdefault(one, set()).add(one)
                self.kept_out.setdefault(one, set()).add(against)

    def find(self, member: str) -> str:
        while (parent := self.parent.setdefault(member, member)) != member:
            self.parent[member] = self.parent[parent]
            member = parent
        return member

    def join(self, members: Iterable[str]) -> None:
        """Join all of them; with barred ones among them each to the first that it may be with."""
        if not self.kept_out:
            roots = sorted({self.find(member) for member in members})
            for root in roots[1:]:
                self.parent[root] = roots[0]
            return
        joined: list[str] = []
        for member in sorted(members, key=lambda member: (member in self.outsiders, member)):
            if not any(self.unite(member, other) for other in joined):
                joined.append(member)

    def unite(self, left: str, right: str) -> bool:
        """Join two sets; False if any two of their members are barred from each other."""
        first, second = sorted((self.find(left), self.find(right)))
        if first == second:
            return True
        held, out = self.held, self.kept_out
        if not held.get(first, set()).isdisjoint(out.get(second, ())):
            return False
        self.parent[second] = first
        for sets in (held, out):
            if second in sets:
                sets.setdefault(first, set()).update(sets.pop(second))
        return True


def roll_up_firms(
    businesses: Sequence[Site], *, said: Iterable[tuple[str, str]] = (), barred: Iterable[tuple[str, str]] = ()
) -> dict[str, str]:
    """Business id -> firm id, which is `o` and the rest of the least business id in the firm.

    `said` are the pairs of businesses that people have called sites of one firm, `barred` those of which they said that
    the first is not of the firm that the second is of. A site has `id` and `name`, and may have `legal_name`, `state`,
    `ein`, `website`, `email` and `parent`; None is blank.
    """
    holders: Holders = {}
    for site in businesses:
        hold(holders, site)
    return join_sites({site["id"]: site for site in businesses}, holders, said, barred)


def join_sites(
    sites: Mapping[str, Site], holders: Holders, said: Iterable[tuple[str, str]], barred: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """The same of these sites (by id), of which it is known who holds which clue."""
    said, groups = sorted(said), Groups(barred)
    shared = gather(holders)
    if groups.outsiders:
        inside = {id: site for id, site in sites.items() if id not in groups.outsiders}
        join_all(inside, leave_out(shared, groups.outsiders), groups, said)
    join_all(sites, shared, groups, said)
    return {id: "o" + groups.find(id)[1:] for id in sites}


def join_all(sites: Mapping[str, Site], shared: Shared, groups: Groups, said: Iterable[tuple[str, str]]) -> None:
    """Join what any clue, or any person, joins among these sites."""
    for clues in (employer_numbers, names_with_a_legal_name, stated_parents, public_bodies):
        for members in list_sharing(shared, clues):
            groups.join(members)
    for members in list_sharing(shared, domains_with_a_name):
        if len({legal for id in members for legal in legal_names(sites[id])}) < 2:
            groups.join(members)
    join_named_parents(shared, groups)
    for left, right in said:
        if left in sites and right in sites:
            groups.join((left, right))


def hold(holders: Holders, site: Site) -> None:
    """Note which clues a site has."""
    id = site["id"]
    for clue in list_clues(site):
        held = holders.setdefault(clue, id)
        if isinstance(held, set):
            held.add(id)
        elif held != id:
            holders[clue] = {held, id}


def list_holders(holders: Holders, clue: Clue) -> Iterable[str]:
    """The sites that have a clue."""
    held = holders.get(clue, ())
    return (held,) if isinstance(held, str) else held


def gather(holders: Holders) -> Shared:
    """By kind and clue, the sites that have a clue in common, sorted; of parents and the names that they go by also
    those that are alone with it."""
    stated = {clue[1] for clue in holders if clue[0] == PARENTS}
    shared: Shared = {}
    for clue, held in holders.items():
        kind = clue[0]
        if kind == BEARS and clue[1:] not in stated:
            continue
        if not isinstance(held, str):
            shared.setdefault(kind, {})[clue[1:]] = sorted(held)
        elif kind in (PARENTS, BEARS):
            shared.setdefault(kind, {})[clue[1:]] = [held]
    return shared


def leave_out(shared: Shared, outsiders: Collection[str]) -> Shared:
    """What is shared if these sites are not counted."""
    return {
        kind: {clue: left for clue, members in of.items() if (left := [id for id in members if id not in outsiders])}
        for kind, of in shared.items()
    }


def list_sharing(shared: Shared, clues: Clues) -> list[list[str]]:
    """The sites that have a clue of this kind in common, two or more, in an order that is always the same."""
    return sorted(members for members in shared.get(clues.__name__, {}).values() if len(members) > 1)


def cell(site: Site, field: str) -> str:
    return site.get(field) or ""


def names_in(site: Site, field: str) -> tuple[Name, ...]:
    """The names in one cell."""
    written = cell(site, field)
    return read_cell(written) if written else ()


def all_names(site: Site) -> tuple[Name, ...]:
    """What it is called and its legal names: the names in both cells together."""
    names, legal = names_in(site, "name"), names_in(site, "legal_name")
    return (*names, *(name for name in legal if name not in names))[:MAX_NAMES]


def weight(name: Name) -> int:
    return sum(map(word_weight, name.words))


def employer_numbers(site: Site) -> list[str]:
    """The federal employer number."""
    number = read_ein(cell(site, "ein"))
    return [number] if number else []


def domains_with_a_name(site: Site) -> list[tuple[str, str]]:
    """The site's own domain with each rare word of its names."""
    domain = read_website(cell(site, "website")) or own_domain(read_email(cell(site, "email")))
    words = {word for name in all_names(site) for word in name.words} if domain else ()
    return [(domain, word) for word in words if word_weight(word) >= RARE]


def legal_names(site: Site) -> list[tuple[Any, ...]]:
    """The legal name with its form, if it is a rare one."""
    legal = names_in(site, "legal_name")[:1]
    return [(name.words, name.legal) for name in legal if weight(name) >= RARE]


def names_with_a_legal_name(site: Site) -> list[tuple[Any, ...]]:
    """The name without its number, with the legal name and form."""
    names = names_in(site, "name")
    return [(without_numbers(names[0]), *legal) for legal in legal_names(site)] if names else []


def stated_parents(site: Site) -> list[tuple[str, ...]]:
    """The parent that the site names."""
    names = names_in(site, "parent")
    return [names[0].words] if names and weight(names[0]) >= RARE else []


def public_bodies(site: Site) -> list[tuple[Any, ...]]:
    """The body whose name this is, or begins with if it goes on with a department; with its state.

    "City of Rock Island Police" is a department of no city of Rock: what goes on must be common words."""
    names = names_in(site, "name")
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


def borne_names(site: Site) -> set[tuple[str, ...]]:
    """The names under which another may call it its parent."""
    return {name.words for name in all_names(site)}


def without_numbers(name: Name) -> tuple[str, ...]:
    """ "Acme Tool #2" goes by the name of Acme Tool."""
    return tuple(word for word in name.words if word not in name.numbers) or name.words


def join_named_parents(shared: Shared, groups: Groups) -> None:
    """Put a site with the business that it names as its parent, if all that bear that name are of one firm."""
    bearers = shared.get(BEARS, {})
    # Decided before any is joined, so that the order of the sites is no matter.
    found = sorted(
        (id, owners[0])
        for (parent,), children in shared.get(PARENTS, {}).items()
        if (owners := bearers.get(parent)) and len({groups.find(owner) for owner in owners}) == 1
        for id in children
    )
    for pair in found:
        groups.join(pair)


CELLS = ("id", "name", "legal_name", "state", "ein", "website", "email", "parent")
CLUES = (employer_numbers, domains_with_a_name, names_with_a_legal_name, stated_parents, public_bodies)
PARENTS, BEARS = stated_parents.__name__, "bears"


def take_cells(site: Site) -> dict[str, Any]:
    """What is kept of a site."""
    return {name: site[name] for name in CELLS if site.get(name)}


def put_in_order(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Each pair once, whichever way round it was said."""
    return {(min(pair), max(pair)) for pair in pairs}


class FirmIndex:
    """The roll-up with a memory: which firms the sites are of that a change may have touched.

    Two sites have to do with each other if they have a clue in common, one bears the name that the other states as its
    parent's, or a person called them sites of one firm or of two. What hangs together so is rolled up together, and
    depends on nothing else; so the answer is that of `roll_up_firms` over all. `keep` gives the mappings that remember
    it.
    """

    def __init__(self, keep: Keep = in_memory) -> None:
        self.sites: MutableMapping[str, dict[str, Any]] = keep("sites")
        self.holders: Holders = keep("holders")
        self.said: set[tuple[str, str]] = set()
        self.barred: set[tuple[str, str]] = set()
        self.partners: dict[str, set[str]] = {}

    def change(
        self,
        changed: Iterable[Site],
        gone: Iterable[str],
        said: Iterable[tuple[str, str]] = (),
        barred: Iterable[tuple[str, str]] = (),
    ) -> dict[str, str]:
        """Business id -> firm id, for all that these changes may concern. What is gone and unknown is passed over.
        `said` and `barred` are all pairs of which people said that they are (not) of one firm, as `roll_up_firms` takes
        them, of businesses that are there."""
        if next(iter(self.sites), None) is None:
            self.put(changed)
            return self.join_all(said, barred)
        fresh = {site["id"]: take_cells(site) for site in changed}
        said, barred = put_in_order(said), set(barred)
        touched = {id for pair in (said ^ self.said) | (barred ^ self.barred) for id in pair}
        for id in {*gone, *fresh}:
            touched |= self.take_out(id)
        for site in fresh.values():
            self.put_in(site)
        self.hear(said, barred)
        near = self.list_near({id for id in touched | fresh.keys() if id in self.sites})
        return roll_up_firms(
            [self.sites[id] for id in sorted(near)],
            said=[pair for pair in said if near.issuperset(pair)],
            barred=[pair for pair in barred if near.issuperset(pair)],
        )

    def put(self, changed: Iterable[Site]) -> None:
        """Take sites, without a word on the firms that they are of; `join_all` tells them."""
        for site in changed:
            self.take_out(site["id"])
            self.put_in(take_cells(site))

    def join_all(self, said: Iterable[tuple[str, str]], barred: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Business id -> firm id, for all there are; `said` and `barred` as for `change`."""
        said, barred = put_in_order(said), set(barred)
        self.hear(said, barred)
        return join_sites(self.sites, self.holders, said, barred)

    def hear(self, said: Iterable[tuple[str, str]], barred: Iterable[tuple[str, str]]) -> None:
        """Take what people have said for what was said before."""
        self.said, self.barred = set(said), set(barred)
        self.partners = {}
        for left, right in self.said | self.barred:
            self.partners.setdefault(left, set()).add(right)
            self.partners.setdefault(right, set()).add(left)

    def take_out(self, id: str) -> set[str]:
        """Forget a site; returns those that had to do with it."""
        if id not in self.sites:
            return set()
        site = self.sites[id]
        near = self.neighbours(site)
        for clue in list_clues(site):
            others = set(list_holders(self.holders, clue)) - {id}
            if not others:
                del self.holders[clue]
            else:
                self.holders[clue] = others if len(others) > 1 else others.pop()
        del self.sites[id]
        return near

    def put_in(self, site: dict[str, Any]) -> None:
        self.sites[site["id"]] = site
        hold(self.holders, site)

    def list_near(self, start: set[str]) -> set[str]:
        """Everything that hangs together with these sites."""
        seen, todo = set(start), list(start)
        while todo:
            for other in self.neighbours(self.sites[todo.pop()]):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return seen

    def neighbours(self, site: dict[str, Any]) -> set[str]:
        """The sites that it has a clue in common with, and those that a parent's name connects it with."""
        found = {id for id in self.partners.get(site["id"], ()) if id in self.sites}
        for clue in list_clues(site):
            if clue[0] != BEARS:
                found.update(list_holders(self.holders, clue))
            elif (parent := (PARENTS, clue[1:])) in self.holders:
                # Who bears a name has to do with the others that do if somebody states it.
                found.update(list_holders(self.holders, parent), list_holders(self.holders, clue))
        for parent in stated_parents(site):
            found.update(list_holders(self.holders, (BEARS, *parent)))
        return found


def list_clues(site: Site) -> set[Clue]:
    """All clues of a site, and the names that it bears."""
    clues: set[Clue] = {(read.__name__, clue) for read in CLUES for clue in read(site)}
    return clues | {(BEARS, *words) for words in borne_names(site)}
