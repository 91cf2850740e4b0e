"""Processes beside the tests, on the graph of the environment: `python -m tests.graph.workers TASK …`.

A task prints "ready" once it is connected, and begins with the next line of its input, so that several begin at once.
"""

import contextlib
import json
import os
import sys
import threading

from crm.access import Viewer
from crm.config import read_settings
from crm.errors import Conflict, EngineUnavailable
from crm.graph import embedded
from crm.graph.driver import Store
from crm.graph.schema import open_store
from crm.services import review_pairs, reviews

MERGE = """
UNWIND $ids AS id
MERGE (b:Business {id: id})
SET b.seen = coalesce(b.seen, 0) + 1
"""
CREATE = "CREATE (a:Agency {id: $id})"


def wait_for_go() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def merge(db: Store, count: str) -> None:
    """Create the same keys as every other worker does."""
    db.read("RETURN 1 AS one")
    wait_for_go()
    db.write(MERGE, ids=[f"b{number}" for number in range(int(count))])


def fork(db: Store) -> None:
    """Use the store, fork, use it on both sides."""
    db.write(CREATE, id="before")
    child = os.fork()
    if child == 0:
        status = 1
        try:
            db.write(CREATE, id="child")
            status = 0
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    db.write(CREATE, id="after")
    print(json.dumps({"child": "ok" if status == 0 else status, "parent": "ok"}))


def touch(db: Store) -> None:
    """Say which engine answers."""
    wait_for_go()
    db.read("RETURN 1 AS one")
    endpoint = embedded.find_endpoint(db.settings.data_dir)
    print(endpoint.pid if endpoint else None, flush=True)


def hold(db: Store) -> None:
    """Say which engine answers, and go on using it until the input ends."""
    db.read("RETURN 1 AS one")
    endpoint = embedded.find_endpoint(db.settings.data_dir)
    print(endpoint.pid if endpoint else None, flush=True)
    for _ in sys.stdin:
        print(db.read("MATCH (a:Agency) RETURN count(a) AS agencies")[0]["agencies"], flush=True)


def write(db: Store, name: str) -> None:
    """Write one node after the other and say the number of each that was acknowledged, until the input ends."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    number = 0
    while not ended.is_set():
        # What somebody does who is told to try again in a moment.
        with contextlib.suppress(EngineUnavailable):
            db.write("MERGE (a:Agency {id: $id})", id=f"{name}-{number}")
            print(number, flush=True)
            number += 1


def take(db: Store, *names: str) -> None:
    """Take the next pair of the review for each of these members, and say which they got."""
    db.read("RETURN 1 AS one")
    wait_for_go()
    viewers = [Viewer(user_id=f"u-{name}", email=f"{name}@example", agency_id="", role="member") for name in names]
    turns = [reviews.take_next(db, viewer, name=viewer.email) for viewer in viewers]
    print(json.dumps([turn.pair for turn in turns if turn]), flush=True)


def answer(db: Store, pair: str, seen: str, name: str, verdict: str) -> None:
    """Answer a pair of the review, and say whether that was taken or somebody else was faster."""
    viewer = Viewer(user_id=f"u-{name}", email=f"{name}@college.example", agency_id="a-college", role="member")
    wait_for_go()
    try:
        review_pairs.answer(db, viewer, pair, verdict, seen=seen)
        print("taken", flush=True)
    except Conflict:
        print("told", flush=True)


def main() -> None:
    task, *arguments = sys.argv[1:]
    db = open_store(read_settings().graph)
    {"merge": merge, "fork": fork, "touch": touch, "hold": hold, "write": write, "answer": answer, "take": take}[task](
        db, *arguments
    )
    db.close()


if __name__ == "__main__":
    main()
