"""What if: what the last year would have been, had these agencies shared a lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm.access import Viewer
from crm.analysis.history import History
from crm.analysis.whatif import WhatIf, replay
from crm.analysis.whatif_leads import AvoidedKnock, WouldLead, count_leads, list_avoided, list_leads
from crm.errors import Refused
from crm.graph.driver import Store
from crm.services import lookups
from crm.services.questions import Question, ask
from crm.services.regions import get_cache

MOST_AGREEMENTS = 10


def replay_question(history: History, question: Question, agreements: Sequence[frozenset[str]]) -> WhatIf:
    """The period of the question once more, its sector the scope of the extra agreements."""
    return replay(
        history,
        agreements,
        sector=question.sector,
        period=question.period,
        window=question.window,
        broad=question.broad,
    )


def find_what_if(db: Store, viewer: Viewer, question: Question, agreements: Sequence[frozenset[str]]) -> WhatIf:
    """The period of the question with an extra agreement for each of these groups of agencies (ids).

    A sector of the question is the scope of the agreements; what is counted is the whole region.
    """

    def compute(history: History) -> WhatIf:
        return replay_question(history, question, agreements)

    return get_cache(db).get_answer(("what if", question, *agreements), compute, as_of=question.as_of)


@dataclass(frozen=True)
class Rule:
    """One agreement tried out: its figures, and the rows behind them."""

    found: WhatIf
    knocks: list[AvoidedKnock]
    leads: list[WouldLead]

    @property
    def by_agency(self) -> list[tuple[str, int]]:
        """(agency, at how many businesses it would lead)."""
        return count_leads(self.leads)


def find_rule(db: Store, viewer: Viewer, question: Question, group: frozenset[str]) -> Rule:
    """The same for one agreement, with the knocks that it would have avoided and who would lead where."""

    def compute(history: History) -> Rule:
        found = replay_question(history, question, [group])
        leads = list_leads(history, group, found, sector=question.sector, period=question.period)
        return Rule(found, list_avoided(history, found), leads)

    return get_cache(db).get_answer(("rule", question, group), compute, as_of=question.as_of)


def measure(
    db: Store, viewer: Viewer, *, agreements: Sequence[str], listed: bool = False, **asked: Any
) -> dict[str, Any]:
    """The answer of `crm whatif`; each agreement is two or more names of agencies with commas between them.

    With `listed`, which takes one agreement, the avoided knocks and who would lead where as well. Takes what
    `questions.ask` takes, and raises what it raises; Refused for an agreement of fewer than two agencies.
    """
    if not 0 < len(agreements) <= MOST_AGREEMENTS:
        raise Refused(f"Say which agencies would have agreed, in 1 to {MOST_AGREEMENTS} agreements.")
    groups = [read_group(db, viewer, said) for said in agreements]
    question = ask(db, viewer, **asked)
    if not listed:
        return find_what_if(db, viewer, question, groups).as_json()
    if len(groups) > 1:
        raise Refused("The rows can be listed for one agreement at a time. Leave the others out.")
    rule = find_rule(db, viewer, question, groups[0])
    return rule.found.as_json() | {
        "leads": [row.as_json() for row in rule.leads],
        "knocks": [knock.as_json() for knock in rule.knocks],
    }


def read_group(db: Store, viewer: Viewer, said: str) -> frozenset[str]:
    """The agencies (ids) of names with commas between them. Raises NotFound, Refused for fewer than two."""
    names = [name.strip() for name in said.split(",") if name.strip()]
    group = frozenset(lookups.get_agency(db, viewer, name).id for name in names)
    if len(group) < 2:
        raise Refused(f'“{said}” names fewer than two agencies. Write them with a comma between: "WDB,College".')
    return group
