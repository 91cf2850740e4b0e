"""The guard: before any view runs, it finds out who is asking and whether the view's access rule lets them.

Pages know their user by the session cookie, the API by a token or that cookie. A view whose author forgot to say who
may open it is opened by nobody.
"""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask_login import UserMixin, current_user, login_user
from werkzeug import Response

from crm.access import Rule, Viewer, find_rule, public
from crm.errors import NotAllowed, SignInNeeded
from crm.extensions import csrf, get_db, get_settings
from crm.graph import tokens, users
from crm.graph.sessions import Session
from crm.services import accounts

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
CONFIRMED_SECONDS = 15 * 60


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """Flask-Login's user: a valid session and the token that opened it."""

    session: Session
    token: str

    def get_id(self) -> str:
        """What the cookie carries. Random, and worth nothing once the session has ended on the server."""
        return self.token

    @property
    def name(self) -> str:
        return self.session.name

    @property
    def email(self) -> str:
        return self.session.email

    @property
    def agency_name(self) -> str:
        return self.session.agency

    @property
    def is_admin(self) -> bool:
        return self.session.role == "admin"


def init_app(app: Flask) -> None:
    app.login_manager.user_loader(load_user)  # type: ignore[attr-defined]
    app.view_functions["static"] = public(app.view_functions["static"])
    app.before_request(check_access)


def get_viewer() -> Viewer:
    """Who is asking. Only in views that are for members or administrators."""
    return g.viewer


def get_session() -> Session:
    """The session of whoever is asking with a browser."""
    if not current_user.is_authenticated:
        raise SignInNeeded("Sign in to see this.")
    return current_user.session


def load_user(token: str) -> SignedIn | None:
    session = accounts.find_session(get_db(), token)
    return SignedIn(session, token) if session else None


def open_session(token: str) -> None:
    """From this request on the browser is signed in with this new token; nothing of an earlier session stays."""
    user = load_user(token)
    if user is None:
        raise SignInNeeded("Sign in again.")
    if current_user.is_authenticated:
        accounts.sign_out(get_db(), current_user.session)
    cookie.clear()
    cookie.permanent = True
    login_user(user)
    g.viewer = user.session.viewer


def check_access() -> Response | None:
    """Let the request through (None), send the visitor somewhere, or raise."""
    if request.endpoint is None:
        return None  # No such page: 404, whoever asks.
    rule = find_rule(current_app.view_functions[request.endpoint])
    if rule is None:
        raise NotAllowed("Nobody has said who may open this page.")
    if rule.upload:
        request.max_content_length = get_settings().upload_bytes
    if is_stateless():
        return None
    g.viewer = find_viewer()
    if g.viewer is None:
        return refuse_stranger(rule)
    if rule.audience == "admin" and not g.viewer.is_admin:
        raise NotAllowed("Only an administrator may do this.")
    if rule.confirmed and not is_confirmed():
        return redirect(url_for("account.confirm", next=here()))
    return None


def is_stateless() -> bool:
    """Whether this is asked by machines and must neither wait for the graph nor depend on who asks."""
    return request.endpoint in ("static", "health.alive", "health.ready")


def find_viewer() -> Viewer | None:
    if request.blueprint == "api" and "Authorization" in request.headers:
        return find_token_viewer()
    if not current_user.is_authenticated:
        return None
    if request.blueprint == "api":
        # The API is exempt from the check of forms, because a token cannot be sent by another site. A cookie can.
        csrf.protect()
    return current_user.session.viewer


def find_token_viewer() -> Viewer:
    authorization = request.authorization
    token = authorization.token if authorization is not None and authorization.type == "bearer" else None
    user = tokens.find_token_user(get_db(), token) if token else None
    if user is None:
        raise SignInNeeded("This token is not valid.")
    return user.viewer


def refuse_stranger(rule: Rule) -> Response | None:
    """What somebody gets who is not signed in: public pages, the sign-in page, or the first set-up."""
    if request.blueprint == "api":
        if rule.audience == "public":
            return None
        raise SignInNeeded("Send a token: Authorization: Bearer TOKEN.")
    if request.blueprint != "setup" and not is_set_up():
        return redirect(url_for("setup.show"))
    if rule.audience == "public":
        return None
    if request.method not in SAFE_METHODS or "HX-Request" in request.headers:
        raise SignInNeeded("You were signed out, and nothing was saved. Sign in, then do it again.")
    return redirect(url_for("account.sign_in", next=here() if request.path != "/" else None))


def is_set_up() -> bool:
    """Whether there is any user yet; asked of the graph until there is one."""
    known: bool = current_app.extensions.get("crm.set_up", False)
    if not known:
        known = current_app.extensions["crm.set_up"] = users.has_users(get_db())
    return known


def is_confirmed() -> bool:
    return get_session().confirmed_at > time.time() - CONFIRMED_SECONDS


def here() -> str:
    """This page's own address, to come back to; for something that was posted, the page it was posted from."""
    if request.method in SAFE_METHODS:
        return request.full_path.rstrip("?")
    referrer = urlsplit(request.referrer or "")
    return referrer.path if referrer.netloc == request.host else "/"


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of this site, else the home page.

    Browsers read a backslash as a slash and drop tabs and line ends, so none of these may be in it.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return "/"
    if "\\" in target or any(ord(letter) <= 32 or ord(letter) == 127 for letter in target):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target
