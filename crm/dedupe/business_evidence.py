"""What speaks for and against two business records being one site: one function a feature, and its sentence."""

from typing import Any

import numpy as np

from crm.dedupe.contacts import is_toll_free
from crm.dedupe.kinds import Feature
from crm.dedupe.organisation_names import lift_at_one_address, say_names, weigh_names
from crm.dedupe.pairs import Bools, Ints, Pairs
from crm.dedupe.streets import Street

# NAICS writes three sectors with a range of two-digit codes.
SECTORS = {"32": "31", "33": "31", "45": "44", "49": "48"}

OTHER_HOUSE, OTHER_TOWN = -300, -350
SAME_HOUSE, OTHER_SUFFIX = 650, 100
CO_NAME, CO_NAMES_MOST = 300, 600
OTHER_PHONE, OTHER_PHONE_AT_ONE_HOUSE = -550, -150


def is_other_address(pairs: Pairs) -> Bools:
    """Pairs with two full addresses, or two towns, that are not the same one."""
    return (weigh_address(pairs) <= OTHER_HOUSE) | (weigh_place(pairs) <= OTHER_TOWN)


def weigh_address(pairs: Pairs) -> Ints:
    """The same house in the same street is nearly the same site; another suite in it is a neighbour; another house is
    another site, unless they moved. A post-office box says nothing against a street address."""
    if "address" in pairs.measured:
        return pairs.measured["address"]
    house = pairs.agreement("house", lambda form: form.street.house)
    box = pairs.agreement("box", lambda form: form.street.box)
    street_known = pairs.agreement("street", lambda form: form.street.street) != 0
    one_street = is_one_street(pairs, street_known & (house >= 0))
    same = (house == 1) & one_street
    points = np.where(same, SAME_HOUSE, 0)
    unit = pairs.agreement("unit", lambda form: form.street.unit)
    points += np.where(same, 50 * (unit == 1) - 450 * (unit == -1), 0)
    points -= np.where(same & (pairs.agreement("suffix", lambda form: form.street.suffix) == -1), OTHER_SUFFIX, 0)
    points -= np.where((house == -1) & street_known, 350, 0)
    points += np.where((house == 1) & street_known & ~one_street, OTHER_HOUSE, 0)
    points += np.where((house == 0) & one_street, 100, 0)
    points = np.where(box == 1, np.maximum(points, 450), points)
    pairs.measured["address"] = points
    return points


def is_one_street(pairs: Pairs, where: Bools) -> Bools:
    """Whether the streets' names are one: up to a slip, or one is the other with the town written behind it."""
    read = lambda form: form.street.street  # noqa: E731
    likeness = pairs.likeness("street", read, where)
    answer = likeness >= 80
    answer |= pairs.one_begins_other("street", read, where & ~answer)
    # North Main and South Main are two streets.
    return answer & (pairs.agreement("direction", lambda form: form.street.direction) >= 0)


def say_address(left: Any, right: Any, points: int) -> str:
    ours, theirs = left.street, right.street
    if points >= 450:
        return (
            f"the same post-office box, {ours.box}"
            if ours.box and ours.box == theirs.box
            else "the same street address"
        )
    if points >= 100:
        unit = ours.unit and theirs.unit and ours.unit != theirs.unit
        return f"the same building, but units {ours.unit} and {theirs.unit}" if unit else "the same street"
    if points < 0:
        return f"another address: {say_street(ours)} and {say_street(theirs)}"
    return "no two street addresses to compare"


def say_street(street: Street) -> str:
    parts = (street.house, street.direction.upper(), street.street.title(), street.suffix.title())
    return " ".join(part for part in parts if part)


def is_one_address(pairs: Pairs) -> Bools:
    """The same house in the same street, and no unit that only one of them states."""
    ours, theirs = pairs.flags("has unit", lambda form: bool(form.street.unit))
    return (weigh_address(pairs) >= SAME_HOUSE - OTHER_SUFFIX) & (ours == theirs)


def weigh_names_at_one_address(pairs: Pairs) -> Ints:
    """At one address a firm may go by two names, its own and the one on the sign, so they speak against it less; just
    so where both are named with the same others."""
    return np.where(is_one_address(pairs) | (weigh_co_names(pairs) > 0), lift_at_one_address(pairs), 0)


def say_names_at_one_address(left: Any, right: Any, points: int) -> str:
    if not points:
        return "the names count as they are"
    where = "at one address" if left.street.house and left.street.house == right.street.house else "in one company"
    return f"{where} two names speak against one firm less"


def weigh_place(pairs: Pairs) -> Ints:
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
    points = np.where(zip_code == 1, 100, np.where(city == 1, 60, 0))
    points = np.where((zip_code == -1) & (city == 1), -50, points)
    points = np.where((zip_code == -1) & (city == 0), -200, points)
    points = np.where((zip_code != 1) & (city == -1), OTHER_TOWN, points)
    pairs.measured["place"] = np.where((state == -1) & (zip_code != 1), -400, points)
    return pairs.measured["place"]


