"""How alike two organisations' names are, over all names that each record gives, in points."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from crm.dedupe.names import MAX_WORDS, Name, word_weight
from crm.dedupe.pairs import Bools, Ints, Pairs, SmallInts, number_values, text_likeness
from crm.dedupe.weights import Curve
from crm.dedupe.words import BODY_WORDS, BODY_WORDS_IN_FRONT, STRUCTURE_WORDS

# Likeness in percent -> share of the full points in percent: below one half it speaks against.
CURVE = np.interp(np.arange(101), [0, 30, 50, 65, 80, 90, 100], [-60, -40, 0, 25, 60, 88, 100]).astype(np.int64)
AGAINST = 11  # points for each of the curve's negative percents: quite another name is -600
SHORTEST_TYPO = 6  # letters; a slip in a shorter name makes another name
STEM = 6  # letters that a word cut short must keep
COMMON = 50  # the weight of a common word
SHORT_WORD, LONG_WORD = 5, 8  # letters; from the first on a word may have a slip, from the second on it is surely one
MISTYPED_WORD = 6  # so is, from here on, a letter too many or too few and two that changed places: few words differ so
LEFT_OVER, LONG_NAME = 3, 150  # letters of a word that was cut off, and the weight of the words before it
ONE_WORD = 80  # percent of letters that two spellings of one word have in common
SURE_SLIP = 97  # percent of its weight that a long word with one slip still has
CUT = 75  # percent of its weight that such a word still has

PART_BEGINS = 3  # letters by which two parts of a body are told apart
ACRONYM = (3, 6)  # letters
INITIALS = 250
OTHER_NUMBER, ONE_NUMBER = -700, -150
OTHER_CONTRAST, ONE_CONTRAST = -500, -400
OTHER_UNIT, OTHER_LEGAL = -1100, -150
OTHER_LETTER = -300
RIVAL, PART = -1000, -800
# At one address two names may be of one firm (a trade name, a new name), more so with a word of their own in common.
LEAST_AT_ONE_ADDRESS, LEAST_WITH_OWN_WORD = -650, 200
# The full points of two names are made of a base, all their words in common, more of them, and two words or more.
BASE, IN_COMMON, IN_COMMON_MORE, TWO_WORDS = 100, 700, 150, 150

BODY_WORDS_AT_END = BODY_WORDS - BODY_WORDS_IN_FRONT

NAME = Curve("business", "name")


@dataclass
class NameColumns:
    """The distinct names of a batch as arrays, one row a name."""

    names: list[Name]
    seen: list[str]
    words: SmallInts
    stems: SmallInts
    weights: SmallInts
    total: Ints
    squeezed: list[str]
    letters_code: Ints
    sorted_words: list[str]
    own: list[str]
    has_own: Bools
    structure: Bools
    trade: Bools
    is_body: Bools
    body: Ints
    numbers: Ints
    contrasts: Ints
    units: Ints
    letters: Ints
    legal: Ints
    short: Ints
    initials: Ints


def read_columns(names: list[Name]) -> NameColumns:
    """Words become numbers that are equal where the words are; 0 fills the row. `seen` is each as a scanner sees it."""
    vocabulary: dict[str, int] = {}
    said = [list(dict.fromkeys(name.words)) for name in names]
    flat = [vocabulary.setdefault(word, len(vocabulary) + 1) for words in said for word in words]
    # What is known of a word is looked up once, and not wherever it stands.
    known = list(vocabulary)
    weight_of = np.array([0, *map(word_weight, known)], dtype=np.int32)
    is_structure = np.array([False, *(word in STRUCTURE_WORDS for word in known)], dtype=bool)
    stem_of = np.array(
        [0, *(vocabulary.setdefault(w[:STEM] + "*", len(vocabulary) + 1) if len(w) >= STEM else 0 for w in known)],
        dtype=np.int32,
    )
    counts = np.fromiter(map(len, said), dtype=np.int64, count=len(said))
    row = np.repeat(np.arange(len(names)), counts)
    words = np.zeros((len(names), MAX_WORDS), dtype=np.int32)
    words[row, np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)] = flat
    weights = weight_of[words]
    trade = weights == COMMON
    own_words = {word for word, weight in zip(known, weight_of[1:].tolist(), strict=True) if weight > COMMON}
    own = ["".join([word for word in name.words if word in own_words]) for name in names]
    for at, name in enumerate(names):
        if name.remarks:
            noted = [column for column, word in enumerate(said[at]) if word in name.remarks]
            weights[at, noted] = np.minimum(weights[at, noted], COMMON)
            trade[at, noted] = False
            own[at] = "".join(word for word in name.words if word in own_words and word not in name.remarks)
    letters: dict[str, int] = {}
    squeezed = ["".join(name.words) for name in names]
    return NameColumns(
        names,
        ["", *map(see, vocabulary)],
        words,
        stem_of[words],
        weights,
        weights.sum(axis=1),
        squeezed,
        number_values(squeezed),
        [" ".join(sorted(name.words)) for name in names],
        own,
        np.array([bool(text) for text in own], dtype=bool),
        is_structure[words],
        trade,
        np.array([is_body(name.words) for name in names], dtype=bool),
        number_values([" ".join(name.words[: count_body(name.words)]) for name in names]),
        number_values([name.numbers for name in names]),
        number_values([name.contrasts for name in names]),
        number_values([name.units for name in names]),
        number_values([name.letters for name in names]),
        number_values([name.legal for name in names]),
        np.array([code_letters(read_short(name), letters) for name in names], dtype=np.int64),
        np.array([code_letters(read_initials(name), letters) for name in names], dtype=np.int64),
    )


def read_short(name: Name) -> str:
    """The name if it can be an acronym: one word of three to six letters."""
    word = name.words[0]
    return word if len(name.words) == 1 and ACRONYM[0] <= len(word) <= ACRONYM[1] and word.isalpha() else ""


def read_initials(name: Name) -> str:
    """The acronym of a name of three words or more."""
    return "".join(word[0] for word in name.words) if ACRONYM[0] <= len(name.words) <= ACRONYM[1] else ""


def code_letters(text: str, letters: dict[str, int]) -> int:
    return letters.setdefault(text, len(letters) + 1) if text else 0


def weigh_names(pairs: Pairs) -> Ints:
    """Organisations are one when their names say the same: rare words count more than common ones, a slip of the pen
    and the order of words count little, another number, compass point or department speaks against."""
    columns, first, count = name_columns(pairs)
    left_count, right_count = count[pairs.left], count[pairs.right]
    combinations = left_count * right_count
    owner = np.repeat(np.arange(len(pairs)), combinations)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(combinations) - combinations, combinations)
    flat_left = columns[1][first[pairs.left][owner] + step // np.maximum(right_count[owner], 1)]
    flat_right = columns[1][first[pairs.right][owner] + step % np.maximum(right_count[owner], 1)]
    points, lifted = weigh_name_pairs(columns[0], flat_left, flat_right)
    best, best_lifted = (np.full(len(pairs), np.iinfo(np.int64).min) for _ in range(2))
    np.maximum.at(best, owner, points)
    np.maximum.at(best_lifted, owner, lifted)
    for name, measured in (("name likeness", best), ("name likeness at one address", best_lifted)):
        pairs.measured[name] = np.where(combinations == 0, 0, measured)
    worth, lifted_worth = NAME.read(best), NAME.read(best_lifted)
    pairs.measured["name lift"] = np.where(combinations == 0, 0, lifted_worth - worth)
    return np.where(combinations == 0, 0, worth)


def most_of_names(pairs: Pairs) -> Ints:
    """What two names give at most."""
    return NAME.read(np.full(len(pairs), BASE + IN_COMMON + IN_COMMON_MORE + TWO_WORDS, dtype=np.int64))


def lift_at_one_address(pairs: Pairs) -> Ints:
    """How many points two other names speak less against one firm when both are at one address; what tells two
    neighbours apart (another number, department or trade of one group) is not taken back."""
    if "name lift" not in pairs.measured:
        weigh_names(pairs)
    return pairs.measured["name lift"]


def most_lifted() -> int:
    """What two names are lifted at most."""
    most = LEAST_WITH_OWN_WORD - AGAINST * int(CURVE.min())
    return int((NAME.worth[most:] - NAME.worth[:-most]).max())


def name_columns(pairs: Pairs) -> tuple[tuple[NameColumns, Ints], Ints, Ints]:
    """The batch's names, and for each form where its names begin in the flat list and how many they are."""
    if "name columns" not in pairs.cache:
        seen: dict[Name, int] = {}
        flat = [seen.setdefault(name, len(seen)) for form in pairs.forms for name in form.names]
        count = np.array([len(form.names) for form in pairs.forms], dtype=np.int64)
        columns = read_columns(list(seen))
        pairs.cache["name columns"] = (
            (columns, np.array(flat, dtype=np.int64)),
            np.cumsum(count) - count,
            count,
        )
    return pairs.cache["name columns"]


