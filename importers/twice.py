"""The codec `utf-8-twice`: UTF-8 that some program took for Windows-1252 and encoded again, so that é reads Ã©.

It is used only where somebody says so, for nobody can be sure: in each run of letters that came from bytes, the bytes
are taken for UTF-8 again; a run that is none stays as it stands. What is written with it is plain UTF-8.
"""

import codecs
import re
from typing import Any

NAME = "utf-8-twice"
# Letters that a byte above ASCII becomes in Windows-1252 or Latin-1.
FROM_BYTES = "".join(
    sorted({bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)} | {"\u00a0"})
)
RUN = re.compile(f"[{re.escape(FROM_BYTES)}\x80-\x9f]{{2,}}")


def mend(text: str) -> str:
    """The text with letters that were encoded twice as they were meant."""
    return RUN.sub(_mend_run, text)


def _mend_run(match: re.Match[str]) -> str:
    run = match[0]
    try:
        return b"".join(_to_byte(letter) for letter in run).decode("utf-8")
    except UnicodeError:
        return run


def _to_byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


class _Decoder(codecs.BufferedIncrementalDecoder):
    """Decodes whole lines, so that no run of letters is cut in two."""

    def _buffer_decode(self, input: Any, errors: str, final: bool) -> tuple[str, int]:
        data = bytes(input)
        end = len(data) if final else data.rfind(b"\n") + 1
        return mend(data[:end].decode("utf-8", errors)), end


def _decode(data: Any, errors: str = "strict") -> tuple[str, int]:
    content = bytes(data)
    return mend(content.decode("utf-8", errors)), len(content)


def _find(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != NAME:
        return None
    utf8 = codecs.lookup("utf-8")
    return codecs.CodecInfo(
        utf8.encode, _decode, incrementalencoder=utf8.incrementalencoder, incrementaldecoder=_Decoder, name=NAME
    )


codecs.register(_find)
