"""What the region's contacts amount to on a day, before any period, sector or window is chosen.

Everything here is found business by business, so a history can be brought up to date for the few businesses that a
write touched, and equals one made from the start. Knocks and their classes are of all time up to `as_of`; doors,
effective doors and asked twice are of the last 12 months up to it, fatigue is of all asks up to it (definitions §3,
what is of when; §4).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.analysis.chains import Knocks, chain_asks
from crm.analysis.classes import Outcomes, classify_knocks
from crm.analysis.columns import join_columns, take_rows
from crm.analysis.contacts import Codes, Mask, count_words
from crm.analysis.counts import Counts, Selection, count_knocks, renew_values, tally_months
from crm.analysis.days import get_last_year
from crm.analysis.linkage import Covers, Linkage, read_linkage, sort_covers
from crm.analysis.lookups import Lookups, read_lookups
from crm.analysis.patches import Patched
from crm.analysis.regions import Region
from crm.analysis.settings import Settings
from crm.analysis.tallies import ContactTallies, Tally, count_contacts

KEPT_COUNTS = 4
KEPT_FOUND = 8


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """By business code, of the last 12 months: knocks, doors that they came through, effective doors (nan: none)."""

    knocks: NDArray[np.int64]
    doors: NDArray[np.int64]
    effective: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AskedTwice:
    """(business, topic) pairs asked through two doors or more; `topic` is a place in `Lookups.topics`."""

    business: Codes
    topic: Codes
    doors: Codes

    def replace(self, touched: Mask, fresh: AskedTwice) -> AskedTwice:
        """Those of the touched businesses anew."""
        return join_columns(take_rows(self, ~touched[self.business]), fresh)


@dataclass(slots=True)
class History:
    """Made by `build_history`; never changed afterwards, but it remembers the classes of each window once asked for.

    `fatigue` is by business code. Knocks of one business stand together, in the order of definitions §0.
    """

    region: Region
    as_of: int
    settings: Settings
    lookups: Lookups
    knock_rows: Patched[Knocks]
    fatigue: NDArray[np.float64]
    year: DoorCounts
    asked_twice: AskedTwice
    tallies: ContactTallies
    covers: Covers
    _linkage: Linkage | None = None
    _outcomes: dict[tuple[int, bool], Patched[Outcomes]] = field(default_factory=dict)
    _counts: OrderedDict[Selection, Counts] = field(default_factory=OrderedDict)
    _found: OrderedDict[Hashable, dict[int, Any]] = field(default_factory=OrderedDict)

    @property
    def knocks(self) -> Knocks:
        """Every knock, by business."""
        return self.knock_rows.whole

    def classify(self, *, window: int, broad: bool = False) -> Outcomes:
        """The classes of all knocks for this window; `broad` compares knocks of any class."""
        return self._classify(window, broad).whole

    def _classify(self, window: int, broad: bool) -> Patched[Outcomes]:
        known = self._outcomes.get((window, broad))
        if known is None:
            found = classify_knocks(self.knocks, self.get_linkage(), self.lookups.sets, window=window, broad=broad)
            known = self._outcomes[window, broad] = Patched(found, self.knocks.business)
        return known

    def count(self, chosen: Selection) -> Counts:
        """The counts of these knocks; those that were asked for last are remembered, and kept up to date."""
        known = self._counts.get(chosen)
        if known is None:
            outcomes = self.classify(window=chosen.window, broad=chosen.broad)
            known = count_knocks(self.region, self.knocks, outcomes, self.lookups, chosen, self.settings)
            self._counts[chosen] = known
            while len(self._counts) > KEPT_COUNTS:
                self._counts.popitem(last=False)
        return known

    def remember(self, key: Hashable) -> dict[int, Any]:
        """What was found by business code under this key, for whoever asks to fill; businesses that change are taken
        out. The keys that were asked for last are kept."""
        found = self._found.setdefault(key, {})
        self._found.move_to_end(key)
        while len(self._found) > KEPT_FOUND:
            self._found.popitem(last=False)
        return found

    def _knows(self, region: Region) -> bool:
        """Whether the lookups are those of this region too: no word is new, and vocabularies only grow."""
        ours, theirs = self.region, region
        return ours.directory == theirs.directory and count_words(ours.words) == count_words(theirs.words)

    def _find_covers(self, region: Region) -> Covers | None:
        """Which agreements cover which business, if that cannot differ in this region."""
        if region.businesses is not self.region.businesses or len(region.words.business) != len(self.year.knocks):
            return None
        return self.covers

    def get_linkage(self) -> Linkage:
        """What links agencies about these businesses."""
        if self._linkage is None:
            self._linkage = read_linkage(
                self.region, self.lookups, as_of=self.as_of, settings=self.settings, covers=self.covers
            )
        return self._linkage

    def update(self, region: Region, changed: Iterable[str]) -> History:
        """The history of a region that differs from this one's in these businesses alone (gone ones included).

        A change in the directory or in the agreements can touch every business: build anew for those.
        """
        touched = region.words.flag(changed)
        codes = np.flatnonzero(touched)
        part = build_history(region.only(touched), as_of=self.as_of, settings=self.settings, earlier=self)
        business = part.knocks.business
        history = History(
            region=region,
            as_of=self.as_of,
            settings=self.settings,
            lookups=part.lookups,
            knock_rows=self.knock_rows.replace(codes, part.knocks, business),
            fatigue=renew_values(self.fatigue, part.fatigue, codes),
            year=DoorCounts(
                knocks=renew_values(self.year.knocks, part.year.knocks, codes),
                doors=renew_values(self.year.doors, part.year.doors, codes),
                effective=renew_values(self.year.effective, part.year.effective, codes),
            ),
            asked_twice=self.asked_twice.replace(touched, part.asked_twice),
            tallies=self.tallies.exchange(self._count_only(codes), part.tallies),
            covers=part.covers,
        )
        for (window, broad), outcomes in list(self._outcomes.items()):
            fresh = part.classify(window=window, broad=broad)
            history._outcomes[window, broad] = outcomes.replace(codes, fresh, business)
        for chosen, counts in list(self._counts.items()):
            history._counts[chosen] = counts.renew(
                part.count(chosen), codes, months_before=self._tally_months(chosen, codes)
            )
        for key, found in list(self._found.items()):
            kept = history._found[key] = dict(found)
            for code in codes.tolist():
                kept.pop(code, None)
        return history

    def _count_only(self, codes: NDArray[np.int64]) -> ContactTallies:
        """The tallies of these businesses alone; some of the codes may be of businesses that are new since."""
        contacts, _ = self.region.rows.take(codes)
        return count_contacts(contacts, self.lookups, as_of=self.as_of)

    def _tally_months(self, chosen: Selection, codes: NDArray[np.int64]) -> Tally:
        """What these businesses are of the months of a count."""
        knocks, _ = self.knock_rows.take(codes)
        outcomes, _ = self._classify(chosen.window, chosen.broad).take(codes)
        return tally_months(self.region, knocks, outcomes, self.lookups, chosen, self.settings)


def build_history(
    region: Region, *, as_of: int, settings: Settings | None = None, earlier: History | None = None
) -> History:
    """The history of all contacts of the region; contacts dated after `as_of` are plans and count for nothing here.

    `earlier` is one of a region with the same agreements: what it knows of them is not worked out again.
    """
    settings = settings or Settings()
    contacts = region.contacts
    lookups = (
        earlier.lookups
        if earlier and earlier._knows(region)
        else read_lookups(region.words, region.directory, settings)
    )
    covers = (earlier._find_covers(region) if earlier else None) or sort_covers(region)
    linkage = read_linkage(region, lookups, as_of=as_of, settings=settings, covers=covers)
    knocks, asks = chain_asks(contacts, lookups, as_of=as_of, settings=settings)

    size = len(contacts.words.business)
    business, age = contacts.business[asks.row], as_of - contacts.day[asks.row]
    left = lookups.weight[contacts.channel[asks.row]] * np.exp2(-age / settings.half_life_days)
    recent = np.flatnonzero(age < settings.year_days)
    agency = lookups.sets.agency[contacts.programs[asks.row[recent]]]
    door = np.zeros(len(asks.row), dtype=np.int32)
    door[recent] = linkage.label_rows(business[recent], agency, day=as_of)
    this_year = knocks.day >= get_last_year(as_of, days=settings.year_days).first
    return History(
        region=region,
        as_of=as_of,
        settings=settings,
        lookups=lookups,
        knock_rows=Patched(knocks, knocks.business),
        fatigue=np.bincount(business, weights=left, minlength=size).astype(np.float64, copy=False),
        year=count_doors(
            knocks.business[this_year], door[asks.first][this_year], knocks.burden[this_year], businesses=size
        ),
        asked_twice=_list_asked_twice(business[recent], door[recent], contacts.topics[asks.row[recent]], lookups),
        tallies=count_contacts(contacts, lookups, as_of=as_of),
        covers=covers,
        _linkage=linkage,
    )


def count_doors(business: Codes, door: Codes, burden: NDArray[np.float64], *, businesses: int) -> DoorCounts:
    """Doors and effective doors from one entry a knock: D = exp(-sum s ln s), s a door's share of the burden."""
    pairs, place = np.unique(business.astype(np.int64) << 32 | door, return_inverse=True)
    of_door, of_business = np.bincount(place, weights=burden, minlength=len(pairs)), pairs >> 32
    total = np.bincount(of_business, weights=of_door, minlength=businesses)
    share = of_door / total[of_business]
    entropy = np.bincount(of_business, weights=-share * np.log(share), minlength=businesses)
    knocks = np.bincount(business, minlength=businesses)
    return DoorCounts(
        knocks=knocks,
        doors=np.bincount(of_business, minlength=businesses),
        effective=np.where(knocks > 0, np.exp(entropy), np.nan),
    )


def _list_asked_twice(business: Codes, door: Codes, topics: Codes, lookups: Lookups) -> AskedTwice:
    """From one entry an ask; `topics` are codes of combinations of topics."""
    entry, topic = lookups.topic_lists.expand(topics)
    many = max(1, len(lookups.topics))
    wide = int(door.max(initial=0)) + 1
    asked = np.unique((business[entry].astype(np.int64) * many + topic) * wide + door[entry])
    pairs, doors = np.unique(asked // wide, return_counts=True)
    twice = doors >= 2
    return AskedTwice(
        business=(pairs[twice] // many).astype(np.int32),
        topic=(pairs[twice] % many).astype(np.int32),
        doors=doors[twice].astype(np.int32),
    )
