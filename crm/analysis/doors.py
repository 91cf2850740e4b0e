"""Doors: agencies that a business meets as one, because something that lasts links them (definitions §3).

A link is an interval of days in which some agencies act together about one business: a joint contact or an accepted
referral for a year, a shared-lead agreement while it is in force. A door of a day is a connected component of the
agencies over the links that are active then; an agency without links is its own door.

Agencies in a set are bits of one integer, so "shares no agency" and "in one door" are one operation each.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crm.analysis.days import FOREVER, get_date
from crm.analysis.regions import Agreement, Directory, Referral
from crm.analysis.sets import is_joint, list_bits


class Link(NamedTuple):
    """These agencies are linked on every day from `first` to `last`, both inside."""

    agencies: int
    first: int
    last: int
    kind: str
    name: str = ""

    def describe(self) -> str:
        """What made the link, in words that end a sentence."""
        day = get_date(self.first).isoformat()
        if self.kind == "agreement":
            return f'the agreement "{self.name}" of {day}'
        return f"a joint contact on {day}" if self.kind == "joint" else f"a referral accepted on {day}"


def link_agreements(agreements: Iterable[Agreement], directory: Directory) -> list[tuple[Agreement, Link]]:
    """The link that each agreement makes; one that binds fewer than two known agencies makes none."""
    links = []
    for agreement in agreements:
        mask = directory.mask_agencies(agreement.agencies)
        if is_joint(mask):
            last = FOREVER if agreement.ends_on is None else agreement.ends_on
            links.append((agreement, Link(mask, agreement.begins_on, last, "agreement", agreement.name)))
    return links


def link_referrals(referrals: Iterable[Referral], directory: Directory, *, days: int) -> list[Link]:
    """A link for each accepted referral between two agencies, from the day on which it was accepted."""
    links = []
    for referral in referrals:
        mask = directory.mask_programs((referral.from_program, referral.to_program))
        if referral.accepted_on is not None and is_joint(mask):
            links.append(Link(mask, referral.accepted_on, referral.accepted_on + days, "referral"))
    return links


def link_joint_contacts(contacts: Iterable[tuple[int, int]], *, days: int) -> list[Link]:
    """A link for each (day, agencies) of a touchpoint, whatever its direction, purpose and result."""
    return [Link(mask, day, day + days, "joint") for day, mask in contacts if is_joint(mask)]


def merge_links(links: Iterable[Link]) -> list[Link]:
    """Fewer links with the same doors on every day: what the same agencies share, without overlaps."""
    merged: list[Link] = []
    for link in sorted(links, key=lambda link: (link.agencies, link.first, link.last)):
        last = merged[-1] if merged else None
        if last and last.agencies == link.agencies and link.first <= last.last + 1:
            merged[-1] = last._replace(last=max(last.last, link.last))
        else:
            merged.append(link)
    return merged


def join_masks(masks: Iterable[int]) -> list[int]:
    """Connected components: the sets, with those that overlap made one."""
    doors: list[int] = []
    for mask in masks:
        touched = [door for door in doors if door & mask]
        if not touched:
            doors.append(mask)
        elif len(touched) > 1 or touched[0] | mask != touched[0]:
            doors = [door for door in doors if not door & mask]
            for door in touched:
                mask |= door
            doors.append(mask)
    return doors


class Doors:
    """The doors of one business on any day. They change where a link begins or ends, and are found once between."""

    __slots__ = ("_cuts", "_found", "_links", "_spans")

    def __init__(self, links: Sequence[Link]) -> None:
        self._links = links
        self._spans = [(link.agencies, link.first, link.last) for link in links]
        self._cuts = sorted({link.first for link in links} | {link.last + 1 for link in links})
        self._found: dict[int, list[int]] = {}

    def list_doors(self, day: int) -> list[int]:
        """The doors of two agencies or more on this day; every other agency is a door alone."""
        epoch = bisect_right(self._cuts, day)
        doors = self._found.get(epoch)
        if doors is None:
            doors = join_masks([agencies for agencies, first, last in self._spans if first <= day <= last])
            self._found[epoch] = doors
        return doors

    def widen(self, agencies: int, day: int) -> int:
        """These agencies with all that are in one door with any of them on this day."""
        for door in self.list_doors(day):
            if door & agencies:
                agencies |= door
        return agencies

    def list_reasons(self, agencies: int, others: int, day: int) -> list[str]:
        """What links the two sets directly on this day, newest first; empty where other agencies stand between them."""
        direct = [
            link
            for link in self._links
            if link.first <= day <= link.last and link.agencies & agencies and link.agencies & others
        ]
        newest = sorted(direct, key=lambda link: (-link.first, link.kind, link.name))
        return list(dict.fromkeys(link.describe() for link in newest))


def list_links(
    business: str,
    *,
    naics: str | None,
    county: str | None,
    zip_code: str | None,
    joint: Iterable[tuple[int, int]],
    referrals: Iterable[Referral],
    agreements: Iterable[Agreement],
    directory: Directory,
    link_days: int,
) -> list[Link]:
    """All links about one business; `joint` are (day, agencies) of its touchpoints up to the day of the report."""
    bound = [
        link
        for agreement, link in link_agreements(agreements, directory)
        if agreement.covers(business, naics, county=county, zip_code=zip_code)
    ]
    return [
        *bound,
        *link_referrals(referrals, directory, days=link_days),
        *link_joint_contacts(joint, days=link_days),
    ]


def label_agencies(doors: Sequence[int], agencies: int) -> list[int]:
    """One number per agency, equal for agencies of one door: the lowest agency of the door."""
    labels = list(range(agencies))
    for door in doors:
        members = list_bits(door)
        for number in members:
            labels[number] = members[0]
    return labels
