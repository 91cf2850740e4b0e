"""Clients of a server on this machine: slow ones that hold on to what they can, and normal ones that are in a hurry.

Slow clients come in three kinds: a connection on which nothing is said, a request whose header drips in letter by
letter, and one whose body does. Each normal client has a loopback address of its own, as visitors have; all of it is
bounded in number and time.
"""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

HOST = "127.0.0.1"
KINDS = ("silent", "dripping header", "dripping body")


@dataclass
class Answers:
    """What normal clients got: status codes, and seconds each; 0 stands for no answer at all."""

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return sum(status != 200 for status in self.statuses)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@contextmanager
def slow_clients(port: int, many: int) -> Generator[None]:
    """So many slow clients at once, for as long as the block runs; whoever is cut off comes back."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_be_slow, args=(port, KINDS[number % len(KINDS)], stop), daemon=True)
        for number in range(many)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)


def _be_slow(port: int, kind: str, stop: threading.Event) -> None:
    while not stop.is_set():
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=5) as connection:
            if kind == "dripping header":
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            elif kind == "dripping body":
                head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
                connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
            while not stop.wait(1.0):
                if kind != "silent":
                    connection.sendall(b"a")
                elif _is_closed(connection):
                    break
        stop.wait(0.2)


def _is_closed(connection: socket.socket) -> bool:
    connection.settimeout(0.01)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False


def run_normal_clients(
    port: int, *, many: int, requests: int, path: str = "/sign-in", pause: float = 0.0, token: str = ""
) -> Answers:
    """So many clients at once, each with so many requests one after the other; `token` is one of the API's."""
    answers, lock = Answers(), threading.Lock()

    def ask(number: int) -> None:
        for _ in range(requests):
            status, seconds = _get(port, path, address=f"127.0.1.{number % 250 + 1}", token=token)
            with lock:
                answers.statuses.append(status)
                answers.seconds.append(seconds)
            time.sleep(pause)

    threads = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def _get(port: int, path: str, *, address: str, token: str) -> tuple[int, float]:
    headers = {"Host": "localhost"} | ({"Authorization": f"Bearer {token}"} if token else {})
    began = time.perf_counter()
    connection = http.client.HTTPConnection(HOST, port, timeout=15, source_address=(address, 0))
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - began
    except OSError:
        return 0, time.perf_counter() - began
    finally:
        connection.close()
