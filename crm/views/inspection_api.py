"""The API of inspections: send a file and be told how it would be read; nothing is kept."""

from typing import Any

from crm.access import Viewer
from crm.errors import Refused
from crm.graph.driver import Store
from crm.services.uploads import clean_name, receive
from crm.views.api import endpoint
from crm.views.params import Param
from importers.inspections import Inspection, inspect_sheet
from importers.intake import Brought
from importers.proposals import list_own_profiles
from importers.read import open_sheet

INSPECT_PARAMS = (
    Param("sheet", "The sheet of a workbook, where the first is not meant.", default=None),
    Param("header_row", "The row of the headings, from 0; -1 if there is none.", int, default=None),
    Param("delimiter", "What stands between the cells, where the guess is wrong.", default=None),
    Param("encoding", "How the letters are written, where the guess is wrong.", default=None),
)


@endpoint(
    "/imports/inspect", method="POST", files=True, params=INSPECT_PARAMS, answer=Inspection,
    summary="How a file would be read: its kind, and what each column means; nothing is kept.",
)  # fmt: skip
def inspect_file(db: Store, viewer: Viewer, *, files: list[Brought], **said: Any) -> Inspection:
    if len(files) != 1:
        raise Refused("Send one file, as a form field called file.")
    name, stream = files[0]
    with receive(stream) as path, open_sheet(path, clean_name(name), **said) as sheet:
        return inspect_sheet(sheet, list_own_profiles(db, viewer))
