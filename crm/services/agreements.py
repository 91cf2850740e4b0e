"""Agreements as things with a life: members propose, sign, end and withdraw them, say who leads, and take it back.

Each of these is a step of the agreement's protocol (`crm.graph.protocols`). The agreement itself is written when the
last of those whom it binds has signed, as the row of the plain file that it would have come with: so it counts, goes
out by `crm export agreements` and comes back unchanged. Whoever signs, ends or leads is of an agency that it binds.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from crm.access import OWNER, Viewer
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph import agencies, agreements, businesses, imports, protocols, records, resolution
from crm.graph.agencies import name_key
from crm.graph.business_records import ref_of
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.protocols import Step
from crm.graph.records import record_id
from crm.moments import now
from crm.services.standings import SaidLead, Standing, fold, name_state

NAICS = re.compile(r"31-33|44-45|48-49|[0-9]{2,6}")
MOST_LETTERS = 300
MOST_BUSINESSES = 500
MOST_YEARS = 30


@dataclass(frozen=True)
class Terms:
    """What is proposed: between agencies (ids), from a day on, for businesses (ids) and a sector (NAICS prefixes) and
    places (counties or zips; several of either are parted by `;`); without any of these, for all businesses.

    `sector_name` says of which sector the prefixes were taken. `lead` and `backup` are an e-mail or an agency's name.
    """

    name: str
    agencies: tuple[str, ...]
    begins_on: date
    ends_on: date | None = None
    sector: str = ""
    sector_name: str = ""
    places: str = ""
    businesses: tuple[str, ...] = ()
    lead: str = ""
    backup: str = ""
    review_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Done:
    """A step that was taken: of which agreement, and its number, by which it can be undone."""

    id: str
    no: int


def agreement_id(name: str) -> str:
    """The id of the agreement of this name, made here or come with a plain file."""
    return record_id("Agreement", "", "plain", name_key(name))


def propose(db: Store, viewer: Viewer, terms: Terms, *, key: str = "") -> Done:
    """Propose an agreement. Any member may; it counts for nothing before every agency that it binds has signed.

    `key` is the form's: sent twice, it is one proposal. Raises Refused for terms that cannot be, NotFound for an agency
    or a business that is not there, Conflict where there is an agreement of this name.
    """
    terms = _check(terms)
    id = agreement_id(terms.name)

    def work(tx: Transaction) -> Done:
        bound = [agencies.get_agency(tx, agency, viewer=viewer) for agency in terms.agencies]
        said = _say_terms(tx, terms, {agency.id: agency.name for agency in bound}) | {"key": key}
        protocols.hold(tx, id, name=terms.name, agencies=[agency.id for agency in bound], token=uuid4().hex)
        steps = protocols.list_steps(tx, OWNER, id)
        before = fold(steps, terms.agencies)
        if steps and key and before.terms and before.terms.get("key") == key:
            return Done(id, steps[-1].no)
        if (steps and not before.is_withdrawn) or records.find_records(tx, "Agreement", [id]):
            raise Conflict(f"There is an agreement “{terms.name}” already. Give this one another name.")
        protocols.keep_agencies(tx, id, [agency.id for agency in bound])
        return _finish(tx, viewer, id, terms.name, list(terms.agencies), steps, "proposed", said)

    return db.transact(work)


def _check(terms: Terms) -> Terms:
    """The terms with blanks tidied. Raises Refused."""
    name = " ".join(terms.name.split())
    if not name or len(name) > MOST_LETTERS or not name.isprintable():
        raise Refused(f"Give the agreement a name of 1 to {MOST_LETTERS} letters.")
    bound = tuple(dict.fromkeys(terms.agencies))
    if len(bound) < 2:
        raise Refused("An agreement is between two agencies or more. Choose another one.")
    if terms.ends_on is not None and terms.ends_on < terms.begins_on:
        raise Refused("The agreement ends before it begins. Change one of the two days.")
    for day in (terms.begins_on, terms.ends_on, terms.review_on):
        if day is not None and not 1900 <= day.year <= 2200:
            raise Refused(f"{day.isoformat()} cannot be used. Check the year.")
    if len(terms.businesses) > MOST_BUSINESSES:
        raise Refused(f"An agreement names at most {MOST_BUSINESSES} businesses. Use a sector or a place instead.")
    return replace(
        terms,
        name=name,
        agencies=bound,
        sector=_tidy_list(terms.sector),
        places=_tidy_list(terms.places),
        lead=terms.lead.strip(),
        backup=terms.backup.strip(),
        note=terms.note.strip(),
    )


def _tidy_list(cell: str) -> str:
    return ";".join(dict.fromkeys(" ".join(part.split()) for part in cell.split(";") if part.strip()))


def _say_terms(tx: Reader, terms: Terms, names: dict[str, str]) -> dict[str, Any]:
    """The terms as they are kept: cells of the plain file, with the records by which businesses are named."""
    for prefix in terms.sector.split(";") if terms.sector else ():
        if not NAICS.fullmatch(prefix):
            raise Refused(f"“{prefix}” is no NAICS code. Write codes such as 332;333, or leave the field blank.")
    named = [_name_business(tx, business) for business in dict.fromkeys(terms.businesses)]
    return {
        "name": terms.name,
        "agencies": list(terms.agencies),
        "agency_names": [names[agency] for agency in terms.agencies],
        "from": terms.begins_on.isoformat(),
        "to": terms.ends_on.isoformat() if terms.ends_on else "",
        "sector": terms.sector,
        "sector_name": terms.sector_name,
        "places": terms.places,
        "businesses": [name["cell"] for name in named],
        "covers": [name["ref"] for name in named],
        "lead": read_lead(terms.lead, names),
        "backup": read_lead(terms.backup, names),
        "review_on": terms.review_on.isoformat() if terms.review_on else None,
        "note": terms.note[:2_000],
    }


def _name_business(tx: Reader, said: str) -> dict[str, str]:
    """A record by which to name a business in a plain file. Raises NotFound."""
    current = businesses.find_current_id(tx, said)
    rows = resolution.list_things(tx, "business", [current])[current] if current else []
    if not rows:
        raise NotFound("One of the businesses is not there any more. Choose it again.")
    # A key with the sign that parts a list would be read as two; the record after which it is called is the steadiest.
    plain = [row for row in rows if ";" not in row["key"]] or rows
    founding = businesses.founding_record_id(str(current))
    row = next((row for row in plain if row["id"] == founding), plain[0])
    record = records.find_records(tx, "BusinessRecord", [row["id"]])[row["id"]]
    return {"cell": f"{row['agency']}:{row['key']}", "ref": ref_of(record["agency_id"], row["key"])}


def read_lead(said: str, names: dict[str, str]) -> str:
    """Who leads: an e-mail in lower case, or the name of one of the agencies that are bound. Raises Refused."""
    said = said.strip()
    if not said:
        return ""
    if "@" in said:
        local, _, host = said.rpartition("@")
        if local and "." in host and len(said) <= MOST_LETTERS and said.isprintable() and " " not in said:
            return said.lower()
        raise Refused(f"“{said[:80]}” is not an e-mail address. Write one such as ana@example.org, or an agency.")
    for id, name in names.items():
        if said == id or name_key(said) == name_key(name):
            return name
    raise Refused(f"“{said[:80]}” is none of the agencies of this agreement. Write one of them, or somebody's e-mail.")


def sign(db: Store, viewer: Viewer, id: str) -> Done:
    """Sign for the viewer's agency; signing again is no second step. With the last signature the agreement counts from
    its first day on. Raises NotFound, NotAllowed for one of another agency, Conflict for one withdrawn."""

    def act(at: "_Held") -> tuple[str, dict[str, Any]] | None:
        agency = at.get_agency(viewer, "sign it")
        if at.standing.terms is None:
            raise Refused("This agreement came with a file as one that holds already. There is nothing to sign.")
        if at.standing.is_withdrawn:
            raise Conflict("This proposal was withdrawn. Nothing was signed.")
        return None if agency in at.standing.signed else ("signed", {})

    return _act(db, viewer, id, act)


def withdraw(db: Store, viewer: Viewer, id: str, *, today: date) -> Done:
    """Take back a proposal, or what all have signed and has not begun. For those whom it binds and its proposer."""

    def act(at: "_Held") -> tuple[str, dict[str, Any]] | None:
        first = next((step for step in reversed(at.steps) if step.kind == "proposed"), None)
        is_own = first is not None and first.by == (viewer.email or viewer.user_id)
        if not is_own:
            at.get_agency(viewer, "withdraw it")
        if at.standing.terms is None or at.state(today) in ("in_force", "ended"):
            raise Refused("This agreement has begun. End it instead.")
        return None if at.standing.is_withdrawn else ("withdrawn", {})

    return _act(db, viewer, id, act)


def end(db: Store, viewer: Viewer, id: str, *, on: date, today: date) -> Done:
    """End an agreement that has begun; `on` is the last day on which it holds. Raises as `sign`, and Refused."""

    def act(at: "_Held") -> tuple[str, dict[str, Any]] | None:
        at.get_agency(viewer, "end it")
        if at.state(today) not in ("in_force", "ended"):
            raise Refused("Only an agreement that has begun can be ended. Withdraw this one instead.")
        if on.isoformat() < (at.begins_on or ""):
            raise Refused(f"It began on {at.begins_on}, after this last day. Choose a later one.")
        if on.year > 2200:
            raise Refused(f"{on.isoformat()} cannot be used. Check the year.")
        return "ended", {"on": on.isoformat()}

    return _act(db, viewer, id, act)


def set_review(db: Store, viewer: Viewer, id: str, *, on: date | None) -> Done:
    """Say when the agreement is looked at again; None: no day."""

    def act(at: "_Held") -> tuple[str, dict[str, Any]] | None:
        at.get_agency(viewer, "change it")
        return "review", {"on": on.isoformat() if on else None}

    return _act(db, viewer, id, act)


def set_lead(db: Store, viewer: Viewer, id: str, *, lead: str, backup: str = "", business: str | None = None) -> Done:
    """Say who leads, at one business or (None) wherever the agreement holds; "" for nobody. It holds once every agency
    that is bound has agreed. Raises as `sign`, Refused for somebody who cannot lead, NotFound for the business."""

    def act(at: "_Held") -> tuple[str, dict[str, Any]] | None:
        at.get_agency(viewer, "say who leads")
        names = {agency.id: agency.name for agency in agencies.list_agencies(at.tx, viewer) if agency.id in at.bound}
        current = businesses.find_current_id(at.tx, business) if business else None
        if business and not current:
            raise NotFound("There is no such business any more.")
        rows = resolution.list_things(at.tx, "business", [current])[current] if current else []
        founding = businesses.founding_record_id(current) if current else ""
        record = founding if not rows or founding in {row["id"] for row in rows} else rows[0]["id"]
        said, second = read_lead(lead, names), read_lead(backup, names)
        if second and not said:
            raise Refused("Say who leads before you say who stands in for them.")
        return "lead", {"record": record, "business": current or "", "lead": said, "backup": second}

    return _act(db, viewer, id, act)


def agree_to_lead(db: Store, viewer: Viewer, id: str, no: int) -> Done:
    """Agree, for the viewer's agency, to the lead that step `no` named. Raises as `sign`, Conflict if it is past."""

    def act(at: "_Held") -> tuple[str, dict[str, Any]] | None:
        agency = at.get_agency(viewer, "agree to a lead")
        found = next((lead for lead in at.standing.pending if lead.no == no), None)
        if found is None:
            raise Conflict("This lead is settled already, or another was named since.")
        return None if agency in found.agreed else ("agreed", {"no": no})

    return _act(db, viewer, id, act)


