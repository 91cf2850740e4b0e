"""Leads: who speaks for all with a business, as agencies have agreed (definitions §4: "the lead if there is one").

A lead is agreed under an agreement, for one business or for all that it covers, and holds while the agreement is in
force. One for the business itself goes before one for all; then the agreement that began last, then its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm.analysis.regions import Agreement


@dataclass(frozen=True, slots=True)
class Lead:
    """`lead` and `backup` (or "") are an e-mail or the name of an agency; `business` None: all that are covered."""

    agreement: Agreement
    business: str | None
    lead: str
    backup: str = ""

    def holds(
        self, business: str, naics: str | None, *, county: str | None = "", zip_code: str | None = "", day: int
    ) -> bool:
        """Whether this is a lead for that business on this day."""
        agreement = self.agreement
        if not agreement.begins_on <= day or (agreement.ends_on is not None and agreement.ends_on < day):
            return False
        if self.business not in (None, business):
            return False
        return agreement.covers(business, naics, county=county, zip_code=zip_code)


def choose_lead(
    leads: Iterable[Lead],
    business: str,
    naics: str | None,
    *,
    county: str | None = "",
    zip_code: str | None = "",
    day: int,
) -> Lead | None:
    """The one whom to ask about a business on this day; None if nobody is agreed."""
    holding = [lead for lead in leads if lead.holds(business, naics, county=county, zip_code=zip_code, day=day)]
    return min(
        holding,
        key=lambda lead: (lead.business is None, -lead.agreement.begins_on, lead.agreement.name, lead.lead),
        default=None,
    )
