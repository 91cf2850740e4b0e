"""Registers: lists of people that say of each when and where they were born, where they live, or a number of theirs.

The region's own people have none of this, so it is a kind of its own: all that counts for a person counts here too,
and what a register says more counts beside it. People of one household share a name and an address; it is the birthday
and the first name that tell them apart.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from crm.dedupe.fitting import Model, fit
from crm.dedupe.kinds import Kind
from crm.dedupe.persons import is_sparse_person, person_keys, read_person
from crm.dedupe.records import PersonRow
from crm.dedupe.register_evidence import REGISTER_FEATURES, read_area
from crm.dedupe.streets import NOWHERE, Street, read_city, read_street, read_zip
from crm.dedupe.weights import Curve, Scale

NEW_YEAR = "0101"  # what many lists write where they know but the year
NUMBERS = re.compile(r"\d+")
NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class RegisterRow(PersonRow):
    """One row of a register: a person's record, with what else the register says; "" where it does not."""

    born_on: str = ""
    birth_place: str = ""
    gender: str = ""
    national_id: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


class RegisterForm(NamedTuple):
    """What a row of a register says, spelling taken away; the first ten are those of a person."""

    first: str
    middle: str
    last: str
    suffix: str
    email: str
    domain: str
    phones: tuple[str, ...]
    businesses: tuple[str, ...]
    employers: tuple[str, ...]
    title: str
    born: str
    birth_place: str
    gender: str
    number: str
    street: Street
    city: str
    zip: str


def read_register(row: RegisterRow) -> RegisterForm:
    street = read_street(row.street) if row.street else NOWHERE
    return RegisterForm(
        *read_person(row),
        read_day(row.born_on) if row.born_on else "",
        read_city(row.birth_place) if row.birth_place else "",
        row.gender.strip().lower()[:1],
        NOT_WORD.sub("", row.national_id.lower()),
        street,
        read_city(row.city) if row.city else "",
        read_zip(row.zip) if row.zip else street.zip,
    )


def read_day(cell: str) -> str:
    """Eight digits, the year first and the other two in the order of the cell; "" for what is no whole day."""
    parts = NUMBERS.findall(cell)[:3]
    if len(parts) == 1 and len(parts[0]) == 8:
        text = parts[0]
        parts = [text[:4], text[4:6], text[6:]] if text[:2] in ("15", "16", "17", "18", "19", "20") else []
        parts = parts or [text[:2], text[2:4], text[4:]]
    if len(parts) != 3:
        return ""
    year = next((part for part in parts if len(part) == 4), "")
    others = [part.zfill(2) for part in parts if len(part) <= 2]
    return year + "".join(others) if year and len(others) == 2 else ""


def register_keys(form: RegisterForm) -> Iterator[str]:
    """Where to look for a person of a register: as for any, by number, and by any two of the other things said."""
    yield from person_keys(form)  # type: ignore[arg-type]
    last = form.last or form.first
    area = read_area(form.zip)
    if form.number:
        # Two of its signs are turned more often than any other slip is made.
        yield "s" + "".join(sorted(form.number))
    if form.first and form.last:
        yield "t" + " ".join(sorted((form.first[:4], form.last[:4])))
    if form.born:
        yield "b" + form.born
        yield f"y{form.born[:4]} {last[:3]}"
        if form.born[4:] != NEW_YEAR:
            yield f"m{form.born[4:]} {form.first[:3]}"
            yield f"k{form.born[4:]} {last[:3]}"
        for place in (area or form.zip, form.birth_place):
            if place:
                yield f"o{form.born[:4]} {place}"
    if form.street.house:
        yield f"a{form.street.house} {form.street.street[:4]}"
    for part in (form.street.house, form.street.street[:6]):
        if part and form.zip:
            yield f"h{part} {form.zip}"
    if area:
        yield "z" + form.zip
    for place in (form.zip, area, form.birth_place, form.title):
        if place:
            yield f"l{last[:4]} {place}"
            yield f"g{form.first[:4]} {place}"
    if form.title and form.birth_place:
        yield f"j{form.title} {form.birth_place}"


def is_sparse_register(form: RegisterForm) -> bool:
    """A name and nothing else."""
    told = form.born or form.number or form.street.house or form.zip or form.birth_place
    return not told and is_sparse_person(form)  # type: ignore[arg-type]


# What tells the more, the rarer it is in the list.
RATED: dict[str, tuple[str, Callable[[Any], str]]] = {
    "last name": ("last", lambda form: form.last),
    "first name": ("first", lambda form: form.first),
    "place of birth": ("birth place", lambda form: form.birth_place),
    "title": ("title", lambda form: form.title),
    "place": ("zip", lambda form: form.zip),
}

# What pairs of one person usually agree in, in lists with errors in every field.
USUAL = {
    "last name": {"other": 0.06, "alike": 0.06, "turned": 0.03, "near": 0.12, "same": 0.73},
    "first name": {
        "other": 0.05, "unlike": 0.04, "alike": 0.06, "initial": 0.03, "turned": 0.03, "near": 0.15, "same": 0.64
    },
    "birthday": {
        "another": 0.05, "same_year": 0.02, "two_parts": 0.05, "two_slips": 0.03, "slip": 0.12, "new_year": 0.08,
        "same": 0.65,
    },
    "personal number": {"another": 0.1, "two_slips": 0.03, "slip": 0.1, "same": 0.77},
    "address": {"another": 0.3, "another_house": 0.03, "street": 0.07, "near_house": 0.1, "house": 0.5},
    "place": {
        "another": 0.22, "near_code": 0.08, "town": 0.1, "area": 0.1, "code": 0.25, "fine_code": 0.25
    },
    "place of birth": {"another": 0.25, "alike": 0.1, "same": 0.65},
    "gender": {"another": 0.05, "same": 0.95},
    "title": {"another": 0.5, "same": 0.5},
    "e-mail": {"another": 0.4, "same": 0.6},
    "phone": {"another": 0.5, "same": 0.5},
    "employer": {"another": 0.3, "same": 0.7},
}  # fmt: skip

# Children are named after their parents, and twins are born on one day.
CROWDS = {
    "household": {
        "last name": 0.9, "first name": 0.05, "birthday": 0.05, "address": 0.95, "place": 0.95, "place of birth": 0.5,
        "phone": 0.5, "e-mail": 0.1,
    },
    "office": {"employer": 0.98, "address": 0.9, "place": 0.9, "phone": 0.5, "title": 0.1, "e-mail": 0.05},
}  # fmt: skip
REGISTER = Kind(
    name="person",
    read=read_register,
    keys=register_keys,
    is_sparse=is_sparse_register,
    features=REGISTER_FEATURES,
    prior=Scale("register", "prior", "start"),
    odds=Curve("register", "probability"),
    fit=partial(fit, Model(USUAL, CROWDS, rarity=RATED, without=frozenset({"name alone"}))),
)
