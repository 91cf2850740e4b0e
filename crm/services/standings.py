"""Standings: how far an agreement has come, folded from what happened to it step by step.

    proposed → signed by all → in force (its first day is reached) → ended

A proposal counts for nothing before every agency that it binds has signed. A lead, too, is agreed: it holds once each
of them has said so, by naming it, by agreeing to it, or by signing what held it already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from crm.graph.protocols import Step

State = Literal["proposed", "signed", "in_force", "ended", "withdrawn"]
STATES: tuple[State, ...] = ("proposed", "signed", "in_force", "ended", "withdrawn")


@dataclass(frozen=True)
class SaidLead:
    """Who leads (an e-mail or an agency's name; "" for nobody) at the business of a `record`, "" for all of them.

    `agreed` are the agencies that have said so; `no` is the step that said it, 0 for the proposal itself.
    """

    no: int
    record: str
    lead: str
    backup: str
    agreed: frozenset[str]
    on: str

    def is_agreed(self, bound: Iterable[str]) -> bool:
        return self.agreed.issuperset(bound)


@dataclass
class Standing:
    """`terms` are None for an agreement that came with a file. `signed` has the step of each agency that signed."""

    terms: dict[str, Any] | None = None
    signed: dict[str, Step] = field(default_factory=dict)
    ended_on: str | None = None
    is_withdrawn: bool = False
    review_on: str | None = None
    leads: list[SaidLead] = field(default_factory=list)
    pending: list[SaidLead] = field(default_factory=list)

    def is_signed_by(self, bound: Iterable[str]) -> bool:
        return self.terms is not None and not self.is_withdrawn and self.signed.keys() >= set(bound)


def fold(steps: Sequence[Step], bound: Sequence[str]) -> Standing:
    """What these steps, in order, amount to for an agreement between the agencies `bound` (ids)."""
    standing, said = Standing(), list[SaidLead]()
    for step in steps:
        detail = step.detail
        match step.kind:
            case "proposed":
                standing, said = Standing(terms=detail, review_on=detail.get("review_on")), []
                if detail.get("lead"):
                    said.append(SaidLead(0, "", detail["lead"], detail.get("backup", ""), frozenset(), step.at[:10]))
            case "signed" if step.agency:
                standing.signed[step.agency] = step
                said = [_agree(lead, step.agency, step) for lead in said]
            case "lead":
                own = frozenset([step.agency] if step.agency else ())
                said.append(SaidLead(step.no, detail["record"], detail["lead"], detail["backup"], own, step.at[:10]))
            case "agreed" if step.agency:
                said = [_agree(lead, step.agency, step) if lead.no == detail["no"] else lead for lead in said]
            case "review":
                standing.review_on = detail["on"]
            case "ended":
                standing.ended_on = detail["on"]
            case "withdrawn":
                standing.is_withdrawn = True
            case _:
                pass
    standing.leads, standing.pending = _settle(said, bound)
    return standing


def _agree(lead: SaidLead, agency: str, step: Step) -> SaidLead:
    return SaidLead(lead.no, lead.record, lead.lead, lead.backup, lead.agreed | {agency}, step.at[:10])


def _settle(said: list[SaidLead], bound: Sequence[str]) -> tuple[list[SaidLead], list[SaidLead]]:
    """The leads that hold, the last word on each business; and those to which not all have agreed, if said later."""
    holding: dict[str, SaidLead] = {}
    waiting: dict[str, SaidLead] = {}
    for lead in said:
        if lead.is_agreed(bound):
            holding[lead.record] = lead
            waiting.pop(lead.record, None)
        else:
            waiting[lead.record] = lead
    return [lead for lead in holding.values() if lead.lead], list(waiting.values())


def name_state(
    *, is_agreed: bool, begins_on: str | None, ends_on: str | None, is_withdrawn: bool, today: date
) -> State:
    """`is_agreed`: it came with a file, or all have signed. The last day (ISO) is still in force."""
    if not is_agreed:
        return "withdrawn" if is_withdrawn else "proposed"
    day = today.isoformat()
    if ends_on is not None and ends_on < day:
        return "ended"
    return "signed" if begins_on is not None and begins_on > day else "in_force"