def undo(db: Store, viewer: Viewer, id: str, no: int) -> None:
    """Take back a step that one's own agency has just taken. Raises NotFound, NotAllowed, Conflict when something else
    has happened since."""

    def work(tx: Transaction) -> None:
        at = _hold(tx, viewer, id)
        last = at.steps[-1] if at.steps else None
        if last is None or last.no != no:
            raise Conflict(
                "Something else has happened to this agreement since, so this cannot be taken back any more."
            )
        if not viewer.is_admin and viewer.agency_id != last.agency:
            raise NotAllowed("Another agency did this. Only they can take it back.")
        protocols.drop_step(tx, id, no)
        _write(tx, id, at.name, at.bound, at.steps[:-1])

    db.transact(work)


@dataclass
class _Held:
    """An agreement in a transaction that has hold of it."""

    tx: Transaction
    name: str
    bound: list[str]
    steps: list[Step]
    standing: Standing
    begins_on: str | None
    ends_on: str | None
    is_agreed: bool

    def get_agency(self, viewer: Viewer, what: str) -> str:
        """The viewer's agency, for which they act. Raises NotAllowed."""
        if viewer.agency_id is None or viewer.agency_id not in self.bound:
            raise NotAllowed(f"Only members of the agencies that this agreement binds can {what}.")
        return viewer.agency_id

    def state(self, today: date) -> str:
        return name_state(
            is_agreed=self.is_agreed,
            begins_on=self.begins_on,
            ends_on=self.ends_on,
            is_withdrawn=self.standing.is_withdrawn,
            today=today,
        )


