"""Agreements that began in a period: what is drawn into a trend as the day from which things might be different."""

from __future__ import annotations

from typing import NamedTuple

from crm.analysis.businesses import EVERYTHING, Scope
from crm.analysis.counts import flag_scope
from crm.analysis.days import Period
from crm.analysis.doors import link_agreements
from crm.analysis.history import History
from crm.analysis.linkage import flag_covered


class Begun(NamedTuple):
    """An agreement between agencies (names), the day on which it began and the last one, None without an end."""

    name: str
    agencies: tuple[str, ...]
    begins_on: int
    ends_on: int | None


def list_begun(history: History, period: Period, *, scope: Scope = EVERYTHING) -> list[Begun]:
    """The agreements that came into force in the period, up to `as_of`, and cover some business of the scope with a
    contact; by day and name. One that binds fewer than two known agencies links nobody and is left out."""
    region = history.region
    inside = flag_scope(region, scope)
    found = [
        Begun(agreement.name, tuple(region.directory.name_mask(link.agencies)), agreement.begins_on, agreement.ends_on)
        for agreement, link in link_agreements(region.agreements, region.directory)
        if period.first <= agreement.begins_on <= min(period.last, history.as_of)
        and bool((flag_covered(region, agreement) & inside).any())
    ]
    return sorted(found, key=lambda begun: (begun.begins_on, begun.name))
