"""Content lines: the form in which contacts (vCard) and calendars (iCalendar) are written, `NAME;PARAM=x:value`.

Read by hand and leniently, for what phones and old programs write breaks the strict libraries, and one bad line must
not cost the file: vCard 2.1 with bare parameters (`TEL;HOME:`), quoted-printable and its soft line ends, long lines
folded, lines that are none.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LINE = re.compile(r'(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)((?:;(?:[^":;]|"[^"]*")*)*):(.*)', re.DOTALL)
PARAMETER = re.compile(r';((?:[^":;]|"[^"]*")*)')
LINE_END = re.compile(rb"\r\n|\r|\n")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
QUOTED_PRINTABLE = re.compile(rb"^[^:]*quoted-printable", re.IGNORECASE)
LONGEST_LINE = 2_000_000  # a folded picture; what is longer is cut


@dataclass(frozen=True)
class ContentLine:
    """One property: its line in the file, its name in capitals, parameters by name in capitals (bare ones are TYPE)."""

    line: int
    name: str
    value: str
    parameters: dict[str, list[str]] = field(default_factory=dict)

    @property
    def types(self) -> set[str]:
        """What kind of telephone, address … it is, in capitals."""
        return {part.upper() for text in self.parameters.get("TYPE", ()) for part in text.split(",")}

    def first(self, parameter: str) -> str:
        return self.parameters.get(parameter, [""])[0]


def read_content_lines(data: bytes) -> Iterator[ContentLine]:
    """The properties of a file in order; lines that are none are passed over."""
    for line, raw in _unfold(_to_utf8(data)):
        found = LINE.fullmatch(raw.decode("utf-8", "replace"))
        if not found:
            continue
        parameters: dict[str, list[str]] = {}
        for text in PARAMETER.findall(found[3]):
            name, equals, value = text.partition("=")
            values = [value.strip('"')] if equals else [name]
            parameters.setdefault(name.upper() if equals else "TYPE", []).extend(values)
        value = found[4]
        if any(
            text.upper() == "QUOTED-PRINTABLE" for text in parameters.get("ENCODING", []) + parameters.get("TYPE", [])
        ):
            value = _decode(quopri.decodestring(value.encode()), (parameters.get("CHARSET") or ["utf-8"])[0])
        yield ContentLine(line, found[2].upper(), value, parameters)


def unescape(value: str) -> str:
    r"""A text value as it is meant: `\n` is a line break, `\,` a comma."""
    return ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def split_value(value: str, separator: str) -> list[str]:
    """The parts of a value, each unescaped; a separator after a backslash belongs to the text."""
    if "\\" not in value:
        return [part.strip() for part in value.split(separator)]
    parts = [""]
    for piece in re.findall(rf"\\.|{separator}|[^\\{separator}]+|\\", value, re.DOTALL):
        if piece == separator:
            parts.append("")
        else:
            parts[-1] += piece
    return [unescape(part).strip() for part in parts]


def _to_utf8(data: bytes) -> bytes:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode()
    if data[1:2] == b"\0" and data[3:4] == b"\0":
        return data.decode("utf-16-le", "replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").encode()
    return data


def _decode(data: bytes, charset: str) -> str:
    for encoding in (charset, "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


def _unfold(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Logical lines with the number of their first."""
    begun, parts, size, soft = 0, [b""], 0, False
    for number, line in enumerate(LINE_END.split(data), 1):
        folded = line[:1] in (b" ", b"\t")
        if begun and (folded or soft):
            piece = line[1:] if folded and not soft else line
            if size < LONGEST_LINE:
                parts.append(piece)
                size += len(piece)
        else:
            if begun:
                yield begun, b"".join(parts)
            begun, parts, size = number, [line], len(line)
        # A soft line end of quoted-printable: the text goes on without an indent.
        soft = line.endswith(b"=") and bool(QUOTED_PRINTABLE.match(parts[0]))
        if soft:
            parts[-1] = parts[-1][:-1]
    if begun:
        yield begun, b"".join(parts)
