"""Registers: lists of people that say of each when and where they were born, where they live, or a number of theirs.

The region's own people have none of this, so it is a kind of its own: all that counts for a person counts here too,
and what a register says more counts beside it. People of one household share a name and an address; it is the birthday
and the first name that tell them apart.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz.distance import OSA, Indel

from crm.dedupe.kinds import Feature, Kind
from crm.dedupe.pairs import Ints, Pairs
from crm.dedupe.person_evidence import PERSON_FEATURES, compare_first
from crm.dedupe.persons import is_sparse_person, person_keys, read_person
from crm.dedupe.records import PersonRow
from crm.dedupe.streets import NOWHERE, Street, read_city, read_street, read_zip
from crm.dedupe.weights import Curve, Scale

NUMBERS = re.compile(r"\d+")
NOT_WORD = re.compile(r"[\W_]+")
# A postcode with letters and digits is that of a few houses, one of five digits that of a town.
FINE_CODE = re.compile(r"(?=.*\d)(?=.*[a-z]).{5,}")

ONE_TOWN, ONE_AREA = 150, 140  # points for a postcode
RARER, RAREST = 50, 200  # points for every halving of a name's frequency, and at most
SAME_DAY, FIRST_OF_JANUARY = 750, 500  # many lists write the first of January where they know but the year
ANOTHER_DAY = -720
NAME_ALONE = -250
TURNED, ALONE, LAST_SLIP, SLIP, ANOTHER, ANOTHER_LAST = 1400, 650, 500, 300, -750, -200
NEARLY, ONE_NAME = 0.6, 0.83  # of the letters of two last names; from the latter on the feature of last names knows it


@dataclass(frozen=True, slots=True)
class RegisterRow(PersonRow):
    """One row of a register: a person's record, with what else the register says; "" where it does not. `rarity` is
    how many points more or less its last name, first name and place of birth tell than others (see `rate_rarity`)."""

    born_on: str = ""
    birth_place: str = ""
    gender: str = ""
    national_id: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    rarity: tuple[int, int, int] = (0, 0, 0)


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
    rarity: tuple[int, int, int]


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
        row.rarity,
    )


def rate_rarity(rows: Iterable[RegisterRow]) -> Iterator[RegisterRow]:
    """The rows again, each with what the register itself says of how rare its names are.

    A name that fewer rows have than the name of a row taken at random tells more, a commoner one less. A register is
    read whole and matched once, so that this can be counted; where all names are about equally frequent it is nought.
    """
    rows = list(rows)
    texts = [(form.last, form.first, form.birth_place) for form in map(read_register, rows)]
    rated: list[dict[str, int]] = []
    for column in range(3):
        counts = Counter(text[column] for text in texts if text[column])
        expected = sum(count * count for count in counts.values()) / max(1, counts.total())
        rated.append({text: rate(expected / count) for text, count in counts.items()})
    for row, text in zip(rows, texts, strict=True):
        last, first, place = (rates.get(value, 0) for rates, value in zip(rated, text, strict=True))
        yield replace(row, rarity=(last, first, place))


def rate(times: float) -> int:
    """Points for a name that is so many times rarer than most."""
    return int(np.clip(round(RARER * math.log2(times)), -RAREST, RAREST))


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


def read_area(code: str) -> str:
    """What postcodes of a few houses have in common in one part of a town: all but the last three signs."""
    return code[:-3] if FINE_CODE.fullmatch(code) else ""


def register_keys(form: RegisterForm) -> Iterator[str]:
    """Where to look for a person of a register: as for any, and by birthday, number, address and place with a name."""
    yield from person_keys(form)  # type: ignore[arg-type]
    last = form.last or form.first
    if form.number:
        yield "s" + form.number
    if form.born:
        yield "b" + form.born
        yield f"y{form.born[:4]} {last[:3]}"
        yield f"m{form.born[4:]} {form.first[:3]}"
    if form.street.house:
        yield f"a{form.street.house} {form.street.street[:4]}"
        if form.zip:
            yield f"h{form.street.house} {form.zip}"
    for place in (form.zip, read_area(form.zip), form.birth_place):
        if place:
            yield f"l{last[:4]} {place}"
            yield f"g{form.first[:4]} {place}"


def is_sparse_register(form: RegisterForm) -> bool:
    """A name and nothing else."""
    told = form.born or form.number or form.street.house or form.zip or form.birth_place
    return not told and is_sparse_person(form)  # type: ignore[arg-type]


# Evidence that other lists of people do not have.


def weigh_born(pairs: Pairs) -> Ints:
    """The same birthday; one slip in it, or day and month turned, is weaker; quite another one speaks against."""
    if "born points" in pairs.measured:
        return pairs.measured["born points"]
    agree = pairs.agreement("born", lambda form: form.born)
    blurred, _ = pairs.flags("first of January", lambda form: form.born[4:] == "0101")
    points = np.where(agree == 1, np.where(blurred, FIRST_OF_JANUARY, SAME_DAY), 0)
    for place in np.flatnonzero(agree == -1).tolist():
        points[place] = compare_days(pairs.forms[pairs.left[place]].born, pairs.forms[pairs.right[place]].born)
    pairs.measured["born points"] = points
    return pairs.measured["born points"]


def compare_days(left: str, right: str) -> int:
    """Points for two days that differ."""
    if left == right[:4] + right[6:] + right[4:6] or OSA.distance(left, right, score_cutoff=1) == 1:
        return 200
    shared = sum(left[a:b] == right[a:b] for a, b in ((0, 4), (4, 6), (6, 8)))
    return 0 if shared == 2 else ANOTHER_DAY


def say_born(left: Any, right: Any, points: int) -> str:
    if points >= FIRST_OF_JANUARY:
        return "the same birthday"
    if points > 0:
        return f"birthdays that differ by a slip: {left.born} and {right.born}"
    return f"other birthdays: {left.born} and {right.born}" if points else "no two birthdays that tell"


def weigh_number(pairs: Pairs) -> Ints:
    """The same personal number; one slip in it is weaker; another number speaks against."""
    if "number points" in pairs.measured:
        return pairs.measured["number points"]
    agree = pairs.agreement("number", lambda form: form.number)
    points = np.where(agree == 1, 700, 0)
    for place in np.flatnonzero(agree == -1).tolist():
        ours, theirs = pairs.forms[pairs.left[place]].number, pairs.forms[pairs.right[place]].number
        points[place] = 300 if OSA.distance(ours, theirs, score_cutoff=1) == 1 else -250
    pairs.measured["number points"] = points
    return pairs.measured["number points"]


def say_number(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return "the same personal number" + ("" if points == 700 else ", up to one slip")
    return "other personal numbers" if points else "no two personal numbers to compare"


def weigh_address(pairs: Pairs) -> Ints:
    """The same house in the same street, up to a slip; another address says little, because people move."""
    if "address points" in pairs.measured:
        return pairs.measured["address points"]
    house = pairs.agreement("house", lambda form: form.street.house)
    street = pairs.agreement("street", lambda form: form.street.street)
    alike = pairs.likeness("street", lambda form: form.street.street, street == -1) >= 75
    same_street = (street == 1) | alike
    points = np.where(same_street, np.where(house == 1, 400, np.where(house == 0, 200, -50)), 0)
    for place in np.flatnonzero(same_street & (house == -1)).tolist():
        ours, theirs = (pairs.forms[side[place]].street.house for side in (pairs.left, pairs.right))
        points[place] = 250 if OSA.distance(ours, theirs, score_cutoff=1) == 1 else -50
    pairs.measured["address points"] = np.where(~same_street & (street == -1), -50, points)
    return pairs.measured["address points"]


def say_address(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return f"{'the same' if points == 400 else 'nearly the same'} address, {right.street.street.title()}"
    return "other addresses" if points else "no two addresses to compare"


def weigh_place(pairs: Pairs) -> Ints:
    """The same town or postcode is a little evidence for; a postcode of a few houses is more, and two of one area are
    as much as one of a town."""
    if "place points" in pairs.measured:
        return pairs.measured["place points"]
    code = pairs.agreement("zip", lambda form: form.zip)
    area = pairs.agreement("area", lambda form: read_area(form.zip))
    town = pairs.agreement("city", lambda form: form.city)
    fine, _ = pairs.flags("fine code", lambda form: bool(FINE_CODE.fullmatch(form.zip)))
    same_code = np.where(fine, 300, ONE_TOWN)
    near = np.where(area == 1, ONE_AREA, np.where(town == 1, 80, 0))
    pairs.measured["place points"] = np.where(
        code == 1, same_code, np.where(near > 0, near, np.where((code == -1) & (town != 0), -50, 0))
    )
    return pairs.measured["place points"]


def say_place(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return {80: "the same town", ONE_AREA: "neighbouring postcodes"}.get(points, "the same postcode")
    return "other postcodes and towns" if points else "no two places to compare"


def weigh_birth_place(pairs: Pairs) -> Ints:
    """The same place of birth is a little evidence for, another one against."""
    return np.array([-100, 0, 150])[pairs.agreement("birth place", lambda form: form.birth_place) + 1]


def say_birth_place(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return f"born in the same place, {left.birth_place.title()}"
    return "born in other places" if points else "no two places of birth to compare"


def weigh_gender(pairs: Pairs) -> Ints:
    """Another gender speaks against; the same one, which half of all share, is no evidence."""
    return np.where(pairs.agreement("gender", lambda form: form.gender) == -1, -200, 0)


def say_gender(left: Any, right: Any, points: int) -> str:
    return "other genders" if points else "gender says nothing"


def weigh_spelling(pairs: Pairs) -> Ints:
    """First and last name in each other's place, a last name alone where the first should be, or a slip in a first
    name: what the features of names say against it is taken back. Quite another first name speaks against once more:
    of twins all but that is the same."""
    points = np.zeros(len(pairs), dtype=np.int64)
    differ = (pairs.agreement("last", lambda form: form.last) == -1) | (
        pairs.agreement("first", lambda form: form.first) == -1
    )
    for place in np.flatnonzero(differ).tolist():
        points[place] = compare_names(pairs.forms[pairs.left[place]], pairs.forms[pairs.right[place]])
    return points


def compare_names(left: RegisterForm, right: RegisterForm) -> int:
    """Points for two names of which first or last differ."""
    if left.last and right.last and is_alike(left.first, right.last) and is_alike(left.last, right.first):
        return TURNED
    for one, other in ((left, right), (right, left)):
        if not one.last and other.last and is_alike(one.first, other.last):
            return ALONE
    if left.first == right.first or not (left.first and right.first) or compare_first(left.first, right.first) > 0:
        known = left.first and right.first and left.last and right.last and left.last != right.last
        alike = Indel.normalized_similarity(left.last, right.last) if known else ONE_NAME
        return LAST_SLIP if NEARLY <= alike < ONE_NAME else (ANOTHER_LAST if alike < NEARLY else 0)
    alike = Indel.normalized_similarity(left.first, right.first)
    return SLIP if alike >= 0.7 else (ANOTHER if alike < 0.5 else 0)


def is_alike(left: str, right: str) -> bool:
    """Whether two words are one, up to a slip in a longer one."""
    return left == right or Indel.normalized_similarity(left, right) >= 0.8


def say_spelling(left: Any, right: Any, points: int) -> str:
    sentences = {
        TURNED: "first and last name stand in each other's place",
        ALONE: "what one gives as its only name is the other's last name",
        LAST_SLIP: f"last names that differ by little: {left.last.title()} and {right.last.title()}",
        SLIP: f"first names that differ by little: {left.first.title()} and {right.first.title()}",
        ANOTHER_LAST: "the last names have little in common",
        ANOTHER: f"first names with nothing in common: {left.first.title()} and {right.first.title()}",
    }
    return sentences.get(points, "the names are spelled in no other way")


def weigh_name_alone(pairs: Pairs) -> Ints:
    """Two names, and nothing else that speaks for one person: it may be anybody of that name."""
    told = pairs.agreement("email", lambda form: form.email) == 1
    told |= pairs.share_one("phones", lambda form: form.phones)
    told |= pairs.share_one("employers", lambda form: form.employers, most=4)
    for weigh in (weigh_born, weigh_number, weigh_address, weigh_place, weigh_birth_place):
        told |= weigh(pairs) > 0
    return np.where(told, 0, NAME_ALONE)


def say_name_alone(left: Any, right: Any, points: int) -> str:
    return "nothing but the names speaks for one person" if points else "more than the names speaks for one person"


def weigh_rarity(pairs: Pairs) -> Ints:
    """A rare name in common tells more than a common one, as often as the register itself has it."""
    points = np.zeros(len(pairs), dtype=np.int64)
    if "rarity" not in pairs.cache:
        pairs.cache["rarity"] = np.array([form.rarity for form in pairs.forms], dtype=np.int64).reshape(-1, 3)
    rarity = pairs.cache["rarity"][pairs.left]
    for column, (name, read) in enumerate(RATED.items()):
        points += np.where(pairs.agreement(name, read) == 1, rarity[:, column], 0)
    return points


def say_rarity(left: Any, right: Any, points: int) -> str:
    if not points:
        return "the names in common are neither rare nor common here"
    return "what both have in common is rare here" if points > 0 else "what both have in common is common here"


RATED: dict[str, Callable[[Any], str]] = {
    "last": lambda form: form.last,
    "first": lambda form: form.first,
    "birth place": lambda form: form.birth_place,
}
REGISTER = Kind(
    name="person",
    read=read_register,
    keys=register_keys,
    is_sparse=is_sparse_register,
    features=(
        *PERSON_FEATURES,
        Feature("spelling of the name", weigh_spelling, say_spelling),
        Feature("name alone", weigh_name_alone, say_name_alone),
        Feature("rarity", weigh_rarity, say_rarity),
        Feature("birthday", weigh_born, say_born),
        Feature("personal number", weigh_number, say_number),
        Feature("address", weigh_address, say_address),
        Feature("place", weigh_place, say_place),
        Feature("place of birth", weigh_birth_place, say_birth_place),
        Feature("gender", weigh_gender, say_gender),
    ),
    prior=Scale("register", "prior", "start"),
    odds=Curve("register", "probability"),
)
