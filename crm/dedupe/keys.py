"""Keys as numbers of 64 bits that are the same in every process, on every machine and in every version."""

from collections.abc import Iterable, Sequence

import numpy as np

from crm.dedupe.pairs import Ints

HASHED_AT_ONCE = 10_000  # texts
PLACES = 256  # letters further behind take these numbers again


def scatter(numbers: np.ndarray) -> np.ndarray:
    """Numbers that look random, each for one number (the last step of SplitMix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


# One number for each byte at each place. A text's number is the sum over its bytes.
TABLE = scatter(np.arange(1, PLACES * 256 + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def hash_texts(texts: Sequence[str]) -> Ints:
    """One number a text. None of the texts is empty."""
    hashes = np.zeros(len(texts), dtype=np.int64)
    for start in range(0, len(texts), HASHED_AT_ONCE):
        hashes[start : start + HASHED_AT_ONCE] = hash_some(texts[start : start + HASHED_AT_ONCE])
    return hashes


def hash_some(texts: Sequence[str]) -> Ints:
    """The same of a few texts, at least one: each of their letters takes many bytes meanwhile."""
    joined = "".join(texts)
    letters = np.frombuffer(joined.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    # Of a text in ASCII every letter is a byte.
    written = texts if joined.isascii() else [text.encode("utf-8", "surrogatepass") for text in texts]
    lengths = np.fromiter(map(len, written), dtype=np.int64, count=len(written))
    starts = np.cumsum(lengths) - lengths
    places = np.arange(len(letters)) - np.repeat(starts, lengths)
    # In place, for these are many.
    places %= PLACES
    places *= 256
    places += letters
    return scatter(np.add.reduceat(TABLE[places], starts)).view(np.int64)


def hash_keys(keys: Iterable[Iterable[str]]) -> tuple[Ints, Ints]:
    """The keys of each form as numbers, one form after the other, and how many each form has. No key stands twice in a
    form."""
    texts: list[str] = []
    counts: list[int] = []
    for each in keys:
        distinct = dict.fromkeys(each)
        texts.extend(distinct)
        counts.append(len(distinct))
    return hash_texts(texts), np.array(counts, dtype=np.int64)
