"""The review queue: what a person should look at, kept in the graph in the order of what an answer would change.

The matcher says which pairs are open; `keep_reviews` brings the graph to exactly these. The order is by consequence:
how many knocks would become redundant, then how many would become repeats of one's own, then how many contacts and
agencies there are on the two sides; a pair on which nobody called comes last. It is found in the matching step, for
the pairs that are new and those of which a side changed since; what is logged later counts from the next step on.

Two departments of one hospital are alike in all but their names, and joining them would change many numbers; but who is
asked about one after the other does not thank for it. Two sites that are of one firm already and go by different names
are set aside: whoever wants to may look at them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from crm.access import OWNER
from crm.analysis.days import get_day
from crm.analysis.merges import weigh_merges
from crm.analysis.regions import Region
from crm.batches import in_batches
from crm.dedupe.firm_names import go_by_one_name
from crm.dedupe.partition import Review as Found
from crm.graph import reviews
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.judgements import pair_of
from crm.graph.leases import Lease
from crm.graph.reviews import Review
from crm.graph.stale import Kind
from crm.services import region_rows
from crm.services.region_reading import Rules, read_some

# Pairs that are weighed, or written, at once.
BATCH = 500
# How many other pairs of its things a pair names.
RIVALS = 5


# More things than these are not looked at one by one.
MOST_THINGS = 2_000


@dataclass
class Turned:
    """What a step of the matcher changed: the reviews that are open now (new ones, and those of records that were
    judged), those that are not any more, and things of which anything else is otherwise (None: it is not known
    which)."""

    opened: set[Found] = field(default_factory=set)
    closed: set[Found] = field(default_factory=set)
    things: set[str] | None = None


@dataclass(frozen=True)
class Side:
    """A thing of a pair as it stands: its id, the time of its last change, the agencies that know it, its name and
    firm."""

    thing: str
    stamp: int
    agencies: frozenset[str]
    name: str
    firm: str | None


def keep_reviews(db: Store, held: Lease, kind: Kind, found: Iterable[Found]) -> None:
    """Let exactly these reviews be open, and weigh those that are new or of which something changed."""
    wanted = _by_pair(found)
    _bring(db, held, kind, reviews.list_all(db, kind), wanted, _list_standing(db, kind, wanted))


def keep_turned(db: Store, held: Lease, kind: Kind, turned: Turned) -> None:
    """The same, where all but what a step changed is so already: only the reviews of things that it concerns are looked
    at, unless these are many."""
    opened, closed = _by_pair(turned.opened), _by_pair(turned.closed)
    things = turned.things
    concerned = None if things is None else _list_things(_list_standing(db, kind, opened | closed)) | things
    if concerned is None or len(concerned) > MOST_THINGS:
        there = reviews.list_all(db, kind)
        keep_reviews(
            db, held, kind, ({id: _as_found(one) for id, one in there.items() if id not in closed} | opened).values()
        )
        return
    known = reviews.list_of_things(db, kind, sorted(concerned))
    known |= {one.id: one for one in reviews.list_some(db, OWNER, sorted({*opened, *closed} - known.keys()))}
    wanted = {id: _as_found(one) for id, one in known.items() if id not in closed} | opened
    # What a pair's rivals are depends on all pairs of its two things.
    standing = _list_standing(db, kind, wanted)
    near = reviews.list_of_things(db, kind, sorted(_list_things(standing)))
    others = {id: _as_found(one) for id, one in near.items() if id not in closed and id not in wanted}
    _bring(db, held, kind, known, wanted, standing | _list_standing(db, kind, others), others)


def _as_found(one: Review) -> Found:
    return Found(one.score, one.left, one.right)


def _by_pair(found: Iterable[Found]) -> dict[str, Found]:
    return {pair_of(one.left, one.right): one for one in found}


def _list_standing(db: Reader, kind: Kind, found: Mapping[str, Found]) -> dict[str, Row]:
    records = sorted({uid for one in found.values() for uid in (one.left, one.right)})
    return reviews.list_standing(db, kind, records) if records else {}


def _list_things(standing: Mapping[str, Row]) -> set[str]:
    return {row["thing"] for row in standing.values()}


def _bring(
    db: Store,
    held: Lease,
    kind: Kind,
    known: dict[str, Review],
    wanted: dict[str, Found],
    standing: dict[str, Row],
    others: Mapping[str, Found] = MappingProxyType({}),
) -> None:
    """Let `wanted` be open instead of `known`; `others` stay as they are."""
    met, rivals = _count_met(db, kind, standing), _list_rivals({**others, **wanted}, standing)
    changed = [
        (id, one)
        for id, one in sorted(wanted.items())
        if one.left in standing
        and one.right in standing
        and _differs(known.get(id), one, standing, met, rivals.get(id, []))
    ]
    closed = sorted(known.keys() - wanted.keys())
    for batch in in_batches(closed, BATCH):
        _write(db, held, dropped=batch)
    for batch in in_batches(changed, BATCH):
        _write(db, held, put=_weigh(db, kind, batch, standing, met, rivals))


def _write(db: Store, held: Lease, *, put: Sequence[Review] = (), dropped: Sequence[str] = ()) -> None:
    def work(tx: Transaction) -> None:
        held.check(tx)
        reviews.drop_reviews(tx, list(dropped))
        reviews.put_reviews(tx, list(put))

    db.transact(work)


def _count_met(db: Reader, kind: Kind, standing: dict[str, Row]) -> dict[str, int] | None:
    """How many contacts name each of these people; None for businesses. That one was named does not change a person."""
    return reviews.count_met(db, sorted({row["thing"] for row in standing.values()})) if kind == "person" else None


def _list_rivals(wanted: dict[str, Found], standing: dict[str, Row]) -> dict[str, list[str]]:
    """For each pair the likeliest others that are of one of its two things."""
    of_thing: dict[str, list[str]] = {}
    for id, one in sorted(wanted.items(), key=lambda item: (-item[1].score, item[0])):
        for thing in {standing[uid]["thing"] for uid in (one.left, one.right) if uid in standing}:
            of_thing.setdefault(thing, []).append(id)
    rivals: dict[str, set[str]] = {}
    for ids in of_thing.values():
        for id in ids if len(ids) > 1 else ():
            rivals.setdefault(id, set()).update(ids[: RIVALS + 1])
    return {
        id: sorted(others - {id}, key=lambda other: (-wanted[other].score, other))[:RIVALS]
        for id, others in rivals.items()
    }


def _differs(
    known: Review | None,
    found: Found,
    standing: dict[str, Row],
    met: dict[str, int] | None,
    rivals: list[str],
) -> bool:
    """Whether what is stored of a review is not what is so now."""
    if known is None:
        return True
    sides = _sides(found, standing)
    there = (known.score, known.things, known.stamp, known.rivals, known.aside)
    stamp = max(side.stamp for side in sides)
    now = (found.score, [side.thing for side in sides], stamp, rivals, is_aside(sides))
    return there != now or (met is not None and known.contacts != sum(met.get(side.thing, 0) for side in sides))


def _sides(found: Found, standing: dict[str, Row]) -> tuple[Side, Side]:
    """In the order of the pair's name."""
    left, right = (
        Side(row["thing"], row["stamp"], frozenset(row["agencies"]), row["name"], row["firm"])
        for row in (standing[uid] for uid in sorted((found.left, found.right)))
    )
    return left, right


