"""Judging: a person says that two records are one thing, or two, or that it cannot be said; and takes it back.

A judgement counts from the moment it is made, with who, when and why. The region follows it by matching again, which
`judge` waits for (the command line), and `put_judgement` leaves to a job (a page, where somebody waits for the next
pair). What is yet to be followed is marked in the graph, so that it is done whoever is killed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm.access import Viewer
from crm.errors import NotFound, Refused
from crm.graph import checks, judgements, records, resolution, reviews, stale
from crm.graph import jobs as job_rows
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.jobs import Job
from crm.graph.judgements import Judged
from crm.graph.leases import lease
from crm.graph.stale import RECORD, Kind
from crm.moments import now
from crm.services.jobs import Report, handles
from crm.services.resolution import resolve_new, resolve_under

KINDS: tuple[Kind, ...] = ("business", "person")
JOB = "matching"
# Verdicts that say more of one of the two than of the other.
LOPSIDED = ("two_firms", "moved")


def judge(
    db: Store,
    viewer: Viewer,
    *,
    left: str,
    right: str,
    verdict: str,
    why: str | None = None,
    kind: Kind = "business",
    about: str | None = None,
    moved_on: str | None = None,
) -> str:
    """Record a verdict on two records (ids) and let their things join or split by it; returns the judgement's id.

    It is kept for ever; a later one of the same pair takes its place. Raises NotFound, and Refused for a record and
    itself or an unknown verdict.
    """
    check_verdict(kind, verdict)
    if left == right:
        raise Refused("A record is itself; there is nothing to decide.")
    label = RECORD[kind]
    found = records.find_records(db, "BusinessRecord" if label == "BusinessRecord" else "PersonRecord", [left, right])
    if len(found) < 2:
        raise NotFound("One of the two records is not there.")
    with lease(db, "matching") as held:
        id = db.transact(
            lambda tx: put_judgement(
                tx, viewer, kind=kind, left=left, right=right, verdict=verdict, why=why, about=about, moved_on=moved_on
            )
        )
        resolve_under(db, held)
    return id


def check_verdict(kind: Kind, verdict: str) -> None:
    """Raises Refused for what is no verdict, or none on this kind of records."""
    if verdict not in judgements.VERDICTS:
        raise Refused(f'A verdict is one of {", ".join(judgements.VERDICTS)}, not "{verdict}".')
    if kind == "person" and verdict in ("firm", "two_firms"):
        raise Refused("Only businesses are sites of a firm. Two people are the same, or different.")
    if kind == "business" and verdict == "moved":
        raise Refused("Only people move from firm to firm. Two businesses are the same, or different.")


def put_judgement(
    tx: Transaction,
    viewer: Viewer,
    *,
    kind: Kind,
    left: str,
    right: str,
    verdict: str,
    why: str | None,
    about: str | None = None,
    moved_on: str | None = None,
    is_answer: bool = False,
    wants_second: bool = False,
    is_check: bool = False,
) -> str:
    """Record a verdict, and mark that the region is to follow it; returns its id. `about` (see `add_judgement`) is the
    right one of the two where a verdict that needs it comes without. Raises Refused for one that is neither."""
    if verdict not in LOPSIDED:
        about = moved_on = None
    elif (about := about or right) not in (left, right):
        raise Refused("Say of which of the two this is meant.")
    stale.mark_judged(tx, left, right)
    # What was said of a move changes a person's roles, even where no record goes elsewhere.
    if kind == "person":
        stale.mark(tx, kind, records=[left, right])
    return judgements.add_judgement(
        tx, kind=kind, left=left, right=right, verdict=verdict, by=name_of(viewer), at=now(), why=why or None,
        about=about, moved_on=moved_on or None, is_answer=is_answer, wants_second=wants_second, is_check=is_check,
    )  # fmt: skip


def withdraw(db: Store, viewer: Viewer, id: str) -> Judged:
    """Take a judgement back, whoever made it: what was decided is forgotten, that it was decided is not. The region
    follows with a job. Returns what was taken back. Raises Conflict when it does not count any more."""

    def work(tx: Transaction) -> Judged:
        found = judgements.get_in_force(tx, id)
        put_judgement(
            tx, viewer, kind=kind_of(found.pair), left=found.left, right=found.right, verdict=judgements.WITHDRAWN,
            why=None,
        )  # fmt: skip
        checks.uncount_check(tx, found.pair)
        ask_to_match(tx, viewer, f"{id}-back")
        return found

    return db.transact(work)


def ask_to_match(tx: Transaction, viewer: Viewer, judgement: str) -> None:
    """Let a worker see to it that the region follows a judgement. Asked for thirty at once, it matches once: the
    others find nothing left to do."""
    job_rows.put_job(tx, job_id(judgement), JOB, subject=judgement, viewer=viewer)


def job_id(judgement: str) -> str:
    """The job by which the region follows a judgement."""
    return f"{JOB}-{judgement}"


@handles(JOB)
def match(db: Store, job: Job, report: Report) -> dict[str, Any]:
    """The work of such a job."""
    if not stale.list_judged(db):
        # If an import has followed it, whoever judged does not have to wait for the end of that.
        db.end_bulk()
        return {"moved": 0}
    return {"moved": len(resolve_new(db, progress=report).moved)}


def kind_of(pair: str) -> Kind:
    """Whether a pair (`judgements.pair_of`) is of businesses or of people. Raises NotFound for what is no pair."""
    left, tilde, right = pair.partition("~")
    letters = {side[:1] for side in (left, right)}
    if not tilde or left >= right or letters not in ({"r"}, {"q"}):
        raise NotFound("There is no such pair.")
    return "business" if letters == {"r"} else "person"


def find_latest(db: Reader, kind: Kind, of: Sequence[str]) -> Row | None:
    """By whom and when (`by`, `at`) any of these records was judged last."""
    return judgements.find_latest(db, kind, list(of))


def name_of(viewer: Viewer) -> str:
    """What a judgement says of who made it."""
    return viewer.email or viewer.user_id


@dataclass(frozen=True)
class Decision:
    """A judgement with the records as people know them (`reviews.list_names`; None for one that is not there now)."""

    judged: Judged
    left: Row | None
    right: Row | None


@dataclass(frozen=True)
class Conflict:
    """A "same" (or "one firm") that cannot be followed, because of what other judgements say of the same things.

    `joined` are the records by which they are of the same things: each of one that `against` names, with that of the
    two which it is one with (or of one firm with).
    """

    same: Decision
    against: list[Decision]
    joined: list[tuple[Row | None, Row | None]]


def list_decisions(
    db: Store, viewer: Viewer, *, kind: str = "", verdict: str = "", page: int = 1
) -> tuple[list[Decision], bool]:
    """One page of the judgements in force, newest first, and whether there are more."""
    size = judgements.PAGE
    found = judgements.list_judgements(
        db, viewer, kind=kind, verdict=verdict, skip=(page - 1) * size, limit=size + 1
    )  # fmt: skip
    return name_decisions(db, found[:size]), len(found) > size


def list_disagreed(db: Store, viewer: Viewer) -> list[Decision]:
    """Judgements of which a second person, who was shown the same pair, thinks otherwise."""
    return name_decisions(db, judgements.list_disagreed(db, viewer))


def list_conflicts(db: Store, viewer: Viewer) -> list[Conflict]:
    """The "same" judgements that others make impossible: A is B, B is C, but A is not C; then those that say so of
    firms. The region keeps apart what anybody has called different, and says so here until somebody takes one of them
    back.

    Those that the region has yet to follow are left out.
    """
    found: list[Conflict] = []
    waiting = {judgements.pair_of(*pair) for pair in stale.list_judged(db).values()}
    for kind in KINDS:
        said = [one for one in judgements.list_of_verdicts(db, kind, ["same", "moved"]) if one.pair not in waiting]
        things = resolution.find_resolved(db, kind, sorted({id for one in said for id in (one.left, one.right)}))
        broken = [one for one in said if one.left in things and one.right in things and _apart(one, things)]
        if broken:
            parting = judgements.list_of_verdicts(db, kind, ["different", "firm", "two_firms"])
            ends = sorted({id for one in parting for id in (one.left, one.right)})
            found += _find_against(db, broken, things, parting, resolution.find_resolved(db, kind, ends))
    return found + _list_firm_conflicts(db, waiting)


def _list_firm_conflicts(db: Reader, waiting: set[str]) -> list[Conflict]:
    """The "one firm" judgements of sites that others keep in two."""
    said = [one for one in judgements.list_of_verdicts(db, "business", ["firm"]) if one.pair not in waiting]
    parting = judgements.list_of_verdicts(db, "business", ["two_firms"]) if said else []
    firms = resolution.find_firms(db, sorted({id for one in (*said, *parting) for id in (one.left, one.right)}))
    broken = [one for one in said if one.left in firms and one.right in firms and _apart(one, firms)]
    found = _find_against(db, broken, firms, parting, firms) if broken else []
    return [one for one in found if one.against]


def _apart(one: Judged, things: dict[str, str]) -> bool:
    return things[one.left] != things[one.right]


def _find_against(
    db: Reader, broken: Sequence[Judged], things: dict[str, str], parting: Sequence[Judged], ends: dict[str, str]
) -> list[Conflict]:
    """What parts the things of these judgements: directly, for a "same" is obeyed before anything else is joined."""
    stands = things | ends
    between: dict[frozenset[str | None], list[Judged]] = {}
    for one in parting:
        between.setdefault(frozenset((stands.get(one.left), stands.get(one.right))), []).append(one)
    named = {decision.judged.id: decision for decision in name_decisions(db, [*broken, *parting])}
    return [
        _conflict(
            named[one.id],
            [named[other.id] for other in between.get(frozenset((things[one.left], things[one.right])), [])],
            stands,
        )
        for one in broken
    ]


def _conflict(same: Decision, against: list[Decision], stands: dict[str, str]) -> Conflict:
    ours = {same.judged.left: same.left, same.judged.right: same.right}
    ends = {id: row for one in against for id, row in ((one.judged.left, one.left), (one.judged.right, one.right))}
    joined = [
        (row, ours[own])
        for id, row in ends.items()
        for own in ours
        if id not in ours and stands.get(id) == stands.get(own)
    ]
    return Conflict(same, against, joined)


def name_decisions(db: Reader, found: Sequence[Judged]) -> list[Decision]:
    """The same, with the records as people know them."""
    named: dict[str, Row] = {}
    for kind in KINDS:
        ids = sorted({id for one in found if one.kind == kind for id in (one.left, one.right)})
        if ids:
            named |= reviews.list_names(db, kind, ids)
    return [Decision(one, named.get(one.left), named.get(one.right)) for one in found]


@dataclass(frozen=True)
class JudgementLine:
    """A judgement in force. `left` and `right` are AGENCY:KEY, null for a record that is not there now, as is `about`:
    where somebody works now (`moved`), or the site that is not of the other's firm (`two_firms`)."""

    judgement: str
    pair: str
    kind: str
    verdict: str
    left: str | None
    right: str | None
    by: str
    at: str
    why: str | None
    about: str | None
    moved_on: str | None
    second: str | None


@dataclass(frozen=True)
class JudgementConflict:
    """A "same" (or "firm") that cannot be followed, and what stands against it."""

    same: JudgementLine
    against: list[JudgementLine]


def describe(row: Decision) -> JudgementLine:
    """A decision as the command line and the API tell it."""
    one = row.judged
    about = row.left if one.about == one.left else row.right if one.about else None
    return JudgementLine(
        judgement=one.id,
        pair=one.pair,
        kind=one.kind,
        verdict=one.verdict,
        left=reviews.name_row(row.left) if row.left else None,
        right=reviews.name_row(row.right) if row.right else None,
        by=one.by,
        at=one.at,
        why=one.why,
        about=reviews.name_row(about) if about else None,
        moved_on=one.moved_on,
        second=one.second,
    )


def describe_conflicts(found: Sequence[Conflict]) -> list[JudgementConflict]:
    """Contradictions as the command line and the API tell them."""
    return [JudgementConflict(describe(one.same), [describe(other) for other in one.against]) for one in found]
