"""The JSON API: the frame that every endpoint shares. The endpoints stand beside the pages of their noun.

An endpoint is a function of the store, the viewer and its declared parameters; it returns plain values. From the same
declaration come its checks, its JSON and its description at `/api/v1/openapi.json`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, g, make_response, request

from crm import access
from crm.access import Audience
from crm.errors import Refused
from crm.extensions import csrf, get_db, get_settings
from crm.json_values import to_json
from crm.services import limits
from crm.views.guard import get_viewer
from crm.views.params import Param, read_params

bp = Blueprint("api", __name__, url_prefix="/api/v1")
# The guard checks the token of a form where the API is asked with a cookie; a bearer token needs none.
csrf.exempt(bp)
RULES = {"public": access.public, "member": access.member, "admin": access.admin}
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Endpoint:
    """One line of the API's table. `answer` is the type of what it returns; `path` may hold `<text>` parts.

    `files`: takes files beside its parameters. `later`: the type of what it returns with 202 while the work goes on.
    """

    method: str
    path: str
    name: str
    summary: str
    params: tuple[Param, ...]
    answer: Any
    audience: Audience
    files: bool = False
    later: Any = None


@dataclass(frozen=True)
class Accepted:
    """What an endpoint returns when its work is begun and not done yet: answered with 202."""

    value: Any


ENDPOINTS: list[Endpoint] = []


def endpoint(
    path: str,
    *,
    summary: str,
    answer: Any,
    params: tuple[Param, ...] = (),
    method: str = "GET",
    audience: Audience = "member",
    files: bool = False,
    later: Any = None,
) -> Callable[[View], View]:
    """Make `function(db, viewer, *, …params and parts of the path)` an endpoint.

    The parameters of a GET are in the query, those of other methods in a JSON object in the body. With `files` they are
    in the query or in a multipart form, and the function also gets `files`, (name, stream) each.
    """

    def register(function: View) -> View:
        entry = Endpoint(method, path, function.__name__, summary, params, answer, audience, files, later)
        ENDPOINTS.append(entry)

        def view(**parts: str) -> Response:
            if files:
                sent = {"files": [(file.filename or "", file.stream) for file in request.files.getlist("file")]}
                return respond(
                    function(get_db(), get_viewer(), **parts, **sent, **read_params(params, _read_form(params)))
                )
            given = _query(params) if method == "GET" else _body() if params else {}
            return respond(function(get_db(), get_viewer(), **parts, **read_params(params, given)))

        bp.add_url_rule(
            path,
            f"{function.__module__}.{function.__name__}".replace(".", "_"),
            access.takes_upload(RULES[audience](view)) if files else RULES[audience](view),
            methods=[method],
        )
        return function

    return register


def respond(value: Any) -> Response:
    status, value = (202, value.value) if isinstance(value, Accepted) else (200, value)
    return make_response(to_json(value), status, {"Content-Type": "application/json"})


def _query(params: tuple[Param, ...]) -> dict[str, Any]:
    lists = {param.name for param in params if param.kind is list}
    return {
        name: request.args.getlist(name) if name in lists and len(request.args.getlist(name)) > 1 else value
        for name, value in request.args.items()
    }


def _read_form(params: tuple[Param, ...]) -> dict[str, Any]:
    """What was sent beside files. A list is never cut at commas here: a heading may hold one."""
    lists = {param.name for param in params if param.kind is list}
    return {name: request.values.getlist(name) if name in lists else value for name, value in request.values.items()}


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused("Send a JSON object, with Content-Type: application/json.")
    return body


@bp.before_request
def limit_calls() -> None:
    """Runs after the guard, so it is known who asks."""
    if g.get("viewer") is not None:
        allowed = limits.parse_limit(get_settings().api_limit)
        allowance: limits.Allowance = current_app.extensions["crm.api_allowance"]
        allowance.take(get_db(), f"api:{g.viewer.user_id}", allowed)


@bp.get("/openapi.json")
@access.public
def show_description() -> Response:
    """What there is to ask, for people and for generators of clients."""
    from crm.views.openapi import describe

    return respond(describe(ENDPOINTS))


@dataclass(frozen=True)
class Me:
    """Whom a token stands for."""

    user: str
    email: str
    agency: str
    role: str


@endpoint("/me", summary="Whom the token stands for.", answer=Me)
def show_me(db: Any, viewer: access.Viewer) -> Me:
    return Me(user=viewer.user_id, email=viewer.email, agency=viewer.agency_id or "", role=viewer.role)
