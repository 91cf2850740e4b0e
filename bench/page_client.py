"""Browsers that want pages, in a process of their own, so that they share no interpreter with the server.

    python -m bench.page_client < plan.json

The plan names the server's port, the processes that do the work, who signs in, the addresses of each kind of page, and
the contacts to log. Each kind is asked for by one client, then by several at once without pause. It answers with JSON:
milliseconds of every request, how many went wrong, and milliseconds of the processor a request in each group of
processes. Everything is bounded in count and time, on loopback only.
"""

from __future__ import annotations

import http.client
import itertools
import json
import re
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import urlencode

import psutil

HOST = "127.0.0.1"
SEVERAL = 8
# Of each kind of page: how many requests, and for how long at most.
ALONE, TOGETHER, SECONDS = 60, 240, 15.0
# Both workers read the region and make their index before anything counts, and an engine on the JVM has compiled what
# it runs often, as after some minutes of use: no client can say which worker answers.
WARM_REQUESTS = 40 * SEVERAL
Times = dict[str, Any]


class Answer(NamedTuple):
    """Status 0 stands for no answer at all."""

    status: int
    text: str
    milliseconds: float


class Browser:
    """One client, on as many connections as the server wants; `cookies` are kept as a browser keeps them."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.cookies = dict(cookies or {})
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            answer = self._send(method, path, body, headers)
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return Answer(0, "", 1000 * (time.perf_counter() - began))
        took = 1000 * (time.perf_counter() - began)
        self._keep_cookies(answer)
        return Answer(answer.status, text.decode(), took)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """A connection that the server has closed while nothing was asked is opened again, as browsers do."""
        for is_last in (False, True):
            try:
                self._connection.request(method, path, body, headers)
                return self._connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                self.close()
                if is_last:
                    raise
        raise AssertionError("unreachable")

    def _keep_cookies(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


def main() -> None:
    plan = json.load(sys.stdin)
    port, browser = plan["port"], sign_in(plan)
    worked, asked = time.process_time(), 0
    pages: dict[str, dict[str, Times]] = {}
    say("a while of use")
    for paths in plan["pages"].values():
        asked += len(ask_pages(port, browser.cookies, paths, clients=SEVERAL, most=WARM_REQUESTS)["ms"])
    for kind, paths in plan["pages"].items():
        say(kind)
        pages[kind] = {
            "alone": watch(
                plan["processes"], lambda p=paths: ask_pages(port, browser.cookies, p, clients=1, most=ALONE)
            ),
            "together": ask_pages(port, browser.cookies, paths, clients=SEVERAL, most=TOGETHER),
        }
        asked += sum(len(times["ms"]) for times in pages[kind].values())
    own = 1000 * (time.process_time() - worked) / max(asked, 1)
    say("logging contacts")
    print(json.dumps({"pages": pages, "logging": log_contacts(browser, **plan["logging"]), "own_ms": own}))


def sign_in(plan: dict[str, Any]) -> Browser:
    browser = Browser(plan["port"])
    token = read_field(browser.get("/sign-in").text, "csrf_token")
    answer = browser.post("/sign-in", csrf_token=token, email=plan["email"], password=plan["password"])
    if answer.status != 302:
        raise SystemExit(f"Signing in was answered with status {answer.status}.")
    return browser


def read_field(page: str, name: str) -> str:
    """The value of a field of a form."""
    field = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page)
    value = re.search(r'\bvalue="([^"]*)"', field.group()) if field else None
    return value.group(1) if value else ""


def ask_pages(
    port: int, cookies: dict[str, str], paths: list[str], *, clients: int, most: int, pause: float = 0
) -> Times:
    """So many requests in all, each client one after the other with a pause (seconds) between; none begins once the
    time is over. `of` has the milliseconds of each address.
    """
    turns, deadline = itertools.count(), time.monotonic() + SECONDS
    times: list[float] = []
    of: dict[str, list[float]] = {path: [] for path in paths}
    wrong: list[str] = []
    lock = threading.Lock()

    def ask() -> None:
        browser = Browser(port, cookies)
        while time.monotonic() < deadline:
            with lock:
                turn = next(turns)
            if turn >= most:
                break
            path = paths[turn % len(paths)]
            answer = browser.get(path)
            times.append(answer.milliseconds)
            of[path].append(answer.milliseconds)
            # The address of a business that has become another one leads on.
            if answer.status not in (200, 301):
                wrong.append(f"{answer.status} {path}")
            time.sleep(pause)
        browser.close()

    with ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(ask) for _ in range(clients)]:
            done.result()
    return note(times, wrong) | {"of": of}


def watch(groups: list[list[int]], work: Callable[[], Times]) -> Times:
    """The same with `cpu_ms`: milliseconds of the processor a request, in each group of processes."""
    before = [sum(map(get_processor, group)) for group in groups]
    times = work()
    used = [sum(map(get_processor, group)) - was for group, was in zip(groups, before, strict=True)]
    return times | {"cpu_ms": [1000 * one / max(len(times["ms"]), 1) for one in used]}


def get_processor(pid: int) -> float:
    used = psutil.Process(pid).cpu_times()
    return used.user + used.system


def log_contacts(browser: Browser, *, businesses: list[str], program: str, on: str, then: str) -> dict[str, Times]:
    """Log one contact with each business by the form, and open the page `then` right after it."""
    logged: list[float] = []
    opened: list[float] = []
    wrong: list[str] = []
    for business in businesses:
        form = browser.get(f"/log?business={business}").text
        answer = browser.post(
            "/log",
            **{name: read_field(form, name) for name in ("csrf_token", "key", "business_id")},
            programs=program,
            on=on,
            channel="call",
            purpose="needs",
            reached="yes",
            direction="out",
            visibility="who",
        )
        after = browser.get(then)
        logged.append(answer.milliseconds)
        opened.append(after.milliseconds)
        wrong += [f"{answer.status} /log"] if answer.status != 302 else []
        wrong += [f"{after.status} {then}"] if after.status != 200 else []
    return {"logged": note(logged, wrong), "then": note(opened, [])}


def note(times: list[float], wrong: list[str]) -> Times:
    for one in wrong[:3]:
        say(f"went wrong: {one}")
    return {"ms": times, "wrong": len(wrong)}


def say(text: str) -> None:
    print(f"    {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
