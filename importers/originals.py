"""Originals: uploaded files as they came, opened once more."""

import contextlib
from collections.abc import Generator
from typing import Any

from crm.graph.driver import Store
from crm.graph.uploads import UploadFile
from crm.services.uploads import unpack
from importers.intake import READ_BY
from importers.read import open_sheet
from importers.sheets import Sheet


@contextlib.contextmanager
def open_original(db: Store, file: UploadFile) -> Generator[Sheet]:
    """The table of an uploaded file, read as it was when it was looked at. Raises NotFound when it is not kept."""
    said: dict[str, Any] = {name: file.said.get(name) for name in READ_BY}
    with unpack(db, file) as path, open_sheet(path, file.name, **said) as sheet:
        yield sheet
