"""Planning ahead: while the engine writes one batch of an import, the next is read, checked and planned."""

from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass

from crm.ahead import short_turns
from importers.check import Outcome
from importers.planned import Plan
from importers.plans import Planner

Numbered = tuple[int, Sequence[Outcome]]


@dataclass(frozen=True)
class Step:
    """A planned batch: its rows are those from `offset` to before `end` of the file (from 0)."""

    offset: int
    end: int
    plan: Plan


def plan_ahead(planner: Planner, batches: Iterable[Numbered]) -> Generator[Step]:
    """The plans of these batches in order, each made as if all before it were written.

    Whoever iterates writes each plan before asking for the next. A batch that says something of a record that the one
    before it writes cannot be planned until that is there: it waits.
    """
    coming = iter(batches)
    with short_turns(), ThreadPoolExecutor(1, thread_name_prefix="plans") as helper:

        def prepare(written: Plan) -> tuple[Numbered, Plan | None] | None:
            batch = next(coming, None)
            return None if batch is None else (batch, planner.plan_unless(*batch, written.ids))

        def begin(written: Plan) -> Future[tuple[Numbered, Plan | None] | None]:
            # In a copy of this context, which knows what this thread has written so far (the driver's bookmarks).
            return helper.submit(copy_context().run, prepare, written)

        future = begin(Plan(planner.label))
        while (prepared := future.result()) is not None:
            (offset, batch), plan = prepared
            plan = plan or planner.plan(offset, batch)
            future = begin(plan)
            yield Step(offset, offset + len(batch), plan)
