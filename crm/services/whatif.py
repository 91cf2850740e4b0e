"""What if: what the last year would have been, had these agencies shared a lead."""

from collections.abc import Sequence
from typing import Any

from crm.access import Viewer
from crm.analysis.history import History
from crm.analysis.whatif import WhatIf, replay
from crm.errors import Refused
from crm.graph.driver import Store
from crm.services import lookups
from crm.services.questions import Question, ask
from crm.services.regions import get_cache

MOST_AGREEMENTS = 10


def find_what_if(db: Store, viewer: Viewer, question: Question, agreements: Sequence[frozenset[str]]) -> WhatIf:
    """The period of the question with an extra agreement for each of these groups of agencies (ids).

    A sector of the question is the scope of the agreements; what is counted is the whole region.
    """

    def compute(history: History) -> WhatIf:
        return replay(
            history,
            agreements,
            sector=question.sector,
            period=question.period,
            window=question.window,
            broad=question.broad,
        )

    return get_cache(db).get_answer(("what if", question, *agreements), compute, as_of=question.as_of)


def measure(db: Store, viewer: Viewer, *, agreements: Sequence[str], **asked: Any) -> dict[str, Any]:
    """The answer of `crm whatif`; each agreement is two or more names of agencies with commas between them.

    Takes what `questions.ask` takes, and raises what it raises; Refused for an agreement of fewer than two agencies.
    """
    if not 0 < len(agreements) <= MOST_AGREEMENTS:
        raise Refused(f"Say which agencies would have agreed, in 1 to {MOST_AGREEMENTS} agreements.")
    groups = [_read_group(db, viewer, said) for said in agreements]
    return find_what_if(db, viewer, ask(db, viewer, **asked), groups).as_json()


def _read_group(db: Store, viewer: Viewer, said: str) -> frozenset[str]:
    names = [name.strip() for name in said.split(",") if name.strip()]
    group = frozenset(lookups.get_agency(db, viewer, name).id for name in names)
    if len(group) < 2:
        raise Refused(f'“{said}” names fewer than two agencies. Write them with a comma between: "WDB,College".')
    return group
