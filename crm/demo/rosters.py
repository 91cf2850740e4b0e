"""Each agency's own list of people: 6,000 records of whom its staff know at the businesses on their lists.

Several agencies know the same executive, under a short name, an older title or at the firm they have left since.
"""

from dataclasses import dataclass
from random import Random

from crm.demo.listings import Cells, Listing
from crm.demo.people import Person
from crm.demo.spellings import spell_person, spell_phone, spell_title

RECORDS = 6_000
MOVED = 0.012


@dataclass(frozen=True)
class Contact:
    """One record of an agency about a person at a business on its list."""

    listing: Listing
    person: Person
    key: str
    cells: Cells


def list_people(listings: list[Listing]) -> list[Contact]:
    """Every agency's people, in the order of its own numbers."""
    rng = Random("demo region: rosters")
    numbers: dict[str, int] = {}
    contacts: list[Contact] = []
    for listing, person in pick_people(rng, listings):
        agency = listing.agency
        numbers[agency.name] = numbers.get(agency.name, 0) + 1
        key = f"P{numbers[agency.name]:04d}"
        contacts.append(Contact(listing, person, key, write_row(rng, listing, person, key)))
    return contacts


def pick_people(rng: Random, listings: list[Listing]) -> list[tuple[Listing, Person]]:
    """Who is known to whom: mostly the head, and more people where there is more to ask for."""
    wanted: list[tuple[float, Listing, Person]] = []
    for listing in listings:
        for rank, person in enumerate(listing.site.people):
            wish = listing.agency.habits.contacts * (1 + listing.site.asked) ** 0.4 / (1 + rank) ** 1.5
            wanted.append((rng.expovariate(1) / wish, listing, person))
    wanted.sort(key=lambda want: want[0])
    kept = wanted[:RECORDS]
    kept.sort(key=lambda want: (want[1].agency.name, want[0]))
    pairs = [(listing, person) for _, listing, person in kept]
    return [move_person(rng, listings, *pair) if rng.random() < MOVED else pair for pair in pairs]


def move_person(rng: Random, listings: list[Listing], listing: Listing, person: Person) -> tuple[Listing, Person]:
    """The agency knows the person at another firm, which one of the two records does not know of yet."""
    return rng.choice([other for other in listings if other.agency is listing.agency]), person


def write_row(rng: Random, listing: Listing, person: Person, key: str) -> Cells:
    """What this agency has written down about the person."""
    habits, site = listing.agency.habits, listing.site
    first, last, name = spell_person(rng, person, habits)
    has = lambda share=1.0: rng.random() < share * (1 - habits.blank)  # noqa: E731
    keeps_assistant = person.assistant and has(0.6)
    return {
        "agency": listing.agency.name,
        "source_id": key,
        "business": listing.key,
        "first_name": first,
        "last_name": last,
        "name": name,
        "title": spell_title(rng, person.title) if has() else "",
        "email": person.email if has(0.8) else "",
        "phone": spell_phone(rng, site.phone, habits.phone) if has(0.5) else "",
        "mobile": spell_phone(rng, person.mobile, habits.phone) if person.mobile and has(0.6) else "",
        "assistant": person.assistant if keeps_assistant else "",
        "assistant_phone": spell_phone(rng, site.phone, habits.phone) if keeps_assistant else "",
        "do_not_contact": "yes" if person.do_not_contact and rng.random() < 0.5 else "",
        "notes": "Met at the spring meeting." if rng.random() < 0.03 else "",
    }
