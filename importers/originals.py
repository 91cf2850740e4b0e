"""Originals: files as they came, opened once more; and those of the command line, kept as those of the pages are."""

import contextlib
from collections.abc import Generator
from typing import Any

from crm.access import Viewer
from crm.graph import upload_files, uploads
from crm.graph.driver import Store
from crm.graph.upload_files import UploadFile, file_id
from crm.ids import mint
from crm.services.uploads import clean_name, keep_bytes, unpack
from importers.intake import READ_BY
from importers.load import Source
from importers.openings import Said
from importers.read import open_sheet
from importers.sheets import Sheet


@contextlib.contextmanager
def open_original(db: Store, file: UploadFile) -> Generator[Sheet]:
    """The table of an uploaded file, read as it was when it was looked at. Raises NotFound when it is not kept."""
    said: dict[str, Any] = {name: file.said.get(name) for name in READ_BY}
    with unpack(db, file) as path, open_sheet(path, file.name, **said) as sheet:
        yield sheet


def keep_original(db: Store, viewer: Viewer, source: Source, import_id: str, said: Said) -> None:
    """Keep the file of an import that did not come over a page, with how it was read; one that is kept already stays.

    Nothing is kept where the settings say so (`original_days` 0).
    """
    path = source.sheet.path
    if not db.settings.original_days or path is None or upload_files.find_file_of_import(db, import_id) is not None:
        return
    upload = mint("y", "original", import_id)
    file, profile = file_id(upload, 0), source.profile
    told: dict[str, Any] = {name: getattr(said, name) for name in READ_BY}
    told |= {"kind": profile.kind, "maps": list(profile.maps), "date_formats": list(profile.date_formats)}
    told |= {"patterns": [], "agency": profile.agency, "headers": list(source.sheet.headers)}
    told |= {"values": list(profile.values), "complete": profile.complete}
    uploads.add_upload(db, upload, system=profile.system, viewer=viewer)
    uploads.commit_upload(db, upload, revision=0)
    chunks = keep_bytes(db, file, path)
    db.transact(
        lambda tx: upload_files.put_file(
            tx,
            upload,
            0,
            name=clean_name(source.sheet.name),
            size=source.sheet.size,
            chunks=chunks,
            reading={},
            said=told,
            is_ready=True,
        )
    )
    upload_files.set_import(db, file, import_id)