def weigh_name_pairs(names: NameColumns, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Points for each pair of names, given by their rows; and what they are at least at one address."""
    words = meet_words(names, left, right)
    likeness, shared, contained = measure_likeness(names, left, right, words)
    two_words = (names.words[left, 1] > 0) & (names.words[right, 1] > 0)
    full = BASE + np.minimum(shared, 100) * IN_COMMON // 100 + np.clip(shared - 100, 0, IN_COMMON_MORE)
    full += TWO_WORDS * (two_words & (shared >= 100))
    curve = CURVE[likeness]
    points = np.where(curve > 0, full * curve // 100, AGAINST * curve)
    # A name inside a longer one ("Rock Valley" in "Rock Valley Machining") speaks for it a little, never against.
    points = np.where(contained, np.maximum(points, np.minimum(3 * shared, 300)), points)
    # Initials fit by chance now and then, so they speak for it a little.
    points = np.where(are_initials(names, left, right), np.maximum(points, INITIALS), points)
    against = differ(names.numbers, left, right, both=OTHER_NUMBER, one=ONE_NUMBER)
    against += differ(names.contrasts, left, right, both=OTHER_CONTRAST, one=ONE_CONTRAST)
    against += differ(names.units, left, right, both=OTHER_UNIT, one=OTHER_UNIT)
    against += differ(names.letters, left, right, both=OTHER_LETTER, one=0)
    against += differ(names.legal, left, right, both=OTHER_LEGAL, one=0)
    against += np.where(are_rivals(names, left, right, words), RIVAL, 0)
    against += np.where(are_part_and_body(names, left, right, np.logical_and(contained, likeness < 100)), PART, 0)
    least = np.where(words.own_met, LEAST_WITH_OWN_WORD, LEAST_AT_ONE_ADDRESS)
    return points + against, np.maximum(points, least) + against


@dataclass
class MetWords:
    """For each side's words, whether the other has them, or one that begins alike; and whether a distinctive one is
    met."""

    left: Bools
    left_cut: Bools
    right: Bools
    right_cut: Bools
    own_met: Bools


def meet_words(names: NameColumns, left: Ints, right: Ints) -> MetWords:
    ours, theirs = names.words[left], names.words[right]
    equal = (ours[:, :, None] == theirs[:, None, :]) & (ours[:, :, None] > 0)
    ours, theirs = names.stems[left], names.stems[right]
    cut = (ours[:, :, None] == theirs[:, None, :]) & (ours[:, :, None] > 0)
    met, met_cut = equal.any(axis=2), cut.any(axis=2)
    right_met, right_cut = equal.any(axis=1), cut.any(axis=1)
    own_met = ((met | met_cut) & (names.weights[left] > COMMON)).any(axis=1)
    own_met |= ((right_met | right_cut) & (names.weights[right] > COMMON)).any(axis=1)
    return MetWords(met, met_cut, right_met, right_cut, own_met)


def are_rivals(names: NameColumns, left: Ints, right: Ints, words: MetWords) -> Bools:
    """Whether two names have a distinctive word in common and each goes on with another trade ("Trigen Holdings",
    "Trigen Plumbing"): two firms of one group. Words that nobody knows, or slips, leave it open."""
    ours = names.weights[left] * ~(words.left | words.left_cut)
    theirs = names.weights[right] * ~(words.right | words.right_cut)
    telling = ((words.left | words.left_cut) & (names.weights[left] >= COMMON)).any(axis=1)
    telling &= ((words.right | words.right_cut) & (names.weights[right] >= COMMON)).any(axis=1)
    known = telling & (ours.max(axis=1) <= COMMON) & (theirs.max(axis=1) <= COMMON)
    our_trade, their_trade = (
        (names.trade[left] & (ours > 0)).any(axis=1),
        (names.trade[right] & (theirs > 0)).any(axis=1),
    )
    our_part = (names.structure[left] & (ours > 0)).any(axis=1)
    their_part = (names.structure[right] & (theirs > 0)).any(axis=1)
    return known & ((our_trade & (their_trade | their_part)) | ((their_trade | their_part) & our_part))


def are_part_and_body(names: NameColumns, left: Ints, right: Ints, where: Bools) -> Bools:
    """Whether one name is a public body's or a school's and the other goes on behind it, a part of the body; or each
    is a part of its own."""
    answer = np.zeros(len(left), dtype=bool)
    places = np.flatnonzero(where & (names.is_body[left] | names.is_body[right]))
    for place, one, other in zip(places.tolist(), left[places].tolist(), right[places].tolist(), strict=True):
        body, part = sorted((names.names[one].words, names.names[other].words), key=lambda words: (len(words), words))
        more = part[len(body) :]
        answer[place] = (
            part[: len(body)] == body
            and is_body(body)
            and any(word_weight(word) >= COMMON and word not in BODY_WORDS for word in more)
        )
    places = np.flatnonzero((names.body[left] > 0) & (names.body[left] == names.body[right]))
    for place, one, other in zip(places.tolist(), left[places].tolist(), right[places].tolist(), strict=True):
        if one != other:
            answer[place] |= are_two_parts(names.names[one].words, names.names[other].words)
    return answer


def count_body(words: tuple[str, ...]) -> int:
    """How many words name the body of which this is a part; 0 if it is none, or no part."""
    if BODY_WORDS.isdisjoint(words[1:-1]):
        return 0
    return next((at + 1 for at in range(1, len(words) - 1) if words[at] in BODY_WORDS), 0)


def are_two_parts(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two parts of one body have nothing in common but the body: no word, and none that begins alike."""
    ours, theirs = ours[count_body(ours) :], theirs[count_body(theirs) :]
    return not any(one[:PART_BEGINS] == other[:PART_BEGINS] for one in ours for other in theirs) and all(
        any(word_weight(word) >= COMMON and len(word) >= PART_BEGINS for word in words) for words in (ours, theirs)
    )


def measure_likeness(names: NameColumns, left: Ints, right: Ints, words: MetWords) -> tuple[Ints, Ints, Ints]:
    """Likeness in percent, the weight of what is shared, and whether one name holds all words of the other."""
    shared = np.minimum(
        met_weight(names.weights[left], words.left, words.left_cut),
        met_weight(names.weights[right], words.right, words.right_cut),
    )
    slip, lost = weigh_slip(names, left, right, words)
    shared = shared + slip
    smaller = np.minimum(names.total[left], names.total[right])
    # A word with a slip is one word, and not two that only one side has.
    union = names.total[left] + names.total[right] - shared - lost
    by_words = 100 * shared // np.maximum(union, 1)
    open_question = by_words < 100
    by_letters = np.maximum(
        text_likeness(names.squeezed, left, right, open_question),
        text_likeness(names.sorted_words, left, right, open_question),
    )
    # What two long names share of common words must not hide that their own words differ.
    both_own = names.has_own[left] & names.has_own[right] & open_question
    # Unless they are the same letters, only parted into words at other places.
    both_own &= names.letters_code[left] != names.letters_code[right]
    own = text_likeness(names.own, left, right, both_own)
    by_letters = np.where(both_own & (own < ONE_WORD), np.minimum(by_letters, own), by_letters)
    lengths = np.array([len(text) for text in names.squeezed], dtype=np.int64)
    long_enough = np.minimum(lengths[left], lengths[right]) >= SHORTEST_TYPO
    # 70 % of the letters in common is what two names have by chance.
    by_letters = np.where(long_enough, np.clip((by_letters - 70) * 10 // 3, 0, 100), 0)
    shared = np.maximum(shared, smaller * by_letters // 100)
    return np.maximum(by_words, by_letters), shared, (shared == smaller) & (smaller > 0)


def are_initials(names: NameColumns, left: Ints, right: Ints) -> Bools:
    """Whether one name is the acronym of the other."""
    return ((names.short[left] > 0) & (names.short[left] == names.initials[right])) | (
        (names.short[right] > 0) & (names.short[right] == names.initials[left])
    )


def is_body(words: tuple[str, ...]) -> bool:
    """Whether it is the name of a public body or of a school with parts."""
    return words[0] in BODY_WORDS or words[-1] in BODY_WORDS_AT_END


def weigh_slip(names: NameColumns, left: Ints, right: Ints, words: MetWords) -> tuple[Ints, Ints]:
    """What the one word that each side has for itself is worth when the two are a slip apart: most of its weight if it
    is long, for then it is hardly another word; and what it lost by the slip."""
    ours, theirs = (names.words[left] > 0) & ~words.left, (names.words[right] > 0) & ~words.right
    places = np.flatnonzero((ours.sum(axis=1) == 1) & (theirs.sum(axis=1) == 1))
    answer, lost = np.zeros(len(left), dtype=np.int64), np.zeros(len(left), dtype=np.int64)
    if not len(places):
        return answer, lost
    one, other = ours[places].argmax(axis=1), theirs[places].argmax(axis=1)
    our_words = [names.seen[number] for number in names.words[left[places], one].tolist()]
    their_words = [names.seen[number] for number in names.words[right[places], other].tolist()]
    apart = cpdist(our_words, their_words, scorer=OSA.distance, dtype=np.int32)
    shorter = np.array([min(len(a), len(b)) for a, b in zip(our_words, their_words, strict=True)])
    mistyped = find_pairs(is_mistyped, our_words, their_words, (apart == 1) & (shorter >= MISTYPED_WORD))
    percent = np.where((shorter >= LONG_WORD) | mistyped, SURE_SLIP, CUT)
    slip = ((apart <= 1) & (shorter >= SHORT_WORD)) | ((apart == 2) & (shorter > LONG_WORD))
    # The last word of a long name that a narrow column cut off.
    shared = (names.weights[left[places]] * words.left[places]).sum(axis=1)
    cut_off = find_pairs(is_cut_off, our_words, their_words, shared >= LONG_NAME)
    percent, slip = np.where(cut_off, SURE_SLIP, percent), slip | cut_off
    whole = np.minimum(names.weights[left[places], one], names.weights[right[places], other])
    weight = whole * percent // 100
    # A stem in common has been counted already.
    counted = np.where(words.left_cut[places, one] & words.right_cut[places, other], whole * CUT // 100, 0)
    answer[places] = np.where(slip, np.maximum(weight - counted, 0), 0)
    lost[places] = np.where(slip, whole - weight, 0)
    return answer, lost


def find_pairs(are: Callable[[str, str], bool], ours: list[str], theirs: list[str], where: Bools) -> Bools:
    """Whether two words are what is asked, for the pairs in `where`."""
    answer = np.zeros(len(ours), dtype=bool)
    for place in np.flatnonzero(where).tolist():
        answer[place] = are(ours[place], theirs[place])
    return answer


def see(word: str) -> str:
    """The word as a scanner sees it, which takes "rn" for "m"."""
    return word.replace("rn", "m")


def is_cut_off(one: str, other: str) -> bool:
    """Whether one of two words is the other's beginning."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= LEFT_OVER and longer.startswith(shorter)


def is_mistyped(one: str, other: str) -> bool:
    """Whether two words a slip apart have not just another letter in one place."""
    return len(one) != len(other) or sorted(one) == sorted(other)


def met_weight(weights: SmallInts, met: Bools, nearly: Bools) -> Ints:
    """The weight of one side's words that the other has too, those that only begin alike at a part of it."""
    return np.where(met, weights, np.where(nearly, weights * CUT // 100, 0)).sum(axis=1)


def differ(codes: Ints, left: Ints, right: Ints, *, both: int, one: int) -> Ints:
    """Points against where the two differ: both state it, or only one does."""
    ours, theirs = codes[left], codes[right]
    return np.where(ours == theirs, 0, np.where((ours > 0) & (theirs > 0), both, one))


@lru_cache(maxsize=10_000)
def best_names(left: tuple[Name, ...], right: tuple[Name, ...]) -> tuple[Name, Name]:
    """The two names by which two records were compared; for the sentence."""
    columns = read_columns([*left, *right])
    ours, theirs = np.divmod(np.arange(len(left) * len(right)), len(right))
    best = int(np.argmax(weigh_name_pairs(columns, ours, theirs + len(left))[0]))
    return left[best // len(right)], right[best % len(right)]


def tell_apart(ours: Name, theirs: Name) -> str:
    """Whether two names are of "rivals", or of a body and its "part"; "" if neither."""
    columns, left, right = read_columns([ours, theirs]), np.array([0]), np.array([1])
    words = meet_words(columns, left, right)
    if are_rivals(columns, left, right, words)[0]:
        return "rivals"
    likeness, _, contained = measure_likeness(columns, left, right, words)
    is_part = are_part_and_body(columns, left, right, np.logical_and(contained, likeness < 100))[0]
    return "part" if is_part else ""


def say_names(left: Any, right: Any, points: int) -> str:
    """What was compared and what came of it."""
    if not left.names or not right.names:
        return "one of them has no name"
    ours, theirs = best_names(left.names, right.names)
    spelled = f"“{' '.join(ours.words)}” and “{' '.join(theirs.words)}”"
    if ours.numbers and theirs.numbers and ours.numbers != theirs.numbers:
        return f"the numbers in the names differ: {spelled}"
    if ours.contrasts and theirs.contrasts and ours.contrasts != theirs.contrasts:
        return f"the names tell two apart that stand side by side: {spelled}"
    told = tell_apart(ours, theirs)
    if ours.units != theirs.units or told == "part":
        return f"one of them is a part or a department: {spelled}"
    if told == "rivals":
        return f"one name with two trades, as firms of one group have: {spelled}"
    if ours.letters and theirs.letters and ours.letters != theirs.letters:
        return f"other initials: {spelled}"
    if ours.words == theirs.words:
        legal = "" if ours.legal == theirs.legal or not (ours.legal and theirs.legal) else ", with another legal form"
        return f"the same name, {spelled.partition(' and ')[0]}{legal}"
    if points >= 600:
        return f"nearly the same name: {spelled}"
    return f"names that have something in common: {spelled}" if points > 0 else f"other names: {spelled}"
