"""Sites that a process apart hears of are rolled up, and remembered, as they would be here."""

from pathlib import Path

import pytest

from crm.dedupe import BUSINESS, BusinessRow
from crm.dedupe.apart import Apart, MatcherGone
from crm.dedupe.firms import FirmIndex, roll_up_firms
from crm.services.matcher_file import Memory
from crm.services.sites_beside import SitesBeside
from tests.processes import find_matchers

SITES = [
    {"id": f"b{n}", "name": f"Acme Tool {n}", "ein": f"36-123456{n % 4}", "parent": None, "contact_count": n}
    for n in range(12)
]


def begin(memory: Memory) -> SitesBeside:
    """What hears of sites, in a process that has matched something."""
    apart = Apart(BUSINESS, remembers=True)
    apart.add([BusinessRow("r1", 1, name="Acme Tool")])
    apart.match([])
    memory.hand_over("business", apart)
    return SitesBeside(apart, memory.helper)


def test_their_firms_are_those_of_all_sites_as_they_were_last_put(tmp_path: Path) -> None:
    memory = Memory(tmp_path, None)
    sites = begin(memory)
    sites.put(SITES[:8], 5)
    sites.put(SITES[8:], 6)
    moved = SITES[3] | {"ein": "36-7654321"}
    sites.put([moved], 7)
    there = [site for site in (*SITES[:3], moved, *SITES[4:]) if site["id"] not in ("b0", "b11")]
    said, barred = [("b3", "b5")], [("b6", "b2")]
    firms = roll_up_firms(there, said=said, barred=barred)
    shared = {id: firm for id, firm in firms.items() if list(firms.values()).count(firm) > 1}
    alone = next(iter(firms.keys() - shared.keys()))
    assert sites.join(said, barred, ["b0", "b11"], [alone, "b1"]) == shared | {alone: firms[alone]}
    assert (sites.stamps["b7"], sites.stamps["b8"], sites.stamps["b3"]) == (5, 6, 7)

    sites.keep(memory, 9)
    token = memory.keep()
    memory.close()
    assert find_matchers() == []
    again = Memory(tmp_path, token)
    assert again.find("business", BUSINESS) is not None
    found = again.find_firms()
    assert found is not None
    kept, until = found
    fresh = FirmIndex()
    assert fresh.change(there, (), said, barred) == firms
    assert until == 9
    assert (dict(kept.sites), kept.said, kept.barred) == (fresh.sites, fresh.said, fresh.barred)
    assert kept.change([SITES[0]], ["b1"], said, barred) == fresh.change([SITES[0]], ["b1"], said, barred)
    again.close()


def test_a_process_that_is_gone_is_told_of(tmp_path: Path) -> None:
    memory = Memory(tmp_path, None)
    sites = begin(memory)
    sites.put(SITES, 5)
    for process in find_matchers():
        process.kill()
    with pytest.raises(MatcherGone):
        sites.join([], [], [], [])
    memory.close()
