"""`crm user`: who may sign in. The command line belongs to the owner of the data and asks for no password of theirs."""

import sys
from typing import TYPE_CHECKING, Any

import click

from crm.access import Role, Viewer
from crm.commands.output import command, require_admin
from crm.errors import Refused

if TYPE_CHECKING:
    from crm.graph.driver import Store
    from crm.graph.users import User

PASSWORD_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
COLUMNS = ("email", "name", "agency", "role", "disabled")


@click.group(epilog="Example: crm user add ana@college.example --agency 'Harbor College'")
def user() -> None:
    """Look after the people who may sign in."""


@command("add", group=user, example="crm user add ana@college.example --agency 'Harbor College' --role admin")
@click.argument("email")
@click.option("--agency", required=True, help="The agency that they belong to; created if it is not known yet.")
@click.option("--role", type=click.Choice(["admin", "member"]), default="member", show_default=True)
@click.option("--name", default="", help="Their name; without, what stands before the @.")
@PASSWORD_STDIN
def add(
    db: "Store", viewer: Viewer, *, email: str, agency: str, role: Role, name: str, password_stdin: bool
) -> dict[str, Any]:
    """Add a user. Asks for the password at the terminal."""
    from crm.services import accounts

    require_admin(viewer)
    password = read_password(from_stdin=password_stdin)
    return _row(accounts.add_user(db, email=email, agency=agency, role=role, name=name, password=password))


@command("list", group=user, example="crm user list --json")
def list_all(db: "Store", viewer: Viewer) -> list[dict[str, Any]]:
    """List all users, by agency, then e-mail."""
    from crm.graph import users

    require_admin(viewer)
    return [_row(one) for one in users.list_users(db)]


@command("token", group=user, example="crm user token ana@college.example", draw=lambda made: made["token"])
@click.argument("email")
@click.option("--name", default="made on the command line", help="What it is for.")
def token(db: "Store", viewer: Viewer, *, email: str, name: str) -> dict[str, str]:
    """Make a token with which a script may ask the API as this user. It is shown once."""
    from crm.graph import users
    from crm.services import accounts

    require_admin(viewer)
    owner = users.get_user(db, email)
    return {"email": owner.email, "token": accounts.add_token(db, owner.id, name)}


@command("password", group=user, example="crm user password ana@college.example")
@click.argument("email")
@PASSWORD_STDIN
def password(db: "Store", viewer: Viewer, *, email: str, password_stdin: bool) -> dict[str, Any]:
    """Give a user a new password, and sign them out everywhere."""
    from crm.graph import users
    from crm.services import accounts

    require_admin(viewer)
    known = users.get_user(db, email)
    accounts.reset_password(db, known, read_password(from_stdin=password_stdin))
    return _row(known)


@command("role", group=user, example="crm user role ana@college.example admin")
@click.argument("email")
@click.argument("new_role", metavar="ROLE", type=click.Choice(["admin", "member"]))
def role(db: "Store", viewer: Viewer, *, email: str, new_role: Role) -> dict[str, Any]:
    """Make a user an administrator or a member."""
    from crm.graph import users
    from crm.services import accounts

    require_admin(viewer)
    accounts.change_role(db, users.get_user(db, email), new_role)
    return _row(users.get_user(db, email))


@command("disable", group=user, example="crm user disable ana@college.example")
@click.argument("email")
def disable(db: "Store", viewer: Viewer, *, email: str) -> dict[str, Any]:
    """Shut a user out from their next request on; what they did stays."""
    from crm.graph import users
    from crm.services import accounts

    require_admin(viewer)
    accounts.disable_user(db, users.get_user(db, email))
    return _row(users.get_user(db, email))


@command("enable", group=user, example="crm user enable ana@college.example")
@click.argument("email")
def enable(db: "Store", viewer: Viewer, *, email: str) -> dict[str, Any]:
    """Let a disabled user sign in again."""
    from crm.graph import users
    from crm.services import accounts

    require_admin(viewer)
    accounts.enable_user(db, users.get_user(db, email))
    return _row(users.get_user(db, email))


def read_password(*, from_stdin: bool) -> str:
    """Typed twice at a terminal, or the first line of standard input."""
    if not from_stdin and sys.stdin.isatty():
        return click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Refused("There was no password on standard input.")
    return line


def _row(one: "User") -> dict[str, Any]:
    values = (one.email, one.name, one.agency, one.role, one.disabled_at is not None)
    return {"user": one.id, **dict(zip(COLUMNS, values, strict=True))}
