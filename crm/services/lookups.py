"""Look-ups: the one business, agency or sector that somebody means who names it on a command line or in an address."""

from dataclasses import dataclass

from crm.access import Viewer
from crm.analysis.businesses import Sector
from crm.errors import NotFound, Refused
from crm.graph import agencies, business_records, businesses, lookups, programs, records, resolution, sectors
from crm.graph.agencies import Agency, agency_id, name_key
from crm.graph.business_records import name_ref_of, ref_of
from crm.graph.driver import Store
from crm.graph.lookups import Candidate
from crm.graph.programs import Program, program_id
from crm.graph.records import Label
from crm.graph.stale import Kind
from crm.services.region_rows import split_places, split_prefixes

SHOWN = 5


def get_business_id(db: Store, viewer: Viewer, said: str) -> str:
    """The business of an id (old or current), of AGENCY:SOURCE_ID, or of a name that only one business has.

    Raises NotFound, or Refused with the candidates where several are meant.
    """
    said = said.strip()
    known = businesses.find_current_id(db, said) or _find_by_source(db, viewer, said)
    if known is not None:
        return known
    refs = [name_ref_of(agency.id, said) for agency in agencies.list_agencies(db, viewer)]
    found = lookups.list_named(db, viewer, refs, limit=SHOWN + 1)
    found = found or lookups.list_like(db, viewer, said, limit=SHOWN + 1)
    if not found or not said:
        raise NotFound(f'There is no business "{said}". Look for it with: crm businesses --search TEXT')
    if len(found) > 1:
        raise Refused(f'"{said}" may be {_name_all(found)}. Say the id of the one that is meant.')
    return found[0].id


def get_agency(db: Store, viewer: Viewer, said: str) -> Agency:
    """The agency of a name, in any case and spacing, or of an id. Raises NotFound, naming those that there are."""
    known = agencies.list_agencies(db, viewer)
    for agency in known:
        # Files may go on using the name that an agency was first known by, from which its id was made.
        if agency.id in (said, agency_id(said)) or name_key(agency.name) == name_key(said):
            return agency
    names = ", ".join(agency.name for agency in known) or "none yet"
    raise NotFound(f'There is no agency "{said}". Known agencies: {names}.')


def get_program(db: Store, viewer: Viewer, said: str) -> Program:
    """The program of AGENCY:PROGRAM, of a name that only one agency has a program of, or of an id.

    Raises NotFound, or Refused with the candidates where several are meant.
    """
    agency, colon, name = said.rpartition(":")
    known = programs.list_programs(db, viewer)
    found = [
        program
        for program in known
        if program.id == said
        or (
            # Files may go on using the name that a program was first known by, from which its id was made.
            (name_key(name) == name_key(program.name) or program.id == program_id(program.agency_id, name))
            and (not colon or name_key(agency) == name_key(program.agency))
        )
    ]
    if not found:
        raise NotFound(f'There is no program "{said}". Write it as AGENCY:PROGRAM, for example {_show_program(known)}.')
    if len(found) > 1:
        names = ", ".join(name_program(program) for program in found[:SHOWN])
        raise Refused(f'"{said}" may be {names}. Say which, as AGENCY:PROGRAM.')
    return found[0]


def name_program(program: Program) -> str:
    """AGENCY:PROGRAM, which names it among all."""
    return f"{program.agency}:{program.name}"


def _show_program(known: list[Program]) -> str:
    return name_program(known[0]) if known else "Harbor College:Welding"


def get_record_id(db: Store, viewer: Viewer, said: str, *, kind: Kind) -> str:
    """The record of AGENCY:SOURCE_ID, or of its own id.

    Raises NotFound with the way to find it, or Refused where the agency has several of that id, in several systems.
    """
    said = said.strip()
    label: Label = "BusinessRecord" if kind == "business" else "PersonRecord"
    if records.find_records(db, label, [said]):
        return said
    name, colon, key = said.partition(":")
    listing = "crm records" if kind == "business" else "crm people-records"
    if not colon:
        raise NotFound(f'There is no record "{said}". Write it as AGENCY:SOURCE_ID; all are listed by: {listing}')
    agency = get_agency(db, viewer, name.strip())
    found = records.list_by_ref(db, label, ref_of(agency.id, key.strip()))
    if not found:
        raise NotFound(f'{agency.name} has no {kind} record "{key.strip()}". All are listed by: {listing}')
    if len(found) > 1:
        choices = ", ".join(f"{id} (of {system})" for id, system in found)
        raise Refused(f'{agency.name} has several records "{key.strip()}". Say the id of the one meant: {choices}.')
    return found[0][0]


@dataclass(frozen=True)
class NamedSector:
    """A version of a sector of this name; `said` asks for the same again, `title` says which version it is.

    Who asked for no version means the newest, whichever that will be.
    """

    sector: Sector
    name: str
    said: str
    title: str


def find_sector(db: Store, said: str) -> NamedSector:
    """The newest version of a sector, or the one of NAME@VERSION. Raises NotFound, naming those that there are."""
    row = sectors.get_sector(db, said)
    name, version = row["sector"], row["version"] or ""
    is_newest = said.strip().casefold() == name.casefold()
    return NamedSector(
        sector=Sector(naics=split_prefixes(row["naics"]), places=split_places(row["places"])),
        name=name,
        said=name if is_newest else f"{name}@{version}",
        title=name if is_newest and not version else name_version(name, version),
    )


def name_version(name: str, version: str) -> str:
    return f"{name}, version {version or 'without a name'}"


def get_sector(db: Store, said: str) -> Sector:
    """The same without its names."""
    return find_sector(db, said).sector


def _find_by_source(db: Store, viewer: Viewer, said: str) -> str | None:
    agency, colon, key = said.partition(":")
    if not colon:
        return None
    ids = [known.id for known in agencies.list_agencies(db, viewer) if name_key(known.name) == name_key(agency)]
    records = business_records.find_by_refs(db, [ref_of(id, key.strip()) for id in ids], system="plain")
    return next(iter(resolution.find_resolved(db, "business", sorted(records.values())).values()), None)


def _name_all(found: list[Candidate]) -> str:
    named = [f"{one.name or '(no name)'}{f' in {one.city}' if one.city else ''} ({one.id})" for one in found[:SHOWN]]
    return ", ".join(named) + (" or others" if len(found) > SHOWN else "")
