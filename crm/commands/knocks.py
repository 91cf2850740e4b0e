"""`crm knocks` and `crm light`: how bad it is and where, and whether one business may be called on."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import Day, command, draw_table
from crm.commands.periods import period_options, scope_options

if TYPE_CHECKING:
    from crm.graph.driver import Store

SHOWN = 20
COLUMNS = ("name", "knocks", "redundant", "coordinated", "own_repeat", "first", "agencies", "doors", "business")
FIGURES = ("mean_doors", "share_2_doors", "share_3_doors", "share_5_doors", "top_decile_share", "gini", "asked_twice")
DAY = Day()


def draw_knocks(answer: dict[str, Any]) -> Any:
    from rich.console import Group
    from rich.text import Text

    lines = [tell_headline(answer), f"Period {answer['from']} to {answer['to']}, as of {answer['as_of']}."]
    lines += [f"{name.replace('_', ' ')}: {tell(answer[name])}" for name in FIGURES]
    if answer["unknown_months"]:
        months = sorted({f"{row['agency']} {row['month']}" for row in answer["unknown_months"]})
        lines.append(f"Not known: {', '.join(months[:SHOWN])}{' …' if len(months) > SHOWN else ''}")
    parts: list[Any] = [Text("\n".join(lines)), draw_table(answer["businesses"][:SHOWN], list(COLUMNS))]
    if len(answer["businesses"]) > SHOWN:
        parts.append(Text(f"… and {len(answer['businesses']) - SHOWN} more businesses; --json lists them all."))
    parts += [Text(tell_topic(topic)) for topic in answer.get("topics", ())]
    parts += [Text(tell_knock(knock)) for knock in answer.get("list", ())]
    parts += [
        Text(f"{one['date']}  {', '.join(one['agencies'])}: {one['words']}") for one in answer.get("missing_links", ())
    ]
    return Group(*parts)


def tell_headline(answer: dict[str, Any]) -> str:
    if not answer["knocks"]:
        return "No knocks in this period."
    low, high = answer["interval"]
    share = f"{answer['redundant']} of {answer['knocks']} knocks were redundant"
    return f"{share}: {tell(answer['rate'])} (between {tell(low)} and {tell(high)})."


def tell_knock(knock: dict[str, Any]) -> str:
    return f"{knock['date']}  {', '.join(knock['agencies'])} ({knock['purpose_class']}): {knock['why']}"


def tell_topic(topic: dict[str, Any]) -> str:
    asked = f"{topic['name']}: {topic['topic']}, asked through {topic['doors']} doors"
    if topic["on"] is None:
        return f"{asked}; nobody was reached yet."
    return f"{asked}; {', '.join(topic['held_by'])} knows since {topic['on']}, ask {', '.join(topic['ask'])}."


def tell(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3g}"


@command("knocks", example="crm knocks --as-of 2026-06-30 --sector Manufacturing --json", draw=draw_knocks)
@period_options
@scope_options
@click.option("--agency", metavar="NAME", help="Count only the knocks of this agency.")
@click.option("--program", metavar="NAME", help="Count only the knocks of this program: AGENCY:PROGRAM, or its name.")
@click.option("--purpose", metavar="KIND", help="Count only knocks of this kind: input, sponsorship, invitation, …")
@click.option("--business", metavar="B", help="List this one's knocks too: an id, AGENCY:SOURCE_ID, or a name.")
@click.option("--topics", is_flag=True, help="Also what was asked twice, and who holds the answer.")
@click.option("--links", is_flag=True, help="With --business: also the links that its redundant knocks lacked.")
def knocks(db: "Store", viewer: Viewer, *, first: date | None, last: date | None, **asked: Any) -> dict[str, Any]:
    """How many knocks were redundant, and where.

    Businesses come by knocks, then redundant ones, the most first, then by id; months by time; unknown months by time,
    then agency; the knocks of a business in the order in which they were made.
    """
    from crm.services import knocks as services

    return services.measure(db, viewer, period=(first, last), **asked)


def draw_light(light: dict[str, Any]) -> str:
    words = {"red": "Hold", "amber": "Ask first", "green": "Clear to call"}[light["light"]]
    lines = [f"{words} ({light['light']})", *light["reasons"]]
    lines.append(f"Fatigue {light['fatigue']:.2f} against a budget of {light['budget']:g}.")
    return "\n".join([*lines, f"Ask: {', '.join(light['ask'])}"] if light["ask"] else lines)


@command("light", example="crm light 'Acme Tool' --agency 'Harbor College' --json", draw=draw_light)
@click.argument("business")
@click.option("--agency", required=True, metavar="NAME", help="Who wants to call.")
@click.option("--as-of", type=DAY, metavar="DATE", help="The day of the call.  [default: today]")
def light(db: "Store", viewer: Viewer, *, business: str, agency: str, as_of: date | None) -> dict[str, Any]:
    """Whether an agency may call on BUSINESS (an id, AGENCY:SOURCE_ID, or a name that finds exactly one).

    Reasons come in the order of the contacts that they are about; whom to ask, in text order.
    """
    from crm.services import lights, lookups

    asking = lookups.get_agency(db, viewer, agency)
    id = lookups.get_business_id(db, viewer, business)
    return lights.find_light(db, viewer, id, agency_id=asking.id, as_of=as_of).as_json()
