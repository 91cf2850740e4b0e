"""At which level two rows of a register stand, feature by feature, and the sentence for each level."""

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

import numpy as np
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cpdist

from crm.dedupe.kinds import Feature, Graded
from crm.dedupe.pairs import Bools, Ints, Pairs
from crm.dedupe.person_evidence import SHORT_NAMES, long_names, say_middle, say_suffix, weigh_middle, weigh_suffix
from crm.dedupe.weights import UNKNOWN, Scale

NEAR, ALIKE = 80, 60  # percent of the letters of two names that are one up to a slip, or have much in common
NEAR_STREET, NEAR_TOWN = 70, 80
LONG_NAMES = 5  # names that a first name may stand for that are compared
FAR = 9  # slips between what is not compared
NAME_ALONE = -250
# A postcode with letters and digits is that of a few houses, one of five digits that of a town.
FINE_CODE = re.compile(r"(?=.*\d)(?=.*[a-z]).{5,}")

Measure = Callable[[Pairs], Ints]

LAST = Scale("register", "last name", "other", "alike", UNKNOWN, "turned", "near", "same")
FIRST = Scale("register", "first name", "other", "unlike", "alike", UNKNOWN, "initial", "turned", "near", "same")
BORN = Scale(
    "register", "birthday", "another", "same_year", "two_parts", UNKNOWN, "two_slips", "slip", "new_year", "same"
)
NUMBER = Scale("register", "personal number", "another", UNKNOWN, "two_slips", "slip", "same")
ADDRESS = Scale("register", "address", "another", "another_house", UNKNOWN, "street", "near_house", "house")
PLACE = Scale("register", "place", "another", UNKNOWN, "near_code", "town", "area", "code", "fine_code")
BIRTH_PLACE = Scale("register", "place of birth", "another", UNKNOWN, "alike", "same")
GENDER = Scale("register", "gender", "another", UNKNOWN, "same")
TITLE = Scale("register", "title", "another", UNKNOWN, "same")
EMAIL = Scale("register", "e-mail", "another", UNKNOWN, "same")
PHONE = Scale("register", "phone", "another", UNKNOWN, "same")
EMPLOYER = Scale("register", "employer", "another", UNKNOWN, "same")


def remembered(measure: Measure) -> Measure:
    """A measure that is taken once of each pair, for whoever asks."""

    @wraps(measure)
    def remember(pairs: Pairs) -> Ints:
        name = measure.__name__
        if name not in pairs.measured:
            pairs.measured[name] = measure(pairs)
        return pairs.measured[name]

    return remember


def read_area(code: str) -> str:
    """What postcodes of a few houses have in common in one part of a town: all but the last three signs."""
    return code[:-3] if FINE_CODE.fullmatch(code) else ""


def choose(scale: Scale, *rules: tuple[Any, str]) -> Ints:
    """The level of each pair by the first rule that holds for it; unknown where none does."""
    holds = [np.asarray(where) for where, _ in rules]
    return np.select(holds, [np.int64(scale.at(level)) for _, level in rules], np.int64(scale.at(UNKNOWN)))


def count_slips(pairs: Pairs, name: str, read: Any, where: Bools) -> Ints:
    """How many letters were struck wrong, left out, put in or turned, for the pairs in `where`; many for the others."""
    answer = np.full(len(pairs), FAR, dtype=np.int64)
    places = np.flatnonzero(where)
    if len(places):
        texts = pairs.values(name, read)
        ours, theirs = ([texts[at] for at in side[places].tolist()] for side in (pairs.left, pairs.right))
        answer[places] = cpdist(ours, theirs, scorer=OSA.distance, score_cutoff=2, dtype=np.int32)
    return answer


def share_among(pairs: Pairs, where: Bools, name: str, read: Callable[[Any], tuple[str, ...]]) -> Bools:
    """Whether the two have an item in common, for the pairs in `where`."""
    answer = np.zeros(len(pairs), dtype=bool)
    places = np.flatnonzero(where)
    answer[places] = pairs.take(places).share_one(name, read, most=LONG_NAMES)
    return answer


