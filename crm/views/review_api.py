"""The review in the API: the same queue, the same answers and the same walls as on the pages."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.access import Viewer
from crm.extensions import wake_worker
from crm.graph.driver import Store
from crm.graph.judgements import VERDICTS
from crm.services import judgements, record_pairs, review_pairs, reviews
from crm.services.judgements import JudgementConflict, JudgementLine
from crm.services.review_order import get_order
from crm.services.review_pairs import Pair
from crm.services.reviews import OpenReview
from crm.views.api import endpoint
from crm.views.params import Param

KIND = Param("kind", "Only pairs of this kind.", ("business", "person"))
QUEUE = Param("kind", "Only pairs of this kind; `sites` are those that are set aside.", ("business", "person", "sites"))
PAGE = Param("page", "The page, from 1.", int, default=1)


@dataclass(frozen=True)
class ReviewList:
    """How far the queue is, and one page of it, what changes most first."""

    open: int
    answered: int
    changing: int
    waiting: int
    looked_twice: int
    agreed: int
    reviews: list[OpenReview]


@dataclass(frozen=True)
class ReviewSide:
    """One of the two: the thing's id (null for a pair to check), its values, its records as AGENCY:KEY."""

    thing: str | None
    name: str
    values: dict[str, str]
    agencies: list[str]
    records: list[str]
    contacts: int


@dataclass(frozen=True)
class ReviewPair:
    """A pair with its evidence. `seen` goes with the answer; `is_second`: somebody has answered it before;
    `is_check`: it was drawn to see how good the matching is, and is told without its evidence."""

    pair: str
    kind: str
    seen: str
    is_second: bool
    is_check: bool
    score: float | None
    features: list[dict[str, Any]]
    left: ReviewSide
    right: ReviewSide
    change: dict[str, int] | None


@dataclass(frozen=True)
class NextReview:
    """The pair that is now this user's for some minutes; null when there is none."""

    review: ReviewPair | None


@dataclass(frozen=True)
class GivenAnswer:
    """A judgement that counts now; the region follows with the job."""

    judgement: str
    job: str | None


@endpoint(
    "/reviews", answer=ReviewList, params=(QUEUE, PAGE), summary="Pairs that may be one, what changes most first."
)
def list_reviews(db: Store, viewer: Viewer, *, kind: str | None, page: int) -> ReviewList:
    progress = reviews.find_progress(db, viewer)
    rows = reviews.list_open(db, viewer, kind=kind or "", page=max(1, page))
    return ReviewList(
        open=progress.open,
        answered=progress.answered,
        changing=get_order(db, viewer).changing,
        waiting=progress.waiting,
        looked_twice=progress.looked_twice,
        agreed=progress.agreed,
        reviews=[reviews.describe(row) for row in rows],
    )


@endpoint(
    "/reviews/next", method="POST", answer=NextReview, params=(QUEUE,),
    summary="Take the next pair: nobody else is shown it for ten minutes.",
)  # fmt: skip
def take_review(db: Store, viewer: Viewer, *, kind: str | None) -> NextReview:
    turn = reviews.take_next(db, viewer, name=viewer.email, kind=kind or "")
    if turn is None:
        return NextReview(None)
    return NextReview(
        _shape(review_pairs.get_pair(db, viewer, turn.pair, is_second=turn.is_second, is_check=turn.is_check))
    )


@endpoint("/reviews/<pair>", answer=ReviewPair, summary="One pair with its evidence, in the queue or not.")
def get_review(db: Store, viewer: Viewer, *, pair: str) -> ReviewPair:
    return _shape(review_pairs.get_pair(db, viewer, pair))


@endpoint(
    "/reviews/<pair>/answer", method="POST", answer=GivenAnswer,
    params=(
        Param("verdict", "What the two are.", VERDICTS, required=True),
        Param("seen", "`seen` of the pair as it was read.", required=True),
        Param("why", "The reason, for whoever looks at it later."),
        Param("about", "Of `moved` the record (id) of where they work now, of `two_firms` the site that leaves."),
        Param("moved_on", "Since when they work there.", date),
        Param("second", "Answered as a pair that somebody has answered before.", bool, default=False),
        Param("check", "Answered as a pair that was drawn to be checked.", bool, default=False),
    ),
    summary="Answer a pair. 409 when it is not any more what was seen.",
)  # fmt: skip
def answer_review(
    db: Store,
    viewer: Viewer,
    *,
    pair: str,
    verdict: str,
    seen: str,
    why: str | None,
    about: str | None,
    moved_on: date | None,
    second: bool,
    check: bool,
) -> GivenAnswer:
    day = moved_on.isoformat() if moved_on else None
    done = review_pairs.answer(
        db, viewer, pair, verdict, seen=seen, why=why, about=about, moved_on=day, is_second=second, is_check=check
    )
    wake_worker()
    return GivenAnswer(done.judgement, None if done.is_second else judgements.job_id(done.judgement))


@endpoint(
    "/judgements", answer=list[JudgementLine],
    params=(KIND, Param("verdict", "Only these.", VERDICTS), PAGE),
    summary="What people have decided of pairs, newest first.",
)  # fmt: skip
def list_judgements(
    db: Store, viewer: Viewer, *, kind: str | None, verdict: str | None, page: int
) -> list[JudgementLine]:
    rows, _ = judgements.list_decisions(db, viewer, kind=kind or "", verdict=verdict or "", page=max(1, page))
    return [judgements.describe(row) for row in rows]


@endpoint(
    "/judgements/conflicts", answer=list[JudgementConflict],
    summary="Judgements that contradict each other; the region keeps apart what anybody called different.",
)  # fmt: skip
def list_judgement_conflicts(db: Store, viewer: Viewer) -> list[JudgementConflict]:
    return judgements.describe_conflicts(judgements.list_conflicts(db, viewer))


@endpoint(
    "/judgements/<judgement>/withdraw", method="POST", answer=JudgementLine,
    summary="Take a judgement back. 409 when it does not count any more.",
)  # fmt: skip
def withdraw_judgement(db: Store, viewer: Viewer, *, judgement: str) -> JudgementLine:
    found = judgements.withdraw(db, viewer, judgement)
    wake_worker()
    return judgements.describe(judgements.name_decisions(db, [found])[0])


def _shape(found: Pair) -> ReviewPair:
    left, right = (
        ReviewSide(
            thing=None if found.is_check else side.thing,
            name=side.name,
            values=side.values,
            agencies=side.agencies,
            records=[f"{record.agency}:{record.key}" for record in side.records],
            contacts=side.contacts,
        )
        for side in (found.left, found.right)
    )
    change = found.change
    names = ("first", "own_repeat", "coordinated", "redundant")
    return ReviewPair(
        pair=found.id,
        kind=found.kind,
        seen=found.standing.seen,
        is_second=found.is_second,
        is_check=found.is_check,
        score=None if found.is_check else found.explanation.score,
        features=[] if found.is_check else record_pairs.list_features(found.explanation),
        left=left,
        right=right,
        change=None if change is None else {name: getattr(change, name) for name in names},
    )
