"""Businesses: a record's normal form, the keys under which its like is looked for, and what counts as evidence."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from typing import Any, NamedTuple

from crm.dedupe.business_evidence import BUSINESS_FEATURES, is_other_address
from crm.dedupe.contacts import (
    NO_PHONE,
    Phone,
    is_toll_free,
    own_domain,
    read_ein,
    read_email,
    read_phone,
    read_website,
)
from crm.dedupe.crowds import most_tempered, temper_shared_phones
from crm.dedupe.kinds import Kind
from crm.dedupe.names import Name, leave_one_out, read_names, word_weight
from crm.dedupe.records import BusinessRow
from crm.dedupe.streets import NOWHERE, Street, read_city, read_street, read_zip
from crm.dedupe.text import fold, split_words
from crm.dedupe.weights import Curve, Scale

SLIPPED = (6, 16)  # letters of a word in which a slip is looked for


class BusinessForm(NamedTuple):
    """What a business record says, spelling taken away. Hashable, and compact: it holds only text and tuples of it."""

    names: tuple[Name, ...]
    street: Street
    city: str
    state: str
    zip: str
    phone: Phone
    domain: str
    email: str
    ein: str
    naics: str
    people: tuple[str, ...]
    co_names: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Written down as plain tuples, which takes half the time: every form of a list is."""
        names, street, phone = tuple(map(tuple, self.names)), tuple(self.street), tuple(self.phone)
        return restore_form, (names, street, *self[2:5], phone, *self[6:])


def restore_form(
    names: Iterable[Any], street: Any, city: str, state: str, zip_code: str, phone: Any, *rest: Any
) -> BusinessForm:
    """The form that was written down."""
    make = tuple.__new__  # what `_make` calls when it has counted the fields
    return BusinessForm(
        tuple([make(Name, name) for name in names]),
        make(Street, street),
        city,
        state,
        zip_code,
        make(Phone, phone),
        *rest,
    )


def read_business(row: BusinessRow) -> BusinessForm:
    """The record's normal form, 10 to 25 microseconds a row."""
    street = read_street(row.street) if row.street else NOWHERE
    email = read_email(row.email) if row.email else ""
    domain = read_website(row.website) if row.website else ""
    return BusinessForm(
        read_names(row.name, row.legal_name) if row.legal_name else read_names(row.name),
        street,
        read_city(row.city) if row.city else "",
        row.state.strip().lower(),
        read_zip(row.zip) if row.zip else street.zip,
        read_phone(row.phone) if row.phone else NO_PHONE,
        domain or (own_domain(email) if email else ""),
        email,
        read_ein(row.ein) if row.ein else "",
        row.naics.strip(),
        tuple(sorted({key for name in row.people if (key := person_key(name))})[:3]) if row.people else (),
        read_co_names(row.co_names) if row.co_names else (),
    )


def person_key(name: str) -> str:
    """Last name and first letter of the first: enough to say that two lists name one contact."""
    words = split_words(fold(name))
    if "," in name:
        words = words[1:] + words[:1]
    return f"{words[-1]} {words[0][0]}" if len(words) > 1 else ""


@lru_cache(maxsize=1_000)
def read_co_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Their keys, each once, sorted. Many rows of one form may have the same long tuple."""
    return tuple(sorted({key for name in names if (key := co_name_key(name))}))


def co_name_key(name: str) -> str:
    """All words of a name in one order; "" for a single word, which many share."""
    words = sorted(split_words(fold(name)))
    return " ".join(words) if len(words) > 1 else ""


def business_keys(form: BusinessForm) -> list[str]:
    """Where to look for a business: its words alone, in pairs and with its town, its letters, its contacts."""
    keys: list[str] = []
    sparse = is_sparse_business(form)
    for name in form.names:
        keys += name_keys(name, form)
        if sparse:
            keys += slip_keys(name)
    if form.phone.number:
        keys.append("p" + form.phone.number[-7:])
    if form.domain:
        keys.append("d" + form.domain)
    if form.email:
        keys.append("e" + form.email)
    if form.ein:
        keys.append("i" + form.ein)
    keys += ["k" + name for name in form.co_names]
    street = form.street
    if street.house:
        keys.append(f"a{street.house} {street.street[:4]}")
        if form.zip:
            keys.append(f"h{street.house} {form.zip}")
    elif street.box:
        keys.append(f"o{street.box} {form.zip or form.city}")
    return keys


def name_keys(name: Name, form: BusinessForm) -> list[str]:
    """The keys of one name. A word alone is a key too: common ones fill their block beyond its limit and drop out."""
    words = sorted(set(name.words))
    squeezed = "".join(name.words)
    rare = [word for word in name.words if word_weight(word) > 50][:4] or words[:2]
    paired = sorted({*rare, *words[:5]})[:5]
    keys = ["n" + "".join(words), *["t" + word for word in rare]]
    keys += [f"w{one} {other}" for one, other in combinations(paired, 2)]
    if len(squeezed) > 7:
        keys += ("b" + squeezed[:6], "z" + squeezed[-7:])
    if form.zip:
        keys.append(f"l{rare[0]} {form.zip}")
    elif form.city:
        keys.append(f"c{rare[0]} {form.city}")
    return keys


def slip_keys(name: Name) -> Iterator[str]:
    """Where a name with a single word of its own and nothing else to go by is found under a slip in that word: each
    way to leave one of its letters out, and none."""
    own = [word for word in name.words if word_weight(word) > 50]
    if len(own) == 1 and SLIPPED[0] <= len(own[0]) <= SLIPPED[1]:
        yield from ("s" + short for short in leave_one_out(own[0]))


def is_sparse_business(form: BusinessForm) -> bool:
    """Nothing that tells one site from the firm's others: a name and a town, a website, a head-office number."""
    number = form.phone.number
    return not (form.street.house or form.street.box or (number and not is_toll_free(number)))


BUSINESS = Kind(
    name="business",
    read=read_business,
    keys=business_keys,
    is_sparse=is_sparse_business,
    features=BUSINESS_FEATURES,
    prior=Scale("business", "prior", "start"),
    odds=Curve("business", "probability"),
    elsewhere=is_other_address,
    firm_most=1150,
    temper=temper_shared_phones,
    most_tempered=most_tempered,
)