def are_near(ours: list[str], theirs: list[str]) -> Bools:
    """Whether two words are one, up to a slip in a longer one."""
    if not ours:
        return np.zeros(0, dtype=bool)
    return cpdist(ours, theirs, scorer=Indel.normalized_similarity, dtype=np.float32) >= np.float32(NEAR / 100 - 1e-4)


def find_turned(pairs: Pairs, where: Bools) -> Bools:
    """Whether, for the pairs in `where`, first and last name stand in each other's place, or what one has as its only
    name is the other's last."""
    answer = np.zeros(len(pairs), dtype=bool)
    places = np.flatnonzero(where)
    first, last = pairs.values("first", read_first), pairs.values("last", read_last)
    left, right = pairs.left[places].tolist(), pairs.right[places].tolist()
    crossed = [
        are_near([first[one] for one in ours], [last[other] or first[other] for other in theirs])
        for ours, theirs in ((left, right), (right, left))
    ]
    named = np.array([bool(first[one]) and bool(first[other]) for one, other in zip(left, right, strict=True)], bool)
    full = [np.array([bool(last[at]) for at in side], dtype=bool) for side in (left, right)]
    both, one = full[0] & full[1], full[0] ^ full[1]
    alone = np.where(full[0], crossed[1], crossed[0]) if len(places) else both
    answer[places] = named & ((both & crossed[0] & crossed[1]) | (one & alone))
    return answer


def read_first(form: Any) -> str:
    return form.first


def read_last(form: Any) -> str:
    return form.last


def list_long_names(form: Any) -> tuple[str, ...]:
    return sort_long_names(form.first)


@lru_cache(maxsize=100_000)
def sort_long_names(first: str) -> tuple[str, ...]:
    """The names that a first name may stand for; none if no other name may stand for it."""
    names = long_names(first)
    return tuple(sorted(names))[:LONG_NAMES] if len(names) > 1 or first in SHORT_NAMES else ()


def measure_names(pairs: Pairs) -> tuple[Ints, Ints]:
    """The levels of first and last names, which are compared together: they may stand in each other's place."""
    if "first name level" in pairs.measured:
        return pairs.measured["first name level"], pairs.measured["last name level"]
    first, last = pairs.agreement("first", read_first), pairs.agreement("last", read_last)
    first_like = pairs.likeness("first", read_first, first == -1)
    last_like = pairs.likeness("last", read_last, last == -1)
    double, other_double = pairs.flags("double", lambda form: " " in form.last)
    part = share_among(
        pairs, (last == -1) & (double | other_double), "last parts", lambda form: tuple(form.last.split())
    )
    short, other_short = pairs.flags("initial", lambda form: len(form.first) == 1)
    letter = pairs.agreement("first letter", lambda form: form.first[:1]) == 1
    initial = (first == -1) & (short | other_short)
    known = (first == -1) & ~initial
    pet = share_among(pairs, known & (first_like < NEAR), "long names", list_long_names)
    turned = find_turned(pairs, known & (first_like < NEAR) & (last_like < NEAR) & (last != 1) & ~part & ~pet)
    pairs.measured["first name level"] = choose(
        FIRST,
        (first == 1, "same"),
        (turned & (last != 0), "turned"),
        (turned, UNKNOWN),
        (pet | (known & (first_like >= NEAR)), "near"),
        (initial & letter, "initial"),
        (known & (first_like >= ALIKE), "alike"),
        (known & (first_like >= 50), "unlike"),
        (first == -1, "other"),
    )
    pairs.measured["last name level"] = choose(
        LAST,
        (last == 1, "same"),
        (turned, "turned"),
        (part | (last_like >= NEAR), "near"),
        (last_like >= ALIKE, "alike"),
        (last == -1, "other"),
    )
    return pairs.measured["first name level"], pairs.measured["last name level"]


