"""The container of old Office files (compound file, MS-CFB): its streams by name.

Every count and chain in it is the file's own word, so each is bounded by the file's size.
"""

import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FREE = 0xFFFFFFF0  # this and above stand for no sector
ENTRY = 128


def list_ole_streams(data: bytes) -> dict[str, tuple[int, int]]:
    """Names of what the container holds, with first sector and size; empty for one that is damaged."""
    try:
        return _Container(data).entries
    except (struct.error, IndexError):
        return {}


def read_ole_stream(data: bytes, names: tuple[str, ...]) -> bytes | None:
    """The content of the first of these streams that there is."""
    try:
        container = _Container(data)
        return next((container.read(name) for name in names if name in container.entries), None)
    except (struct.error, IndexError):
        return None


class _Container:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
        self._mini_size = 1 << min(struct.unpack_from("<H", data, 32)[0], 16)
        self._cutoff = struct.unpack_from("<I", data, 56)[0]
        first_directory, first_mini, first_more = (struct.unpack_from("<I", data, at)[0] for at in (48, 60, 68))
        tables = [number for number in struct.unpack_from("<109I", data, 76) if number < FREE]
        seen = 0
        while first_more < FREE and seen <= len(data) // self._size:
            numbers = struct.unpack(f"<{self._size // 4}I", self._sector(first_more))
            tables += [number for number in numbers[:-1] if number < FREE]
            first_more, seen = numbers[-1], seen + 1
        self._next = [link for number in tables for link in self._links(self._sector(number))]
        directory = self._chain(first_directory)
        self._mini_next = list(self._links(self._chain(first_mini)))
        self.entries: dict[str, tuple[int, int]] = {}
        self._mini = b""
        for at in range(0, len(directory) - ENTRY + 1, ENTRY):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            first, size = struct.unpack_from("<II", directory, at + 116)
            if kind == 5:
                self._mini = self._chain(first)[:size]
            elif kind:
                name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                self.entries[name] = first, size

    def read(self, name: str) -> bytes:
        first, size = self.entries[name]
        if size >= self._cutoff:
            return self._chain(first)[:size]
        parts: list[bytes] = []
        while first < len(self._mini_next) and len(parts) <= len(self._mini_next):
            parts.append(self._mini[first * self._mini_size : (first + 1) * self._mini_size])
            first = self._mini_next[first]
        return b"".join(parts)[:size]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        return self._data[at : at + self._size]

    def _links(self, sector: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])

    def _chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        while number < len(self._next) and len(parts) <= len(self._next):
            parts.append(self._sector(number))
            number = self._next[number]
        return b"".join(parts)
