"""Intake: files are received and kept, and people say how they are to be read, until an import has all that it needs.

A member imports rows of the own agency only: whatever is said, the agency of the choices is that one
(`proposals.enforce`), and rows that name another are refused when they are planned.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from crm.access import Viewer
from crm.errors import CrmError, NotFound, Refused
from crm.graph import upload_bytes, upload_files, uploads
from crm.graph.driver import Store, Transaction
from crm.graph.upload_files import UploadFile, file_id
from crm.graph.uploads import Upload
from crm.ids import mint
from crm.services import kept_matches
from crm.services.uploads import clean_name, keep_bytes, receive, unpack
from importers.archives import is_archive, list_members, read_archive
from importers.choices import Choices, choose_by_profile, list_gaps, to_date_formats, to_maps, to_values
from importers.errors import MapError, ReadError, UnknownLetters
from importers.kept_texts import KeptTexts
from importers.kinds import BY_NAME
from importers.openings import Said
from importers.profiles import PLAIN, Profile, make_profile
from importers.proposals import enforce, find_known, list_known_versions, own_agency, propose, save_profile
from importers.readings import Reading, read_file
from importers.walls import check_kind

MOST_FILES = 20
# How the bytes of a file are read, where the guess is overruled: arguments of `open_sheet`.
READ_BY = ("encoding", "delimiter", "header_row", "sheet", "footers")

# An encoding in which every byte is some letter.
ANY_LETTERS = "cp437"

Brought = tuple[str, BinaryIO]


class NothingRead(Refused):
    """No file of a delivery could be read. `problems` are each file with the reason."""

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__(" ".join(problem["why"] for problem in problems) or "Choose a file first.")
        self.problems = problems


@dataclass(frozen=True)
class _Settled:
    """How a file is to be read: what was said or proposed, whether that is all, and the system of its ids."""

    said: dict[str, Any]
    is_ready: bool
    system: str


def add_files(db: Store, viewer: Viewer, files: Sequence[Brought]) -> str:
    """Keep the files of one delivery as a new upload (its id); what cannot be read is noted on it with the reason.

    Raises Refused, with nothing kept, when none of them can be read.
    """

    def settle(reading: Reading, system: str) -> _Settled:
        if reading.plain:
            check_kind(viewer, BY_NAME[reading.plain])
        proposed = propose(db, viewer, reading, system=system)
        return _Settled(_to_said(proposed.choices, reading, {}), proposed.is_sure, proposed.system)

    return _add(db, viewer, files, settle, strict=False)


def add_said_files(db: Store, viewer: Viewer, files: Sequence[Brought], said: Said) -> str:
    """The same for files of which all was said when they were sent.

    Raises Refused, with nothing kept, for one that cannot be read, or of which too little was said.
    """
    read_by = {name: getattr(said, name) for name in READ_BY}

    def settle(reading: Reading, system: str) -> _Settled:
        if said.maps or said.date_formats or said.values or said.kind:
            return _settle_said(db, viewer, reading, said)
        proposed = propose(db, viewer, reading, system=system)
        complete = proposed.choices.complete if said.complete is None else said.complete
        choices = replace(proposed.choices, agency=said.agency or proposed.choices.agency, complete=complete)
        if not proposed.is_sure:
            return _settle_said(db, viewer, reading, said)
        return _Settled(_to_said(enforce(db, viewer, choices), reading, read_by), True, proposed.system)

    return _add(db, viewer, files, settle, strict=True, system=said.system or PLAIN, read_by=read_by)


def _settle_said(db: Store, viewer: Viewer, reading: Reading, said: Said) -> _Settled:
    """By the words of a request. Raises MapError where they do not fit or say too little."""
    agency = said.agency if viewer.is_admin else own_agency(db, viewer)
    system = said.system or PLAIN
    made = make_profile(
        reading.headers,
        maps=said.maps,
        date_formats=said.date_formats,
        values=said.values,
        agency=agency,
        system=system,
        kind=said.kind,
    )
    check_kind(viewer, BY_NAME[made.kind])
    told: dict[str, Any] = {name: getattr(said, name) for name in READ_BY}
    told |= {"kind": made.kind, "maps": list(made.maps), "date_formats": list(made.date_formats), "patterns": []}
    told |= {"agency": agency, "headers": list(reading.headers), "complete": bool(said.complete)}
    return _Settled(told | {"values": list(made.values)}, True, system)


def _add(
    db: Store,
    viewer: Viewer,
    files: Sequence[Brought],
    settle: Callable[[Reading, str], _Settled],
    *,
    strict: bool,
    system: str = PLAIN,
    read_by: dict[str, Any] | None = None,
) -> str:
    refuse_many(len(files))
    id = mint("y", uuid4().hex)
    problems: list[dict[str, str]] = []
    read: list[tuple[str, Path, Reading, _Settled]] = []
    with ExitStack() as stack:
        for name, path, problem in _receive_all(stack, files):
            try:
                if problem:
                    raise ReadError(problem)
                way = {"kept": texts_of(db), **(read_by or {})}
                reading, settled = _read(path, name, settle, system, strict=strict, read_by=way)
            except CrmError as refusal:
                if strict or refusal.status >= 500:
                    raise
                problems.append({"file": name, "why": str(refusal)})
            else:
                system = settled.system
                read.append((name, path, reading, settled))
        if not read:
            raise NothingRead(problems)
        uploads.add_upload(db, id, system=system, viewer=viewer)
        for n, (name, path, reading, settled) in enumerate(read):
            _keep(db, id, n, name, path, reading, settled)
    db.transact(lambda tx: uploads.set_problems(tx, id, problems))
    return id


def refuse_many(count: int) -> None:
    """Raises Refused for more files than can be uploaded at once."""
    if count > MOST_FILES:
        raise Refused(f"At most {MOST_FILES} files can be uploaded at once; these are {count}.")


def _receive_all(stack: ExitStack, files: Sequence[Brought]) -> Iterator[tuple[str, Path, str]]:
    """Each file as it is shown, on disk until the stack ends, and what is wrong with it; a zip file's members are files
    of their own.
    """
    count = 0
    for name, stream in files:
        name = clean_name(name)
        path = stack.enter_context(receive(stream))
        try:
            parts = list_members(path, name) if is_archive(path, name) else None
        except ReadError as error:
            yield name, path, str(error)
            continue
        count += len(parts or [name])
        refuse_many(count)
        if parts is None:
            yield name, path, ""
            continue
        for part in read_archive(path, name):
            if part.stream is None:
                yield part.name, path, f"{part.name}: {part.problem}"
            else:
                yield part.name, stack.enter_context(receive(part.stream)), ""


def _read(
    path: Path,
    name: str,
    settle: Callable[[Reading, str], _Settled],
    system: str,
    *,
    strict: bool,
    read_by: dict[str, Any],
) -> tuple[Reading, _Settled]:
    try:
        reading = read_file(path, name, **read_by)
        return reading, settle(reading, system)
    except UnknownLetters as doubt:
        if strict:
            raise
        # Somebody is there who can see whether the names look right: read it by any that fits, and ask.
        reading = read_file(path, name, encoding=ANY_LETTERS)
        settled = settle(reading, system)
        note = f"{doubt} Below they are read as DOS letters: choose what makes the names look right."
        said = settled.said | {"encoding": ANY_LETTERS}
        return replace(reading, notes=(note, *reading.notes)), replace(settled, said=said, is_ready=False)


def _keep(db: Store, upload: str, n: int, name: str, path: Path, reading: Reading, settled: _Settled) -> None:
    chunks = keep_bytes(db, file_id(upload, n), path)
    size = path.stat().st_size
    told = reading.to_json()
    db.transact(
        lambda tx: upload_files.put_file(
            tx,
            upload,
            n,
            name=name,
            size=size,
            chunks=chunks,
            reading=told,
            said=settled.said,
            is_ready=settled.is_ready,
        )
    )


def get_file(upload: Upload, n: int) -> UploadFile:
    """Raises NotFound."""
    for file in upload.files:
        if file.n == n:
            return file
    raise NotFound("There is no such file in this upload.")


def remove_file(db: Store, upload: Upload, file: UploadFile) -> bool:
    """Take one file out; with the last one the upload goes (False). Raises Conflict when it is being imported."""
    if len(upload.files) == 1:
        remove_upload(db, upload)
        return False

    def work(tx: Transaction) -> None:
        uploads.change_upload(tx, upload.id)
        upload_files.drop_file(tx, file.id)

    db.transact(work)
    upload_bytes.drop_bytes(db, file.id)
    forget_file(db, file)
    return True


def remove_upload(db: Store, upload: Upload) -> None:
    """Throw an upload away. Raises Conflict when its import was asked for."""
    db.transact(lambda tx: uploads.change_upload(tx, upload.id))
    uploads.drop_upload(db, upload)
    for file in upload.files:
        forget_file(db, file)


def texts_of(db: Store) -> KeptTexts:
    """What uploaded workbooks were read as."""
    return KeptTexts(db.settings.data_dir)


def forget_file(db: Store, file: UploadFile) -> None:
    """Keep no longer what a file was read as, nor what was found of its records."""
    texts_of(db).forget(file.reading.get("sha256", ""))
    kept_matches.forget_all(db.settings.data_dir)


def forget_old(db: Store) -> None:
    """Keep no longer what nobody has used for a day."""
    texts_of(db).clear()
    kept_matches.forget_all(db.settings.data_dir, older=kept_matches.KEPT_SECONDS)


def get_reading(file: UploadFile) -> Reading:
    return Reading.from_json(file.reading)


def get_choices(file: UploadFile) -> Choices:
    """What has been said about a file so far, or was proposed."""
    said = file.said
    profile = Profile(
        said["agency"],
        PLAIN,
        said["kind"],
        tuple(said["maps"]),
        tuple(said["date_formats"]),
        tuple(said["headers"]),
        values=tuple(said.get("values", ())),
        complete=said.get("complete", False),
    )
    choices = choose_by_profile(get_reading(file), profile, agency=said["agency"])
    return replace(choices, patterns=tuple(said["patterns"])) if said["patterns"] else choices


def change_file(
    db: Store, viewer: Viewer, upload: Upload, file: UploadFile, choices: Choices, *, system: str, save: bool
) -> bool:
    """Say how a file is read; whether all is said. With `save`, files with these headings are read so from now on.

    Raises NotAllowed for what this viewer may not import, Conflict when the upload is being imported.
    """
    reading = get_reading(file)
    choices = enforce(db, viewer, choices)
    check_kind(viewer, BY_NAME[choices.kind])
    ready = not list_gaps(choices, reading)
    _put(db, upload, file, reading, _to_said(choices, reading, file.said), is_ready=ready, system=system)
    if ready and save:
        save_profile(db, viewer, choices, reading, system=system)
    return ready


def take_version(db: Store, viewer: Viewer, upload: Upload, file: UploadFile, number: int) -> None:
    """Read a file as an earlier version of its profile said; nothing is ready until somebody agrees.

    Raises NotFound for a version that is not kept, or that the viewer may not know of.
    """
    reading = get_reading(file)
    known = find_known(db, viewer, reading, system=upload.system)
    kept = list_known_versions(db, known) if known else []
    profile = next((Profile.from_json(version.profile) for n, version, _ in kept if n == number), None)
    if profile is None:
        raise NotFound("That version is not kept.")
    choices = enforce(db, viewer, choose_by_profile(reading, profile, agency=profile.agency))
    said = _to_said(choices, reading, file.said)
    _put(db, upload, file, reading, said, is_ready=False, system=profile.system)


def reread_file(db: Store, viewer: Viewer, upload: Upload, file: UploadFile, read_by: dict[str, Any]) -> None:
    """Read the bytes again in another way (`READ_BY`). Raises ReadError."""
    with unpack(db, file) as path:
        reading = read_file(path, file.name, kept=texts_of(db), **read_by)
    proposed = propose(db, viewer, reading, system=upload.system)
    said = _to_said(proposed.choices, reading, read_by)
    _put(db, upload, file, reading, said, is_ready=False, system=upload.system)


def _put(
    db: Store, upload: Upload, file: UploadFile, reading: Reading, said: dict[str, Any], *, is_ready: bool, system: str
) -> None:
    told = reading.to_json()

    def work(tx: Transaction) -> None:
        uploads.change_upload(tx, upload.id)
        uploads.set_system(tx, upload.id, system)
        upload_files.put_file(
            tx,
            upload.id,
            file.n,
            name=file.name,
            size=file.size,
            chunks=file.chunks,
            reading=told,
            said=said,
            is_ready=is_ready,
        )

    db.transact(work)


def _to_said(choices: Choices, reading: Reading, read_by: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": choices.kind,
        "maps": list(to_maps(choices, reading)),
        "date_formats": list(to_date_formats(choices, reading)),
        "values": list(to_values(choices)),
        "patterns": list(choices.patterns),
        "agency": choices.agency,
        "headers": list(reading.headers),
        "complete": choices.complete,
    } | {name: read_by.get(name) for name in READ_BY}


def said_of(upload: Upload, file: UploadFile) -> Said:
    """What was said about a file, as the import takes it. Raises MapError for one of which too little is said."""
    if not file.is_ready:
        raise MapError(f"It is not said yet what the columns of {file.name} mean.")
    said = file.said
    return Said(
        agency=said["agency"],
        system=upload.system,
        maps=tuple(said["maps"]),
        date_formats=tuple(said["date_formats"]),
        values=tuple(said.get("values", ())),
        kind=said["kind"],
        complete=said.get("complete", False),
        **{name: said.get(name) for name in READ_BY},
    )
