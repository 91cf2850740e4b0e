"""What speaks for and against two person records being one person: one function a feature, and its sentence."""

from typing import Any

import numpy as np
from rapidfuzz.distance import OSA

from crm.dedupe.kinds import Feature
from crm.dedupe.pairs import Ints, Pairs
from crm.dedupe.words import FIRST_NAME_SPELLINGS, NICKNAMES

TURNED_FIRST, TURNED_LAST = 200, 250  # points for names in each other's place
MARRIED = -300  # points for another last name where the mailbox is one

SHORT_NAMES: dict[str, frozenset[str]] = {}
for _name, _short in (*NICKNAMES.items(), *FIRST_NAME_SPELLINGS.items()):
    for _word in (_name, *_short.split()):
        SHORT_NAMES[_word] = SHORT_NAMES.get(_word, frozenset()) | {_name}


def long_names(first: str) -> frozenset[str]:
    """The names that a first name may stand for, itself included; "Robby" and "Robbie" are one."""
    other = first[:-2] + "y" if first.endswith("ie") else first[:-1] + "ie" if first.endswith("y") else first
    return SHORT_NAMES.get(first, frozenset()) | SHORT_NAMES.get(other, frozenset()) | {first}


def weigh_last_name(pairs: Pairs) -> Ints:
    """The same last name, up to one slip, or one part of a double name; first and last name may stand in each other's
    place. Another one is weaker against where the mailbox and the first name are one: names change on marrying."""
    agree = pairs.agreement("last", lambda form: form.last)
    likeness = pairs.likeness("last", lambda form: form.last, agree == -1)
    part = pairs.share_one("last parts", lambda form: tuple(form.last.split()))
    kept = pairs.agreement("email", lambda form: form.email) == 1
    kept &= pairs.agreement("first", lambda form: form.first) == 1
    points = np.where(agree == 1, 300, np.where(part | (likeness >= 83), 150, np.where(kept, MARRIED, -650)))
    for place in np.flatnonzero((agree == -1) & (points < 0)).tolist():
        ours, theirs = pairs.forms[pairs.left[place]], pairs.forms[pairs.right[place]]
        if is_turned(ours, theirs):
            points[place] = TURNED_LAST
        elif theirs.last in ours.middle.split() or ours.last in theirs.middle.split():
            points[place] = 150
    return np.where(agree == 0, 0, points)


def is_turned(left: Any, right: Any) -> bool:
    """Whether first and last name stand in each other's place."""
    return bool(left.last) and left.first == right.last and left.last == right.first


def say_last_name(left: Any, right: Any, points: int) -> str:
    if points == 300:
        return f"the same last name, {left.last.title()}"
    if points == TURNED_LAST:
        return "first and last name stand in each other's place"
    if points > 0:
        return f"nearly the same last name: {left.last.title()} and {right.last.title()}"
    return f"other last names: {left.last.title()} and {right.last.title()}" if points else "a last name is missing"


def weigh_first_name(pairs: Pairs) -> Ints:
    """The same first name; a short form or an initial of it is weaker, and so is a middle name by which one goes;
    another first name speaks against."""
    agree = pairs.agreement("first", lambda form: form.first)
    points = np.where(agree == 1, 250, 0)
    for place in np.flatnonzero(agree == -1).tolist():
        ours, theirs = pairs.forms[pairs.left[place]], pairs.forms[pairs.right[place]]
        points[place] = compare_first(ours.first, theirs.first)
        if points[place] < 0 and is_turned(ours, theirs):
            points[place] = TURNED_FIRST
        elif points[place] < 0 and (goes_by_middle(ours, theirs) or goes_by_middle(theirs, ours)):
            points[place] = 120
    return points


def goes_by_middle(left: Any, right: Any) -> bool:
    """Whether one's first name is a middle name of the other."""
    return len(left.first) > 2 and left.first in right.middle.split()


def compare_first(left: str, right: str) -> int:
    """Points for two first names that are not spelled alike."""
    short, long = sorted((left, right), key=lambda name: (len(name), name))
    if len(short) == 1:
        return 120 if long.startswith(short) else -500
    if long_names(left) & long_names(right):
        return 180
    if len(short) > 2 and long.startswith(short):
        return 120
    # A slip in a name of three or four letters makes another name.
    return 120 if len(short) > 4 and OSA.distance(short, long) == 1 else -500


