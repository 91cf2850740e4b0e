"""The region of the browser tests: one town of the demo region, in which an administrator and a member may sign in."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from flask import Flask

import importers.jobs  # noqa: F401  # what a worker can do
from crm.access import OWNER
from crm.config import Settings
from crm.demo.files import KINDS, build_rows
from crm.demo.listings import Cells, list_businesses
from crm.demo.rosters import list_people
from crm.demo.sites import build_sites
from crm.demo.tables import list_seats
from crm.graph import judgements, programs, users
from crm.graph.driver import Store
from crm.services import accounts, agreements, tables, touchpoints
from crm.services.agreement_lists import list_agreements
from crm.services.agreements import Terms
from crm.services.review_order import list_queue
from crm.services.surveys import take_survey
from crm.services.touchpoints import Contact
from tests.browser.stages import make_stages
from tests.factories import import_text
from tests.quality_worlds import answer_checks
from tests.review_worlds import make_contradictions, make_review_world
from tests.web.conftest import PASSWORD, make_app, open_client
from tests.workshop_worlds import make_workshops

ADMIN = "mina@alderworkforce.example"
AGENCY = "Alder River Workforce Board"
MEMBER = "wim@tamaracktech.example"
OTHER_AGENCY = "Tamarack Technical College"
TOWN = "dunmarrow"

FIND_BUSIEST = "MATCH (b:Business) RETURN b.id AS id ORDER BY coalesce(b.contact_count, 0) DESC, id LIMIT 1"
FIND_QUIET = "MATCH (b:Business) RETURN b.id AS id ORDER BY coalesce(b.contact_count, 0), id LIMIT 1"
FIND_FIRM = """
MATCH (f:Firm)<-[:PART_OF]-(b:Business)
RETURN f.id AS id, sum(coalesce(b.contact_count, 0)) AS contacts
ORDER BY contacts DESC, id
LIMIT 1
"""
FIND_PERSON = "MATCH (e:Executive) RETURN e.id AS id ORDER BY size(e.name) DESC, id LIMIT 1"


def make_empty_app(db: Store) -> Flask:
    """The application on a region in which people may sign in, and nothing else is known."""
    accounts.add_first_administrator(db, email=ADMIN, agency=AGENCY, password=PASSWORD, name="Mina Okafor")
    accounts.add_user(db, email=MEMBER, agency=OTHER_AGENCY, password=PASSWORD, name="Wim Bauer")
    return make_app(Settings(graph=db.settings, secret_key="only for tests"), db)


def make_region(db: Store) -> tuple[Flask, dict[str, str]]:
    """The application on the populated region, and the ids of what its pages are about."""
    app = make_empty_app(db)
    rows = pick_rows(date.today())
    for kind in KINDS:
        import_text(db, write_text(rows[kind]), f"{kind}.csv")
    found = {"business": FIND_BUSIEST, "quiet": FIND_QUIET, "person": FIND_PERSON, "firm": FIND_FIRM}
    ids: dict[str, str] = {name: db.read(query)[0]["id"] for name, query in found.items()}
    admin, member = users.get_user(db, ADMIN), users.get_user(db, MEMBER)
    ids |= {"agency": admin.agency_id, "other_agency": member.agency_id, "user": admin.id, "member": member.id}
    ids |= add_contacts(db, ids["business"])
    ids |= add_agreements(db, ids)
    ids |= add_reviews(db)
    ids |= make_workshops(db)
    ids |= find_tables(db)
    return app, ids | make_stages(db, open_client(app, ADMIN))


def find_tables(db: Store) -> dict[str, str]:
    """The two tables that share most, a table of the administrator's agency."""
    found = tables.find_tables(db, OWNER)
    pair = found.pairs[0]
    own = next(one for one in found.active if one.table.agency == AGENCY)
    seat = next(seat for seat in tables.read_tables(db, OWNER).seats if seat.table == own.table.id)
    return {"seat": seat.id, "table": pair.a.table.id, "other_table": pair.b.table.id, "own_table": own.table.id}
    return {"table": pair.a.table.id, "other_table": pair.b.table.id, "own_table": own.table.id}


def add_agreements(db: Store, ids: dict[str, str]) -> dict[str, str]:
    """One that came with a file, one that waits for a signature, and one that both have signed, with leads."""
    admin, member = users.get_user(db, ADMIN).viewer, users.get_user(db, MEMBER).viewer
    today, both = date.today(), (ids["agency"], ids["other_agency"])
    terms = Terms("One visit a year to each maker", both, today, sector="332;333", note="As said in the meeting.")
    proposal = agreements.propose(db, member, terms).id
    begun = Terms("Shared lead in Dunmarrow", both, today - timedelta(days=120), review_on=today - timedelta(days=2))
    id = agreements.propose(db, admin, replace(begun, businesses=(ids["business"],), lead=ADMIN)).id
    for viewer in (admin, member):
        agreements.sign(db, viewer, id)
    agreements.set_lead(db, member, id, lead=MEMBER, backup=AGENCY, business=ids["business"])
    imported = next(one for one in list_agreements(db, admin, today=today) if one.is_from_file)
    return {"agreement": imported.id, "proposal": proposal, "begun": id}


def add_reviews(db: Store) -> dict[str, str]:
    """Pairs that wait for a person, and decisions, some of which contradict each other."""
    make_review_world(db)
    pair = list_queue(db, OWNER)[0].id
    make_contradictions(db)
    take_survey(db, "business")
    answer_checks(db, most=6)
    return {"pair": pair, "decided": judgements.list_judgements(db, OWNER, verdict="different")[0].pair}


def pick_rows(as_of: date) -> dict[str, Sequence[Cells]]:
    """The rows of the demo region that are about the businesses of the town."""
    rows = dict(build_rows(as_of))
    rows["businesses"] = [row for row in rows["businesses"] if row["city"].casefold() == TOWN]
    held = {(row["agency"], row["source_id"]) for row in rows["businesses"]}
    for kind in ("people", "touchpoints", "referrals"):
        rows[kind] = [row for row in rows[kind] if (row["agency"], row["business"]) in held]
    met = {(row["agency"], row["source_id"]) for row in rows["people"]}
    people = list_people(list_businesses(build_sites(), as_of))
    there = [one for one in people if (one.listing.agency.name, one.key) in met]
    rows["seats"] = list_seats(there, as_of)
    rows["touchpoints"] = [
        row if (row["agency"], row["person"]) in met else {**row, "person": ""} for row in rows["touchpoints"]
    ]
    return rows


def write_text(rows: Sequence[Cells]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def add_contacts(db: Store, business: str) -> dict[str, str]:
    """Two contacts of the administrator's own: one whose promise is due, and one that is planned."""
    today, viewer = date.today(), users.get_user(db, ADMIN).viewer
    own = [program.id for program in programs.list_programs(db, viewer) if program.agency == AGENCY]
    met = Contact(
        key=uuid4().hex,
        on=today - timedelta(days=9),
        programs=(own[0],),
        business=business,
        new_person="Ines Orr",
        channel="visit",
        purpose="needs",
        topics="welders;second shift",
        outcome="They start a class in spring.",
        promise="Names of three welding schools",
        promise_due=today + timedelta(days=3),
        notes="Ask for Ines.",
    )
    planned = Contact(
        key=uuid4().hex,
        on=today + timedelta(days=2),
        programs=(own[0],),
        business=business,
        channel="call",
        purpose="follow_up",
    )
    logged = [touchpoints.log_contact(db, viewer, one, today=today).id for one in (met, planned)]
    return {"program": own[0], "touchpoint": logged[0], "planned": logged[1]}
