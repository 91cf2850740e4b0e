"""What is true in the demo region: its 3,000 establishments, with firms of several sites, franchises and departments.

`asked` is how much the agencies run after a site, relative to others: it grows with size and with the trade, and a few
are on everybody's list.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from crm.demo import words
from crm.demo.people import Person, Population
from crm.demo.places import TOWNS, Address, Addresses, Town, list_phones

SITES = 3_000
CHAINS, FRANCHISE_SITES, GROUPS, DEPARTED = 32, 90, 36, 12
CHAIN_TRADES = ("722511", "811111", "445110", "522130", "621111", "621210", "444140", "484121", "623312")
GROUP_TRADES = ("332710", "332312", "333248", "326199", "236220", "484121", "336390", "493110")


@dataclass
class Site:
    """One establishment. `name` is the sign on the door, `legal` the registered name without its form.

    `firm` numbers the owner. `head_phone` is the firm's central number, where it has one; `domain` is its place on the
    net. `closed` counts the days since it closed, None for one that is open.
    """

    no: int
    firm: int
    name: str
    legal: str
    form: str
    trade: words.Trade
    address: Address
    phone: str
    domain: str
    ein: str
    employees: int
    asked: float
    parent: str = ""
    head_phone: str = ""
    old_name: str = ""
    old_address: Address | None = None
    closed: int | None = None
    people: list[Person] = field(default_factory=list)


class Builder:
    """Draws sites one after the other; what must not be given twice (numbers, addresses, names) is kept here."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.addresses = Addresses(rng)
        self.phones = list_phones(rng)
        self.population = Population(rng, self.phones)
        self.sites: list[Site] = []
        self._firms = count(1)
        self._names: set[str] = set()

    def pick_trade(self, among: tuple[str, ...] = ()) -> words.Trade:
        """A trade, of these codes or of all."""
        trades = [words.BY_NAICS[code] for code in among] if among else list(words.TRADES)
        return self.rng.choices(trades, [trade.weight for trade in trades])[0]

    def make_name(self, trade: words.Trade, town: Town) -> str:
        """A name that no other firm of the region has."""
        while True:
            name = f"{self._make_head(town)} {self.rng.choice(trade.words)}"
            if name not in self._names:
                self._names.add(name)
                return name

    def _make_head(self, town: Town) -> str:
        rng = self.rng
        surname = self.population.make_surname
        heads: tuple[tuple[int, Callable[[], str]], ...] = (
            (26, surname),
            (6, lambda: f"{surname()} & Sons"),
            (5, lambda: f"{surname()} Brothers"),
            (4, lambda: f"{surname()} & {surname()}"),
            (24, lambda: f"{rng.choice(words.ADJECTIVES)} {rng.choice(words.NOUNS)}"),
            (13, lambda: f"{rng.choice(words.NOUNS)} {rng.choice(words.NOUNS)}"),
            (15, lambda: rng.choice(words.COINED_HEADS) + rng.choice(words.COINED_TAILS)),
            (4, lambda: f"{town.name} {rng.choice(words.NOUNS)}"),
            (3, lambda: f"{rng.choice('ABCDEGHJKLMPRST')} & {rng.choice('ABCDEGHJKLMPRST')} {rng.choice(words.NOUNS)}"),
        )
        return rng.choices([head for _, head in heads], [weight for weight, _ in heads])[0]()

    def add(
        self,
        *,
        name: str,
        trade: words.Trade,
        address: Address,
        firm: int,
        legal: str = "",
        form: str | None = None,
        domain: str = "",
        ein: str = "",
        scale: float = 1.0,
        parent: str = "",
        head_phone: str = "",
    ) -> Site:
        """One more site, with its size, its people and how much it is asked."""
        rng = self.rng
        employees = max(1, round(trade.employees * scale * rng.lognormvariate(0, 0.9)))
        site = Site(
            no=len(self.sites) + 1,
            firm=firm,
            name=name,
            legal=legal or name,
            form=rng.choices(words.LEGAL_FORMS, words.LEGAL_FORM_WEIGHTS)[0] if form is None else form,
            trade=trade,
            address=address,
            phone=next(self.phones),
            domain=domain or (f"{make_slug(name)}.example" if rng.random() < 0.75 else ""),
            ein=ein or self.make_ein(),
            employees=employees,
            asked=trade.asked * (1 + employees) ** 0.75 * rng.paretovariate(1.6),
            parent=parent,
            head_phone=head_phone,
        )
        site.people = self.population.staff(employees, site.domain)
        self.sites.append(site)
        return site

    def make_ein(self) -> str:
        """An employer number that begins with 00, which is given to nobody."""
        return f"00-{self.rng.randrange(10_000_000):07d}"

    def next_firm(self) -> int:
        return next(self._firms)


def make_slug(name: str) -> str:
    """The name as the beginning of a web address: as many of its words as are not too long."""
    slug = ""
    for word in name.lower().replace("&", "and").split():
        letters = "".join(letter for letter in word if letter.isalnum())
        if slug and len(slug) + len(letters) > 22:
            break
        slug += letters
    return slug


def build_sites() -> list[Site]:
    """All establishments of the region; the same ones every time."""
    builder = Builder(Random("demo region: sites"))
    add_hospitals(builder)
    add_city_halls(builder)
    for _ in range(CHAINS):
        add_chain(builder)
    add_franchises(builder)
    for _ in range(GROUPS):
        add_group(builder)
    while len(builder.sites) < SITES:
        add_single(builder)
    age(builder)
    return builder.sites


