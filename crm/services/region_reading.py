"""Reading the region: all of it, or what changed since it was read. What comes back is whole; nothing is kept here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from crm.access import OWNER, Viewer
from crm.ahead import read_ahead
from crm.analysis.leads import Lead
from crm.analysis.regions import Agreement, Directory, Referral, Region, read_region
from crm.collector import paused_collector
from crm.graph import departures, knocks, stale
from crm.graph.clock import Moment
from crm.graph.driver import Reader, Store
from crm.graph.knocks import BusinessColumns
from crm.services import region_rows
from crm.services.shelves import Shelf

KEPT_SIFTED = 8


@dataclass(frozen=True)
class Rules:
    """Who knocks, and which agreements join them: small, and needed for every light. `time` is the graph's clock's.

    `leads` are apart from the agreements, because they say whom to ask, and no number depends on them.

    `sifted` holds what `crm.services.lights` found under them in the longest lists of contacts, and goes with them.
    """

    time: int
    directory: Directory
    agreements: tuple[Agreement, ...]
    leads: tuple[Lead, ...] = ()
    sifted: Shelf = field(default_factory=lambda: Shelf(KEPT_SIFTED), compare=False, repr=False)


@dataclass(frozen=True)
class Change:
    """The region after a change (the same one where nothing did), the businesses that differ, and whether the rules do,
    on which all depend."""

    region: Region
    businesses: frozenset[str]
    is_general: bool


def read_rules(db: Store, now: int) -> Rules:
    return Rules(now, region_rows.read_directory(db, OWNER), *region_rows.read_agreements(db))


def read_all(db: Store, read_rules: Callable[[], Rules]) -> Region:
    """The whole region."""
    with paused_collector():
        # A contact of a program that is newer than this is passed over; it comes with the change that brought it.
        rules = read_rules()
        columns, contacts = knocks.list_businesses(db, OWNER)
        return read_region(
            directory=rules.directory,
            contacts=region_rows.read_contacts(columns.ids, read_ahead(contacts), rules.directory),
            businesses=region_rows.shape_businesses(columns),
            referrals=region_rows.shape_referrals(columns.referrals, rules.directory),
            agreements=rules.agreements,
        )


def read_change(
    db: Store, region: Region, read_rules: Callable[[], Rules], *, after: int, now: Moment
) -> Change | None:
    """What changed since an earlier time of the graph's clock; None where the region has to be read anew."""
    columns, gone = _read_businesses(db, region, after=after, now=now)
    rules = read_rules()
    if not _holds(rules.directory, region.directory):
        # What is numbered already names an agency or a program that is gone.
        return None
    told: dict[str, list[Referral]] = {business: [] for business in columns.ids}
    for referral in region_rows.shape_referrals(columns.referrals, rules.directory):
        told[referral.business].append(referral)
    changed = frozenset((*columns.ids, *gone))
    if changed:
        region = region.change(
            contacts=region_rows.shape_contacts(columns, rules.directory),
            businesses=region_rows.shape_businesses(columns),
            referrals=told,
            gone=gone,
        )
    is_general = (rules.directory, rules.agreements) != (region.directory, tuple(region.agreements))
    if is_general:
        region = replace(region, directory=rules.directory, agreements=rules.agreements)
    return Change(region, changed, is_general)


def read_some(
    db: Reader, viewer: Viewer, ids: list[str], directory: Directory, agreements: Iterable[Agreement]
) -> Region:
    """These businesses alone, as they are in the graph: what is counted on them depends on nothing else."""
    columns = knocks.list_businesses_by_id(db, viewer, ids)
    return read_region(
        directory=directory,
        contacts=region_rows.read_contacts(columns.ids, [columns.contacts], directory),
        businesses=region_rows.shape_businesses(columns),
        referrals=region_rows.shape_referrals(columns.referrals, directory),
        agreements=agreements,
    )


def _read_businesses(db: Store, region: Region, *, after: int, now: Moment) -> tuple[BusinessColumns, set[str]]:
    """The businesses that are new or differ, and the ids of those that are there no more."""
    columns = knocks.list_changed_businesses(db, OWNER, after=after, until=now.time)
    places = region.businesses.places
    gone = departures.list_gone(db, "business", after=after, until=now.time) if now.gone_at > after else set[str]()
    gone = gone.intersection(places).difference(columns.ids)
    more = now.businesses - len(places) + len(gone) - sum(id not in places for id in columns.ids)
    # Those that wait to be computed are marked, and come when they are.
    if more == 0 or (more > 0 and stale.has_marks(db, "business")):
        return columns, gone
    # Another graph may have taken the place of the one that was read.
    there, known = knocks.list_business_ids(db), places.keys() | set(columns.ids)
    if unseen := there - known:
        columns.extend(knocks.list_businesses_by_id(db, OWNER, sorted(unseen)))
    return columns, known - there - set(columns.ids)


def _holds(directory: Directory, earlier: Directory) -> bool:
    """Whether everything of an earlier directory is still there."""
    return directory.agencies.keys() >= earlier.agencies.keys() and directory.programs.keys() >= earlier.programs.keys()
