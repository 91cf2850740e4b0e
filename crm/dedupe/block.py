"""Which pairs are worth a comparison: those that have a key in common which not too many others have.

A block is the set of forms with one key. A block of more than `limit` forms gives no pairs: its key ("county", a
switchboard) tells too little, and its pairs grow with the square. Blocks move across the limit as records come and
go, so a change reports the pairs that it may have gained and those that it may have lost; exactly the pairs of blocks
that are within the limit are candidates, in whatever order the records came.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from itertools import combinations, islice
from typing import NamedTuple

import numpy as np

from crm.dedupe.keys import hash_keys, hash_texts
from crm.dedupe.pairs import AnyInts, Ints
from crm.dedupe.pool import Keep, in_memory

LIMIT = 50
HASHED_AT_ONCE = 2_000  # forms
SHIFT = 32
LOW = (1 << SHIFT) - 1

# Numbers of forms, each with its keys.
Keyed = Iterable[tuple[int, Iterable[str]]]


def pack(left: int, right: int) -> int:
    """Two numbers below 2^32 as one, the smaller first."""
    return left << SHIFT | right if left < right else right << SHIFT | left


def unpack(packed: Ints) -> tuple[Ints, Ints]:
    return packed >> SHIFT, packed & LOW


class Blocks:
    """Members of every key. A key is kept as its hash, and a block of one as a bare number: most blocks are such."""

    def __init__(self, limit: int = LIMIT, keep: Keep = in_memory) -> None:
        self.limit = limit
        self.members: MutableMapping[int, int | list[int]] = keep("blocks")

    def change(self, died: Keyed, born: Keyed) -> tuple[Ints, list[tuple[int, int]]]:
        """Take out and put in; returns the packed pairs to compare, and pairs that may be candidates no longer."""
        if next(iter(self.members), None) is None:
            return self.fill(born), []
        before: dict[int, int] = {}
        new: dict[int, list[int]] = {}
        for number, keys in hash_each(died):
            for key in keys:
                before.setdefault(key, self.size(key))
                self.take_out(key, number)
        for number, keys in hash_each(born):
            for key in keys:
                # A block that was not there before has only new members, which need no list of their own.
                if before.setdefault(key, self.size(key)):
                    new.setdefault(key, []).append(number)
                self.put_in(key, number)
        return self.find_gained(before, new), self.find_lost(before, new)

    def fill(self, born: Keyed) -> Ints:
        """Put in the first ones, all at once; returns the packed pairs to compare."""
        keys, owners = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for numbers, hashes, counts in hash_stretches(born):
            keys.append(hashes)
            owners.append(np.repeat(np.array(numbers, dtype=np.int64), counts))
        blocks = gather_blocks(np.concatenate(keys), np.concatenate(owners))
        alone, members = blocks.sizes == 1, blocks.members.tolist()
        self.members.update(
            zip(blocks.keys[alone].tolist(), blocks.members[blocks.starts[alone]].tolist(), strict=True)
        )
        several = (column[~alone].tolist() for column in (blocks.keys, blocks.starts, blocks.sizes))
        for key, start, size in zip(*several, strict=True):
            self.members[key] = members[start : start + size]
        return pair_members(blocks, self.limit)

    def find_gained(self, before: Mapping[int, int], new: Mapping[int, list[int]]) -> Ints:
        """Pairs with a new member, and all pairs of blocks that have shrunk to within the limit."""
        pairs = array("q")
        whole: dict[int, list[list[int]]] = {}
        for key, size in before.items():
            members = self.members.get(key)
            if not isinstance(members, list) or len(members) > self.limit:
                continue
            fresh = new.get(key, ())
            if size == 0 or size > self.limit:
                whole.setdefault(len(members), []).append(members)
            else:
                newer = set(fresh)
                for number in fresh:
                    pairs.extend(pack(number, other) for other in members if other not in newer or other < number)
        return unique(np.concatenate([np.array(pairs, dtype=np.int64), *map(pair_up, whole.values())]))

    def find_lost(self, before: Mapping[int, int], new: Mapping[int, list[int]]) -> list[tuple[int, int]]:
        """Pairs that were candidates by a block which has grown beyond the limit."""
        lost: list[tuple[int, int]] = []
        for key, size in before.items():
            members = self.members.get(key)
            if 1 < size <= self.limit and isinstance(members, list) and len(members) > self.limit:
                newer = set(new.get(key, ()))
                lost.extend(combinations([number for number in members if number not in newer], 2))
        return lost

    def share_key(self, left: Iterable[str], right: Iterable[str]) -> bool:
        """Whether two forms with these keys are candidates now."""
        ours, theirs = (hash_texts(list(keys)).tolist() for keys in (left, right))
        return any(self.size(key) <= self.limit for key in set(ours) & set(theirs))

    def size(self, key: int) -> int:
        members = self.members.get(key)
        return len(members) if isinstance(members, list) else int(members is not None)

    def put_in(self, key: int, number: int) -> None:
        members = self.members.get(key)
        if members is None:
            self.members[key] = number
        elif isinstance(members, list):
            members.append(number)
        else:
            self.members[key] = [members, number]

    def take_out(self, key: int, number: int) -> None:
        members = self.members[key]
        if not isinstance(members, list):
            del self.members[key]
            return
        members.remove(number)
        if len(members) == 1:
            self.members[key] = members[0]


def hash_stretches(keyed: Keyed) -> Iterator[tuple[list[int], Ints, AnyInts]]:
    """The numbers of some forms at a time, with their keys' hashes and how many keys each has."""
    forms = iter(keyed)
    while some := list(islice(forms, HASHED_AT_ONCE)):
        yield [number for number, _ in some], *hash_keys(texts for _, texts in some)


