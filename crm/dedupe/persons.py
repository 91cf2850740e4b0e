"""Persons: a record's normal form, the keys under which its like is looked for, and what kind of thing it is."""

from collections.abc import Iterator
from typing import NamedTuple

from crm.dedupe.contacts import is_role_mailbox, own_domain, read_email, read_phone
from crm.dedupe.kinds import Kind
from crm.dedupe.names import read_names
from crm.dedupe.person_evidence import PERSON_FEATURES
from crm.dedupe.records import PersonRow
from crm.dedupe.text import fold, split_words
from crm.dedupe.weights import Curve, Scale
from crm.dedupe.words import NAME_PARTICLES, PERSON_DEGREES, PERSON_SUFFIXES, PERSON_TITLES

MOST = 4  # employers of one person that are compared


class PersonForm(NamedTuple):
    """What a person record says, spelling taken away. `first` and `middle` may be initials; an office's mailbox is
    no `email`."""

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


def read_person(row: PersonRow) -> PersonForm:
    """The record's normal form."""
    first, middle, last, suffix = read_person_name(row)
    email = read_email(row.email) if row.email else ""
    phones = {read_phone(cell).number for cell in (row.phone, row.mobile) if cell}
    return PersonForm(
        first,
        middle,
        last,
        suffix,
        "" if is_role_mailbox(email) else email,
        own_domain(email) if email else "",
        tuple(sorted(phones - {""})),
        tuple(sorted(set(row.businesses))[:MOST]),
        tuple(sorted(read_employers(row.employers))[:MOST]),
        " ".join(split_words(fold(row.title))),
    )


def read_employers(names: tuple[str, ...]) -> set[str]:
    """Employers' names as one word each, so that spaces and word forms do not matter."""
    return {"".join(name.words) for cell in names for name in read_names(cell)}


def read_person_name(row: PersonRow) -> tuple[str, str, str, str]:
    """First name, middle names or initials, last name and suffix (jr, sr, 2, 3). "Sanchez, Maria" is Maria Sanchez."""
    if row.last_name:
        first, last = bare_words(row.first_name), bare_words(row.last_name)
    else:
        text = row.name or row.first_name
        before, comma, after = text.partition(",")
        words = bare_words(text)
        turned = bool(comma) and not is_suffix(after)
        first, last = (bare_words(after), bare_words(before)) if turned else (words, [])
    suffix = next((PERSON_SUFFIXES[word] for word in (*last, *first)[1:] if word in PERSON_SUFFIXES), "")
    first = [word for word in first if word not in PERSON_SUFFIXES]
    last = [word for word in last if word not in PERSON_SUFFIXES]
    if not last and len(first) > 1:
        at = next((n for n, word in enumerate(first) if n and word in NAME_PARTICLES), len(first) - 1)
        first, last = first[:at], first[at:]
    return (first[0] if first else ""), " ".join(first[1:]), " ".join(last), suffix


def is_suffix(text: str) -> bool:
    """Whether what follows a comma is a suffix or a degree, and not a first name."""
    return all(word in PERSON_SUFFIXES or word in PERSON_DEGREES for word in split_words(fold(text)))


def bare_words(cell: str) -> list[str]:
    """The words of a name without titles and degrees; a double name is one word with a blank in it."""
    parts = fold(cell).replace(".", " ").replace(",", " ").split()
    words = [word for part in parts if (word := " ".join(split_words(part)))]
    while len(words) > 1 and words[0] in PERSON_TITLES:
        words = words[1:]
    while len(words) > 2 and all(word in PERSON_DEGREES for word in words[-1].split()):
        words = words[:-1]
    return words


def person_keys(form: PersonForm) -> Iterator[str]:
    """Under which keys to look for a person."""
    if form.email:
        yield "e" + form.email
    for number in form.phones:
        yield "p" + number[-7:]
    if form.last and form.first:
        yield f"n{form.last} {form.first}"
        yield f"i{form.last} {form.first[0]}"
    for name in (form.first, *form.middle.split()):
        if len(name) > 1 and form.last:
            yield "t" + " ".join(sorted((name, form.last)))
    for part in (form.last, *form.last.split(), *form.middle.split()):
        for employer in (*form.businesses, *form.employers):
            yield f"w{part[:4]} {employer}"
        if form.domain:
            yield f"d{part[:4]} {form.domain}"
    for employer in (*form.businesses, *form.employers):
        yield f"f{form.first} {employer}"


def is_sparse_person(form: PersonForm) -> bool:
    """A name and nothing else."""
    return not (form.email or form.phones or form.businesses or form.employers)


PERSON = Kind(
    name="person",
    read=read_person,
    keys=person_keys,
    is_sparse=is_sparse_person,
    features=PERSON_FEATURES,
    prior=Scale("person", "prior", "start"),
    odds=Curve("person", "probability"),
)