def _hold(tx: Transaction, viewer: Viewer, id: str) -> _Held:
    known = protocols.list_protocols(tx, OWNER, id=id)
    rows = agreements.list_agreements(tx, id=id)
    if not known and not rows:
        raise NotFound("There is no such agreement. It may have been taken back.")
    name = rows[0]["name"] if rows else known[0].name
    bound = rows[0]["agencies"] if rows else known[0].agencies
    protocols.hold(tx, id, name=name, agencies=bound, token=uuid4().hex)
    # Read again, now that nobody else writes.
    steps, rows = protocols.list_steps(tx, OWNER, id), agreements.list_agreements(tx, id=id)
    standing = fold(steps, bound)
    terms = standing.terms or {}
    return _Held(
        tx=tx,
        name=name,
        bound=bound,
        steps=steps,
        standing=standing,
        begins_on=rows[0]["begins_on"] if rows else terms.get("from"),
        ends_on=rows[0]["ends_on"] if rows else terms.get("to") or None,
        is_agreed=bool(rows),
    )


def _act(db: Store, viewer: Viewer, id: str, act: Callable[[_Held], tuple[str, dict[str, Any]] | None]) -> Done:
    """Take the step that `act` decides on; None where it is taken already."""

    def work(tx: Transaction) -> Done:
        at = _hold(tx, viewer, id)
        said = act(at)
        if said is None:
            _write(tx, id, at.name, at.bound, at.steps)
            return Done(id, at.steps[-1].no if at.steps else 0)
        return _finish(tx, viewer, id, at.name, at.bound, at.steps, *said)

    return db.transact(work)


