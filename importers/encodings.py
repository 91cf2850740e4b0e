"""How a text file's bytes stand for letters: byte-order mark, else strict UTF-8, else Windows-1252.

Statistical detectors were wrong on every short sample that was tried, so there is none: the choice is simple, it is
shown to the user, and the user can overrule it. One pass over the file decides, with one chunk in memory.
"""

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from importers import twice
from importers.errors import ReadError, UnknownLetters

CHUNK = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A two- to four-byte UTF-8 sequence, and any byte above ASCII.
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
CONTROL_BYTES = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x1a")
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x19\x1b-\x1f]")
HIGH = re.compile(rb"[\x80-\xff]")
# Letters that were encoded twice: "Ã©" for "é", "â€™" for "’".
TWICE = ("Ã©", "Ã¨", "Ã¡", "Ã±", "Ã¼", "Ã¶", "â€™", "â€œ", "â€“", "Â ")


@dataclass(frozen=True)
class Encoding:
    """The chosen encoding with what the pass over the bytes saw; `lines` counts line ends, `sha256` is of the bytes."""

    name: str
    errors: str
    lines: int
    sha256: str
    notes: tuple[str, ...]


@dataclass
class _Survey:
    """What one pass over the bytes found."""

    nulls: int = 0
    even_nulls: int = 0
    odd_nulls: int = 0
    first_control: int = -1
    controls: int = 0
    line_feeds: int = 0
    returns: int = 0
    well_formed: int = 0
    high: int = 0
    size: int = 0


def find_encoding(path: Path, *, name: str, wanted: str | None = None) -> Encoding:
    """Choose how to decode the file, or check the encoding that the user `wanted`. Raises ReadError."""
    digest = hashlib.sha256()
    survey = _survey_bytes(path, digest.update, file_name=name)
    with path.open("rb") as file:
        head = file.read(4)
    notes: list[str] = []
    chosen, errors = _choose(path, head, survey, name, wanted, notes)
    _warn_of_double_encoding(path, chosen, errors, notes)
    lines = max(survey.line_feeds, survey.returns)
    return Encoding(chosen, errors, lines, digest.hexdigest(), tuple(notes))


def _choose(
    path: Path, head: bytes, survey: _Survey, name: str, wanted: str | None, notes: list[str]
) -> tuple[str, str]:
    if wanted is not None:
        return _check_wanted(path, wanted, name), "strict"
    marked = next((encoding for mark, encoding in MARKS if head.startswith(mark)), None)
    if marked is not None and _decodes(path, marked) is None:
        return marked, "strict"
    unmarked = _find_unmarked_utf16(survey)
    if marked is None and unmarked:
        notes.append("The file has no byte-order mark; it was read as UTF-16.")
        return unmarked, "strict"
    # A stray control character costs its row; a file full of them is a picture, a database or a damaged file.
    if survey.controls > max(3, survey.size // 100):
        raise ReadError(
            f"{name} is not text: it holds NUL bytes or other control characters, the first at byte "
            f"{survey.first_control + 1}. Export the list again as CSV (UTF-8)."
        )
    bad = _decodes(path, "utf-8")
    if bad is None:
        return "utf-8", "strict"
    # Windows-1252 text hardly ever forms UTF-8 sequences by accident. Where most high bytes do, the file is UTF-8 with
    # a few broken letters: reading all of it as Windows-1252 would spoil the good ones, so only their rows are refused.
    if 2 * survey.well_formed > survey.high:
        notes.append(f"The file is UTF-8 with broken letters, the first at byte {bad + 1}; their rows are refused.")
        return "utf-8-sig" if marked == "utf-8-sig" else "utf-8", "surrogateescape"
    if survey.returns and not survey.line_feeds:
        notes.append("The file ends its lines as old Macs do and is not UTF-8; it was read as Mac Roman.")
        return "mac_roman", "strict"
    bad_windows = _decodes(path, "cp1252")
    if bad_windows is not None:
        raise UnknownLetters(
            f"{name} is neither UTF-8 nor Windows-1252 text (byte {bad_windows + 1} is the first that fits neither). "
            "Save it as CSV (UTF-8), or say which encoding it has."
        )
    notes.append(f"The file is not UTF-8 (byte {bad + 1}); it was read as Windows-1252. Check a name with an accent.")
    return "cp1252", "strict"


def _survey_bytes(path: Path, update_digest: Callable[[bytes], None], *, file_name: str) -> _Survey:
    survey = _Survey()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            update_digest(chunk)
            _survey_chunk(survey, chunk)
            if len(chunk) == CHUNK and b"\n" not in chunk and b"\r" not in chunk:
                raise ReadError(f"{file_name} has no line ends, so it is not a table with rows.")
    return survey


def _survey_chunk(survey: _Survey, chunk: bytes) -> None:
    survey.line_feeds += chunk.count(b"\n")
    survey.returns += chunk.count(b"\r")
    controls = CONTROLS.search(chunk)
    if controls:
        if survey.first_control < 0:
            survey.first_control = survey.size + controls.start()
        survey.controls += len(chunk) - len(chunk.translate(None, CONTROL_BYTES))
        survey.nulls += chunk.count(b"\0")
        survey.even_nulls += chunk[::2].count(b"\0")
        survey.odd_nulls += chunk[1::2].count(b"\0")
    if not chunk.isascii():
        # High bytes in and out of sequences; a sequence cut by the chunk's edge is one miscount in a megabyte.
        survey.well_formed += sum(map(len, MULTIBYTE.findall(chunk)))
        survey.high += len(HIGH.findall(chunk))
    survey.size += len(chunk)


def _find_unmarked_utf16(survey: _Survey) -> str | None:
    """UTF-16 of mostly Western text has a NUL in nearly every other byte, always on the same side."""
    if survey.nulls < survey.size * 0.3:
        return None
    if survey.odd_nulls > 20 * survey.even_nulls:
        return "utf-16-le"
    return "utf-16-be" if survey.even_nulls > 20 * survey.odd_nulls else None


def _check_wanted(path: Path, wanted: str, name: str) -> str:
    try:
        known = codecs.lookup(wanted).name
    except LookupError:
        raise ReadError(f"There is no encoding {wanted!r}. Common ones: utf-8, cp1252, utf-16, mac_roman.") from None
    known = "utf-8-sig" if known == "utf-8" and _starts_with_mark(path) else known
    bad = _decodes(path, known)
    if bad is not None:
        raise ReadError(f"{name} cannot be read as {wanted}: byte {bad + 1} does not fit.")
    return known


def _starts_with_mark(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(3) == codecs.BOM_UTF8


def _decodes(path: Path, encoding: str) -> int | None:
    """None if the whole file decodes, else the offset of the first byte that does not (near it, across chunks)."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return offset + error.start
            offset += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return max(offset - 1, 0)
    return None


def _warn_of_double_encoding(path: Path, encoding: str, errors: str, notes: list[str]) -> None:
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        sample = file.read(CHUNK)
    found = [sign for sign in TWICE if sign in sample]
    if found:
        line = next(line for line in sample.splitlines() if found[0] in line)
        word = next((word for word in line.split() if found[0] in word), found[0]).strip(",;|\"'")[:40]
        notes.append(
            f"Some letters look as if they were encoded twice: {word}. They are kept as they are. If "
            f"{twice.mend(word)} is meant, choose the letters {twice.NAME}."
        )