def measure_first(pairs: Pairs) -> Ints:
    """The same first name; a pet name, a slip or an initial is weaker; quite another one speaks against, for of twins
    all but that is the same. First and last name may stand in each other's place."""
    return measure_names(pairs)[0]


def say_first(left: Any, right: Any, level: str) -> str:
    ours, theirs = left.first.title(), right.first.title()
    return {
        UNKNOWN: "a first name is missing",
        "same": f"the same first name, {ours}",
        "near": f"first names that may be one: {ours} and {theirs}",
        "turned": "first and last name stand in each other's place",
        "initial": f"an initial that fits: {ours} and {theirs}",
        "alike": f"first names that differ by little: {ours} and {theirs}",
    }.get(level, f"other first names: {ours} and {theirs}")


def measure_last(pairs: Pairs) -> Ints:
    """The same last name, up to a slip, or one part of a double name; another one speaks against."""
    return measure_names(pairs)[1]


def say_last(left: Any, right: Any, level: str) -> str:
    ours, theirs = left.last.title(), right.last.title()
    return {
        UNKNOWN: "a last name is missing",
        "same": f"the same last name, {ours}",
        "near": f"nearly the same last name: {ours} and {theirs}",
        "turned": "the last name stands where the other has its first, or its only one",
        "alike": f"last names with much in common: {ours} and {theirs}",
    }.get(level, f"other last names: {ours} and {theirs}")