def _finish(
    tx: Transaction,
    viewer: Viewer,
    id: str,
    name: str,
    bound: list[str],
    steps: list[Step],
    kind: str,
    detail: dict[str, Any],
) -> Done:
    step = Step(
        no=steps[-1].no + 1 if steps else 1,
        kind=kind,
        by=viewer.email or viewer.user_id,
        agency=viewer.agency_id,
        at=now(),
        detail=detail,
    )
    protocols.add_step(tx, id, step)
    _write(tx, id, name, bound, [*steps, step])
    return Done(id, step.no)


# What every member may know of a proposal.
OUTLINE = ("name", "agencies", "from", "to", "sector", "sector_name", "places")


def _write(tx: Transaction, id: str, name: str, bound: list[str], steps: list[Step]) -> None:
    """Let the graph hold what the steps amount to: the protocol, and the agreement itself where all have signed."""
    if not steps:
        protocols.drop(tx, id)
        _write_agreement(tx, id, bound, Standing())
        tx.tick()
        return
    standing = fold(steps, bound)
    terms = standing.terms
    protocols.say_standing(
        tx,
        id,
        {
            "name": name,
            "terms": _to_text(terms) if terms else None,
            "outline": _to_text({key: terms.get(key, "") for key in OUTLINE}) if terms else None,
            "signed": sorted(standing.signed),
            "ended_on": standing.ended_on,
            "is_withdrawn": standing.is_withdrawn,
            "review_on": standing.review_on,
            "leads": _to_text([_say_lead(lead) for lead in standing.leads]),
            "pending": len(standing.pending),
        },
    )
    _write_agreement(tx, id, bound, standing)
    tx.tick()


def _say_lead(lead: SaidLead) -> dict[str, str]:
    return {"record": lead.record, "lead": lead.lead, "backup": lead.backup}


def _to_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _write_agreement(tx: Transaction, id: str, bound: list[str], standing: Standing) -> None:
    """Write, mend or take out the row; what a file has said of it is left as the file says."""
    found = records.find_records(tx, "Agreement", [id]).get(id)
    if found is not None and (found.get("import_id") is not None or records.list_versions(tx, [id])):
        return
    if standing.is_signed_by(bound):
        seq = found["seq"] if found else imports.take_number(tx) * records.ROWS_A_NUMBER
        props = _say_row(standing, id, seq)
        agreements.put_agreements(tx, [{"props": props, "agencies": bound}], updated=[id] if found else [])
    elif found is not None:
        records.delete_records(tx, "Agreement", [id])


def _say_row(standing: Standing, id: str, seq: int) -> Row:
    """All properties of the row of the plain file."""
    terms = standing.terms or {}
    ends = [day for day in (terms["to"], standing.ended_on) if day]
    cells = {
        "name": terms["name"],
        "agencies": ";".join(terms["agency_names"]),
        "from": terms["from"],
        "to": min(ends, default=""),
        "sector": terms["sector"],
        "places": terms["places"],
        "businesses": ";".join(terms["businesses"]),
    }
    return {name: text for name, text in cells.items() if text} | {
        "covers": terms["covers"],
        "id": id,
        "agency_id": "",
        "system": "plain",
        "key": name_key(terms["name"]),
        "seq": seq,
        "said": seq,
        "hash": f"screen {id}",
    }
