"""Agencies and their programs, as their own people keep them."""

from crm.access import OWNER, Viewer
from crm.errors import Conflict, NotAllowed
from crm.graph import agencies, programs
from crm.graph.agencies import Agency, AgencyRow, name_key
from crm.graph.driver import Store
from crm.graph.programs import Program
from crm.services.clocked import Clocked, read_clock


def _count_records(db: Store, known: object, now: object) -> dict[str, int]:
    """The business records of each agency."""
    return agencies.count_records(db, OWNER)


_counted = Clocked(_count_records, read_clock=read_clock, name="records of agencies")


def list_agency_rows(db: Store, viewer: Viewer) -> list[AgencyRow]:
    """The agencies with their counts. Records are counted again only when the clock has moved."""
    return agencies.list_agency_rows(db, viewer, records=_counted.get(db))


def may_change(viewer: Viewer, agency_id: str) -> bool:
    """An agency's programs are kept by its own members, and by administrators."""
    return viewer.is_owner or viewer.is_admin or viewer.agency_id == agency_id


def change_agency(db: Store, viewer: Viewer, id: str, *, name: str, system: str | None) -> None:
    """Raises NotAllowed, NotFound, and Conflict for a name that another agency has."""
    _require(viewer, id)
    if any(name_key(other.name) == name_key(name) and other.id != id for other in agencies.list_agencies(db, viewer)):
        raise Conflict(f"There is another agency named {name}.")
    agencies.change_agency(db, id, name=" ".join(name.split()), system=system)


def add_program(db: Store, viewer: Viewer, agency: Agency, *, name: str, contact_email: str | None) -> Program:
    """Raises NotAllowed, and Conflict for a name that the agency has already."""
    _require(viewer, agency.id)
    _require_free(db, viewer, agency.id, name, besides=None)
    db.transact(lambda tx: programs.add_programs(tx, [(agency.id, name)]))
    id = programs.program_id(agency.id, name)
    programs.change_program(db, id, name=" ".join(name.split()), contact_email=contact_email, keep=True)
    return programs.get_program(db, id, viewer=viewer)


def change_program(db: Store, viewer: Viewer, program: Program, *, name: str, contact_email: str | None) -> None:
    """Raises NotAllowed, and Conflict for a name that the agency has already."""
    _require(viewer, program.agency_id)
    _require_free(db, viewer, program.agency_id, name, besides=program.id)
    programs.change_program(db, program.id, name=" ".join(name.split()), contact_email=contact_email)


def _require(viewer: Viewer, agency_id: str) -> None:
    if not may_change(viewer, agency_id):
        raise NotAllowed("Only the agency's own members and administrators can change this.")


def _require_free(db: Store, viewer: Viewer, agency_id: str, name: str, *, besides: str | None) -> None:
    for other in programs.list_programs(db, viewer):
        if other.agency_id == agency_id and other.id != besides and name_key(other.name) == name_key(name):
            raise Conflict(f"The agency has a program named {other.name} already.")
