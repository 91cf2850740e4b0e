"""How soon the next pair of the review is there, and what following an answer takes.

    python -m bench.reviews [--answers 30]

on the graph of CRM_DATA_DIR or NEO4J_URI, which must hold open reviews (fill one with `bench.region_files` and
`crm import`). One reviewer answers the queue as a browser does: the form, and the page of the next pair; after each the
region follows, as it does in a worker meanwhile. Beside the time on the wall stands that of the processors: this
process's, and that of an embedded engine. The answers are taken back in the end.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from typing import Any

import psutil
from flask.testing import FlaskClient

from bench.machine import percentile, tell_machine
from crm import create_app
from crm.access import OWNER
from crm.config import Settings, read_settings
from crm.graph import embedded, judgements, sessions, users
from crm.graph.driver import Store
from crm.graph.schema import open_store
from crm.services import accounts, passwords, resolution, reviews
from crm.services.judgements import withdraw

# Pages before the clock starts: an engine that has just started is slow at first.
WARM = 40
EMAIL = "bench.reviewer@example.org"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=30)
    options = parser.parse_args()
    db = open_store(read_settings().graph)
    try:
        print(tell_machine())
        print(json.dumps(measure(db, answers=options.answers), indent=2))
    finally:
        db.close()


def measure(db: Store, *, answers: int) -> dict[str, Any]:
    """Milliseconds of the answer with the next page, and the seconds that following one answer takes."""
    before = reviews.find_progress(db, OWNER).open
    if not before:
        raise SystemExit("No pair waits for review in this graph.")
    client = sign_in(db)
    page = client.get("/review/next", follow_redirects=True)
    for _ in range(WARM):
        client.get(page.request.path)
    taken, own, engine, followed = [], [], [], []
    for _ in range(min(answers, before)):
        pair = page.request.path
        if pair == "/review":
            break
        fields = {name: find_value(page.text, name) for name in ("csrf_token", "seen", "second", "check")}
        wall, processor, before_it = time.perf_counter(), time.process_time(), get_engine_seconds(db)
        page = client.post(pair, data={**fields, "verdict": "different"}, follow_redirects=True)
        taken.append(1e3 * (time.perf_counter() - wall))
        own.append(1e3 * (time.process_time() - processor))
        engine.append(1e3 * (get_engine_seconds(db) - before_it))
        if page.status_code != 200:
            raise SystemExit(f"{pair}: {page.status_code}")
        wall = time.perf_counter()
        resolution.resolve_new(db)
        followed.append(time.perf_counter() - wall)
    take_back(db)
    return {
        "open": before,
        "answers": len(taken),
        "next pair, ms, median": round(percentile(taken, 0.5), 1),
        "next pair, ms, 95 of 100": round(percentile(taken, 0.95), 1),
        "processor of this process, ms, mean": round(sum(own) / len(own), 1),
        "processor of the engine, ms, mean": round(sum(engine) / len(engine), 1),
        "following an answer, s, the first": round(followed[0], 2),
        "following an answer, s, median": round(percentile(followed, 0.5), 2),
    }


def get_engine_seconds(db: Store) -> float:
    """Processor time of the embedded engine so far; 0 for a server elsewhere."""
    endpoint = embedded.find_endpoint(db.settings.data_dir) if db.settings.uri is None else None
    return sum(psutil.Process(endpoint.pid).cpu_times()[:2]) if endpoint else 0.0


def sign_in(db: Store) -> FlaskClient:
    """A browser in which a member is signed in."""
    user = users.find_user(db, EMAIL)
    if user is None:
        password = passwords.hash_password("only for the bench")
        agency = db.read("MATCH (a:Agency) RETURN a.id AS id ORDER BY id LIMIT 1")[0]["id"]

        def work(tx: Any) -> None:
            users.add_user(
                tx, email=EMAIL, name="Reviewer", role="member", agency_id=agency, password_hash=password,
                now=accounts.now(),
            )  # fmt: skip

        db.transact(work)
        user = users.get_user(db, EMAIL)
    token = f"bench-{time.time_ns()}"
    sessions.add_session(db, user.id, token, now=accounts.now(), device="bench")
    client = create_app(Settings(graph=db.settings, secret_key="only for the bench"), db=db).test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def find_value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    return found[1] if found else ""


def take_back(db: Store) -> None:
    """Withdraw the answers of the bench."""
    viewer = users.get_user(db, EMAIL).viewer
    for row in judgements.list_judgements(db, OWNER, limit=10_000):
        if row.by == EMAIL:
            withdraw(db, viewer, row.id)
    resolution.resolve_new(db)


if __name__ == "__main__":
    main()
