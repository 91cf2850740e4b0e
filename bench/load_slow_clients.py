"""What slow clients do to the others: gunicorn alone, and behind nginx, both as deployed, on a real Neo4j.

    python bench/load_slow_clients.py [--slow 200] [--normal 50] [--requests 20]

starts Neo4j (see tests/neo4j_server), gunicorn and nginx with the files of deploy/, on loopback only, and prints one
line for each way to get in: requests, how many failed, and seconds at the median, the 95th percentile and the most.
Normal clients ask the API for the list of agencies, which reads the graph each time, with a token.
"""

import argparse
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crm.graph.driver import GraphSettings
from crm.graph.schema import open_store
from crm.services import accounts
from tests.deploy.clients import run_normal_clients, slow_clients
from tests.deploy.stack import run_stack
from tests.neo4j_server import Neo4jServer, start_neo4j


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--normal", type=int, default=50)
    parser.add_argument("--requests", type=int, default=20, help="of each normal client")
    said = parser.parse_args()
    server = start_neo4j()
    try:
        with tempfile.TemporaryDirectory(prefix="slow-clients-") as folder:
            measure(server, Path(folder), slow=said.slow, normal=said.normal, requests=said.requests)
    finally:
        server.stop()


def measure(server: Neo4jServer, folder: Path, *, slow: int, normal: int, requests: int) -> None:
    token = add_user(server, folder)
    environment = {
        "NEO4J_URI": server.uri,
        "NEO4J_USERNAME": server.username,
        "NEO4J_PASSWORD": server.password,
        "NEO4J_DATABASE": server.database or "",
        "CRM_API_LIMIT": "1000000 per minute",
    }
    print(f"{'way in':<28}{'requests':>10}{'failed':>8}{'median s':>10}{'p95 s':>8}{'most s':>8}")
    with run_stack(folder, environment) as stack:
        for name, port, many in (
            ("nginx, nobody slow", stack.port, 0),
            (f"nginx, {slow} slow", stack.port, slow),
            ("gunicorn, nobody slow", stack.application_port, 0),
            (f"gunicorn, {slow} slow", stack.application_port, slow),
        ):
            with slow_clients(port, many) if many else nullcontext():
                # Alone against slow clients gunicorn gives nearly every one of them a time-out: a few are enough.
                asked = requests if "nginx" in name or not many else 1
                got = run_normal_clients(port, many=normal, requests=asked, path="/api/v1/agencies", token=token)
            figures = f"{got.percentile(0.5):>10.3f}{got.percentile(0.95):>8.3f}{max(got.seconds):>8.3f}"
            print(f"{name:<28}{len(got.statuses):>10}{got.failed:>8}{figures}")


def add_user(server: Neo4jServer, folder: Path) -> str:
    """A token of a user in the empty graph."""
    db = open_store(GraphSettings(folder, server.uri, server.username, server.password, server.database))
    try:
        user = accounts.add_user(db, email="ana@college.example", agency="Harbor College", password="four plain words")
        return accounts.add_token(db, user.id, "bench")
    finally:
        db.close()


if __name__ == "__main__":
    main()
