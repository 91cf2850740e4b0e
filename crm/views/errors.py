"""What a visitor sees when something goes wrong: the page of the status, or JSON for the API. Never a traceback.

These pages must be drawn also when the database is away, so nothing here may need it.
"""

import logging

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException, SecurityError

from crm.errors import CrmError, EngineUnavailable
from crm.graph.driver import TransientError

# What a status means in the JSON of the API, where the page has its own words.
WORDS = {
    400: "The request cannot be understood.",
    401: "Sign in first.",
    403: "You may not do this.",
    404: "There is nothing here.",
    405: "This address does not take this method.",
    409: "Somebody else changed this at the same time.",
    413: "This is too large.",
    415: "Send this as JSON.",
    422: "This cannot be taken as it is.",
    429: "Too many tries. Wait a little.",
    500: "Something went wrong on our side.",
    503: "The data cannot be reached just now. Try again in a moment.",
}
OFFLINE = (500, 503)
BUSY = EngineUnavailable("Many people are writing at this moment. Try again in a few seconds.")

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(CrmError, show_refusal)
    app.register_error_handler(SecurityError, show_unknown_host)
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(TransientError, lambda _: show_refusal(BUSY))
    app.register_error_handler(Exception, show_failure)


def show_refusal(error: CrmError) -> Response:
    if error.status == 503:
        log.warning("unavailable", extra={"reason": str(error), "path": request.path})
    return answer(error.status, str(error), retry_after=error.retry_after)


def show_expired_form(error: CSRFError) -> Response:
    log.info("form refused", extra={"reason": error.description, "path": request.path})
    return answer(400, "This page was open for too long, or was not opened here. Load it again, then send it.")


def show_unknown_host(_: SecurityError) -> Response:
    """Plain text, because no address can be built for a page where the server does not know its own name."""
    words = "This server does not answer to that name. Its owner can add the name to CRM_TRUSTED_HOSTS.\n"
    return make_response(words, 400, {"Content-Type": "text/plain; charset=utf-8"})


def show_http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())  # A redirect, such as a missing slash.
    response = answer(error.code, "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def show_failure(error: Exception) -> Response:
    log.error("failed", extra={"path": request.path, "method": request.method}, exc_info=error)
    return answer(500, "")


def answer(status: int, message: str, *, retry_after: int | None = None) -> Response:
    """The error in the form that was asked for."""
    if request.path.startswith("/api/"):
        words = message or WORDS.get(status, "This did not work.")
        response = make_response(jsonify(error={"status": status, "message": words}), status)
    else:
        response = make_response(draw_page(status, message), status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="api"' if request.path.startswith("/api/") else "Cookie"
    return response


def draw_page(status: int, message: str) -> str:
    if status in OFFLINE:
        g._login_user = AnonymousUserMixin()  # Asking who this is would ask the database again.
    try:
        return render_template(f"errors/{status}.html", message=message)
    except TemplateNotFound:
        return render_template("errors/400.html", message=message)
    except EngineUnavailable:
        g._login_user = AnonymousUserMixin()
        return render_template("errors/503.html")