def say_place(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return f"both in {(left.zip if left.zip == right.zip else '') or left.city.title()}"
    if points < 0:
        ours, theirs = (" ".join((form.city.title(), form.state.upper(), form.zip)).strip() for form in (left, right))
        return f"different places: {ours} and {theirs}"
    return "no two places to compare"


def weigh_phone(pairs: Pairs) -> Ints:
    """A phone number in common is strong evidence, less so without its area code, and a toll-free one little; two
    numbers are common in one business at one address, and elsewhere speak against it."""
    full = pairs.agreement("phone", lambda form: form.phone.number)
    local = pairs.agreement("phone7", lambda form: form.phone.number[-7:])
    ours_short, theirs_short = pairs.flags("short phone", lambda form: len(form.phone.number) == 7)
    toll_free, _ = pairs.flags("toll free", lambda form: is_toll_free(form.phone.number))
    without_area = (local == 1) & (ours_short | theirs_short)
    # Two lines at one desk are common; of two records that are not known to be at one, they tell two branches.
    at_one_house = weigh_address(pairs) >= SAME_HOUSE - OTHER_SUFFIX
    other = np.where(at_one_house, OTHER_PHONE_AT_ONE_HOUSE, OTHER_PHONE) * (full != 0)
    points = np.where(
        full == 1, np.where(toll_free, 150, np.where(ours_short, 450, 550)), np.where(without_area, 450, other)
    )
    extension = pairs.agreement("extension", lambda form: form.phone.extension)
    return points - np.where((points > 0) & (extension == -1), 150, 0)


def say_phone(left: Any, right: Any, points: int) -> str:
    if points >= 450:
        return f"the same phone number, {left.phone.number}"
    if points > 0:
        return "the same head-office number" if is_toll_free(left.phone.number) else "one number with two extensions"
    return "other phone numbers" if points < 0 else "no two phone numbers to compare"


def weigh_domain(pairs: Pairs) -> Ints:
    """A web or mail domain of their own in common: the same firm, though not always the same site. Free mail and pages
    on shared hosts are none."""
    return np.array([-120, 0, 300])[pairs.agreement("domain", lambda form: form.domain) + 1]


def say_domain(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return f"the same web domain, {left.domain}"
    return f"other web domains: {left.domain} and {right.domain}" if points else "no two web domains to compare"


def weigh_email(pairs: Pairs) -> Ints:
    """The same mailbox is strong evidence; two mailboxes are none either way."""
    return np.where(pairs.agreement("email", lambda form: form.email) == 1, 250, 0)


def say_email(left: Any, right: Any, points: int) -> str:
    return f"the same e-mail address, {left.email}" if points > 0 else "no e-mail address in common"


def weigh_ein(pairs: Pairs) -> Ints:
    """The same federal employer number is the same firm; another number is another firm."""
    return np.array([-500, 0, 500])[pairs.agreement("ein", lambda form: form.ein) + 1]


def say_ein(left: Any, right: Any, points: int) -> str:
    if points:
        return "the same employer number" if points > 0 else "other employer numbers"
    return "no two employer numbers to compare"


def read_sector(form: Any) -> str:
    sector: str = form.naics[:2]
    return SECTORS.get(sector, sector)


def weigh_industry(pairs: Pairs) -> Ints:
    """Another industry speaks against a little: agencies code one business differently."""
    return np.array([-100, 0, 30])[pairs.agreement("sector", read_sector) + 1]


def say_industry(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return "the same industry"
    return f"other industries: {left.naics} and {right.naics}" if points else "no two industry codes to compare"


def weigh_people(pairs: Pairs) -> Ints:
    """The same contact person named by both."""
    return np.where(pairs.share_one("people", lambda form: form.people), 200, 0)


def say_people(left: Any, right: Any, points: int) -> str:
    return "a contact person in common" if points > 0 else "no contact person in common"


def weigh_co_names(pairs: Pairs) -> Ints:
    """Others that both are named with (co-authors, board members, partners): one may be so by chance or by a joint
    work, and every doubling of their number makes that less likely. None in common is no evidence."""
    if "co-names" not in pairs.measured:
        shared = pairs.count_shared("co-names", lambda form: form.co_names)
        doublings = np.floor(np.log2(np.maximum(shared, 1))).astype(np.int64)
        pairs.measured["co-names"] = np.where(shared > 0, np.minimum(CO_NAME + 100 * doublings, CO_NAMES_MOST), 0)
    return pairs.measured["co-names"]


def say_co_names(left: Any, right: Any, points: int) -> str:
    if not points:
        return "nobody is named with both"
    shared = sorted(set(left.co_names) & set(right.co_names))
    more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
    return f"named with both: {shared[0].title()}{more}"


BUSINESS_FEATURES = (
    Feature("name", weigh_names, say_names, "firm"),
    Feature("address", weigh_address, say_address),
    Feature("two names", weigh_names_at_one_address, say_names_at_one_address),
    Feature("place", weigh_place, say_place),
    Feature("phone", weigh_phone, say_phone),
    Feature("web domain", weigh_domain, say_domain, "firm"),
    Feature("e-mail", weigh_email, say_email),
    Feature("employer number", weigh_ein, say_ein, "firm"),
    Feature("industry", weigh_industry, say_industry, "firm"),
    Feature("people", weigh_people, say_people),
    Feature("co-names", weigh_co_names, say_co_names),
)
