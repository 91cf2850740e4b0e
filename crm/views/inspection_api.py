"""The API of inspections: send a file and be told how it would be read; nothing is kept."""

from typing import Any

from crm.access import Viewer
from crm.errors import Refused
from crm.graph.driver import Store
from crm.services.uploads import clean_name, receive
from crm.views.api import endpoint
from crm.views.params import Param
from importers.archives import is_archive, list_members, read_archive
from importers.inspections import InspectedFile, Inspection, inspect_parts, inspect_sheet
from importers.intake import Brought, refuse_many
from importers.proposals import list_own_profiles
from importers.read import open_sheet

INSPECT_PARAMS = (
    Param("sheet", "The sheet of a workbook, where the first is not meant.", default=None),
    Param("header_row", "The row of the headings, from 0; -1 if there is none.", int, default=None),
    Param("delimiter", "What stands between the cells, where the guess is wrong.", default=None),
    Param("encoding", "How the letters are written, where the guess is wrong.", default=None),
)


@endpoint(
    "/imports/inspect", method="POST", files=True, params=INSPECT_PARAMS,
    answer=Inspection | list[InspectedFile],
    summary="How a file, or each in a zip file, would be read: its kind, and what each column means; nothing is kept.",
)  # fmt: skip
def inspect_file(db: Store, viewer: Viewer, *, files: list[Brought], **said: Any) -> Inspection | list[InspectedFile]:
    if len(files) != 1:
        raise Refused("Send one file, as a form field called file.")
    name, stream = files[0]
    name, profiles = clean_name(name), list_own_profiles(db, viewer)
    with receive(stream) as path:
        if is_archive(path, name):
            refuse_many(len(list_members(path, name)))
            return inspect_parts(read_archive(path, name), profiles, **said)
        with open_sheet(path, name, **said) as sheet:
            return inspect_sheet(sheet, profiles)
