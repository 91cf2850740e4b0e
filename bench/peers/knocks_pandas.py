"""The many-knocks analysis as an analyst would write it in pandas: group by business, then loop (definitions §2-§3).

    python -m bench.peers.knocks_pandas [--touchpoints 200000] [--businesses 60000] [--seed 1]

Shares no line with `crm.analysis`; reads the region of `bench.knock_region` and prints as JSON its figures and what the
analysis cost, from the lists to the answer. The figures are compared with the product's in the same run.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import time
from collections import defaultdict, deque
from typing import Any

import numpy as np
import pandas as pd

from bench.knock_region import AS_OF, make_agreements, make_directory, make_referrals, make_rows, make_sites

BURDEN = {"visit": 1.0, "survey": 0.8, "call": 0.6, "video": 0.6, "email": 0.4, "text": 0.4, "letter": 0.3,
          "event": 0.3, "mass_mail": 0.1, "": 0.6}  # fmt: skip
CLASS = {"needs": "input", "survey": "input", "sponsorship": "sponsorship", "job_development": "job_development",
         "invitation": "invitation", "relationship": "relationship", "": "unstated"}  # fmt: skip
WINDOW, GAP, YEAR, DRAWS = 90, 14, 365, 1000
Link = tuple[frozenset[str], int, int]
Links = dict[str, list[Link]]
Doors = dict[str, list[set[str]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touchpoints", type=int, default=200_000)
    parser.add_argument("--businesses", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    size = {"businesses": options.businesses, "seed": options.seed}
    directory = make_directory()
    region = {
        "names": directory.agencies,
        "programs": directory.programs,
        "rows": make_rows(directory, touchpoints=options.touchpoints, **size),
        "sites": make_sites(**size),
        "referrals": make_referrals(directory, **size),
        "agreements": make_agreements(directory),
    }
    began, worked = time.perf_counter(), time.process_time()
    figures = analyse(**region)
    cost = {"seconds": time.perf_counter() - began, "processor": time.process_time() - worked}
    cost["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures | cost))


def analyse(
    *, names: Any, programs: Any, rows: list[Any], sites: list[Any], referrals: list[Any], agreements: list[Any]
) -> dict[str, Any]:
    contacts = _read(rows, names, programs)
    links = _list_links(contacts, {site["business"]: site["naics"] for site in sites}, referrals, agreements, programs)
    asks, knocks = _chain(contacts)
    knocks["outcome"] = _classify(knocks, links)
    year = knocks[knocks["day"] > AS_OF - YEAR]
    counts = year["outcome"].value_counts()
    by_business = (
        year.assign(redundant=year["outcome"] == "redundant").groupby("business")["redundant"].agg(["size", "sum"])
    )
    doors = _measure_doors(year, links)
    open_now = [site["business"] for site in sites if site["closed_on"] is None or site["closed_on"] > AS_OF]
    spread = np.sort(by_business["size"].reindex(open_now, fill_value=0).to_numpy())
    return {
        **{name: int(counts.get(name, 0)) for name in ("first", "own_repeat", "coordinated", "redundant")},
        "knocks": len(year),
        "rate": float((year["outcome"] == "redundant").mean()),
        "interval": _draw(by_business),
        "mean_doors": float((doors["knocks"] * doors["effective"]).sum() / doors["knocks"].sum()),
        **{f"share_{least}_doors": float((doors["doors"] >= least).mean()) for least in (2, 3, 5)},
        "top_decile_share": float(spread[-math.ceil(len(spread) / 10) :].sum() / spread.sum()),
        "gini": float(
            2 * (spread * np.arange(1, len(spread) + 1)).sum() / (len(spread) * spread.sum())
            - (len(spread) + 1) / len(spread)
        ),
        "asked_twice": _count_asked_twice(asks, links),
    }


def _read(rows: list[Any], names: Any, programs: Any) -> pd.DataFrame:
    columns = ("agency", "system", "key", "day", "programs", "channel", "direction", "purpose", "reached", "topics")
    contacts = pd.DataFrame({name: [value for row in rows for value in row[name]] for name in columns})
    contacts["business"] = np.repeat([row["business"] for row in rows], [len(row["day"]) for row in rows])
    contacts["name"] = contacts["agency"].map(names)
    contacts["by"] = [frozenset(programs[one] for one in made) for made in contacts["programs"]]
    contacts["programs"] = [" ".join(sorted(made)) for made in contacts["programs"]]
    return contacts[contacts["day"] <= AS_OF]


def _list_links(contacts: pd.DataFrame, naics: Any, referrals: Any, agreements: Any, programs: Any) -> Links:
    """By business: which agencies are linked, from when to when."""
    links: Links = defaultdict(list)
    joint = contacts[contacts["by"].map(len) > 1]
    for business, by, day in zip(joint["business"], joint["by"], joint["day"], strict=True):
        links[business].append((by, day, day + YEAR))
    for one in referrals:
        by = frozenset((programs[one.from_program], programs[one.to_program]))
        if len(by) > 1:
            links[one.business].append((by, one.accepted_on, one.accepted_on + YEAR))
    for business in contacts["business"].unique():
        for agreement in agreements:
            everywhere = not agreement.naics and not agreement.businesses
            in_sector = bool(agreement.naics) and bool(naics[business]) and naics[business].startswith(agreement.naics)
            if everywhere or in_sector or business in agreement.businesses:
                end = 10**9 if agreement.ends_on is None else agreement.ends_on
                links[business].append((frozenset(agreement.agencies), agreement.begins_on, end))
    return links


def _find_doors(links: list[Link], day: int) -> list[set[str]]:
    """The doors of two agencies or more on a day."""
    doors: list[set[str]] = []
    for by, first, last in links:
        if first <= day <= last:
            touched = [door for door in doors if door & by]
            doors = [door for door in doors if not door & by] + [set(by).union(*touched)]
    return doors


def _chain(contacts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    asks = contacts.assign(kind=contacts["purpose"].map(CLASS), burden=contacts["channel"].map(BURDEN))
    asks = asks[(asks["direction"] != "in") & asks["kind"].notna()]
    asks = asks.sort_values(["business", "day", "name", "key", "system"], ignore_index=True)
    chain = ["business", "programs", "kind"]
    before = asks.assign(was_reached=asks["reached"] != "no").groupby(chain, sort=False)[["day", "was_reached"]].shift()
    joins = (asks["day"] - before["day"] < GAP) & (before["was_reached"] == False)  # noqa: E712
    asks["number"] = (~joins).groupby([asks[name] for name in chain], sort=False).cumsum()
    asks["place"] = asks.index
    knocks = asks.groupby([*chain, "number"], sort=False).agg(
        place=("place", "first"), day=("day", "first"), by=("by", "first"), burden=("burden", "sum")
    )
    return asks, knocks.reset_index().sort_values("place", ignore_index=True)


def _classify(knocks: pd.DataFrame, links: Links) -> list[str]:
    found: list[str] = []
    for business, group in knocks.groupby("business", sort=False):
        recent: dict[str, deque[tuple[int, frozenset[str]]]] = defaultdict(deque)
        linked = links.get(str(business), [])
        for day, kind, by in zip(group["day"], group["kind"], group["by"], strict=True):
            earlier = recent[kind]
            while earlier and day - earlier[0][0] > WINDOW:
                earlier.popleft()
            found.append(_judge(by, {other for _, other in earlier}, linked, day))
            earlier.append((day, by))
    return found


def _judge(by: frozenset[str], earlier: set[frozenset[str]], links: list[Link], day: int) -> str:
    others = [other for other in earlier if not other & by]
    if not others:
        return "own_repeat" if earlier else "first"
    own = set(by).union(*(door for door in _find_doors(links, day) if door & by))
    return "redundant" if any(not other & own for other in others) else "coordinated"


def _name_door(business: str, by: frozenset[str], links: Links, known: Doors) -> str:
    if business not in known:
        known[business] = _find_doors(links.get(business, []), AS_OF)
    return next((min(door) for door in known[business] if door & by), min(by))


def _measure_doors(year: pd.DataFrame, links: Links) -> pd.DataFrame:
    known: Doors = {}
    door = [_name_door(business, by, links, known) for business, by in zip(year["business"], year["by"], strict=True)]
    burden = year.assign(door=door).groupby(["business", "door"])["burden"].sum()
    share = burden / burden.groupby("business").transform("sum")
    return pd.DataFrame(
        {
            "knocks": year.groupby("business").size(),
            "doors": share.groupby("business").size(),
            "effective": np.exp(-(share * np.log(share)).groupby("business").sum()),
        }
    )


def _count_asked_twice(asks: pd.DataFrame, links: Links) -> int:
    recent = asks[(asks["day"] > AS_OF - YEAR) & (asks["topics"] != "")]
    known: Doors = {}
    pairs = zip(recent["business"], recent["by"], strict=True)
    recent = recent.assign(door=[_name_door(business, by, links, known) for business, by in pairs])
    recent = recent.assign(topic=recent["topics"].str.split(";")).explode("topic")
    recent["topic"] = recent["topic"].str.strip().str.lower()
    return int((recent.groupby(["business", "topic"])["door"].nunique() >= 2).sum())


def _draw(by_business: pd.DataFrame) -> tuple[float, float]:
    draw = np.random.default_rng(1)
    knocks, redundant = by_business["size"].to_numpy(), by_business["sum"].to_numpy()
    rates = []
    for _ in range(DRAWS):
        which = draw.integers(0, len(knocks), len(knocks))
        rates.append(redundant[which].sum() / knocks[which].sum())
    low, high = np.quantile(rates, [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
