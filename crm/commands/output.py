"""What every command shares: the options --json and --as, the store, and how an answer is written.

A command is a short function of the store, the viewer and its own options; it returns plain values:

    @command("light", example="crm light b4k2… --agency 'Harbor College'", draw=draw_light)
    @click.argument("business")
    def light(db: Store, viewer: Viewer, *, business: str) -> Light: ...

With --json the value is written as one line of JSON and nothing else; without, `draw` makes lines or a table of it.
Progress and messages go to standard error, with `say`.
"""

import functools
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crm.access import OWNER, Viewer
from crm.errors import NotAllowed, Refused
from crm.json_values import to_json, to_plain

if TYPE_CHECKING:
    from crm.graph.driver import Store

Draw = Callable[[Any], Any]
Function = TypeVar("Function", bound=Callable[..., Any])

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON value on standard output, nothing else.")
AS = click.option("--as", "as_email", metavar="EMAIL", help="Answer as for this user, within what they may see.")


def command(
    name: str,
    *,
    example: str,
    draw: Draw | None = None,
    group: click.Group | None = None,
    store: bool = True,
) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function a command (of `group`). With `store=False` it gets no store, no viewer, and starts no engine."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @functools.wraps(function)
        def run(*, as_json: bool, as_email: str | None, **options: Any) -> None:
            value = _call(function, as_email, options) if store else function(**options)
            show(value, as_json=as_json, draw=draw)

        made = click.command(name, epilog=f"Example: {example}")(AS(JSON(run)))
        if group is not None:
            group.add_command(made)
        return made

    return decorate


def _call(function: Callable[..., Any], as_email: str | None, options: dict[str, Any]) -> Any:
    # Here, because a command that only shows its help must not wait for the driver.
    from crm.config import read_settings
    from crm.graph.schema import open_store

    db = open_store(read_settings().graph)
    try:
        return function(db, find_viewer(db, as_email), **options)
    finally:
        db.close()


class Day(click.ParamType):
    """A day as the plain files write it."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is not a day. Write it as 2026-03-31.", param, ctx)


def find_viewer(db: "Store", email: str | None) -> Viewer:
    """The owner, who sees everything, or with --as the user of that address."""
    if email is None:
        return OWNER
    from crm.graph import users

    user = users.find_user(db, email)
    if user is None or user.disabled_at is not None:
        raise Refused(f"There is no user {email} who may sign in.")
    return user.viewer


def require_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise NotAllowed("Only an administrator may do this.")


def say(text: str) -> None:
    """A message to whoever watches, never part of the answer."""
    click.echo(text, err=True)


def show(value: Any, *, as_json: bool, draw: Draw | None = None) -> None:
    """Write the answer: JSON, or what `draw` makes of it (text, or anything that rich can print)."""
    if as_json:
        click.echo(to_json(value))
        return
    drawn = draw(value) if draw is not None else draw_plain(to_plain(value))
    if isinstance(drawn, str):
        click.echo(clean(drawn))
    elif drawn is not None:
        _print(drawn)


def _print(drawn: Any) -> None:
    from rich.console import Console

    # In a pipe there is no screen to fit: a line stays a line.
    width = None if sys.stdout.isatty() else 100_000
    Console(file=sys.stdout, width=width, soft_wrap=width is not None, highlight=False).print(drawn)


def draw_plain(value: Any) -> Any:
    """A table of a list of objects, "name  value" lines of an object, else the text itself."""
    if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        return draw_table(value, list(value[0]))
    if isinstance(value, list):
        return "\n".join(_words(item) for item in value) if value else "Nothing found."
    if isinstance(value, Mapping):
        return draw_table([{"": name, " ": item} for name, item in value.items()], ["", " "], head=False)
    return _words(value)


def draw_table(rows: Iterable[Mapping[str, Any]], columns: list[str], *, head: bool = True) -> Any:
    """A rich table; numbers stand to the right."""
    from rich.table import Table
    from rich.text import Text

    rows = list(rows)
    table = Table(box=None, show_header=head, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = bool(rows) and all(_is_number(row.get(column)) for row in rows)
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        # As Text, because a name with [brackets] is a name and not a style.
        table.add_row(*(Text(clean(_words(row.get(column)))) for column in columns))
    return table


def clean(text: str) -> str:
    """Without control characters: what an agency typed must not steer the terminal."""
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_words(item)}" for name, item in value.items())
    return str(value)
