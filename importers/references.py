"""References: what the cells of a row mean in the graph. An agency, a program, a business or a person is found, or is
to be made.

Nothing is written here. What is to be made is collected, so that a dry run can count it and a real run can write it
in the same transaction as the rows. What an earlier row or file of the same command would make is remembered, so that
a dry run answers as the real one would.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

from crm.access import OWNER
from crm.graph import agencies, business_records, person_records, programs, staff, tables
from crm.graph.agencies import agency_id, name_key
from crm.graph.business_records import name_ref_of, ref_of
from crm.graph.driver import Reader
from crm.graph.records import record_id
from crm.graph.tables import table_id
from importers.newcomers import Newcomers
from importers.table_names import TableNames


class Unresolvable(Exception):
    """A cell that cannot be given a meaning: `reason` and `fix` in words, and the plain file's column it stands in."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.column: str | None = None


@dataclass
class Missing:
    """What a batch of rows needs and the graph does not have yet."""

    agencies: dict[str, str] = field(default_factory=dict)  # id -> name
    programs: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (agency id, name)
    staff: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (agency id, e-mail or name)
    businesses: dict[str, dict[str, Any]] = field(default_factory=dict)  # record id -> stub
    persons: dict[str, dict[str, Any]] = field(default_factory=dict)  # record id -> stub with its business record
    tables: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (agency id, name)

    def add(self, other: "Missing") -> None:
        """Let this hold what the other lacks too."""
        for name in (part.name for part in fields(self)):
            getattr(self, name).update(getattr(other, name))


def named_key(cell: str, record: str) -> str:
    """The key of the record of a person who is known by an e-mail, or by a name at a business record, alone."""
    return f"email:{cell.casefold()}" if "@" in cell else f"name:{name_key(cell)}@{record}"


