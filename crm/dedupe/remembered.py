"""What a `MatchIndex` with the records of a list that was matched once would hold, for who keeps it: mapping by
mapping, each in the order of its keys.

A form is said in the text that it was written down in when its record was read, and by a digest where it is a key; all
else is said as it is.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise, starmap
from typing import Any

import numpy as np

from crm.dedupe.block import gather_blocks
from crm.dedupe.crew import Crew
from crm.dedupe.links import Links
from crm.dedupe.once import Held
from crm.dedupe.packed import PackedForms

AT_ONCE = 5_000  # forms

Digest = Callable[[Any], bytes]
Mapped = Iterator[tuple[Any, Any]]


def list_mappings(held: Held, digest: Digest, crew: Crew) -> Iterator[tuple[str, Mapped]]:
    """The name of each mapping of an index, with its keys and values."""
    forms, partition = held.forms, held.partition
    numbers = _read_digests(forms, digest, crew)
    by_form = np.argsort(forms.number_of, kind="stable")
    ends = np.cumsum(np.bincount(forms.number_of, minlength=len(forms))).tolist()
    places, links = by_form.tolist(), Links()
    for left, right, score in zip(held.left.tolist(), held.right.tolist(), held.scores.tolist(), strict=True):
        links.put(left, right, score)
    # Records by uid, which is not how they came.
    order = sorted(range(len(held.uids)), key=held.uids.__getitem__)
    number_of = forms.number_of.tolist()
    yield "forms", enumerate(forms.list_texts(np.arange(len(forms))))
    yield "members", enumerate({held.uids[at] for at in places[start:end]} for start, end in pairwise([0, *ends]))
    yield "number_of", ((held.uids[at], number_of[at]) for at in order)
    yield "seq_of", ((held.uids[at], held.seqs[at]) for at in order)
    yield "numbers", iter(sorted(zip(numbers, range(len(numbers)), strict=True)))
    yield "blocks", _list_blocks(forms)
    yield "scores", iter(sorted(links.scores.items()))
    # Most are lacking, and made when they are asked for (`own_scores`).
    yield "own", enumerate(held.own.tolist())
    yield "cluster_of", ((uid, partition.cluster_of.get(uid, (uid,))) for at in order for uid in (held.uids[at],))
    yield "links", iter(sorted(partition.links.items()))
    yield "reviews", iter(sorted(partition.reviews.items()))


def _read_digests(forms: PackedForms, digest: Digest, crew: Crew) -> list[bytes]:
    """The digest of each form."""

    def read(start: int) -> list[bytes]:
        return list(map(digest, forms.load(np.arange(start, min(start + AT_ONCE, len(forms))))))

    return [one for part in crew.map(read, range(0, len(forms), AT_ONCE)) for one in part]


def _list_blocks(forms: PackedForms) -> Mapped:
    """Who has each key: a number, or a list of several."""
    blocks = gather_blocks(*forms.take_keys())
    members = blocks.members.tolist()
    stretches = zip(blocks.keys.tolist(), blocks.starts.tolist(), blocks.sizes.tolist(), strict=True)

    def say(key: int, start: int, size: int) -> tuple[int, int | list[int]]:
        return key, members[start] if size == 1 else members[start : start + size]

    return starmap(say, stretches)
