"""What speaks for and against two business records being one site: one function a feature, and its sentence.

A feature measures at which level two records stand; what the level is worth stands in `weights.toml`.
"""

from typing import Any

import numpy as np

from crm.dedupe.contacts import is_toll_free
from crm.dedupe.kinds import Feature, Graded
from crm.dedupe.organisation_names import lift_at_one_address, most_lifted, most_of_names, say_names, weigh_names
from crm.dedupe.pairs import Bools, Ints, Pairs
from crm.dedupe.streets import Street
from crm.dedupe.weights import UNKNOWN, Scale

# NAICS writes three sectors with a range of two-digit codes.
SECTORS = {"32": "31", "33": "31", "45": "44", "49": "48"}
BLOCK = 100  # house numbers; those of one block begin alike

ADDRESS = Scale(
    "business", "address", "another_house", "another_street", "near_house", UNKNOWN, "street", "another_unit", "box",
    "another_suffix", "house", "unit",
)  # fmt: skip
PLACE = Scale(
    "business", "place", "another_state", "another_town", "another_zip", "another_zip_in_town", UNKNOWN, "town", "zip",
)  # fmt: skip
PHONE = Scale(
    "business", "phone", "another", "another_at_one_house", UNKNOWN, "toll_free", "another_extension",
    "without_area_code", "same", "same_elsewhere",
)  # fmt: skip
DOMAIN = Scale("business", "web domain", "another", UNKNOWN, "same")
EMAIL = Scale("business", "e-mail", UNKNOWN, "same")
EIN = Scale("business", "employer number", "another", UNKNOWN, "same")
INDUSTRY = Scale("business", "industry", "another", UNKNOWN, "same")
PEOPLE = Scale("business", "people", UNKNOWN, "shared")
CO_NAMES = Scale("business", "co-names", UNKNOWN, "one", "two", "four", "eight")


def is_other_address(pairs: Pairs) -> Bools:
    """Pairs with two full addresses, or two towns, that are not the same one."""
    other = measure_address(pairs) <= ADDRESS.at("another_street")
    return other | (measure_place(pairs) <= PLACE.at("another_town"))


def measure_address(pairs: Pairs) -> Ints:
    """The same house in the same street is nearly the same site; another suite in it is a neighbour; another house is
    another site, unless they moved or stand in one block. A post-office box says nothing against a street address."""
    if "address" in pairs.measured:
        return pairs.measured["address"]
    house = pairs.agreement("house", lambda form: form.street.house)
    street_known = pairs.agreement("street", lambda form: form.street.street) != 0
    near = is_near_house(pairs, (house == -1) & street_known)
    one_street = is_one_street(pairs, street_known & ((house >= 0) | near))
    # Every town has a Main Street.
    in_two_towns = measure_place(pairs) <= PLACE.at("another_town")
    same = (house == 1) & one_street & ~in_two_towns
    unit = pairs.agreement("unit", lambda form: form.street.unit)
    other_suffix = pairs.agreement("suffix", lambda form: form.street.suffix) == -1
    at = ADDRESS.at
    level = np.select(
        [
            same & (unit == -1),
            same & other_suffix,
            same & (unit == 1),
            same,
            pairs.agreement("box", lambda form: form.street.box) == 1,
            near & one_street,
            (house == -1) & street_known,
            (house == 1) & street_known,
            (house == 0) & one_street & ~in_two_towns,
        ],
        [
            at("another_unit"),
            at("another_suffix"),
            at("unit"),
            at("house"),
            at("box"),
            at("near_house"),
            at("another_house"),
            at("another_street"),
            at("street"),
        ],
        at(UNKNOWN),
    )
    pairs.measured["address"] = level
    return level


def is_near_house(pairs: Pairs, where: Bools) -> Bools:
    """Whether two house numbers are of one block."""
    return where & (pairs.agreement("house block", lambda form: read_block(form.street.house)) == 1)


def read_block(house: str) -> int:
    """The block in which a house with this number stands; 0 if that cannot be told."""
    return int(house) // BLOCK if house.isdecimal() and len(house) < 8 else 0


def is_one_street(pairs: Pairs, where: Bools) -> Bools:
    """Whether the streets' names are one: up to a slip, or one is the other with more words before or behind it (a
    town, a first name)."""
    read = lambda form: form.street.street  # noqa: E731
    likeness = pairs.likeness("street", read, where)
    answer = likeness >= 80
    answer |= pairs.one_holds_other("street", read, where & ~answer)
    # North Main and South Main are two streets.
    return answer & (pairs.agreement("direction", lambda form: form.street.direction) >= 0)


def say_address(left: Any, right: Any, level: str) -> str:
    ours, theirs = left.street, right.street
    if level in ("another_house", "another_street"):
        return f"another address: {say_street(ours)} and {say_street(theirs)}"
    return {
        "near_house": f"another house in one block: {say_street(ours)} and {say_street(theirs)}",
        UNKNOWN: "no two street addresses to compare",
        "street": "the same street",
        "another_unit": f"the same building, but units {ours.unit} and {theirs.unit}",
        "box": f"the same post-office box, {ours.box}",
        "another_suffix": f"the same house number and street name: {say_street(ours)} and {say_street(theirs)}",
        "house": "the same street address",
        "unit": "the same street address",
    }[level]