@remembered
def measure_born(pairs: Pairs) -> Ints:
    """The same birthday; a slip in it, or day and month turned, is weaker; quite another one speaks against. Many lists
    write the first of January where they know but the year."""
    agree = pairs.agreement("born", lambda form: form.born)
    if "days" not in pairs.cache:
        pairs.cache["days"] = np.array([int(form.born or 0) for form in pairs.forms], dtype=np.int64)
    ours, theirs = (pairs.cache["days"][side] for side in (pairs.left, pairs.right))
    year = ours // 10_000 == theirs // 10_000
    month, day = ours // 100 % 100 == theirs // 100 % 100, ours % 100 == theirs % 100
    turned = year & (ours // 100 % 100 == theirs % 100) & (ours % 100 == theirs // 100 % 100)
    shared = year.astype(int) + month + day
    slips = count_slips(pairs, "born", lambda form: form.born, agree == -1)
    return choose(
        BORN,
        (agree == 0, UNKNOWN),
        ((agree == 1) & (ours % 10_000 == 101), "new_year"),
        (agree == 1, "same"),
        ((slips <= 1) | (turned & (agree == -1)), "slip"),
        (slips == 2, "two_slips"),
        ((shared == 2) & (agree == -1), "two_parts"),
        (year & (agree == -1), "same_year"),
        (agree == -1, "another"),
    )


def say_born(left: Any, right: Any, level: str) -> str:
    days = f"{left.born} and {right.born}"
    return {
        UNKNOWN: "no two birthdays to compare",
        "same": "the same birthday",
        "new_year": "the same year of birth, and the first of January",
        "slip": f"birthdays that differ by a slip: {days}",
        "two_slips": f"birthdays that differ by two slips: {days}",
        "two_parts": f"birthdays of which two parts agree: {days}",
        "same_year": f"other birthdays in one year: {days}",
    }.get(level, f"other birthdays: {days}")


@remembered
def measure_number(pairs: Pairs) -> Ints:
    """The same personal number; a slip in it is weaker; another number speaks against."""
    agree = pairs.agreement("number", lambda form: form.number)
    slips = count_slips(pairs, "number", lambda form: form.number, agree == -1)
    return choose(
        NUMBER, (agree == 1, "same"), (slips <= 1, "slip"), (slips == 2, "two_slips"), (agree == -1, "another")
    )


def say_number(left: Any, right: Any, level: str) -> str:
    return {
        UNKNOWN: "no two personal numbers to compare",
        "same": "the same personal number",
        "slip": "the same personal number, up to one slip",
        "two_slips": "the same personal number, up to two slips",
    }.get(level, "other personal numbers")


@remembered
def measure_address(pairs: Pairs) -> Ints:
    """The same house in the same street, up to a slip; another address says little, because people move."""
    house = pairs.agreement("house", lambda form: form.street.house)
    street = pairs.agreement("street", lambda form: form.street.street)
    alike = (street == 1) | (pairs.likeness("street", lambda form: form.street.street, street == -1) >= NEAR_STREET)
    near = count_slips(pairs, "house", lambda form: form.street.house, alike & (house == -1)) == 1
    return choose(
        ADDRESS,
        (alike & (house == 1), "house"),
        (alike & near, "near_house"),
        (alike & (house == 0), "street"),
        (alike, "another_house"),
        (street == -1, "another"),
    )


def say_address(left: Any, right: Any, level: str) -> str:
    street = right.street.street.title()
    return {
        UNKNOWN: "no two addresses to compare",
        "house": f"the same address, {street}",
        "near_house": f"nearly the same address, {street}",
        "street": f"the same street, {street}",
        "another_house": f"another house in the same street, {street}",
    }.get(level, "other addresses")


@remembered
def measure_place(pairs: Pairs) -> Ints:
    """The same town or postcode is a little evidence for; a postcode of a few houses is more, and two of one area are
    as much as one of a town."""
    code = pairs.agreement("zip", lambda form: form.zip)
    area = pairs.agreement("area", lambda form: read_area(form.zip))
    town = pairs.agreement("city", lambda form: form.city)
    fine, _ = pairs.flags("fine code", lambda form: bool(FINE_CODE.fullmatch(form.zip)))
    near_town = pairs.likeness("city", lambda form: form.city, (town == -1) & (code != 1)) >= NEAR_TOWN
    near_code = count_slips(pairs, "zip", lambda form: form.zip, code == -1) == 1
    return choose(
        PLACE,
        ((code == 1) & fine, "fine_code"),
        (code == 1, "code"),
        (area == 1, "area"),
        ((town == 1) | near_town, "town"),
        (near_code, "near_code"),
        ((code == -1) | (town == -1), "another"),
    )


def say_place(left: Any, right: Any, level: str) -> str:
    return {
        UNKNOWN: "no two places to compare",
        "fine_code": "the same postcode",
        "code": "the same postcode",
        "area": "neighbouring postcodes",
        "town": "the same town",
        "near_code": "postcodes a sign apart",
    }.get(level, "other postcodes and towns")


@remembered
def measure_birth_place(pairs: Pairs) -> Ints:
    """The same place of birth is a little evidence for, another one against."""
    agree = pairs.agreement("birth place", lambda form: form.birth_place)
    alike = pairs.likeness("birth place", lambda form: form.birth_place, agree == -1) >= NEAR_TOWN
    return choose(BIRTH_PLACE, (agree == 1, "same"), (alike, "alike"), (agree == -1, "another"))


def say_birth_place(left: Any, right: Any, level: str) -> str:
    return {
        UNKNOWN: "no two places of birth to compare",
        "same": f"born in the same place, {left.birth_place.title()}",
        "alike": f"born in nearly the same place: {left.birth_place.title()} and {right.birth_place.title()}",
    }.get(level, "born in other places")


@remembered
def measure_gender(pairs: Pairs) -> Ints:
    """Another gender speaks against; the same one, which half of all share, is hardly evidence."""
    agree = pairs.agreement("gender", lambda form: form.gender)
    return choose(GENDER, (agree == 1, "same"), (agree == -1, "another"))


def say_gender(left: Any, right: Any, level: str) -> str:
    return {UNKNOWN: "gender says nothing", "same": "the same gender"}.get(level, "other genders")


@remembered
def measure_title(pairs: Pairs) -> Ints:
    """The same job title is a little evidence; titles are written in too many ways to speak against."""
    agree = pairs.agreement("title", lambda form: form.title)
    return choose(TITLE, (agree == 1, "same"), (agree == -1, "another"))


def say_title(left: Any, right: Any, level: str) -> str:
    return {UNKNOWN: "no two titles to compare", "same": f"the same title, {left.title}"}.get(level, "other titles")


@remembered
def measure_email(pairs: Pairs) -> Ints:
    """The same mailbox is strong evidence if the names allow it; an office's mailbox, which people share, is none."""
    agree = pairs.agreement("email", lambda form: form.email)
    return choose(EMAIL, (agree == 1, "same"), (agree == -1, "another"))


def say_email(left: Any, right: Any, level: str) -> str:
    return {
        UNKNOWN: "no two e-mail addresses to compare",
        "same": f"the same e-mail address, {left.email}",
    }.get(level, f"other e-mail addresses: {left.email} and {right.email}")


@remembered
def measure_phone(pairs: Pairs) -> Ints:
    """A phone number in common; an office's number is shared, so it is less than a mailbox."""
    ours, theirs = pairs.flags("any phone", lambda form: bool(form.phones))
    shared = pairs.share_one("phones", lambda form: form.phones)
    return choose(PHONE, (shared, "same"), (ours & theirs, "another"))


def say_phone(left: Any, right: Any, level: str) -> str:
    return {UNKNOWN: "no two phone numbers to compare", "same": "a phone number in common"}.get(
        level, "no phone number in common"
    )


@remembered
def measure_employer(pairs: Pairs) -> Ints:
    """The same employer; with two employers, one name is mostly two people, but people do move."""
    shared = pairs.share_one("employers", lambda form: form.employers, most=4)
    shared |= pairs.agreement("domain", lambda form: form.domain) == 1
    named = pairs.agreement("first employer", read_employer)
    shared |= pairs.likeness("first employer", read_employer, (named == -1) & ~shared) >= 88
    return choose(EMPLOYER, (shared, "same"), (named != 0, "another"))


def read_employer(form: Any) -> str:
    return form.employers[0] if form.employers else ""


def say_employer(left: Any, right: Any, level: str) -> str:
    return {UNKNOWN: "no two employers to compare", "same": "the same employer"}.get(level, "other employers")


def weigh_name_alone(pairs: Pairs) -> Ints:
    """Two names, and nothing else that speaks for one person: it may be anybody of that name."""
    told = np.zeros(len(pairs), dtype=bool)
    for feature in BESIDE_NAMES:
        told |= feature.measure(pairs) > feature.scale.at(UNKNOWN)
    return np.where(told, 0, NAME_ALONE)


def say_name_alone(left: Any, right: Any, points: int) -> str:
    return "nothing but the names speaks for one person" if points else "more than the names speaks for one person"


BESIDE_NAMES = (
    Graded(EMAIL, measure_email, say_email),
    Graded(PHONE, measure_phone, say_phone),
    Graded(EMPLOYER, measure_employer, say_employer),
    Graded(BORN, measure_born, say_born),
    Graded(NUMBER, measure_number, say_number),
    Graded(ADDRESS, measure_address, say_address),
    Graded(PLACE, measure_place, say_place),
    Graded(BIRTH_PLACE, measure_birth_place, say_birth_place),
)
REGISTER_FEATURES = (
    Graded(LAST, measure_last, say_last),
    Graded(FIRST, measure_first, say_first),
    Feature("middle initial", weigh_middle, say_middle),
    Feature("suffix", weigh_suffix, say_suffix),
    *BESIDE_NAMES,
    Graded(GENDER, measure_gender, say_gender),
    Graded(TITLE, measure_title, say_title),
    Feature("name alone", weigh_name_alone, say_name_alone),
)
