"""Walls: whose rows somebody may import. A member brings those of the own agency, an administrator those of anybody."""

from crm.access import Viewer
from crm.errors import NotAllowed
from importers.kinds import Kind


def only_agency(viewer: Viewer) -> str | None:
    """The id of the only agency whose rows this viewer may import; None for any agency's."""
    return None if viewer.is_admin else viewer.agency_id


def may_import(viewer: Viewer, kind: Kind) -> bool:
    """Whether this viewer may import files of this kind: agreements and sectors belong to the whole region."""
    return kind.is_of_agencies or viewer.is_admin


def check_kind(viewer: Viewer, kind: Kind) -> None:
    """Raises NotAllowed for a file of a kind that this viewer may not import."""
    if not may_import(viewer, kind):
        raise NotAllowed(f"Only an administrator can import {kind.name}: they concern the whole region.")
