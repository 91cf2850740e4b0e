"""Whole lists: files of a source that sends everything each time, so that what a file lacks is no longer sent.

Only rows of the agencies that the file names, of its source system and its kind, can be lacking. A refused row was sent
all the same, as far as its id can be read. A row without an id is known by what it says: when that changes, the old
row is no longer sent and a new one is there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm.batches import in_batches
from crm.errors import Refused
from crm.graph import unsent
from crm.graph.driver import Reader, Store
from crm.graph.records import Label

# Kinds whose rows are known by an id, or else by what they say.
KINDS = ("businesses", "people", "touchpoints", "referrals")
BATCH = 1_000
# The share of the rows known so far that a whole list may lack without a question.
PLAUSIBLE = 0.5


@dataclass
class Sent:
    """Ids of the records that a file sends rows of, and of the agencies whose they are."""

    label: Label
    system: str
    records: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)

    def __or__(self, other: "Sent") -> "Sent":
        return Sent(self.label, self.system, self.records | other.records, self.agencies | other.agencies)


@dataclass(frozen=True)
class Lacking:
    """What a whole list lacks of the `known` rows that were sent until now: ids of records."""

    records: list[str]
    known: int

    @property
    def is_doubtful(self) -> bool:
        """Whether so much is lacking that it is perhaps no whole list."""
        return len(self.records) > PLAUSIBLE * self.known


def check_kind(kind: str) -> None:
    """Raises Refused for a kind of file whose rows cannot be missed."""
    if kind not in KINDS:
        raise Refused(f"A file of {kind} cannot be taken as a whole list; only {', '.join(KINDS)} can.")


def find_lacking(db: Reader, sent: Sent) -> Lacking:
    """What the graph has of these agencies and this system, and the file has not."""
    if not sent.agencies:
        return Lacking([], 0)
    known = unsent.list_sent_before(db, sent.label, agency_ids=sorted(sent.agencies), system=sent.system)
    return Lacking(sorted(known - sent.records), len(known))


def check_plausible(lacking: Lacking, file: str) -> None:
    """Raises Refused when more than half of the rows are lacking."""
    if lacking.is_doubtful:
        raise Refused(
            f"{file} lacks {len(lacking.records):,} of the {lacking.known:,} rows that were sent so far, more than "
            "half. Nothing was imported. If it really is the whole list, say so (--sure); if not, import it as it is "
            "(--no-complete)."
        )


def mark_lacking(db: Store, sent: Sent, *, import_id: str, on: str) -> int:
    """Mark what the file of this import lacks; how much. Killed half way, it can be called again."""
    lacking = find_lacking(db, sent)
    for batch in in_batches(lacking.records, BATCH):
        found = unsent.find_owners(db, sent.label, batch)
        db.transact(
            lambda tx, found=found: unsent.mark(tx, sent.label, found, system=sent.system, import_id=import_id, on=on)
        )
    unsent.note_whole(db, import_id, agency_ids=sorted(sent.agencies))
    return len(lacking.records)


def join(all_sent: Iterable[Sent]) -> list[Sent]:
    """What several files of one command send together: of each kind and system, one whole list."""
    joined: dict[tuple[Label, str], Sent] = {}
    for sent in all_sent:
        key = (sent.label, sent.system)
        joined[key] = joined[key] | sent if key in joined else sent
    return list(joined.values())


def last_of(all_sent: Sequence[Sent | None]) -> dict[int, Sent]:
    """Place of the last file of each kind and system among these -> what all files of them send together."""
    places = {(sent.label, sent.system): place for place, sent in enumerate(all_sent) if sent is not None}
    return {places[one.label, one.system]: one for one in join(filter(None, all_sent))}
