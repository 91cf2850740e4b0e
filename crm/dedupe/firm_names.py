"""What a firm is called by the names of its sites, and whether two sites of one firm go by one name or by two."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import Indel

from crm.dedupe.names import Name, name_word, read_names, word_weight
from crm.dedupe.text import fold, split_words
from crm.dedupe.words import LEGAL_FORMS, STOP_WORDS

TELLING = 100  # the weight of a word that few names share
NEARLY = 0.8  # of the letters of two words that are one word with a slip
SHORTEST = 3  # letters of a word that was cut short
NEARLY_ALL, HALF = 0.8, 0.501  # of the names of a firm
MOST_TRIED = 60  # beginnings of the names of one firm
# They tell nothing, and no name ends with them.
LEFT_OVER = STOP_WORDS | {"no", "dba"}
Site = Mapping[str, Any]


def name_firm(sites: Sequence[Site]) -> str | None:
    """What the firm of these sites is called: the longest beginning that most of their names have in common, if it
    tells who they are; else the parent that most of them state; else the name that most go by. Of several spellings
    the most frequent. None if no site has a name.

    A site has `id`, `name` and `parent`; None is blank. The order of the sites is no matter.
    """
    sites = sorted(sites, key=lambda site: site["id"])
    names = [site["name"] for site in sites if site["name"]]
    parents = [site["parent"] for site in sites if site["parent"]]
    begun = find_beginning(names)
    if begun and len(split_words(fold(begun))) > 1:
        return begun
    if parent := find_most(parents, least=len(sites) // 2 + 1):
        return parent
    return begun or find_most(names, least=2) or (names[0] if names else None)


def find_beginning(names: Sequence[str]) -> str | None:
    """The longest beginning, in whole words, that nearly all of the names have, or else more than half of them; None
    without a telling word."""
    spelled: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        for words, beginning in list_beginnings(name):
            spelled.setdefault(words, []).append(beginning)
    found = sorted((words for words in spelled if is_telling(words)), key=lambda words: (-len(spelled[words]), words))
    shares = {words: sum(begins_with(name, words) for name in names) / len(names) for words in found[:MOST_TRIED]}
    for share, least in ((NEARLY_ALL, 2), (HALF, 1)):
        common = [words for words in shares if shares[words] >= share and len(words) >= least]
        if common and len(names) > 1:
            longest = max(map(len, common))
            return pick_spelling([text for words in common if len(words) == longest for text in spelled[words]])
    return None


def list_beginnings(name: str) -> list[tuple[tuple[str, ...], str]]:
    """Each beginning of a name that may stand for itself, the shortest first: its words and how it is written there."""
    parts, found = name.split(), dict[tuple[str, ...], str]()
    for length in range(1, len(parts) + 1):
        # What ends with a dash, with "of" or with "Inc" is no beginning of its own.
        if read_words(parts[length - 1 : length]):
            found.setdefault(read_words(parts[:length]), " ".join(parts[:length]).rstrip(" ,;:-–—(/&#+."))
    return list(found.items())


def begins_with(name: str, words: tuple[str, ...]) -> bool:
    """Whether a name begins with these words, or all but for their spelling."""
    begun = read_words(name.split())[: len(words)]
    return len(begun) == len(words) and all(map(is_nearly, begun, words))


@lru_cache(maxsize=100_000)
def read_part(part: str) -> tuple[str, ...]:
    words = split_words(fold(part))
    return tuple(name_word(word) for word in words if word not in LEFT_OVER and word not in LEGAL_FORMS)


def read_words(parts: Sequence[str]) -> tuple[str, ...]:
    """The words under which a beginning is compared; how they are written and what all names have is no matter."""
    return tuple(word for part in parts for word in read_part(part))


def is_telling(words: Sequence[str]) -> bool:
    return any(word_weight(word) >= TELLING for word in words)


def find_most(texts: Sequence[str], *, least: int) -> str | None:
    """The text that occurs most often, in whatever spelling; None if fewer than `least` say it."""
    spelled: dict[tuple[str, ...], list[str]] = {}
    for text in texts:
        spelled.setdefault(read_words(text.split()), []).append(text)
    most = max(spelled.values(), key=len, default=[])
    return pick_spelling(most) if len(most) >= least else None


def pick_spelling(texts: Sequence[str]) -> str:
    """The most frequent spelling, in capitals alone only where there is no other; of equals the longest."""
    folded, counts = Counter(map(str.casefold, texts)), Counter(texts)
    return min(counts, key=lambda one: (-folded[one.casefold()], one.isupper(), -counts[one], -len(one), one))


def go_by_one_name(left: str, right: str) -> bool:
    """Whether two sites go by one name: any of the names of one has the words of one of the other's, or all but for
    their spelling. "Regional Hospital - Radiology" and "Regional Hospital" are two; one without a name goes by any."""
    ours, theirs = read_names(left), read_names(right)
    if not ours or not theirs:
        return True
    return any(has_all(one, other) and has_all(other, one) for one in ours for other in theirs)


def has_all(one: Name, other: Name) -> bool:
    """Whether each word of one is in the other."""
    return all(any(is_nearly(word, there) for there in other.words) for word in one.words)


def is_nearly(left: str, right: str) -> bool:
    """The same word, cut short or with a slip."""
    if left == right:
        return True
    if left.isdigit() or right.isdigit():
        return False
    short, long = sorted((left, right), key=len)
    return (len(short) >= SHORTEST and long.startswith(short)) or Indel.normalized_similarity(left, right) >= NEARLY