def say_street(street: Street) -> str:
    parts = (street.house, street.direction.upper(), street.street.title(), street.suffix.title())
    return " ".join(part for part in parts if part)


def is_one_address(pairs: Pairs) -> Bools:
    """The same house in the same street, and no unit that only one of them states."""
    ours, theirs = pairs.flags("has unit", lambda form: bool(form.street.unit))
    return (measure_address(pairs) >= ADDRESS.at("another_suffix")) & (ours == theirs)


def weigh_names_at_one_address(pairs: Pairs) -> Ints:
    """At one address a firm may go by two names, its own and the one on the sign, so they speak against it less; just
    so at one phone, if no two addresses are known, and where both are named with the same others."""
    return np.where(are_together(pairs), lift_at_one_address(pairs), 0)


def most_of_names_at_one_address(pairs: Pairs) -> Ints:
    return np.where(are_together(pairs), most_lifted(), 0)


def are_together(pairs: Pairs) -> Bools:
    """Whether they are at one address or at one phone, or are named with the same others."""
    one_phone = measure_phone(pairs) >= PHONE.at("without_area_code")
    address = measure_address(pairs)
    in_two_towns = measure_place(pairs) <= PLACE.at("another_town")
    # One house number in two towns says as little as no address.
    one_phone &= (address == ADDRESS.at(UNKNOWN)) | ((address == ADDRESS.at("another_street")) & in_two_towns)
    return is_one_address(pairs) | one_phone | (measure_co_names(pairs) > CO_NAMES.at(UNKNOWN))


def say_names_at_one_address(left: Any, right: Any, points: int) -> str:
    if not points:
        return "the names count as they are"
    if left.street.house and left.street.house == right.street.house:
        where = "at one address"
    else:
        where = "at one phone" if left.phone.number[-7:] == right.phone.number[-7:] != "" else "in one company"
    return f"{where} two names speak against one firm less"


def measure_place(pairs: Pairs) -> Ints:
    """The same zip code or town is a little evidence; another town or state speaks against one site."""
    if "place" in pairs.measured:
        return pairs.measured["place"]
    city = pairs.agreement("city", lambda form: form.city)
    zip_code = pairs.agreement("zip", lambda form: form.zip)
    state = pairs.agreement("state", lambda form: form.state)
    slip = pairs.likeness("city", lambda form: form.city, (city == -1) & (zip_code != 1)) >= 85
    city = np.where(slip, 1, city)
    # "New York" and "New York City" need not be two towns.
    longer = pairs.one_begins_other("city", lambda form: form.city, (city == -1) & (zip_code != 1))
    city = np.where(longer, 0, city)
    city = np.where(is_one_spot(pairs, (city == -1) & (zip_code == 0)), 0, city)
    at = PLACE.at
    level = np.select(
        [
            zip_code == 1,
            state == -1,
            city == -1,
            (zip_code == -1) & (city == 1),
            zip_code == -1,
            city == 1,
        ],
        [
            at("zip"),
            at("another_state"),
            at("another_town"),
            at("another_zip_in_town"),
            at("another_zip"),
            at("town"),
        ],
        at(UNKNOWN),
    )
    pairs.measured["place"] = level
    return level


def is_one_spot(pairs: Pairs, where: Bools) -> Bools:
    """Whether they share house number, street and telephone: then two names of towns are the post's and the people's
    (Los Angeles, West Hollywood) of one place."""
    phone = pairs.agreement("phone", lambda form: form.phone.number)
    house = pairs.agreement("house", lambda form: form.street.house)
    toll_free, _ = pairs.flags("toll free", lambda form: is_toll_free(form.phone.number))
    where = where & (phone == 1) & ~toll_free & (house == 1)
    return where & is_one_street(pairs, where)


def say_place(left: Any, right: Any, level: str) -> str:
    if level in ("zip", "town"):
        return f"both in {(left.zip if left.zip == right.zip else '') or left.city.title()}"
    if level == UNKNOWN:
        return "no two places to compare"
    ours, theirs = (" ".join((form.city.title(), form.state.upper(), form.zip)).strip() for form in (left, right))
    return f"different places: {ours} and {theirs}"