def say_first_name(left: Any, right: Any, points: int) -> str:
    ours, theirs = left.first.title(), right.first.title()
    if points == 250:
        return f"the same first name, {ours}"
    if points > 0:
        return f"first names that may be one: {ours} and {theirs}"
    return f"other first names: {ours} and {theirs}" if points else "a first name is missing"


def weigh_middle(pairs: Pairs) -> Ints:
    """Another middle initial speaks against; the same one for."""
    return np.array([-350, 0, 80])[pairs.agreement("middle", read_initial) + 1]


def read_initial(form: Any) -> str:
    return form.middle[:1]


def say_middle(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return "the same middle initial"
    return (
        f"other middle initials: {left.middle[:1].upper()} and {right.middle[:1].upper()}"
        if points
        else "no middle initials"
    )


def weigh_suffix(pairs: Pairs) -> Ints:
    """Junior is not Senior: two suffixes tell father and son apart, one suffix leaves it open."""
    codes = pairs.codes("suffix", lambda form: form.suffix)
    both = pairs.agreement("suffix", lambda form: form.suffix)
    one = (codes[pairs.left] == 0) != (codes[pairs.right] == 0)
    return np.where(both == -1, -900, np.where(one, -200, 0))


def say_suffix(left: Any, right: Any, points: int) -> str:
    if points == -900:
        return f"one is {left.suffix.title()}, the other {right.suffix.title()}"
    return "only one is marked Jr, Sr or by number" if points else "no suffix tells them apart"


def weigh_email(pairs: Pairs) -> Ints:
    """The same mailbox is strong evidence if the names allow it; an office's mailbox, which people share, is none."""
    agree = pairs.agreement("email", lambda form: form.email)
    return np.where(agree == 1, 600, np.where(agree == -1, -50, 0))


def say_email(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return f"the same e-mail address, {left.email}"
    return f"other e-mail addresses: {left.email} and {right.email}" if points else "no two e-mail addresses to compare"


def weigh_phone(pairs: Pairs) -> Ints:
    """A phone number in common; an office's number is shared, so it is less than a mailbox."""
    shared = pairs.share_one("phones", lambda form: form.phones)
    return np.where(shared, 300, 0)


def say_phone(left: Any, right: Any, points: int) -> str:
    return "a phone number in common" if points > 0 else "no phone number in common"


def weigh_employer(pairs: Pairs) -> Ints:
    """The same employer; with two employers, one name is mostly two people, but people do move."""
    shared = pairs.share_one("businesses", lambda form: form.businesses, most=4)
    shared |= pairs.share_one("employers", lambda form: form.employers, most=4)
    shared |= pairs.agreement("domain", lambda form: form.domain) == 1
    first = lambda form: form.employers[0] if form.employers else ""  # noqa: E731
    named = pairs.agreement("first employer", first)
    shared |= pairs.likeness("first employer", first, (named == -1) & ~shared) >= 88
    known = (named != 0) | (pairs.agreement("businesses", lambda form: form.businesses) != 0)
    return np.where(shared, 400, np.where(known, -250, 0))


def say_employer(left: Any, right: Any, points: int) -> str:
    if points > 0:
        return "the same employer"
    return "other employers" if points < 0 else "no two employers to compare"


def weigh_title(pairs: Pairs) -> Ints:
    """The same job title is a little evidence; titles are written in too many ways to speak against."""
    return np.where(pairs.agreement("title", lambda form: form.title) == 1, 60, 0)


def say_title(left: Any, right: Any, points: int) -> str:
    return f"the same title, {left.title}" if points > 0 else "no title in common"


PERSON_FEATURES = (
    Feature("last name", weigh_last_name, say_last_name),
    Feature("first name", weigh_first_name, say_first_name),
    Feature("middle initial", weigh_middle, say_middle),
    Feature("suffix", weigh_suffix, say_suffix),
    Feature("e-mail", weigh_email, say_email),
    Feature("phone", weigh_phone, say_phone),
    Feature("employer", weigh_employer, say_employer),
    Feature("title", weigh_title, say_title),
)