class References:
    """The meanings of cells, for one command; `system` is the source system whose ids are meant first."""

    def __init__(
        self,
        db: Reader,
        *,
        system: str,
        import_id: str | None = None,
        only_agency: str | None = None,
        restoring: bool = False,
    ) -> None:
        """`import_id` is the import in whose name stubs are made. `only_agency` (id): whose rows may be taken, if not
        everybody's; then no agency is made either. `restoring`: rows come from the graph, and mean what they meant,
        whatever has come since; nothing is Unresolvable then.
        """
        self._db = db
        self._is_restoring = restoring
        self._only = only_agency
        self._system = system
        self.import_id = import_id
        self.newcomers = Newcomers(db)
        known = agencies.list_agencies(db, OWNER)
        self._agencies = {agency.id: agency.name for agency in known}
        self._aliases = {name_key(agency.name): agency.id for agency in known}
        self._owners: dict[str, str] = {}  # program id -> agency id
        self._programs: dict[str, list[tuple[str, str]]] = {}  # name key -> [(agency id, program id)]
        for program in programs.list_programs(db, OWNER):
            self._know_program(program.agency_id, name_key(program.name), program.id)
        self._tables = TableNames(lambda: tables.list_names(db, OWNER))
        self._staff: set[str] = set()
        # Records by reference: what the graph answered, and what this command makes on top of it.
        self._records: dict[str, str] = {}
        self._named: dict[str, list[tuple[str, str | None]]] = {}
        self._asked: set[str] = set()
        self._persons: dict[str, str] = {}
        self._emails: dict[str, list[tuple[str, str]]] = {}
        self._emails_asked: set[str] = set()
        # (business record, name) -> the person record of that name there, and the business records that were asked.
        self._people_named: dict[tuple[str, str], str] = {}
        self._people_asked: set[str] = set()
        self.missing = Missing()
        self.created_agencies: list[str] = []
        self.created_programs: list[str] = []
        self.created_tables: list[str] = []

    def take_missing(self) -> Missing:
        """What was found missing since the last call; from now on it counts as there."""
        missing, self.missing = self.missing, Missing()
        return missing

    def row_agency(self, name: str) -> str:
        """The id of the agency whose row this is. Raises Unresolvable when rows of that agency may not be taken."""
        if self._only is not None and self._aliases.get(name_key(name)) != self._only:
            raise Unresolvable(
                f"This row belongs to {name}, and you import for {self._agencies.get(self._only, 'another agency')}.",
                "Take the row out, or ask an administrator to import it.",
            )
        return self.agency(name)

    def find_agency(self, name: str) -> str | None:
        """The id of the agency of this name, if its rows may be taken."""
        known = self._aliases.get(name_key(name))
        return known if self._only in (None, known) else None

    def agency(self, name: str) -> str:
        """The id of the agency of this name, which is to be made if it is not there and agencies may be made."""
        known = self._aliases.get(name_key(name))
        if known is not None:
            return known
        if self._only is not None:
            raise Unresolvable(
                f"There is no agency named {name}.", "Correct the name, or ask an administrator to add the agency."
            )
        id = agency_id(name)
        # An agency that was renamed on its page is still meant by the name that its files go on using.
        if id in self._agencies:
            return id
        self._aliases[name_key(name)] = id
        self._agencies[id] = name
        self.missing.agencies[id] = name
        self.created_agencies.append(" ".join(name.split()))
        return id

    def program(self, cell: str, *, agency: str) -> str:
        """The id of the program that a cell says, in a row of this agency (id).

        `AGENCY:PROGRAM` says it fully. A bare name is the agency's own program; else the only program of that name in
        the region (a joint contact names the partner's); else a new one of the agency.
        Raises Unresolvable when several other agencies have a program of that name.
        """
        if ":" in cell:
            owner, _, name = cell.partition(":")
            return self._own_program(self.agency(owner.strip()), name.strip())
        if self._is_restoring:
            return self._own_program(agency, cell)
        known = self._programs.get(name_key(cell), [])
        own = [id for owner, id in known if owner == agency]
        # A program that was renamed on its page is still meant by the name that its agency's files go on using.
        first = programs.program_id(agency, cell)
        if own or not known or first in self._owners:
            return own[0] if own else self._own_program(agency, cell)
        if len(known) == 1:
            return known[0][1]
        names = sorted(self._agencies.get(owner, owner) for owner, _ in known)
        raise Unresolvable(
            f'Several agencies have a program named "{cell}": {", ".join(names)}.',
            f'Write the agency before it, as in "{names[0]}:{cell}".',
        )

    def spell_out(self, cell: str, *, agency: str) -> str:
        """A program's cell as it is kept: a bare name that means another agency's program gets that agency before it.

        So it goes on meaning that program when a third agency has one of this name too. Raises what `program` raises.
        """
        owner = self._owners[self.program(cell, agency=agency)]
        return cell if ":" in cell or owner == agency else f"{self._agencies[owner]}:{cell}"

    def own_program(self, agency: str, name: str) -> str:
        """The id of this agency's program of this name, for a row of the programs file itself."""
        known = [id for owner, id in self._programs.get(name_key(name), []) if owner == agency]
        if known:
            return known[0]
        id = programs.program_id(agency, name)
        if id in self._owners:
            return id
        self._know_program(agency, name_key(name), id)
        self.created_programs.append(" ".join(name.split()))
        return id

    def agency_name(self, id: str) -> str:
        """What the agency of this id is called."""
        return self._agencies.get(id, id)

    def table(self, cell: str, *, said_for: str | None) -> tuple[str, str]:
        """(agency id, name) of the table that a cell means, in a file whose rows are said to be of an agency (name).

        `AGENCY:TABLE` says it fully. A bare name is a table of the agency that the file is for; else the only table of
        that name; else a new one of the agency that the file is for. Raises Unresolvable when that cannot be told, and
        for a table of an agency whose rows may not be taken.
        """
        name, owners = " ".join(cell.split()), self._tables.list_owners(cell)
        prefix, colon, rest = cell.partition(":")
        own = self._aliases.get(name_key(said_for)) if said_for else None
        if colon and not owners and rest.strip() and name_key(prefix) in self._aliases:
            agency, name = self._aliases[name_key(prefix)], " ".join(rest.split())
        elif own in owners:
            agency = own
        elif len(owners) == 1:
            agency = owners[0]
        elif owners:
            names = sorted(self._agencies.get(owner, owner) for owner in owners)
            raise Unresolvable(
                f'Several agencies have a table named "{cell}": {", ".join(names)}.',
                f'Write the agency before it, as in "{names[0]}:{cell}".',
            )
        elif said_for:
            agency = self.row_agency(said_for)
        else:
            raise Unresolvable(
                f'There is no table named "{cell}".',
                "Import the tables file that names its agency first, or say for which agency this file is.",
            )
        if self._only is not None and agency != self._only:
            mine = self.agency_name(self._only)
            raise Unresolvable(
                f"{name} is a table of {self.agency_name(agency)}, and you import for {mine}.",
                f'Take the row out; if you have a table of this name too, write "{mine}:{name}".',
            )
        return agency, name

    def own_table(self, agency: str, name: str) -> str:
        """The id of this agency's table of this name, which is to be made if it is not there."""
        id = table_id(agency, name)
        if not self._tables.knows(id):
            self._tables.learn(id, agency, name)
            self.missing.tables[id] = (agency, name)
            self.created_tables.append(" ".join(name.split()))
        return id

    def learn_table(self, agency: str, name: str) -> None:
        """Remember a table that this command makes."""
        self._tables.learn(table_id(agency, name), agency, name)

    def staff(self, cell: str, *, agency: str) -> str:
        """The id of the staff member whose e-mail or name a cell says."""
        id = staff.staff_id(agency, cell)
        if id not in self._staff:
            self._staff.add(id)
            self.missing.staff[id] = (agency, cell)
        return id

    def look_up_businesses(self, cells: Iterable[tuple[str, str]]) -> None:
        """Ask the graph once for all of these (agency id, business cell)."""
        pairs = {(agency, cell) for agency, cell in cells if cell and ref_of(agency, cell) not in self._asked}
        if not pairs:
            return
        refs = {ref_of(agency, cell) for agency, cell in pairs}
        self._asked |= refs
        refs |= {self._qualified_ref(cell) for _, cell in pairs} - {""}
        self._records |= business_records.find_by_refs(
            self._db, sorted(refs - self._records.keys()), system=self._system
        )
        names = sorted({name_ref_of(agency, cell) for agency, cell in pairs})
        for ref, found in business_records.find_by_name_refs(self._db, names).items():
            made = self._named.get(ref, [])
            known = {id for id, _ in found}
            self._named[ref] = found + [entry for entry in made if entry[0] not in known]

    def knows_business(self, cell: str, *, agency: str) -> bool:
        """Whether a cell is the source id of a business, of this agency or qualified; looked up before."""
        return bool(self._records.get(ref_of(agency, cell)) or self._records.get(self._qualified_ref(cell)))

    def find_business(self, cell: str, *, agency: str, also: Sequence[str] = ()) -> str | None:
        """The record that a business cell means, in a row of this agency, if there is one: its source id, else
        `AGENCY:SOURCE_ID` of any agency's row, else its name. `also` are records of the name that are being planned.
        """
        by_id = self._records.get(ref_of(agency, cell)) or self._records.get(self._qualified_ref(cell))
        if by_id is not None:
            return by_id
        stub = record_id("BusinessRecord", agency, self._system, f"name:{name_key(cell)}")
        named = self._named.get(name_ref_of(agency, cell), [])
        own = [(id, business) for id, business in named if id != stub]
        if also:
            known = {id for id, _ in own}
            own += [(id, None) for id in dict.fromkeys(also) if id not in known]
        if own and (len(own) == 1 or (own[0][1] is not None and len({business for _, business in own}) == 1)):
            return own[0][0]
        return stub if any(id == stub for id, _ in named) else None

    def business(self, cell: str, *, agency: str, seq: int) -> str:
        """The same; a new stub if there is none."""
        found = self.find_business(cell, agency=agency)
        if found is not None:
            return found
        key = f"name:{name_key(cell)}"
        stub = record_id("BusinessRecord", agency, self._system, key)
        self._add_business_stub(stub, cell, agency=agency, key=key, seq=seq)
        return stub

    def seated_business(self, cell: str, *, agency: str, seq: int, known: str | None = None) -> str:
        """The same in a row of seats, unless it is `known`; raises Unresolvable for an `AGENCY:SOURCE_ID` that no
        business has."""
        ref = self._qualified_ref(cell)
        if ref and ref not in self._records and ref_of(agency, cell) not in self._records:
            if not self._is_restoring:
                raise Unresolvable(
                    f'There is no business "{cell}".', "Import the businesses file that holds this id first."
                )
            owner, _, key = ref.partition(":")
            stub = record_id("BusinessRecord", owner, self._system, key)
            self._add_business_stub(stub, key, agency=owner, key=key, seq=seq)
            return stub
        return known or self.business(cell, agency=agency, seq=seq)

    def learn_business(self, *, id: str, ref: str, name_ref: str) -> None:
        """Remember a record that this command makes, by how rows refer to it."""
        self._records[ref] = id
        named = self._named.get(name_ref)
        if named is None:
            self._named[name_ref] = [(id, None)]
        elif (id, None) not in named and all(known != id for known, _ in named):
            named.append((id, None))

    def recall_business(self, id: str, name_ref: str, business: str | None) -> None:
        """Let a name (looked up before) mean a record that this import has given another one."""
        named = self._named.setdefault(name_ref, [])
        if all(known != id for known, _ in named):
            named.insert(0, (id, business))

    def look_up_persons(self, cells: Iterable[tuple[str, str, str | None]]) -> None:
        """Ask the graph once for all of these: agency id, person cell, and the business record (None: one to come) at
        which people are known by their names."""
        asked = {one for one in cells if one[1]}
        has_none = partial(self.newcomers.has_none, "PersonRecord")
        refs = {self._person_ref(agency, cell) for agency, cell, _ in asked}
        refs = {ref for ref in refs - self._persons.keys() if not has_none(ref.partition(":")[0])}
        if refs:
            self._persons |= person_records.find_by_refs(self._db, sorted(refs), system=self._system)
        emails = sorted({cell.casefold() for _, cell, _ in asked if "@" in cell} - self._emails_asked)
        if emails:
            self._emails_asked.update(emails)
            for email, found in person_records.find_by_emails(self._db, emails).items():
                made = self._emails.get(email, [])
                self._emails[email] = found + [one for one in made if one not in found]
        named = [(agency, record) for agency, cell, record in asked if record and "@" not in cell]
        records = {record for agency, record in named if not has_none(agency)} - self._people_asked
        if records:
            self._people_asked |= records
            self._people_named |= person_records.find_named_at(self._db, sorted(records))

    def find_person(self, cell: str, *, agency: str, record: str, only_own: bool = False) -> str | None:
        """The person record that a cell means, in a row of this agency about this business record, if there is one.

        A source id, `AGENCY:SOURCE_ID`, an e-mail (`only_own`: not of another agency's record), or a name at that
        business. Raises Unresolvable for an `AGENCY:SOURCE_ID` that nobody has.
        """
        by_id = self._persons.get(self._person_ref(agency, cell))
        if by_id is not None:
            return by_id
        owner, colon, _ = cell.partition(":")
        if colon and name_key(owner) in self._aliases and not self._is_restoring:
            raise Unresolvable(f'There is no person "{cell}".', "Import the people file that holds this id first.")
        if "@" in cell:
            known = self._emails.get(cell.casefold(), [])
            own = [id for id, owner in known if owner == agency]
            return next(iter(own if only_own else [*own, *(id for id, _ in known)]), None)
        return self._people_named.get((record, name_ref_of(agency, cell)))

    def person(self, cell: str, *, agency: str, record: str, seq: int) -> str:
        """The same; a new stub if there is none."""
        owner, colon, key = cell.partition(":")
        found = self.find_person(cell, agency=agency, record=record)
        if found is not None:
            return found
        if colon and name_key(owner) in self._aliases:
            other = self._aliases[name_key(owner)]
            return self._add_person_stub(key.strip(), agency=other, record=record, seq=seq, key=key.strip())
        return self._add_person_stub(cell, agency=agency, record=record, seq=seq)

    def learn_person(self, *, id: str, agency: str, key: str, name: str, email: str, record: str | None) -> None:
        """Remember a person record that this command makes."""
        self._persons[ref_of(agency, key)] = id
        if email:
            known = self._emails.setdefault(email.casefold(), [])
            if all(other != id for other, _ in known):
                known.append((id, agency))
        if record and name:
            self._people_named.setdefault((record, name_ref_of(agency, name)), id)

    def recall_person(self, id: str, agency: str, *, name: str, email: str, record: str | None) -> None:
        """Let a name and an e-mail (looked up before) mean a person whom this import has given others."""
        if "@" in email:
            known = self._emails.setdefault(email.casefold(), [])
            if all(other != id for other, _ in known):
                known.insert(0, (id, agency))
        if record and name:
            self._people_named[record, name_ref_of(agency, name)] = id

    def _know_program(self, agency: str, key: str, id: str) -> None:
        self._owners[id] = agency
        known = self._programs.setdefault(key, [])
        if (agency, id) not in known:
            known.append((agency, id))

    def _own_program(self, agency: str, name: str) -> str:
        is_new = len(self.created_programs)
        id = self.own_program(agency, name)
        if len(self.created_programs) > is_new:
            self.missing.programs[id] = (agency, name)
        return id

    def _qualified_ref(self, cell: str) -> str:
        """How a cell that says `AGENCY:SOURCE_ID` of a known agency refers to the record; "" for any other cell."""
        owner, colon, key = cell.partition(":")
        other = self._aliases.get(name_key(owner)) if colon and key.strip() else None
        return ref_of(other, key.strip()) if other else ""

    def _person_ref(self, agency: str, cell: str) -> str:
        owner, colon, key = cell.partition(":")
        other = self._aliases.get(name_key(owner)) if colon else None
        return ref_of(other, key.strip()) if other else ref_of(agency, cell)

    def _add_business_stub(self, id: str, name: str, *, agency: str, key: str, seq: int) -> None:
        self.missing.businesses[id] = {
            "id": id,
            "agency_id": agency,
            "system": self._system,
            "key": key,
            "ref": ref_of(agency, key),
            "name_ref": name_ref_of(agency, name),
            "name": " ".join(name.split()),
            "seq": seq,
            "said": seq,
            "stub": True,
            "import_id": self.import_id,
        }
        self.learn_business(id=id, ref=ref_of(agency, key), name_ref=name_ref_of(agency, name))

    def _add_person_stub(self, cell: str, *, agency: str, record: str, seq: int, key: str = "") -> str:
        email = cell.casefold() if "@" in cell else ""
        key = key or named_key(cell, record)
        id = record_id("PersonRecord", agency, self._system, key)
        props: dict[str, Any] = {
            "id": id,
            "agency_id": agency,
            "system": self._system,
            "key": key,
            "ref": ref_of(agency, key),
            "seq": seq,
            "said": seq,
            "stub": True,
            "import_id": self.import_id,
        }
        if email:
            props |= {"email": cell, "email_key": email}
        else:
            props |= {"name": " ".join(cell.split()), "name_ref": name_ref_of(agency, cell)}
        self.missing.persons[id] = {"props": props, "record": record}
        self.learn_person(id=id, agency=agency, key=key, name="" if email else cell, email=email, record=record)
        return id
