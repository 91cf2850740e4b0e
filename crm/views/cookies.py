"""The one cookie: signed, and small. It carries the session's token, the form token, messages, and bookmarks.

Bookmarks let a user see their own writes on a cluster: what a request that changes something reached in the graph is
kept in the cookie for a short while, and the next requests read from no replica that is further behind.
"""

import hashlib
import time
from contextlib import ExitStack
from datetime import timedelta

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from crm.errors import EngineUnavailable
from crm.extensions import get_db, get_settings
from crm.graph import installation
from crm.graph.sessions import LIFE_SECONDS

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Every replica is long up to date by then.
FOLLOW_SECONDS = 60
# A cookie holds 4 kB; a bookmark of Neo4j has about 100 characters.
MOST_BOOKMARKS = 10
STATELESS = ("/static/", "/healthz")


class CookieSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, with a `__Host-` name over https, and a key that may live in the graph."""

    digest_method = staticmethod(hashlib.sha256)

    def get_cookie_name(self, app: Flask) -> str:
        return "__Host-crm" if self.get_cookie_secure(app) else "crm"

    def get_cookie_secure(self, app: Flask) -> bool:
        return get_settings().secure_cookies or request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None, for which `require_cookies` answers 503, when the key is in a graph that is away."""
        if request.path.startswith(STATELESS):
            return None
        if not app.secret_key:
            try:
                app.secret_key = installation.get_signing_key(get_db())
            except EngineUnavailable as away:
                g.engine_away = away
                return None
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    app.session_interface = CookieSessions()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=LIFE_SECONDS),
    )
    app.before_request(follow_bookmarks)
    app.after_request(keep_bookmarks)
    app.teardown_request(stop_following)


def follow_bookmarks() -> None:
    if "engine_away" in g:
        raise g.engine_away
    stack = g.following = ExitStack()
    kept = session.get("bookmarks") or {}
    fresh = kept.get("at", 0) > time.time() - FOLLOW_SECONDS
    stack.enter_context(get_db().following(kept.get("marks", []) if fresh else []))


def keep_bookmarks(response: Response) -> Response:
    marks = sorted(get_db().bookmarks) if "following" in g and request.method not in SAFE_METHODS else []
    if 0 < len(marks) <= MOST_BOOKMARKS and session.get("_user_id"):
        session["bookmarks"] = {"at": int(time.time()), "marks": marks}
    return response


def stop_following(_: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("following", None)
    if stack is not None:
        stack.close()
