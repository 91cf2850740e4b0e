"""The own account: signing in and out, the password, where one is signed in, tokens for scripts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, logout_user
from werkzeug import Response

from crm import access
from crm.errors import Refused, SignInNeeded
from crm.extensions import get_db, get_settings
from crm.graph import sessions, tokens, users
from crm.services import accounts, limits
from crm.services.limits import Limit, parse_limit
from crm.views.account_forms import PASSWORD_HINT, ChangePasswordForm, ConfirmForm, SignInForm, TokenForm
from crm.views.guard import get_session, get_viewer, open_session, safe_next

bp = Blueprint("account", __name__)
Page = str | Response | tuple[str, int]


@bp.route("/sign-in", methods=["GET", "POST"])
@access.public
def sign_in() -> Page:
    """Sign in, and go on to where the visitor wanted to go."""
    target = safe_next(request.args.get("next"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target)
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("account/sign_in.html", form=form), 422 if form.errors else 200
    try:
        open_session(_try_password(form.email.data or "", form.password.data or ""))
    except SignInNeeded as wrong:
        return render_template("account/sign_in.html", form=form, wrong=str(wrong)), 401
    return redirect(target)


def _try_password(email: str, password: str) -> str:
    """The new session's token. A try counts before it is checked; a right one is taken off again."""
    wanted = list_limits(email)
    limits.take(get_db(), wanted)
    token = accounts.sign_in(get_db(), email, password, device=request.user_agent.string)
    limits.give_back(get_db(), wanted)
    return token


def list_limits(email: str) -> list[tuple[str, Limit]]:
    """What typing a password for this address counts against."""
    allowed = get_settings().sign_in_limits
    return [
        (f"password:account:{users.email_key(email)}", parse_limit(allowed.account)),
        (f"password:address:{request.remote_addr}", parse_limit(allowed.address)),
        ("password:everyone", parse_limit(allowed.everyone)),
    ]


@bp.post("/sign-out")
@access.public
def sign_out() -> Response:
    """End the session on the server, so that a copy of the cookie is worth nothing; harmless when there is none."""
    if current_user.is_authenticated:
        accounts.sign_out(get_db(), current_user.session)
    logout_user()
    cookie.clear()
    return redirect(url_for("account.sign_in"))


@bp.get("/account")
@access.member
def show() -> str:
    return _draw(ChangePasswordForm(), TokenForm(formdata=None))


def _draw(password_form: ChangePasswordForm, token_form: TokenForm) -> str:
    session = get_session()
    return render_template(
        "account/show.html",
        session=session,
        sign_ins=sessions.list_sign_ins(get_db(), session.user_id, now=accounts.now()),
        tokens=tokens.list_tokens(get_db(), session.user_id),
        password_form=password_form,
        token_form=token_form,
        password_hint=PASSWORD_HINT,
    )


@bp.post("/account/password")
@access.member
def change_password() -> Page:
    form = ChangePasswordForm()
    session = get_session()
    if form.validate():
        wanted = list_limits(session.email)
        limits.take(get_db(), wanted)
        try:
            token = accounts.change_password(
                get_db(),
                session,
                current=form.current.data or "",
                chosen=form.chosen.data or "",
                device=request.user_agent.string,
            )
        except Refused as refusal:
            form.chosen.errors = [str(refusal)]
        else:
            limits.give_back(get_db(), wanted)
            open_session(token)
            flash("Your password is changed. You are signed out everywhere else.", "success")
            return redirect(url_for("account.show"))
    return _draw(form, TokenForm(formdata=None)), 422


@bp.route("/account/confirm", methods=["GET", "POST"])
@access.member
def confirm() -> Page:
    """Ask for the password again before something that matters; then go back to where that was."""
    form = ConfirmForm()
    session = get_session()
    if form.validate_on_submit():
        wanted = list_limits(session.email)
        limits.take(get_db(), wanted)
        try:
            accounts.confirm(get_db(), session, form.password.data or "")
        except Refused as refusal:
            form.password.errors = [str(refusal)]
        else:
            limits.give_back(get_db(), wanted)
            return redirect(safe_next(request.args.get("next")))
    return render_template("account/confirm.html", form=form), 422 if form.errors else 200


@bp.post("/account/sign-out-everywhere")
@access.member
def sign_out_everywhere() -> Response:
    accounts.sign_out_everywhere(get_db(), get_viewer().user_id)
    return sign_out()


@bp.post("/account/tokens")
@access.member
@access.confirmed
def add_token() -> Page:
    """Make a token and show it, this once."""
    form = TokenForm()
    if not form.validate():
        return _draw(ChangePasswordForm(formdata=None), form), 422
    token = accounts.add_token(get_db(), get_viewer().user_id, form.name.data or "")
    return render_template("account/token.html", token=token, name=form.name.data)


@bp.post("/account/tokens/<token_id>/remove")
@access.member
def remove_token(token_id: str) -> Response:
    tokens.remove_token(get_db(), get_viewer().user_id, token_id)
    flash("The token is removed. Scripts that use it are refused from now on.", "success")
    return redirect(url_for("account.show"))
