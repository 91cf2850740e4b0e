"""Reviewing: the queue of pairs that may be one, how far it is, and the next pair for whoever asks.

A pair that is shown to somebody is shown to nobody else for some minutes, and nothing is asked about a thing of which
an answer is yet to be followed. What a pair is and what answers do is told in `review_pairs`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crm.access import Viewer
from crm.batches import in_batches
from crm.graph import checks, judgements, reviews, stale
from crm.graph.checks import Check
from crm.graph.driver import Reader, Row, Store
from crm.graph.judgements import Judged
from crm.graph.reviews import Review
from crm.services.judgements import kind_of, name_of, now
from crm.services.matched_kinds import KINDS
from crm.services.review_order import get_order, list_queue
from crm.services.surveys import ask_for_first_survey

# One answer of the review in so many is to a pair that was drawn to be checked.
CHECK_OF = 5
# Pairs of which it is asked at once whether they may be shown.
TRIED_AT_ONCE = 5


# How far the queue is.


@dataclass(frozen=True)
class Progress:
    """`open` are the pairs to look at (without those that are set aside), `answered` all answers in force, `own` this
    viewer's of today, `unsure` those put off. `waiting`: judgements that the region has yet to follow. Of
    `looked_twice` pairs, shown to two people, `agreed` were answered the same way."""

    open: int
    answered: int
    own: int
    unsure: int
    waiting: int
    looked_twice: int
    agreed: int

    @property
    def total(self) -> int:
        return self.open + self.answered


def find_progress(db: Store, viewer: Viewer) -> Progress:
    """How far the queue is."""
    said = judgements.count_answers(db, viewer, by=name_of(viewer), since=datetime.now(UTC).date().isoformat())
    return Progress(
        open=get_order(db, viewer).counts[""],
        answered=sum(row["number"] for row in said),
        own=sum(row["own"] for row in said),
        unsure=sum(row["number"] for row in said if row["verdict"] == "unsure"),
        waiting=len(stale.list_judged(db)),
        looked_twice=sum(row["looked_twice"] for row in said),
        agreed=sum(row["agreed"] for row in said),
    )


# The queue.


@dataclass(frozen=True)
class Queued:
    """An open review with its two records as people know them, and who is looking at it just now."""

    review: Review
    left: Row
    right: Row
    shown_to: str | None


def list_open(db: Store, viewer: Viewer, *, kind: str = "", page: int = 1) -> list[Queued]:
    """One page of the open reviews, what changes most first."""
    return name_queued(db, viewer, list_queue(db, viewer, kind=kind, skip=(page - 1) * reviews.PAGE))


def name_queued(db: Reader, viewer: Viewer, found: Sequence[Review]) -> list[Queued]:
    named: dict[str, Row] = {}
    for each in KINDS:
        ids = sorted({id for one in found if one.kind == each for id in (one.left, one.right)})
        if ids:
            named |= reviews.list_names(db, each, ids)
    turns = reviews.list_turns(db, user=viewer.user_id) if found else {}
    # A record that is just being taken out is not there, and soon its review is not either.
    return [
        Queued(one, named[one.left], named[one.right], turns.get(one.id))
        for one in found
        if one.left in named and one.right in named
    ]


@dataclass(frozen=True)
class OpenReview:
    """A pair to look at; `redundant` and `own_repeat` are knocks more (or fewer) if the two are one."""

    pair: str
    kind: str
    left: str
    right: str
    redundant: int
    own_repeat: int
    contacts: int
    agencies: int
    shown_to: str | None


def describe(row: Queued) -> OpenReview:
    """An open review as the command line and the API tell it."""
    one = row.review
    return OpenReview(
        pair=one.id,
        kind=one.kind,
        left=reviews.name_row(row.left),
        right=reviews.name_row(row.right),
        redundant=one.redundant,
        own_repeat=one.own_repeat,
        contacts=one.contacts,
        agencies=one.agencies,
        shown_to=row.shown_to,
    )


@dataclass(frozen=True)
class Turn:
    """A pair that is this viewer's to answer for some minutes; `is_second`: somebody has answered it before;
    `is_check`: it was drawn to see how good the matching is."""

    pair: str
    is_second: bool = False
    is_check: bool = False


@dataclass(frozen=True)
class Busy:
    """What may not be asked just now: `pairs` that are being shown to others, and `records` about which an answer is
    yet to be followed."""

    pairs: frozenset[str]
    records: set[str]


def find_busy(db: Reader, viewer: Viewer) -> Busy:
    """What may not be asked of this viewer just now."""
    return Busy(frozenset(reviews.list_turns(db, user=viewer.user_id)), stale.list_awaiting(db))


def take_next(db: Store, viewer: Viewer, *, name: str, kind: str = "") -> Turn | None:
    """The next pair for this viewer, kept for them and shown to nobody else meanwhile; None when there is none.

    Pairs that wait for a second person come first: there are few. One answer in five is to a pair that was drawn to be
    checked. `name` is what others are told of who has it.
    """
    busy = find_busy(db, viewer)
    for judged in judgements.list_wanting_second(db, by=name_of(viewer), kind=kind):
        if judged.pair not in busy.pairs and _are_there(db, judged) and take_turn(db, viewer, judged.pair, name=name):
            return Turn(judged.pair, is_second=True)
    if is_check_due(db):
        check = take_check(db, viewer, name=name, kind=kind, busy=busy)
        if check is not None:
            return check
        ask_for_first_survey(db, viewer)
    free = [id for id in get_order(db, viewer).ids.get(kind, ()) if id not in busy.pairs]
    for some in in_batches(free, TRIED_AT_ONCE):
        for review in _list_ready(db, reviews.list_some(db, viewer, some), busy.records):
            if take_turn(db, viewer, review.id, name=name):
                return Turn(review.id)
    return None


def is_check_due(db: Reader) -> bool:
    """Whether the next pair is one to check: by how many answers there are, so that nobody chooses."""
    said = checks.count_answers(db)
    return said["checks"] < (said["answers"] + 1) // CHECK_OF


def take_check(db: Store, viewer: Viewer, *, name: str, kind: str = "", busy: Busy | None = None) -> Turn | None:
    """The next pair to check for this viewer; None when there is none. Of a pair that is answered already when its turn
    comes, the answer counts from now on. `busy` as it was just found, if it was."""
    busy = busy or find_busy(db, viewer)
    while found := checks.list_next(db, kind=kind):
        answered = [one for one in found if judgements.find_of_pair(db, one.left, one.right)]
        for one in found:
            if one in answered:
                db.transact(lambda tx, one=one: checks.count_check(tx, one.id, at=now()))
            elif one.id not in busy.pairs and _may_check(db, one, busy) and take_turn(db, viewer, one.id, name=name):
                return Turn(one.id, is_check=True)
        if not answered:
            break
    return None


def _may_check(db: Reader, one: Check, busy: Busy) -> bool:
    """Whether the two are there, nobody is shown them, and no answer about either is yet to be followed."""
    if one.id in busy.pairs:
        return False
    members = reviews.list_members(db, kind_of(one.id), [one.left, one.right])
    return len(members) == 2 and all(busy.records.isdisjoint(there) for _, there in members.values())


def take_turn(db: Store, viewer: Viewer, pair: str, *, name: str) -> bool:
    """Keep a pair for this viewer for some minutes. False when it is being shown to somebody else."""
    return reviews.take_turn(db, pair, user=viewer.user_id, name=name)


def keep_turn(db: Store, viewer: Viewer, pair: str, *, name: str) -> str | None:
    """The same for a pair that is just opened: the name of the other person to whom it is being shown, if there is."""
    turn = reviews.find_turn(db, pair)
    if turn is None or turn["user"] != viewer.user_id or turn["seconds"] < reviews.TURN_SECONDS / 2:
        if take_turn(db, viewer, pair, name=name):
            return None
        turn = reviews.find_turn(db, pair)
        return turn["name"] if turn else None
    return None


def _are_there(db: Reader, judged: Judged) -> bool:
    return len(reviews.list_names(db, kind_of(judged.pair), [judged.left, judged.right])) == 2


def _list_ready(db: Reader, found: Sequence[Review], waiting: set[str]) -> list[Review]:
    """Those whose two records are there, and about whose two things no answer is yet to be followed."""
    members: dict[str, list[str]] = {}
    for kind in KINDS:
        ids = sorted({id for one in found if one.kind == kind for id in (one.left, one.right)})
        if ids:
            members |= {id: there for id, (_, there) in reviews.list_members(db, kind, ids).items()}
    return [
        one for one in found if all(id in members and waiting.isdisjoint(members[id]) for id in (one.left, one.right))
    ]
