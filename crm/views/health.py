"""For load balancers and monitors: is the process alive, and can it answer."""

from flask import Blueprint

from crm import access
from crm.errors import EngineUnavailable
from crm.extensions import get_db
from crm.graph import installation

bp = Blueprint("health", __name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/healthz")
@access.public
def alive() -> tuple[str, int, dict[str, str]]:
    """200 as long as the process answers at all; asks nothing of the graph."""
    return "alive\n", 200, PLAIN


@bp.get("/readyz")
@access.public
def ready() -> tuple[str, int, dict[str, str]]:
    """200 when the graph answers, else 503."""
    try:
        installation.check_reachable(get_db())
    except EngineUnavailable:
        return "the database is away\n", 503, {**PLAIN, "Retry-After": "5"}
    return "ready\n", 200, PLAIN
