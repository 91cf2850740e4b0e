"""How one thing is written by twelve agencies: short forms, legal forms, slips of the pen, telephone formats."""

from random import Random

from crm.demo import words
from crm.demo.agencies import Habits
from crm.demo.people import Person
from crm.demo.places import SHORT_TOWNS, Address
from crm.demo.sites import Site

LETTERS = "abcdefghiklmnoprstuvw"


def slip(rng: Random, text: str) -> str:
    """The text with one slip of the pen: a letter lost, doubled, swapped with the next or hit wrong."""
    places = [place for place in range(1, len(text) - 1) if text[place : place + 2].isalpha()]
    if not places:
        return text
    at = rng.choice(places)
    before, here, after = text[:at], text[at], text[at + 1 :]
    typed = rng.choice(("", here * 2, rng.choice(LETTERS), after[0] + here))
    return before + typed + (after[1:] if len(typed) > 1 and typed[0] != here else after)


def spell_business(rng: Random, site: Site, habits: Habits) -> tuple[str, str]:
    """The cells `name` and `legal_name` of an agency's row: sign or registered name, in full or short."""
    sign = site.old_name if site.old_name and rng.random() < 0.3 else site.name
    registered = spell_legal(rng, site.legal, site.form) if rng.random() < habits.form else site.legal
    if site.legal == site.name and sign == site.name:
        return _wear(rng, registered, habits), ""
    if rng.random() >= habits.legal:
        return _wear(rng, sign, habits), (registered if rng.random() < habits.legal else "")
    way = rng.random()
    if way < 0.25:
        return f"{_wear(rng, registered, habits)} dba {sign}", ""
    return _wear(rng, sign, habits), registered


def spell_legal(rng: Random, name: str, form: str) -> str:
    """The registered name with its form, in one of the ways in which that is written."""
    if not form:
        return name
    spelled = rng.choice(words.LEGAL_SPELLINGS[form])
    return name + spelled if spelled.startswith(",") else f"{name} {spelled}"


def _wear(rng: Random, name: str, habits: Habits) -> str:
    """The name after somebody has typed it."""
    parts = [
        words.WORD_SHORT[word] if word in words.WORD_SHORT and rng.random() < habits.short else word
        for word in name.split()
    ]
    name = " ".join(parts)
    if " & " in name and rng.random() < 0.3:
        name = name.replace(" & ", " and ")
    if rng.random() < 0.02:
        name = f"The {name}"
    if rng.random() < habits.slip:
        name = slip(rng, name)
    return name.upper() if habits.upper else name


def spell_street(rng: Random, address: Address, habits: Habits) -> str:
    short = rng.random() < habits.street_short
    text = f"{address.house} {address.street} {address.kind}"
    # A unit is the part that is left out most.
    if address.unit and rng.random() < 0.7:
        text += f"{rng.choice((', ', ' '))}{address.unit}"
    if short:
        text = " ".join(words.STREET_SHORT.get(word, word) for word in text.split())
    if rng.random() < habits.slip:
        text = slip(rng, text)
    return text.upper() if habits.upper else text


def spell_town(rng: Random, town: str, habits: Habits) -> str:
    if town in SHORT_TOWNS and rng.random() < 0.4:
        town = SHORT_TOWNS[town]
    elif rng.random() < habits.slip / 3:
        town = slip(rng, town)
    return town.upper() if habits.upper else town


def spell_zip(rng: Random, zip_code: str) -> str:
    return f"{zip_code}-{rng.randrange(1000, 9999)}" if rng.random() < 0.06 else zip_code


def spell_phone(rng: Random, digits: str, pattern: str) -> str:
    """Ten digits in the agency's way; one in twenty in another's."""
    if rng.random() < 0.05:
        pattern = rng.choice(("({0}) {1}-{2}", "{0}{1}{2}", "+1 {0} {1} {2}"))
    return pattern.format(digits[:3], digits[3:6], digits[6:])


def spell_website(rng: Random, domain: str) -> str:
    return (
        rng.choice(("", "www.", "www.", "https://", "https://www.", "http://www.")) + domain + rng.choice(("", "", "/"))
    )


def spell_person(rng: Random, person: Person, habits: Habits) -> tuple[str, str, str]:
    """The cells `first_name`, `last_name` and `name`: some systems keep two columns, some one, some do not care."""
    first = person.first
    if words.GIVEN_NAMES[first] and rng.random() < 0.18:
        first = rng.choice(words.GIVEN_NAMES[first])
    last = slip(rng, person.last) if rng.random() < habits.slip else person.last
    if habits.legal >= 0.5:
        return first, last, ""
    middle = f" {person.middle}." if person.middle and rng.random() < 0.3 else ""
    name = f"{last}, {first}" if rng.random() < 0.04 else f"{first}{middle} {last}"
    return "", "", name.upper() if habits.upper else name


def spell_title(rng: Random, title: str) -> str:
    return rng.choice(words.TITLE_SPELLINGS[title]) if title in words.TITLE_SPELLINGS and rng.random() < 0.3 else title
