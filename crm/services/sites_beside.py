"""The sites of a region whose businesses are made anew: the process that matched their records hears of them as they
are made, finds out which are of one firm, and writes down what is to be remembered of that, while this process goes on
(decision 17). It knows no graph, and what is here is for it, too.
"""

import pickle
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from crm.dedupe.apart import Apart
from crm.dedupe.firms import CELLS, FirmIndex
from crm.dedupe.once import OneTime
from crm.services.kept_mappings import MappingFile
from crm.services.matcher_file import Memory, fill

FIRM = "firm"  # the name under which a memory keeps the index
Pairs = Iterable[tuple[str, str]]


class SitesBeside:
    """Hands sites over, and asks for their firms. What the process does not live to answer raises MatcherGone."""

    def __init__(self, apart: Apart, helper: Executor) -> None:
        """`helper` is the one thread that asks the process."""
        self._apart, self._helper = apart, helper
        self._sent: list[Future[None]] = []
        # When each of them was computed: whatever has another time in the graph must be put again.
        self.stamps: dict[str, int] = {}

    def put(self, sites: Sequence[Mapping[str, Any]], stamp: int) -> None:
        """Take these sites as they were computed at this time of the graph."""
        cells = [tuple(map(site.get, CELLS)) for site in sites]
        self.stamps |= dict.fromkeys([site["id"] for site in sites], stamp)
        # In little room: they may have to wait.
        self._sent.append(self._helper.submit(self._apart.ask, put_sites, pickle.dumps(cells)))

    def join(self, said: Pairs, barred: Pairs, gone: Iterable[str], also: Iterable[str]) -> dict[str, str]:
        """Business id -> firm id, for the sites of firms with several and for `also`; any other site is its own
        firm. `gone` are no more; `said` and `barred` are as for the index."""
        for sent in self._sent:
            sent.result()
        about = list(said), list(barred), list(gone), set(also)
        return self._helper.submit(self._apart.ask, join_sites, *about).result()

    def keep(self, memory: Memory, until: int) -> None:
        """Let the memory keep the index, which knows all businesses as they were at this time of the graph."""
        memory.begin(FIRM, self._apart, write_sites, until)


def put_sites(matcher: OneTime, packed: bytes) -> None:
    """For a process apart, as are those below."""
    index = matcher.others.setdefault(FIRM, FirmIndex())
    index.put(dict(zip(CELLS, cells, strict=True)) for cells in pickle.loads(packed))  # noqa: S301


def join_sites(
    matcher: OneTime, said: list[tuple[str, str]], barred: list[tuple[str, str]], gone: list[str], also: set[str]
) -> dict[str, str]:
    index: FirmIndex = matcher.others[FIRM]
    for id in gone:
        index.take_out(id)
    firms = index.join_all(said, barred)
    sizes = Counter(firms.values())
    return {id: firm for id, firm in firms.items() if sizes[firm] > 1 or id in also}


def write_sites(matcher: OneTime, until: int, path: Path) -> tuple[int, list[tuple[str, str]], list[tuple[str, str]]]:
    index: FirmIndex = matcher.others.pop(FIRM)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = MappingFile(path)
    for mapping, values in (("sites", index.sites), ("holders", index.holders)):
        fill(file, f"{FIRM}_{mapping}", mapping, values)
    file.save({})
    return until, sorted(index.said), sorted(index.barred)