def hash_each(keyed: Keyed) -> Iterator[tuple[int, list[int]]]:
    """Each form's number with its keys' hashes."""
    for numbers, hashes, counts in hash_stretches(keyed):
        ends = np.cumsum(counts).tolist()
        for number, start, end in zip(numbers, [0, *ends], ends, strict=False):
            yield number, hashes[start:end].tolist()


class Gathered(NamedTuple):
    """Blocks side by side: each one's key, and from where on how many of the `members` are in it."""

    keys: Ints
    starts: Ints
    sizes: Ints
    members: AnyInts


def gather_blocks(keys: Ints, owners: AnyInts) -> Gathered:
    """`owners[i]` has `keys[i]`, each key once, in rising order of owners; so are the members of each block."""
    order = np.argsort(keys, kind="stable")
    keys, owners = keys[order], owners[order]
    starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] + 1)) if len(keys) else np.zeros(0, dtype=np.int64)
    return Gathered(keys[starts], starts, np.diff(starts, append=len(keys)), owners)


def pair_members(blocks: Gathered, limit: int) -> Ints:
    """The packed pairs of forms with a key in common that at most `limit` forms have; sorted."""
    found = [np.zeros(0, dtype=np.int64)]
    for size in range(2, limit + 1):
        members = blocks.members[blocks.starts[blocks.sizes == size][:, None] + np.arange(size)]
        left, right = np.triu_indices(size, k=1)
        found.append((members[:, left].astype(np.int64) << SHIFT | members[:, right]).ravel())
    return unique(np.concatenate(found))


def list_candidates(keys: Ints, owners: AnyInts, limit: int = LIMIT) -> Ints:
    """The same of keys and their owners, as `gather_blocks` takes them."""
    return pair_members(gather_blocks(keys, owners), limit)


def unique(numbers: Ints) -> Ints:
    """Each number once, sorted; many times faster than NumPy's own for millions of them."""
    numbers.sort()
    return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]


def pair_up(blocks: list[list[int]]) -> Ints:
    """All pairs within each of these blocks, which are of one size."""
    table = np.sort(np.array(blocks, dtype=np.int64), axis=1)
    left, right = np.triu_indices(table.shape[1], k=1)
    return (table[:, left] << SHIFT | table[:, right]).ravel()
