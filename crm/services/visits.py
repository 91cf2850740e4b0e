"""Joint visits that are planned: two or more agencies go to a business together, once, with one of them in the lead.

A planned visit is a contact of a day to come, written by `crm.services.touchpoints` as every other: it stands on the
timeline as a plan, turns the light of others amber from 14 days before, names the lead, and is undone in the same way.
"""

from dataclasses import dataclass, replace
from datetime import date

from crm.access import Viewer
from crm.errors import Refused
from crm.graph import programs, staff, users
from crm.graph.driver import Store
from crm.services.touchpoints import Contact, Logged, log_contact


@dataclass(frozen=True)
class Lead:
    """Somebody who can lead a visit: known by an e-mail address, of an agency."""

    email: str
    name: str
    agency_id: str
    agency: str


def list_leads(db: Store, viewer: Viewer) -> list[Lead]:
    """Everybody who may sign in, and all staff whom contacts name by e-mail: the viewer's own agency first, then by
    agency and name. Only of agencies that run a program."""
    names = {program.agency_id: program.agency for program in programs.list_programs(db, viewer)}
    found = {
        user.email.casefold(): Lead(user.email.casefold(), user.name or user.email, user.agency_id, user.agency)
        for user in users.list_users(db)
        if user.disabled_at is None and user.agency_id in names
    }
    for one in staff.list_known_by_email(db, viewer):
        if one.email and one.agency_id in names:
            email = one.email.casefold()
            found.setdefault(email, Lead(email, one.name or email, one.agency_id, names[one.agency_id]))
    return sorted(
        found.values(),
        key=lambda lead: (lead.agency_id != viewer.agency_id, lead.agency.casefold(), lead.name.casefold(), lead.email),
    )


def plan_visit(db: Store, viewer: Viewer, contact: Contact, *, lead: str, today: date) -> Logged:
    """Plan a joint visit. `contact` is as for `log_contact`, with the programs of all who go; `lead` is an e-mail.

    Planned twice under one key it is one. Raises Refused for a day that is not to come, for programs of fewer than two
    agencies or none of the viewer's own, and for a lead who is of none of them; NotFound for what is not there.
    """
    if contact.business is None:
        raise Refused("Choose the business that is visited.")
    if contact.on <= today:
        raise Refused("A visit is planned for a day to come. What was already is logged as a contact.")
    known = {program.id: program for program in programs.list_programs(db, viewer)}
    agencies = {known[id].agency_id for id in contact.programs if id in known}
    if len(agencies) < 2:
        raise Refused("A joint visit is made by programs of two or more agencies. Choose with whom you go.")
    wanted = lead.strip().casefold()
    leads = {one.email: one for one in list_leads(db, viewer)}
    if wanted not in leads:
        raise Refused("Choose who leads the visit, from those that are offered.")
    if leads[wanted].agency_id not in agencies:
        raise Refused(f"{leads[wanted].name} is of {leads[wanted].agency}, which does not come along. Choose another.")
    planned = replace(contact, channel=contact.channel or "visit", direction="out")
    return log_contact(db, viewer, planned, today=today, made_by=(leads[wanted].agency_id, wanted))