def measure_phone(pairs: Pairs) -> Ints:
    """A phone number in common is strong evidence, less so without its area code, and a toll-free one little; two
    numbers are common in one business at one address, and elsewhere speak against it."""
    if "phone" in pairs.measured:
        return pairs.measured["phone"]
    full = pairs.agreement("phone", lambda form: form.phone.number)
    local = pairs.agreement("phone7", lambda form: form.phone.number[-7:])
    ours_short, theirs_short = pairs.flags("short phone", lambda form: len(form.phone.number) == 7)
    toll_free, _ = pairs.flags("toll free", lambda form: is_toll_free(form.phone.number))
    extension = pairs.agreement("extension", lambda form: form.phone.extension)
    same = (full == 1) | ((local == 1) & (ours_short | theirs_short))
    at = PHONE.at
    pairs.measured["phone"] = np.select(
        [
            (full == 1) & toll_free & (extension >= 0),
            (full == 1) & toll_free,
            same & (extension == -1),
            same & (ours_short | theirs_short),
            same & (measure_address(pairs) <= ADDRESS.at("another_street")),
            same,
            # Two lines at one desk are common; of two records that are not known to be at one, they tell two branches.
            (full == -1) & (measure_address(pairs) >= ADDRESS.at("another_suffix")),
            full == -1,
        ],
        [
            at("toll_free"),
            at(UNKNOWN),
            at("another_extension"),
            at("without_area_code"),
            at("same_elsewhere"),
            at("same"),
            at("another_at_one_house"),
            at("another"),
        ],
        at(UNKNOWN),
    )
    return pairs.measured["phone"]


def say_phone(left: Any, right: Any, level: str) -> str:
    return {
        "another": "other phone numbers",
        "another_at_one_house": "other phone numbers",
        UNKNOWN: "no two phone numbers to compare",
        "toll_free": "the same head-office number",
        "another_extension": "one number with two extensions",
        "without_area_code": f"the same phone number, {left.phone.number}",
        "same": f"the same phone number, {left.phone.number}",
        "same_elsewhere": f"the same phone number, {left.phone.number}, which a firm takes along when it moves",
    }[level]


def measure_domain(pairs: Pairs) -> Ints:
    """A web or mail domain of their own in common: the same firm, though not always the same site. Free mail and pages
    on shared hosts are none."""
    return pairs.agreement("domain", lambda form: form.domain) + 1


def say_domain(left: Any, right: Any, level: str) -> str:
    if level == "same":
        return f"the same web domain, {left.domain}"
    known = level == "another"
    return f"other web domains: {left.domain} and {right.domain}" if known else "no two web domains to compare"


def measure_email(pairs: Pairs) -> Ints:
    """The same mailbox is strong evidence; two mailboxes are none either way."""
    return (pairs.agreement("email", lambda form: form.email) == 1).astype(np.int64)


def say_email(left: Any, right: Any, level: str) -> str:
    return f"the same e-mail address, {left.email}" if level == "same" else "no e-mail address in common"


def measure_ein(pairs: Pairs) -> Ints:
    """The same federal employer number is the same firm; another number is another firm."""
    return pairs.agreement("ein", lambda form: form.ein) + 1


def say_ein(left: Any, right: Any, level: str) -> str:
    if level == UNKNOWN:
        return "no two employer numbers to compare"
    return "the same employer number" if level == "same" else "other employer numbers"


def read_sector(form: Any) -> str:
    sector: str = form.naics[:2]
    return SECTORS.get(sector, sector)


def measure_industry(pairs: Pairs) -> Ints:
    """Another industry speaks against a little: agencies code one business differently."""
    return pairs.agreement("sector", read_sector) + 1


def say_industry(left: Any, right: Any, level: str) -> str:
    if level == "same":
        return "the same industry"
    known = level == "another"
    return f"other industries: {left.naics} and {right.naics}" if known else "no two industry codes to compare"


def measure_people(pairs: Pairs) -> Ints:
    """The same contact person named by both."""
    return pairs.share_one("people", lambda form: form.people).astype(np.int64)


def say_people(left: Any, right: Any, level: str) -> str:
    return "a contact person in common" if level == "shared" else "no contact person in common"


def measure_co_names(pairs: Pairs) -> Ints:
    """Others that both are named with (co-authors, board members, partners): one may be so by chance or by a joint
    work, and every doubling of their number makes that less likely. None in common is no evidence."""
    if "co-names" not in pairs.measured:
        shared = pairs.count_shared("co-names", lambda form: form.co_names)
        pairs.measured["co-names"] = np.searchsorted([1, 2, 4, 8], shared, side="right")
    return pairs.measured["co-names"]


def say_co_names(left: Any, right: Any, level: str) -> str:
    if level == UNKNOWN:
        return "nobody is named with both"
    shared = sorted(set(left.co_names) & set(right.co_names))
    more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
    return f"named with both: {shared[0].title()}{more}"


BUSINESS_FEATURES = (
    Feature("name", weigh_names, say_names, "firm", most_of_names),
    Graded(ADDRESS, measure_address, say_address),
    Feature("two names", weigh_names_at_one_address, say_names_at_one_address, most=most_of_names_at_one_address),
    Graded(PLACE, measure_place, say_place),
    Graded(PHONE, measure_phone, say_phone),
    Graded(DOMAIN, measure_domain, say_domain, "firm"),
    Graded(EMAIL, measure_email, say_email),
    Graded(EIN, measure_ein, say_ein, "firm"),
    Graded(INDUSTRY, measure_industry, say_industry, "firm"),
    Graded(PEOPLE, measure_people, say_people),
    Graded(CO_NAMES, measure_co_names, say_co_names),
)
