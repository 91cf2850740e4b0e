"""Plans on their way into the graph: a batch is written in one transaction, with the offset of its import."""

from dataclasses import dataclass, replace
from typing import Any

from crm.graph import (
    agencies,
    agreements,
    business_records,
    imports,
    meetings,
    person_records,
    programs,
    records,
    referrals,
    repeats,
    seats,
    sectors,
    staff,
    stale,
    tables,
    touchpoints,
    unsent,
)
from crm.graph.driver import Transaction
from crm.services.retractions import Loose, note_ties, sweep_stubs
from importers.beside import LABELS, count_beside
from importers.parting import BUSINESSES, PEOPLE
from importers.planned import Plan
from importers.references import Missing

# Labels that no business is computed from: writing them moves the graph's clock by itself.
TICKING = ("Program", "Agreement", "Table", "Seat", "Meeting")


@dataclass
class Batch:
    """A plan on its way into the graph."""

    import_id: str
    plan: Plan
    old: int
    new: int
    tries: int = 0

    def write(self, tx: Transaction) -> bool:
        """Write the batch and move the import's offset; False, with nothing written, if another worker did.

        The first try takes what the plan found to be new for new, which is fast. Where another process has made some
        of it meanwhile, the constraints refuse, and the next try looks for each.
        """
        self.tries += 1
        fresh, plan = self.tries == 1, self.plan
        counts = {
            "rows": plan.total,
            "created": plan.created,
            "updated": plan.updated,
            "unchanged": plan.unchanged,
            "refused": len(plan.refusals),
            "left_out": len(plan.left_out),
        }
        refused = [refusal.to_json() for refusal in plan.refusals]
        left_out = [row.to_json() for row in plan.left_out]
        if not imports.advance(
            tx, self.import_id, old=self.old, new=self.new, counts=counts, refusals=refused, left_out=left_out
        ):
            return False
        if plan.beside:
            imports.add_beside(tx, self.import_id, count_beside(plan.beside.items()))
        # Businesses, be they rows or only told of, must be there before the people who are named at them.
        write_missing(tx, replace(plan.missing, persons={}), fresh=fresh)
        _write_part(tx, plan.beside.get(BUSINESSES), fresh=fresh)
        is_of_businesses = plan.label == LABELS[BUSINESSES]
        if is_of_businesses:
            _write_part(tx, plan, fresh=fresh)
        person_records.add_stubs(tx, list(plan.missing.persons.values()))
        _write_part(tx, plan.beside.get(PEOPLE), fresh=fresh)
        if not is_of_businesses:
            _write_part(tx, plan, fresh=fresh)
        if plan.missing.agencies or plan.missing.programs or plan.label in TICKING:
            # What is said of businesses moves the clock when they are computed; who knocks, and with whom, only here.
            tx.tick()
        for part in (plan, *plan.beside.values()):
            repeats.add(tx, self.import_id, part.label, part.repeats, n=self.old)
        if plan.again:
            unsent.end(tx, plan.again, import_id=self.import_id)
        return True


def _write_part(tx: Transaction, part: Plan | None, *, fresh: bool = False) -> None:
    if part is not None:
        write_rows(tx, part.label, part.rows, updated=part.updated_ids, fresh=fresh)
        if part.versions:
            records.replace_versions(tx, part.label, part.versions)


def write_missing(tx: Transaction, missing: Missing, *, fresh: bool = False) -> None:
    """Create what rows refer to and the graph does not have."""
    agencies.add_agencies(tx, list(missing.agencies.values()))
    programs.add_programs(tx, list(missing.programs.values()))
    staff.add_staff(tx, list(missing.staff.values()))
    tables.add_tables(tx, list(missing.tables.values()))
    business_records.add_stubs(tx, list(missing.businesses.values()), fresh=fresh)
    person_records.add_stubs(tx, list(missing.persons.values()))


def write_rows(
    tx: Transaction, label: records.Label, rows: list[dict[str, Any]], *, updated: list[str], fresh: bool = False
) -> None:
    """Write planned rows of one label, of which those in `updated` were there before; mark what they touch as stale.

    `fresh` says that the others surely were not.
    """
    loose = Loose()
    if updated:
        note_ties(tx, label, updated, loose)
    if label == "Program":
        programs.put_programs(tx, rows)
    elif label == "BusinessRecord":
        business_records.put_records(tx, [row["props"] for row in rows], updated=updated, fresh=fresh)
    elif label == "PersonRecord":
        person_records.put_records(tx, rows, updated=updated, fresh=fresh)
    elif label == "Touchpoint":
        touchpoints.put_touchpoints(tx, rows, updated=updated, fresh=fresh)
        stale.mark(tx, "contacts", records={row["record"] for row in rows})
    elif label == "Referral":
        referrals.put_referrals(tx, rows, updated=updated)
        stale.mark(tx, "contacts", records={row["record"] for row in rows})
    elif label == "Agreement":
        agreements.put_agreements(tx, rows, updated=updated)
    elif label == "Table":
        tables.put_tables(tx, rows)
    elif label == "Seat":
        seats.put_seats(tx, rows, updated=updated)
    elif label == "Meeting":
        meetings.put_meetings(tx, rows, updated=updated)
    else:
        sectors.put_sectors(tx, rows)
    # What a row referred to before, and no row refers to any more.
    sweep_stubs(tx, loose)
