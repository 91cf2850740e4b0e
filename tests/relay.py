"""A cable between the driver and a real engine, which a test can cut and mend."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from crm.graph import embedded
from crm.graph.driver import GraphSettings, Store


class Relay:
    """Passes bytes on between its own port and the engine's until it is cut."""

    def __init__(self, settings: GraphSettings, target: tuple[str, int]) -> None:
        self._target = target
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.settings = replace(settings, uri=f"bolt://127.0.0.1:{self.port}")
        self._listen()

    def cut(self) -> None:
        """End every connection and refuse new ones."""
        # shutdown wakes the accept that waits in the other thread; close alone would leave the port open.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def mend(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listen()

    def _listen(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._target)
                with self._lock:
                    self._ends += [near, far]
                threading.Thread(target=_pass_on, args=(near, far), daemon=True).start()
                threading.Thread(target=_pass_on, args=(far, near), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay_to(db: Store) -> Iterator[Relay]:
    """A relay in front of the engine of `db`, whichever it is."""
    settings = db.settings
    if settings.uri is None:
        endpoint = embedded.find_endpoint(settings.data_dir)
        assert endpoint is not None
        settings = replace(
            settings, uri=endpoint.uri, username=embedded.USER, password=endpoint.password, database=embedded.DATABASE
        )
    address = urlsplit(settings.uri or "")
    relay = Relay(settings, (address.hostname or "", address.port or 7687))
    try:
        yield relay
    finally:
        relay.cut()