def add_single(builder: Builder) -> None:
    """A firm of one site, of which one in eight is registered under another name."""
    rng = builder.rng
    trade, address = builder.pick_trade(), builder.addresses.take()
    name = builder.make_name(trade, address.town)
    legal = ""
    if rng.random() < 0.12:
        legal = f"{builder.population.make_surname()} {rng.choice(words.HOLDING_NAMES)}"
    builder.add(name=name, trade=trade, address=address, firm=builder.next_firm(), legal=legal)


def add_chain(builder: Builder) -> None:
    """A firm with several sites: one name, one website, one employer number, a person who is responsible for all."""
    rng = builder.rng
    trade = builder.pick_trade(
        ("722511", "811111", "445110", "522130", "621111", "621210", "444140", "484121", "623312")
    )
    base = builder.make_name(trade, TOWNS[0])
    firm, ein, domain = builder.next_firm(), builder.make_ein(), f"{make_slug(base)}.example"
    head_phone, form = next(builder.phones), rng.choice(("LLC", "Inc"))
    by_town = rng.random() < 0.6
    first: Site | None = None
    for place in range(rng.choices((3, 4, 5, 7), (35, 30, 20, 15))[0]):
        address = builder.addresses.take()
        where = address.town.name if by_town else address.street
        name = base if place == 0 else f"{base} - {where}"
        site = builder.add(
            name=name, legal=base, form=form, trade=trade, address=address, firm=firm, domain=domain, ein=ein,
            parent=base if place else "", head_phone=head_phone,
        )  # fmt: skip
        if first is None:
            first = site
        elif rng.random() < 0.6:
            site.people.append(first.people[0])


def add_franchises(builder: Builder) -> None:
    """Sites under one sign that belong to different owners, some of whom have two or three."""
    rng = builder.rng
    last = len(builder.sites) + FRANCHISE_SITES
    while len(builder.sites) < last:
        brand, naics = rng.choice(words.FRANCHISES)
        firm, ein = builder.next_firm(), builder.make_ein()
        legal = f"{builder.population.make_surname()} {rng.choice(('Ventures', 'Partners', 'Foods', 'Management'))}"
        for _ in range(min(rng.choices((1, 2, 3), (60, 28, 12))[0], last - len(builder.sites))):
            address = builder.addresses.take()
            name = rng.choice((brand, f"{brand} of {address.town.name}", f"{brand} #{rng.randrange(100, 990)}"))
            builder.add(
                name=name, legal=legal, form="LLC", trade=words.BY_NAICS[naics], address=address, firm=firm, ein=ein,
                domain=f"{make_slug(brand)}.example",
            )  # fmt: skip


def add_group(builder: Builder) -> None:
    """A parent and its daughters: each its own employer, mostly at one place."""
    rng = builder.rng
    trade = builder.pick_trade(GROUP_TRADES)
    root = f"{rng.choice(words.COINED_HEADS)}{rng.choice(words.COINED_TAILS)}"
    parent = f"{root} {rng.choice(words.HOLDING_NAMES)}"
    home, head_phone = builder.addresses.take(), next(builder.phones)
    for word in rng.sample(trade.words, min(len(trade.words), rng.choice((2, 2, 3)))):
        address = home if rng.random() < 0.4 else builder.addresses.take()
        builder.add(
            name=f"{root} {word}", trade=trade, address=address, firm=builder.next_firm(), parent=parent, scale=2.0,
            domain=f"{make_slug(root)}.example", head_phone=head_phone,
        )  # fmt: skip


def add_hospitals(builder: Builder) -> None:
    """Two hospitals whose departments are called on as if each were an employer of its own."""
    for town in TOWNS[:2]:
        trade = words.Trade("622110", ("Hospital",), 300, 1, 9.0)
        _add_departments(builder, f"{town.name} Regional Hospital", words.HOSPITAL_DEPARTMENTS, trade, town)


def add_city_halls(builder: Builder) -> None:
    """The towns themselves are employers, with departments."""
    for town in TOWNS[:3]:
        trade = words.Trade("921140", ("City",), 120, 1, 1.5)
        _add_departments(builder, f"City of {town.name}", words.CITY_DEPARTMENTS, trade, town)


def _add_departments(builder: Builder, name: str, parts: tuple[str, ...], trade: words.Trade, town: Town) -> None:
    firm, ein, domain = builder.next_firm(), builder.make_ein(), f"{make_slug(name)}.example"
    for part in ("", *parts):
        builder.add(
            name=f"{name} - {part}" if part else name, legal=name, form="", trade=trade,
            address=builder.addresses.take(town), firm=firm, ein=ein, domain=domain, parent=name if part else "",
            scale=0.2 if part else 1.0,
        )  # fmt: skip


def age(builder: Builder) -> None:
    """Time has gone over the lists: some have moved, some have another name now, a few are closed."""
    rng = builder.rng
    for site in rng.sample(builder.sites, len(builder.sites) // 30):
        site.old_address = builder.addresses.take(site.address.town)
    for site in _singles(rng, builder.sites, len(builder.sites) // 40):
        site.old_name = builder.make_name(site.trade, site.address.town)
    for site in _singles(rng, builder.sites, DEPARTED):
        site.closed = rng.randrange(20, 400)


def _singles(rng: Random, sites: list[Site], many: int) -> Iterator[Site]:
    return iter(rng.sample([site for site in sites if not site.parent and not site.head_phone], many))
