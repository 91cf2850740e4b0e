"""Dossiers: everything that the region's agencies know of one business or one person, each line with whose it is.

Another agency's notes are known to exist and are not shown; the filter is inside the queries.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.access import Viewer
from crm.errors import NotFound
from crm.graph import unsent
from crm.graph.driver import Reader, Row
from crm.graph.unsent import Mark

# How many lines of a timeline one page shows; the rest is a page further.
PAGE = 25


@dataclass(frozen=True)
class BusinessDossier:
    """One business: its golden values, the id of the record that each comes from, and of its `newest` contacts."""

    id: str
    name: str
    values: dict[str, str]
    sources: dict[str, str]
    agencies: list[str]
    records: int
    contacts: int
    last_contact_on: str | None
    firm_id: str | None
    firm_name: str | None
    newest: list[str]
    waits: bool = False  # made and not yet computed, while an import is matched: nothing but the id is known


@dataclass(frozen=True)
class RecordRow:
    """What one agency's list says of a business or a person. `notes` is None where there are none or they are not
    shown.
    """

    id: str
    agency_id: str
    agency: str
    system: str
    key: str
    stub: bool
    cells: dict[str, str]
    notes: str | None
    has_notes: bool
    file: str | None
    # The day since which its source no longer sends it; None while it does.
    unsent_since: str | None = None


@dataclass(frozen=True)
class Role:
    """A person at a business. `is_former`: they have moved to another; `from_on` and `to_on` as far as somebody said.
    `first_met_on` and `last_met_on` are of the contacts there that name them, so far (of a person's own roles)."""

    person_id: str
    name: str
    title: str | None
    email: str | None
    phone: str | None
    do_not_contact: bool
    business_id: str
    business: str
    agencies: list[str]
    is_former: bool
    from_on: str | None
    to_on: str | None
    first_met_on: str | None = None
    last_met_on: str | None = None


@dataclass(frozen=True)
class TimelineLine:
    """One contact as a timeline shows it. `programs` are (program, agency id, agency); dates are ISO.

    `key` is its id in the agency's own list. `revision` is another with each change. `import_id` is of the file that it
    came with, None for one that was logged here.
    """

    id: str
    date: str
    agency_id: str
    agency: str
    business_id: str
    business: str
    programs: list[tuple[str, str, str]]
    persons: list[tuple[str, str]]
    staff: list[str]
    channel: str | None
    direction: str | None
    purpose: str | None
    topics: str | None
    reached: str | None
    outcome: str | None
    promise: str | None
    promise_due: str | None
    promise_kept_on: str | None
    service: str | None
    notes: str | None
    has_notes: bool
    key: str
    revision: int
    import_id: str | None


BUSINESS = """
MATCH (b:Business {id: $id})
OPTIONAL MATCH (b)-[:PART_OF]->(f:Firm)
RETURN b {.*, search: null, promised: null} AS business, f.name AS firm_name
"""
COMPUTED = frozenset(
    ("id", "sources", "agencies", "records", "contact_count", "last_contact_on", "firm_id", "firm_shared",
     "promised", "newest", "search", "stamp", "locked", "businesses")
)  # fmt: skip


def get_business(db: Reader, id: str, *, viewer: Viewer) -> BusinessDossier:
    """Raises NotFound; an id that was given up must be looked up first (`businesses.find_current_id`)."""
    found = find_business(db, id, viewer=viewer)
    if found is None:
        raise NotFound("There is no such business.")
    return found


def find_business(db: Reader, id: str, *, viewer: Viewer) -> BusinessDossier | None:
    """The same, or None where there is none."""
    rows = db.read(BUSINESS, id=id)
    return shape_business(rows[0]["business"], firm_name=rows[0]["firm_name"]) if rows else None


def shape_business(found: Row, *, firm_name: str | None = None) -> BusinessDossier:
    """What is computed of a business (`crm.services.golden`) as its page shows it."""
    return BusinessDossier(
        id=found["id"],
        name=found.get("name") or "(no name)",
        values={name: value for name, value in found.items() if name not in COMPUTED},
        sources=json.loads(found.get("sources") or "{}"),
        agencies=found.get("agencies") or [],
        records=found.get("records") or 0,
        contacts=found.get("contact_count") or 0,
        last_contact_on=found.get("last_contact_on"),
        firm_id=found.get("firm_id") if found.get("firm_shared") else None,
        firm_name=firm_name,
        newest=found.get("newest") or [],
        waits="sources" not in found,
    )


RECORDS = """
MATCH (b:Business {id: $id})<-[:RESOLVES_TO]-(r:BusinessRecord)-[:OF]->(a:Agency)
OPTIONAL MATCH (i:Import {id: r.import_id})
RETURN properties(r) AS record, a.name AS agency, i.file AS file
ORDER BY agency, r.seq, r.id
LIMIT $limit
"""


def list_business_records(db: Reader, id: str, *, viewer: Viewer, limit: int = 200) -> list[RecordRow]:
    """The records of a business, by agency."""
    return _list_rows(db, db.read(RECORDS, id=id, limit=limit), viewer)


PERSON_RECORDS = """
MATCH (e:Executive {id: $id})<-[:RESOLVES_TO]-(r:PersonRecord)-[:OF]->(a:Agency)
OPTIONAL MATCH (i:Import {id: r.import_id})
RETURN properties(r) AS record, a.name AS agency, i.file AS file
ORDER BY agency, r.seq, r.id
LIMIT $limit
"""


def list_person_records(db: Reader, id: str, *, viewer: Viewer, limit: int = 200) -> list[RecordRow]:
    """The records of a person, by agency."""
    return _list_rows(db, db.read(PERSON_RECORDS, id=id, limit=limit), viewer)


def _list_rows(db: Reader, rows: list[Row], viewer: Viewer) -> list[RecordRow]:
    marks = unsent.find_open(db, [row["record"]["id"] for row in rows])
    return [_record_row(row, viewer, marks.get(row["record"]["id"])) for row in rows]


HIDDEN = frozenset(
    ("id", "agency_id", "system", "key", "ref", "name_ref", "email_key", "seq", "said", "import_id", "hash", "stub",
     "notes", "business")
)  # fmt: skip


def _record_row(row: Row, viewer: Viewer, mark: Mark | None) -> RecordRow:
    record = row["record"]
    own = viewer.is_owner or record["agency_id"] == viewer.agency_id
    return RecordRow(
        id=record["id"],
        agency_id=record["agency_id"],
        agency=row["agency"],
        system=record["system"],
        key=record["key"],
        stub=bool(record.get("stub")),
        cells={name: value for name, value in record.items() if name not in HIDDEN},
        notes=record.get("notes") if own else None,
        has_notes=bool(record.get("notes")),
        file=row["file"],
        unsent_since=mark.on if mark else None,
    )


@dataclass(frozen=True)
class PersonDossier:
    """One person: golden values with their sources."""

    id: str
    name: str
    values: dict[str, str]
    sources: dict[str, str]
    agencies: list[str]
    records: int
    do_not_contact: bool
    waits: bool = False  # as of a business


PERSON = "MATCH (e:Executive {id: $id}) RETURN properties(e) AS person"


def get_person(db: Reader, id: str, *, viewer: Viewer) -> PersonDossier:
    """Raises NotFound."""
    found = find_person(db, id, viewer=viewer)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def find_person(db: Reader, id: str, *, viewer: Viewer) -> PersonDossier | None:
    """The same, or None where there is none."""
    rows = db.read(PERSON, id=id)
    return shape_person(rows[0]["person"]) if rows else None


def shape_person(found: Row) -> PersonDossier:
    """What is computed of a person as their page shows it."""
    return PersonDossier(
        id=found["id"],
        name=found.get("name") or found.get("email") or "(no name)",
        values={name: value for name, value in found.items() if name not in COMPUTED},
        sources=json.loads(found.get("sources") or "{}"),
        agencies=found.get("agencies") or [],
        records=found.get("records") or 0,
        do_not_contact=found.get("do_not_contact") == "yes",
        waits="sources" not in found,
    )


ROLES_AT = """
MATCH (b:Business {id: $id})<-[h:HOLDS_ROLE]-(e:Executive)
RETURN e.id AS person_id, coalesce(e.name, e.email) AS name, h.title AS title, e.email AS email,
       coalesce(e.mobile, e.phone) AS phone, e.do_not_contact AS do_not_contact, b.id AS business_id, b.name AS
       business, e.agencies AS agencies, coalesce(h.is_former, false) AS is_former, h.from_on AS from_on,
       h.to_on AS to_on
ORDER BY is_former, name, person_id
LIMIT $limit
"""

ROLES_OF = """
MATCH (b:Business)<-[h:HOLDS_ROLE]-(e:Executive {id: $id})
RETURN e.id AS person_id, coalesce(e.name, e.email) AS name, h.title AS title, e.email AS email,
       coalesce(e.mobile, e.phone) AS phone, e.do_not_contact AS do_not_contact, b.id AS business_id, b.name AS
       business, e.agencies AS agencies, coalesce(h.is_former, false) AS is_former, h.from_on AS from_on,
       h.to_on AS to_on
ORDER BY business, business_id
LIMIT $limit
"""

MET_AT = """
MATCH (:Executive {id: $id})<-[:RESOLVES_TO]-(:PersonRecord)<-[:MET]-(t:Touchpoint)
WHERE t.date <= $today
MATCH (t)-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN b.id AS business, min(t.date) AS first_met_on, max(t.date) AS last_met_on
"""


def list_roles_at(db: Reader, business_id: str, *, viewer: Viewer, limit: int = 200) -> list[Role]:
    """The people of a business, by name; those who have moved elsewhere come last."""
    return [_role(row) for row in db.read(ROLES_AT, id=business_id, limit=limit)]


def list_roles_of(db: Reader, person_id: str, *, viewer: Viewer, today: date, limit: int = 200) -> list[Role]:
    """The businesses of a person, where they work now first, and of those where they were met last."""
    met = {row.pop("business"): row for row in db.read(MET_AT, id=person_id, today=today.isoformat())}
    found = [_role(row | met.get(row["business_id"], {})) for row in db.read(ROLES_OF, id=person_id, limit=limit)]
    by_last = sorted(found, key=lambda role: max(role.last_met_on or "", role.from_on or ""), reverse=True)
    return sorted(by_last, key=lambda role: role.is_former)


def _role(row: Row) -> Role:
    return Role(**row | {"do_not_contact": row["do_not_contact"] == "yes"})


LINE = """
MATCH (t)-[:MADE_BY]->(p:Program)-[:OF]->(pa:Agency)
WITH t, b, p, pa ORDER BY p.id
WITH t, b, collect([p.name, pa.id, pa.name]) AS programs
MATCH (a:Agency {id: t.agency_id})
RETURN t.id AS id, t.date AS date, t.agency_id AS agency_id, a.name AS agency, b.id AS business_id, b.name AS business,
       programs,
       COLLECT { MATCH (t)-[:MET]->(:PersonRecord)-[:RESOLVES_TO]->(e:Executive)
                 RETURN [e.id, coalesce(e.name, e.email)] } AS persons,
       COLLECT { MATCH (t)-[:LOGGED_BY]->(s:Staff) RETURN coalesce(s.name, s.email) } AS staff,
       t.channel AS channel, t.direction AS direction, t.purpose AS purpose, t.topics AS topics, t.reached AS reached,
       t.outcome AS outcome, t.promise AS promise, t.promise_due AS promise_due, t.promise_kept_on AS promise_kept_on,
       t.service AS service, t.notes IS NOT NULL AS has_notes,
       CASE WHEN $agency_id IS NULL OR t.agency_id = $agency_id THEN t.notes END AS notes,
       t.key AS key, t.said AS revision, t.import_id AS import_id
ORDER BY date DESC, id
"""

BUSINESS_TIMELINE = (
    """
MATCH (b:Business {id: $id})<-[:RESOLVES_TO]-(:BusinessRecord)<-[:WITH]-(t:Touchpoint)
WITH t, b ORDER BY t.date DESC, t.id SKIP $skip LIMIT $limit
"""
    + LINE
)

PERSON_TIMELINE = (
    """
MATCH (:Executive {id: $id})<-[:RESOLVES_TO]-(:PersonRecord)<-[:MET]-(t:Touchpoint)
MATCH (t)-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
WITH DISTINCT t, b ORDER BY t.date DESC, t.id SKIP $skip LIMIT $limit
"""
    + LINE
)

ONE = (
    """
MATCH (t:Touchpoint {id: $id})-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
WITH t, b
"""
    + LINE
)


def list_business_timeline(
    db: Reader, id: str, *, viewer: Viewer, skip: int = 0, limit: int = PAGE
) -> list[TimelineLine]:
    """The contacts with a business over all agencies, newest first: a walk over all of them."""
    return _lines(db.read(BUSINESS_TIMELINE, id=id, agency_id=viewer.agency_id, skip=skip, limit=limit))


def list_newest(
    db: Reader, business: BusinessDossier, *, viewer: Viewer, skip: int = 0, limit: int = PAGE
) -> list[TimelineLine]:
    """The same; the first pages by what the business lists of its newest contacts, without the walk."""
    if skip + limit <= len(business.newest) or len(business.newest) == business.contacts:
        return list_lines(db, business.newest[skip : skip + limit], viewer=viewer)
    return list_business_timeline(db, business.id, viewer=viewer, skip=skip, limit=limit)


def list_lines(db: Reader, ids: list[str], *, viewer: Viewer) -> list[TimelineLine]:
    """The contacts of these ids, newest first; what was taken back in between is left out."""
    return _lines(db.read(LINES, ids=ids, agency_id=viewer.agency_id)) if ids else []


def list_person_timeline(
    db: Reader, id: str, *, viewer: Viewer, skip: int = 0, limit: int = PAGE
) -> list[TimelineLine]:
    """The contacts with a person over all agencies, newest first."""
    return _lines(db.read(PERSON_TIMELINE, id=id, agency_id=viewer.agency_id, skip=skip, limit=limit))


def get_touchpoint(db: Reader, id: str, *, viewer: Viewer) -> TimelineLine:
    """One contact. Raises NotFound."""
    lines = _lines(db.read(ONE, id=id, agency_id=viewer.agency_id))
    if not lines:
        raise NotFound("There is no such contact.")
    return lines[0]


def _lines(rows: list[Row]) -> list[TimelineLine]:
    return [_line(row) for row in rows]


def _line(row: Row) -> TimelineLine:
    lists: Row = {
        "programs": [_triple(found) for found in row["programs"]],
        "persons": sorted((str(id), str(name)) for id, name in row["persons"]),
        "staff": sorted(str(name) for name in row["staff"]),
    }
    fields: Row = row | lists
    return TimelineLine(**fields)


def _triple(found: list[Any]) -> tuple[str, str, str]:
    return str(found[0]), str(found[1]), str(found[2])


# Found first, read by id in a second statement: ArcadeDB uses an index for a range only where nothing else is matched.
OPEN_PROMISES = """
MATCH (t:Touchpoint)
WHERE t.promise_open >= $first AND t.promise_open <= $last
RETURN t.id AS id
ORDER BY t.promise_open DESC, id
LIMIT $limit
"""

PLANS = """
MATCH (t:Touchpoint)
WHERE t.plan > $first AND t.plan <= $last
RETURN t.id AS id
ORDER BY t.plan, id
LIMIT $limit
"""

# From the day on: the programs of an agency have made most of its contacts.
JOINT_PLANS = """
MATCH (t:Touchpoint)
WHERE t.joint_plan > $today AND t.joint_plan <= $until
MATCH (t)-[:MADE_BY]->(p:Program {agency_id: $agency_id})
RETURN DISTINCT t.id AS id, t.joint_plan AS day
ORDER BY day, id
LIMIT $limit
"""

LINES = (
    """
UNWIND $ids AS wanted
MATCH (t:Touchpoint {id: wanted})-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
WITH t, b
"""
    + LINE
)


def list_open_promises(db: Reader, viewer: Viewer, *, until: str, limit: int = 8) -> list[TimelineLine]:
    """Contacts of the viewer's agency whose promise is due by this day (ISO) and not kept, the latest due first."""
    agency = viewer.agency_id
    found = db.read(OPEN_PROMISES, first=f"{agency} ", last=f"{agency} {until}", limit=limit)
    lines = list_lines(db, [row["id"] for row in found], viewer=viewer)
    return sorted(lines, key=lambda line: (line.promise_due or "", line.id), reverse=True)


def list_plans(db: Reader, viewer: Viewer, *, today: str, until: str, limit: int = 20) -> list[TimelineLine]:
    """Contacts that the viewer's agency plans after today and up to a day (ISO), and those that others plan with it,
    the next first."""
    agency = viewer.agency_id
    own = db.read(PLANS, first=f"{agency} {today}", last=f"{agency} {until}", limit=limit)
    joint = db.read(JOINT_PLANS, today=today, until=until, agency_id=agency, limit=limit)
    lines = list_lines(db, sorted({row["id"] for row in (*own, *joint)}), viewer=viewer)
    return sorted(lines, key=lambda line: (line.date, line.id))[:limit]
