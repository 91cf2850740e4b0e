"""How soon the next pair of the review is there, and what following an answer takes.

    python -m bench.reviews [--answers 30]

on the graph of CRM_DATA_DIR or NEO4J_URI, which must hold open reviews (fill one with `bench.region_files` and
`crm import`). One reviewer answers the queue as a browser does: the form, and the page of the next pair. Times are of
this process and the wall; what the engine does is in the wall's time only. The answers are taken back in the end.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from typing import Any

from flask.testing import FlaskClient

from bench.machine import percentile, tell_machine
from crm import create_app
from crm.access import OWNER
from crm.config import Settings, read_settings
from crm.graph import judgements, sessions, users
from crm.graph.driver import Store
from crm.graph.schema import open_store
from crm.services import accounts, passwords, resolution, reviews
from crm.services.judgements import withdraw

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
    """Milliseconds of the answer with the next page (median, 95 of 100, of it this process's own), and the seconds that
    following all answers took."""
    before = reviews.find_progress(db, OWNER).open
    if not before:
        raise SystemExit("No pair waits for review in this graph.")
    client = sign_in(db)
    page = client.get("/review/next", follow_redirects=True)
    taken, own = [], []
    for _ in range(min(answers, before)):
        pair = page.request.path
        if pair == "/review":
            break
        fields = {name: find_value(page.text, name) for name in ("csrf_token", "seen")}
        wall, processor = time.perf_counter(), time.process_time()
        page = client.post(pair, data={**fields, "verdict": "different"}, follow_redirects=True)
        taken.append(1e3 * (time.perf_counter() - wall))
        own.append(1e3 * (time.process_time() - processor))
        if page.status_code != 200:
            raise SystemExit(f"{pair}: {page.status_code}")
    wall, processor = time.perf_counter(), time.process_time()
    resolution.resolve_new(db)
    following = time.perf_counter() - wall
    followed_by = time.process_time() - processor
    take_back(db)
    return {
        "open": before,
        "answers": len(taken),
        "next pair, ms, median": round(percentile(taken, 0.5), 1),
        "next pair, ms, 95 of 100": round(percentile(taken, 0.95), 1),
        "of it this process, median": round(percentile(own, 0.5), 1),
        "following all answers, s": round(following, 2),
        "of it this process, s": round(followed_by, 2),
    }


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
