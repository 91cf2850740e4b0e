"""The options by which a report says which period and businesses it is about, and how far back its knocks look."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from crm.commands.output import Day

Function = TypeVar("Function", bound=Callable[..., Any])
DAY = Day()

OPTIONS = (
    click.option(
        "--as-of",
        type=DAY,
        metavar="DATE",
        help="The day of the report.  [default: --to if given, else today]",
    ),
    click.option("--from", "first", type=DAY, metavar="DATE", help="First day of the period.  [default: 12 months]"),
    click.option("--to", "last", type=DAY, metavar="DATE", help="Last day of the period, itself in it."),
    click.option(
        "--window", type=int, metavar="DAYS", help="How far back earlier knocks are looked for.  [default: 90]"
    ),
    click.option("--broad", is_flag=True, help="Compare knocks of every kind, not only those of the same kind."),
)


def period_options(function: Function) -> Function:
    """A command with these options: `as_of`, `first`, `last`, `window` and `broad`, as `questions.ask` takes them."""
    for option in reversed(OPTIONS):
        function = option(function)
    return function


SCOPE = (
    click.option(
        "--sector",
        metavar="NAME[@VERSION]",
        help="Only businesses of this sector, as its newest version defines it, or the version named.",
    ),
    click.option("--place", metavar="PLACE", help="Only businesses of this county or zip."),
    click.option(
        "--size", metavar="SIZE", help="Only businesses of so many employees: 1-9, 10-49, 50-249, 250+ or unknown."
    ),
)


def scope_options(function: Function) -> Function:
    """A command with the options `sector`, `place` and `size`, as `questions.ask` takes them."""
    for option in reversed(SCOPE):
        function = option(function)
    return function
