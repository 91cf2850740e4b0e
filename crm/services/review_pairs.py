"""Pairs under review: two things that may be one as they are shown to a person, and what that person says of them.

An answer is a judgement, which counts from then on; the region follows it with a job. Of two people who answer about
the same things at once, one wins and the other is told: an answer names what was `seen`, and is refused when that is
not so any more, or when an answer about one of the two is yet to be followed.

One pair in ten is shown to a second person, who does not know what the first one said. What they say changes nothing;
it tells how far people agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from uuid import uuid4
from zlib import crc32

from crm.access import Viewer
from crm.analysis.days import get_day
from crm.analysis.explanations import KnockLine
from crm.analysis.merges import Consequence, try_merge
from crm.dedupe import Explanation
from crm.errors import Conflict, NotFound
from crm.graph import businesses, checks, dossiers, judgements, people, reviews, stale
from crm.graph.dossiers import BusinessDossier, RecordRow
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.reviews import Review
from crm.graph.stale import Kind
from crm.services import record_pairs
from crm.services.judgements import ask_to_match, check_verdict, kind_of, name_of, now, put_judgement
from crm.services.region_reading import Rules
from crm.services.regions import get_cache
from crm.services.review_queue import read_businesses
from crm.services.reviews import Queued, name_queued

# One pair in so many is shown to a second person.
SECOND_OF = 10
FASTER = (
    "Somebody else was faster: what is known of these two has changed since you were shown them. "
    "Nothing of yours was saved."
)
WAITS = (
    "An answer about one of these two is still being worked in. Nothing of yours was saved; look at them again in a "
    "moment."
)


# One pair.


@dataclass(frozen=True)
class Standing:
    """Two things as they are in the graph at a moment: which records each has, and what was decided of the pair."""

    things: tuple[str, str]
    members: tuple[list[str], list[str]]
    judgement: Row | None
    review: Review | None
    waiting: bool

    @property
    def seen(self) -> str:
        """Another text when anything of this is otherwise, so that an answer tells what it was given to."""
        parts = [*self.members[0], "|", *self.members[1], "|", (self.judgement or {}).get("id", "")]
        return blake2b(" ".join(parts).encode(), digest_size=9).hexdigest()


@dataclass(frozen=True)
class Side:
    """One half of a pair: a thing with all of its records, or a single record where both are of one thing.

    `values` are its cells (of a thing the golden ones), `others` per field what its other records say. `roles` are
    where a person works. `thing` is where its page is. `firm` is (id, name) of the firm that a business is one of
    several sites of.
    """

    thing: str
    name: str
    values: dict[str, str]
    others: dict[str, list[str]]
    records: list[RecordRow]
    roles: list[str]
    contacts: int
    firm: tuple[str, str] | None = None

    @property
    def agencies(self) -> list[str]:
        return sorted({record.agency for record in self.records})


@dataclass(frozen=True)
class Pair:
    """All that a page says of two records, or of the two things that they belong to.

    `explanation` is by what the two records say alone. `change` is what a join would change among the knocks and
    `knocks` which; None and empty where the two are one already, are people, or are shown to a second person. `rivals`
    are other open pairs of one of the two. `is_check`: drawn to see how good the matching is, and shown like every
    other such pair, whether the two are one now or not.
    """

    id: str
    kind: Kind
    left: Side
    right: Side
    explanation: Explanation
    standing: Standing
    change: Consequence | None
    knocks: list[KnockLine]
    rivals: list[Queued]
    is_second: bool
    is_check: bool

    @property
    def is_blind(self) -> bool:
        """Shown record by record, without what is known or decided of the two."""
        return self.is_second or self.is_check

    @property
    def are_one(self) -> bool:
        return self.standing.things[0] == self.standing.things[1]

    @property
    def firm(self) -> tuple[str, str] | None:
        """The firm (id, name) of which both are sites already."""
        return self.left.firm if self.left.firm == self.right.firm and not self.are_one else None


def get_pair(db: Store, viewer: Viewer, id: str, *, is_second: bool = False, is_check: bool = False) -> Pair:
    """A pair, open or decided, in the queue or not. `is_second` or `is_check`: shown without what is known or decided,
    record by record.

    Raises NotFound, also when one of the two records has gone.
    """
    kind = kind_of(id)
    standing = _read_standing(db, kind, id)
    ids = id.split("~")
    apart, is_blind = standing.things[0] != standing.things[1], is_second or is_check
    sides = [
        _read_side(db, viewer, kind, thing, None if apart and not is_blind else record)
        for thing, record in zip(standing.things, ids, strict=True)
    ]
    change, lines = None, list[KnockLine]()
    if kind == "business" and apart and not is_blind:
        change, lines = _try_out(db, standing.things, get_cache(db).get_rules())
    rivals = reviews.list_some(db, viewer, standing.review.rivals) if standing.review and not is_blind else []
    return Pair(
        id=id,
        kind=kind,
        left=sides[0],
        right=sides[1],
        explanation=record_pairs.weigh_pair(db, kind, ids),
        standing=standing,
        change=change,
        knocks=lines,
        rivals=name_queued(db, viewer, rivals),
        is_second=is_second,
        is_check=is_check,
    )


def name_pair(db: Reader, pair: str) -> tuple[str, str]:
    """The names of the two records as people know them. Raises NotFound."""
    ids = pair.split("~")
    named = reviews.list_names(db, kind_of(pair), ids)
    left, right = (named.get(id, {}).get("name") or "(no name)" for id in ids)
    return left, right


def _read_standing(db: Reader, kind: Kind, pair: str) -> Standing:
    ids = pair.split("~")
    found = reviews.list_members(db, kind, ids)
    if len(found) < 2:
        raise NotFound("One of the two records is not there any more: it was taken back with its file.")
    (left, ours), (right, theirs) = (found[id] for id in ids)
    return Standing(
        things=(left, right),
        members=(ours, theirs),
        judgement=judgements.find_of_pair(db, *ids),
        review=reviews.find_review(db, pair),
        waiting=not stale.list_awaiting(db).isdisjoint((*ours, *theirs)),
    )


def _read_side(db: Reader, viewer: Viewer, kind: Kind, thing: str, record: str | None) -> Side:
    """The thing, or of it this one record alone."""
    if kind == "business":
        found = dossiers.get_business(db, thing, viewer=viewer)
        rows, roles, contacts = dossiers.list_business_records(db, thing, viewer=viewer), list[str](), found.contacts
    else:
        found = dossiers.get_person(db, thing, viewer=viewer)
        rows, contacts = dossiers.list_person_records(db, thing, viewer=viewer), reviews.count_met(db, [thing])
        roles = [role.business for role in dossiers.list_roles_of(db, thing, viewer=viewer, today=date.today())]
        contacts = contacts.get(thing, 0)
    if record is not None:
        rows = [row for row in rows if row.id == record]
        values = dict(rows[0].cells) if rows else {}
        return Side(thing, values.get("name") or found.name, values, {}, rows, roles, contacts)
    firm = None
    if isinstance(found, BusinessDossier) and found.firm_id:
        firm = found.firm_id, found.firm_name or found.name
    return Side(thing, found.name, found.values, _list_others(found.values, rows), rows, roles, contacts, firm)


def _list_others(values: dict[str, str], rows: Sequence[RecordRow]) -> dict[str, list[str]]:
    """What other records of a thing say in a field, in other words than the golden value."""
    others: dict[str, list[str]] = {}
    for row in rows:
        for field, said in row.cells.items():
            heard = [values.get(field, ""), *others.get(field, ())]
            if isinstance(said, str) and said and said.casefold() not in {one.casefold() for one in heard}:
                others.setdefault(field, []).append(said)
    return others


def _try_out(db: Store, things: tuple[str, str], rules: Rules) -> tuple[Consequence, list[KnockLine]]:
    return try_merge(read_businesses(db, sorted(things), rules), things, as_of=get_day(date.today()))


# Answers.


@dataclass(frozen=True)
class Answered:
    """An answer that was given: the judgement, or (`is_second`) the one that it is a second opinion on."""

    judgement: str
    is_second: bool


def answer(
    db: Store,
    viewer: Viewer,
    pair: str,
    verdict: str,
    *,
    seen: str,
    why: str | None = None,
    about: str | None = None,
    moved_on: str | None = None,
    is_second: bool = False,
    is_check: bool = False,
) -> Answered:
    """Answer a pair (or give a judgement on any other). The region follows with a job.

    `about` and `moved_on` are as in `judgements.add_judgement`. `seen` is that of the pair's `Standing` when it was
    shown; `is_check`: as one that is to be checked. Raises Conflict when somebody else was faster; then nothing was
    written. Raises NotFound and Refused.
    """
    kind = kind_of(pair)
    check_verdict(kind, verdict)

    def work(tx: Transaction) -> Answered:
        _hold(tx, kind, pair)
        standing = _read_standing(tx, kind, pair)
        if is_second:
            return _answer_second(tx, viewer, pair, standing, verdict, why)
        if standing.seen != seen:
            raise Conflict(FASTER)
        if standing.waiting:
            raise Conflict(WAITS)
        left, right = pair.split("~")
        first = standing.review is not None or is_check
        id = put_judgement(
            tx, viewer, kind=kind, left=left, right=right, verdict=verdict, why=why,
            about=about, moved_on=moved_on, is_answer=first, wants_second=first and wants_second(pair),
            is_check=is_check,
        )  # fmt: skip
        if is_check:
            checks.count_check(tx, pair, at=now())
        reviews.drop_reviews(tx, [pair])
        reviews.end_turn(tx, pair, user=viewer.user_id)
        ask_to_match(tx, viewer, id)
        return Answered(id, is_second=False)

    return db.transact(work)


def wants_second(pair: str) -> bool:
    """Whether this is one of the pairs that two people are to see: by its name, so that nobody chooses."""
    return crc32(pair.encode()) % SECOND_OF == 0


def _hold(tx: Transaction, kind: Kind, pair: str) -> None:
    """Hold the two things until the transaction ends, so that of two who answer about one of them the second sees what
    the first wrote."""
    things = sorted({thing for thing, _ in reviews.list_members(tx, kind, pair.split("~")).values()})
    if kind == "business":
        businesses.lock_businesses(tx, things, uuid4().hex)
    else:
        people.lock_people(tx, things, uuid4().hex)


def _answer_second(
    tx: Transaction, viewer: Viewer, pair: str, standing: Standing, verdict: str, why: str | None
) -> Answered:
    first = standing.judgement
    if first is None:
        raise Conflict("This pair does not wait for a second answer any more. Nothing of yours was saved.")
    judgements.put_second(tx, first["id"], verdict=verdict, by=name_of(viewer), at=now(), why=why or None)
    reviews.end_turn(tx, pair, user=viewer.user_id)
    return Answered(first["id"], is_second=True)


def take_back_second(db: Store, viewer: Viewer, judgement: str) -> str:
    """Take one's second opinion on a judgement back; returns the pair. Raises Conflict when it is not one's own."""

    def work(tx: Transaction) -> str:
        found = judgements.get_in_force(tx, judgement)
        judgements.drop_second(tx, judgement, by=name_of(viewer))
        return found.pair

    return db.transact(work)