def is_aside(sides: tuple[Side, Side]) -> bool:
    """Whether the two are sites of one firm and go by different names."""
    left, right = sides
    return left.firm is not None and left.firm == right.firm and not go_by_one_name(left.name, right.name)


def _weigh(
    db: Reader,
    kind: Kind,
    found: Sequence[tuple[str, Found]],
    standing: dict[str, Row],
    met: dict[str, int] | None,
    rivals: dict[str, list[str]],
) -> list[Review]:
    pairs = [(id, one, _sides(one, standing)) for id, one in found]
    if met is not None:
        return [
            _review(kind, id, one, sides, rivals.get(id, []), contacts=[met.get(side.thing, 0) for side in sides])
            for id, one, sides in pairs
        ]
    region = read_businesses(db, sorted({side.thing for _, _, sides in pairs for side in sides}))
    things = [(left.thing, right.thing) for _, _, (left, right) in pairs]
    changes = weigh_merges(region, things, as_of=get_day(date.today()))
    return [
        _review(
            kind,
            id,
            one,
            sides,
            rivals.get(id, []),
            contacts=change.contacts,
            redundant=change.redundant,
            own=change.own_repeat,
        )
        for (id, one, sides), change in zip(pairs, changes, strict=True)
    ]


def read_businesses(db: Reader, ids: list[str], rules: Rules | None = None) -> Region:
    """These businesses with all that decides how knocks on them count: what is counted depends on nothing else.
    `rules`: who knocks and which agreements join them, where that is known already."""
    directory = rules.directory if rules else region_rows.read_directory(db, OWNER)
    agreements = rules.agreements if rules else region_rows.read_agreements(db)[0]
    return read_some(db, OWNER, ids, directory, agreements)


def _review(
    kind: Kind,
    id: str,
    found: Found,
    sides: tuple[Side, Side],
    rivals: list[str],
    *,
    contacts: Sequence[int],
    redundant: int = 0,
    own: int = 0,
) -> Review:
    left, right = id.split("~")
    agencies = len(sides[0].agencies | sides[1].agencies)
    return Review(
        id=id,
        kind=kind,
        left=left,
        right=right,
        score=found.score,
        redundant=redundant,
        own_repeat=own,
        contacts=sum(contacts),
        agencies=agencies,
        weight=weigh(redundant=redundant, own_repeat=own, contacts=contacts, agencies=agencies),
        things=[side.thing for side in sides],
        stamp=max(side.stamp for side in sides),
        rivals=rivals,
        aside=is_aside(sides),
    )


def weigh(*, redundant: int, own_repeat: int, contacts: Sequence[int], agencies: int) -> int:
    """The place in the queue as one number, the greater the earlier: knocks that become redundant (or cease to be),
    then repeats of one's own, then contacts, of pairs with contacts on both sides first, then agencies. 0 where nobody
    called on either side."""
    if not sum(contacts):
        return 0
    digits = (
        (abs(redundant), 999),
        (abs(own_repeat), 999),
        (min(contacts), 9_999),
        (sum(contacts), 99_999),
        (agencies, 99),
    )
    weight = 0
    for number, most in digits:
        weight = weight * (most + 1) + min(number, most)
    return weight
