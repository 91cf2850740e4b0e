"""Merges tried out: what would change among the knocks if two businesses were found to be one.

The two keep their contacts; together they are one business, on which knocks that were each the first become repeats of
each other. Nothing is merged here: the pair stands beside its two halves as a business of its own in a region that is
thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crm.analysis.businesses import Businesses
from crm.analysis.classes import Outcome
from crm.analysis.contacts import Contacts, Vocabulary
from crm.analysis.days import get_last_year
from crm.analysis.explanations import KnockLine, explain_business
from crm.analysis.history import History, build_history
from crm.analysis.patches import Patched
from crm.analysis.regions import Agreement, Referral, Region

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one merge would change: knocks of the last 12 months of each class, more (or fewer, below 0) than now.

    `contacts` are those of either side up to `as_of`, `agencies` how many agencies made them, both sides together.
    """

    first: int
    own_repeat: int
    coordinated: int
    redundant: int
    contacts: tuple[int, int]
    agencies: int


def weigh_merges(region: Region, pairs: Sequence[Pair], *, as_of: int) -> list[Consequence]:
    """What each of these merges (ids of two businesses) would change by itself, in their order."""
    return _compare(*_try_out(region, pairs, as_of=as_of), pairs) if pairs else []


def try_merge(region: Region, pair: Pair, *, as_of: int) -> tuple[Consequence, list[KnockLine]]:
    """What one merge would change, and the knocks of the last 12 months on the two that would count otherwise: as they
    would count then, each with the sentence why."""
    apart, joined = _try_out(region, [pair], as_of=as_of)
    (change,) = _compare(apart, joined, [pair])
    before = {source: line.outcome for id in pair for line in explain_business(apart, id) for source in line.sources}
    after = explain_business(joined, name_pair(*pair))
    return change, [line for line in after if any(before.get(source) != line.outcome for source in line.sources)]


def _try_out(region: Region, pairs: Sequence[Pair], *, as_of: int) -> tuple[History, History]:
    """The region as it is, and with each of the pairs as one."""
    return build_history(region, as_of=as_of), build_history(join_pairs(region, pairs), as_of=as_of)


def _compare(apart: History, joined: History, pairs: Sequence[Pair]) -> list[Consequence]:
    before, after = _count_classes(apart), _count_classes(joined)
    past = apart.region.contacts.take(apart.region.contacts.day <= apart.as_of)
    codes = past.words.business
    numbers = np.bincount(past.business, minlength=len(codes))
    made_by = _list_agencies(past)
    found = []
    for left, right in pairs:
        halves = [codes[id] for id in (left, right) if id in codes]
        whole = joined.region.words.business[name_pair(left, right)]
        change = after[whole] - before[halves].sum(axis=0)
        found.append(
            Consequence(
                **{outcome.word: int(change[outcome]) for outcome in Outcome},
                contacts=(_pick(numbers, codes, left), _pick(numbers, codes, right)),
                agencies=len(set[int]().union(*(made_by.get(code, set()) for code in halves))),
            )
        )
    return found


def name_pair(left: str, right: str) -> str:
    """The id of the two as one in the region of `join_pairs`."""
    return f"{left}~{right}"


def join_pairs(region: Region, pairs: Sequence[Pair]) -> Region:
    """A region with nothing in it but these pairs, each as one business. A business may be in several of them."""
    rows_of = _list_rows(region.contacts)
    none = np.zeros(0, dtype=np.int64)
    rows = [np.concatenate([rows_of.get(left, none), rows_of.get(right, none)]) for left, right in pairs]
    names = Vocabulary()
    codes = [names[name_pair(left, right)] for left, right in pairs]
    contacts = region.contacts.take(np.concatenate(rows))
    business = np.repeat(np.array(codes, dtype=np.int32), list(map(len, rows)))
    return replace(
        region,
        rows=Patched(replace(contacts, business=business, words=replace(contacts.words, business=names)), business),
        businesses=Businesses.read(_shape_businesses(region.businesses, pairs)),
        referrals={name_pair(*pair): _join_referrals(region, pair) for pair in pairs},
        agreements=[_widen(agreement, pairs) for agreement in region.agreements],
    )


def _shape_businesses(businesses: Businesses, pairs: Sequence[Pair]) -> list[dict[str, object]]:
    """The two as one carry what the first says, and what the second says where the first is silent."""
    places = businesses.places
    rows: list[dict[str, object]] = []
    for left, right in pairs:
        at = [places[id] for id in (left, right) if id in places]

        def pick(column: Sequence[object], at: list[int] = at) -> object:
            return next((column[place] for place in at if column[place]), None)

        rows.append(
            {
                "business": name_pair(left, right),
                "name": pick(businesses.names),
                "naics": pick(businesses.naics),
                "county": pick(businesses.counties),
                "zip": pick(businesses.zips),
                "employees": pick(businesses.employees),
                "closed_on": pick(businesses.closed),
            }
        )
    return rows


def _join_referrals(region: Region, pair: Pair) -> list[Referral]:
    return [replace(told, business=name_pair(*pair)) for id in pair for told in region.referrals.get(id, ())]


def _widen(agreement: Agreement, pairs: Sequence[Pair]) -> Agreement:
    """What covers one of the two covers them as one."""
    if not agreement.businesses:
        return agreement
    covered = {name_pair(*pair) for pair in pairs if not agreement.businesses.isdisjoint(pair)}
    # An agreement that names businesses must not cover all because none of these is among them.
    return replace(agreement, businesses=agreement.businesses | covered)


def _list_rows(contacts: Contacts) -> dict[str, NDArray[np.int64]]:
    """The rows of each business that has any."""
    order = np.argsort(contacts.business, kind="stable")
    codes, starts = np.unique(contacts.business[order], return_index=True)
    ids = contacts.words.business_ids
    spans = zip(codes.tolist(), starts.tolist(), [*starts[1:].tolist(), len(order)][: len(codes)], strict=True)
    return {ids[code]: order[start:end] for code, start, end in spans}


def _list_agencies(contacts: Contacts) -> dict[int, set[int]]:
    """business code -> the codes of the agencies whose contacts it has."""
    found: dict[int, set[int]] = {}
    pairs = np.unique(np.stack([contacts.business, contacts.agency]), axis=1)
    for business, agency in pairs.T.tolist():
        found.setdefault(business, set()).add(agency)
    return found


def _count_classes(history: History) -> NDArray[np.int64]:
    """One row a business code, one column an `Outcome`, of the last 12 months."""
    knocks, settings = history.knocks, history.settings
    outcome = history.classify(window=settings.window_days).outcome
    year = knocks.day >= get_last_year(history.as_of, days=settings.year_days).first
    size = len(history.region.words.business)
    cell = knocks.business[year].astype(np.int64) * len(Outcome) + outcome[year]
    return np.bincount(cell, minlength=size * len(Outcome)).reshape(size, len(Outcome))


def _pick(numbers: NDArray[np.int64], codes: Vocabulary, id: str) -> int:
    # Not by []: a vocabulary grows by what it is asked for.
    return int(numbers[codes[id]]) if id in codes else 0
