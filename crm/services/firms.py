"""Firms: what the sites of one owner have together. The measures count sites; a relationship is often with the firm."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from crm.access import OWNER, Viewer
from crm.analysis.lights import Light
from crm.errors import NotFound, Refused
from crm.graph import agencies, businesses, dossiers, firms, resolution
from crm.graph.dossiers import TimelineLine
from crm.graph.driver import Reader, Store, Transaction
from crm.graph.firms import FirmRow, Person, Site
from crm.services import lights
from crm.services.clocked import Clocked, read_clock
from crm.services.judgements import ask_to_match, put_judgement

PAGE = 25
NEWEST = 8
SORTED_BY = ("contacts", "sites", "agencies", "last_contact_on", "name")


@dataclass
class _Listed:
    """All firms, and their orders by column as they are asked for."""

    rows: list[FirmRow]
    orders: dict[tuple[str, bool], list[FirmRow]] = field(default_factory=dict)


def _read_firms(db: Store, known: object, now: object) -> _Listed:
    return _Listed(firms.list_firms(db, OWNER))


_listed = Clocked(_read_firms, read_clock=read_clock, name="firms")


@dataclass(frozen=True)
class FirmPage:
    """A firm: one page of its sites with their lights, and of all sites the people, agencies and newest contacts.

    `known_by` is each agency with how many of the sites it knows, most first.
    """

    id: str
    name: str
    total: int
    contacts: int
    sites: list[tuple[Site, Light]]
    people: list[Person]
    known_by: list[tuple[str, int]]
    lines: list[TimelineLine]


def list_firms(
    db: Store, viewer: Viewer, *, sort: str = "contacts", descending: bool = True
) -> tuple[list[FirmRow], str, bool]:
    """Every firm of several sites in an order, ties by name, and what order that is; unknown columns are passed over.

    They are read again only when the graph's clock has moved.
    """
    kept = _listed.get(db)
    if sort not in SORTED_BY:
        sort, descending = "contacts", True
    if (sort, descending) not in kept.orders:
        by_name = sorted(kept.rows, key=lambda row: (row.name.casefold(), row.id))
        # What is not known stands last in either direction.
        known = [row for row in by_name if getattr(row, sort) not in (None, "")]
        unknown = [row for row in by_name if getattr(row, sort) in (None, "")]
        kept.orders[sort, descending] = sorted(known, key=_read_key(sort), reverse=descending) + unknown
    return kept.orders[sort, descending], sort, descending


def _read_key(sort: str) -> Callable[[FirmRow], Any]:
    return (lambda row: row.name.casefold()) if sort == "name" else attrgetter(sort)


def find_current(db: Store, id: str) -> tuple[str | None, str]:
    """Where a firm's id leads now: the firm, if there is one, of the business after which it was called; and that.

    Raises NotFound.
    """
    business = businesses.find_current_id(db, "b" + id[1:]) if id.startswith("o") else None
    if business is None:
        raise NotFound("There is no such firm. Its sites may be with another firm now, or taken back.")
    return firms.find_id_of_business(db, business), business


def get_firm_page(db: Store, viewer: Viewer, id: str, *, page: int = 1) -> FirmPage:
    """Raises NotFound, also for an id that was given up (`find_current` first)."""
    name = firms.find_name(db, id)
    sites = firms.list_sites(db, id, viewer=viewer, newest=NEWEST) if name is not None else []
    if not sites:
        raise NotFound("There is no such firm.")
    shown = sites[(page - 1) * PAGE : page * PAGE]
    light_of = lights.find_lights(db, viewer, [site.id for site in shown], agency_id=viewer.agency_id)
    return FirmPage(
        id=id,
        name=name or sites[0].name,
        total=len(sites),
        contacts=sum(site.contacts for site in sites),
        sites=[(site, light_of[site.id]) for site in shown if site.id in light_of],
        people=firms.list_people(db, id, viewer=viewer),
        known_by=_count_agencies(db, viewer, sites),
        lines=_list_newest(db, viewer, sites),
    )


def _count_agencies(db: Store, viewer: Viewer, sites: list[Site]) -> list[tuple[str, int]]:
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}
    counts: dict[str, int] = {}
    for site in sites:
        for id in site.agencies:
            if id in names:
                counts[names[id]] = counts.get(names[id], 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold()))


def _list_newest(db: Store, viewer: Viewer, sites: list[Site]) -> list[TimelineLine]:
    """The newest contacts over all sites. They are among the newest of the sites that were contacted last."""
    last = sorted((s for s in sites if s.last_contact_on), key=lambda s: s.last_contact_on or "", reverse=True)
    ids = [id for site in last[:NEWEST] for id in site.newest]
    return dossiers.list_lines(db, ids, viewer=viewer)[:NEWEST] if ids else []


# What people say of firms.


def leave_firm(db: Store, viewer: Viewer, firm_id: str, business_id: str, *, why: str | None = None) -> str:
    """Say that this site is not of the firm that its other sites are of; returns the judgement's id. The region follows
    with a job. Raises NotFound, also for a business that is no site of this firm (any more)."""

    def work(tx: Transaction) -> str:
        others = [id for id in firms.list_site_ids(tx, firm_id) if id != business_id]
        if not others or firms.find_id_of_business(tx, business_id) != firm_id:
            raise NotFound("This business is no site of the firm any more. Nothing was saved.")
        record, other = _find_records(tx, business_id, others[0])
        return _say(tx, viewer, record, other, "two_firms", why, about=record)

    return db.transact(work)


def join_firm(db: Store, viewer: Viewer, business_id: str, other_id: str, *, why: str | None = None) -> str:
    """Say that two businesses are sites of one firm; returns the judgement's id. The region follows with a job. Raises
    NotFound, and Refused for a business and itself."""
    if business_id == other_id:
        raise Refused("A business is its own site already. Choose another one.")

    def work(tx: Transaction) -> str:
        record, other = _find_records(tx, business_id, other_id)
        return _say(tx, viewer, record, other, "firm", why)

    return db.transact(work)


def _find_records(db: Reader, *ids: str) -> list[str]:
    """A record of each business, by which to speak of it: the one that it is called after, if that is still its own."""
    found: list[str] = []
    for id in ids:
        records = [row["id"] for row in resolution.list_things(db, "business", [id])[id]]
        if not records:
            raise NotFound("There is no such business. It may have been taken back with its file.")
        founding = businesses.founding_record_id(id)
        found.append(founding if founding in records else records[0])
    return found


def _say(
    tx: Transaction, viewer: Viewer, left: str, right: str, verdict: str, why: str | None, *, about: str | None = None
) -> str:
    id = put_judgement(
        tx, viewer, kind="business", left=left, right=right, verdict=verdict, why=why, about=about
    )  # fmt: skip
    ask_to_match(tx, viewer, id)
    return id
