"""Users, for administrators: who may sign in, for which agency, with which role."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug import Response

from crm import access
from crm.access import OWNER, Role
from crm.errors import Conflict, NotAllowed, Refused
from crm.extensions import get_db
from crm.graph import agencies, users
from crm.graph.users import User
from crm.services import accounts
from crm.views.account_forms import PASSWORD_HINT
from crm.views.guard import get_viewer
from crm.views.user_forms import AddUserForm, ResetPasswordForm

bp = Blueprint("users", __name__, url_prefix="/users")
Page = str | Response | tuple[str, int]


@bp.get("/")
@access.admin
def show_list() -> str:
    return render_template("users/list.html", users=users.list_users(get_db()))


@bp.route("/add", methods=["GET", "POST"])
@access.admin
@access.confirmed
def add() -> Page:
    form = AddUserForm()
    if form.validate_on_submit():
        try:
            user = accounts.add_user(
                get_db(),
                email=form.email.data or "",
                name=form.name.data or "",
                agency=form.agency.data or "",
                role=_role(form.role.data),
                password=form.password.data or "",
            )
        except (Conflict, Refused) as refusal:
            return _draw_add(form, str(refusal)), refusal.status
        flash(f"{user.name} of {user.agency} can sign in now.", "success")
        return redirect(url_for("users.show_list"))
    return _draw_add(form), 422 if form.errors else 200


def _draw_add(form: AddUserForm, wrong: str = "") -> str:
    names = [agency.name for agency in agencies.list_agencies(get_db(), OWNER)]
    return render_template("users/add.html", form=form, wrong=wrong, agencies=names, password_hint=PASSWORD_HINT)


@bp.get("/<user_id>")
@access.admin
def show(user_id: str) -> str:
    return _draw_user(users.get_user_by_id(get_db(), user_id), ResetPasswordForm())


def _draw_user(user: User, form: ResetPasswordForm) -> str:
    own = user.id == get_viewer().user_id
    return render_template("users/show.html", user=user, own=own, form=form, password_hint=PASSWORD_HINT)


@bp.post("/<user_id>/password")
@access.admin
@access.confirmed
def reset_password(user_id: str) -> Page:
    user = users.get_user_by_id(get_db(), user_id)
    form = ResetPasswordForm()
    if form.validate():
        try:
            accounts.reset_password(get_db(), user, form.password.data or "")
        except Refused as refusal:
            form.password.errors = [str(refusal)]
        else:
            flash(f"{user.name} has a new password, and is signed out everywhere.", "success")
            return redirect(url_for("users.show", user_id=user.id))
    return _draw_user(user, form), 422


@bp.post("/<user_id>/role/<role>")
@access.admin
@access.confirmed
def change_role(user_id: str, role: str) -> Response:
    user = _other_user(user_id)
    accounts.change_role(get_db(), user, _role(role))
    flash(f"{user.name} is now {'an administrator' if role == 'admin' else 'a member'}.", "success")
    return redirect(url_for("users.show", user_id=user.id))


@bp.post("/<user_id>/disable")
@access.admin
@access.confirmed
def disable(user_id: str) -> Response:
    user = _other_user(user_id)
    accounts.disable_user(get_db(), user)
    flash(f"{user.name} can no longer sign in.", "success")
    return redirect(url_for("users.show", user_id=user.id))


@bp.post("/<user_id>/enable")
@access.admin
@access.confirmed
def enable(user_id: str) -> Response:
    user = _other_user(user_id)
    accounts.enable_user(get_db(), user)
    flash(f"{user.name} can sign in again.", "success")
    return redirect(url_for("users.show", user_id=user.id))


@bp.post("/<user_id>/sign-out")
@access.admin
def sign_out(user_id: str) -> Response:
    user = users.get_user_by_id(get_db(), user_id)
    accounts.sign_out_everywhere(get_db(), user.id)
    flash(f"{user.name} is signed out everywhere.", "success")
    return redirect(url_for("users.show", user_id=user.id))


def _other_user(user_id: str) -> User:
    """Nobody may lock themselves out, so one administrator always remains."""
    user = users.get_user_by_id(get_db(), user_id)
    if user.id == get_viewer().user_id:
        raise NotAllowed("You cannot do this to yourself. Ask another administrator.")
    return user


def _role(text: str | None) -> Role:
    if text not in ("member", "admin"):
        raise Refused("A user is a member or an administrator.")
    return text
