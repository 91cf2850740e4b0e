"""The first run: while there is no user, every page leads here, to create the first administrator.

Whoever sits at the machine itself may do it at once. From anywhere else it takes the code that `crm serve` printed, so
that a stranger on the network cannot take a fresh server for themselves.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crm import access
from crm.config import LOOPBACK
from crm.errors import Conflict, Refused
from crm.extensions import get_db
from crm.services import accounts, limits
from crm.services.limits import Limit
from crm.views.account_forms import PASSWORD_HINT, SetupForm
from crm.views.guard import is_set_up, open_session

bp = Blueprint("setup", __name__)
TRIES = Limit(10, 300)
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


@bp.route("/setup", methods=["GET", "POST"])
@access.public
def show() -> str | Response | tuple[str, int]:
    if is_set_up():
        return redirect(url_for("account.sign_in"))
    form = SetupForm()
    if request.method == "GET":
        form.code.data = request.args.get("code", "")
    if form.validate_on_submit():
        limits.take(get_db(), [(f"setup:address:{request.remote_addr}", TRIES)])
        try:
            open_session(_create(form))
            return redirect(url_for("home.show"))
        except (Refused, Conflict) as refusal:
            return _draw(form, str(refusal)), refusal.status
    return _draw(form), 422 if form.errors else 200


def _draw(form: SetupForm, wrong: str = "") -> str:
    return render_template(
        "setup/show.html", form=form, wrong=wrong, needs_code=not is_at_machine(), password_hint=PASSWORD_HINT
    )


def _create(form: SetupForm) -> str:
    """The token of the new administrator's session."""
    if not is_at_machine():
        accounts.check_setup_code(get_db(), form.code.data or "")
    email, password = form.email.data or "", form.password.data or ""
    accounts.add_first_administrator(
        get_db(), email=email, name=form.name.data or "", agency=form.agency.data or "", password=password
    )
    return accounts.sign_in(get_db(), email, password, device=request.user_agent.string)


def is_at_machine() -> bool:
    """Whether the request comes from this machine itself, and not through a proxy on it."""
    local = (request.remote_addr or "").startswith("127.") and request.host.partition(":")[0] in LOOPBACK
    return local and not any(header in request.headers for header in FORWARDED)
