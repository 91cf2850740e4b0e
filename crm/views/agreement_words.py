"""What pages say about agreements: states, scopes, steps, and what has changed since."""

from collections.abc import Mapping
from typing import Any

from crm.analysis.protocols import Change
from crm.graph.protocols import Step
from crm.services.agreement_lists import Shown
from crm.views import charts
from crm.views.formatting import calendar_date, month_name, percent, plural, words_list

STATE_WORDS = {
    "proposed": "Proposed",
    "signed": "Signed, not begun",
    "in_force": "In force",
    "ended": "Ended",
    "withdrawn": "Withdrawn",
}
STATE_KINDS = {"proposed": "warn", "signed": "accent", "in_force": "good", "ended": "", "withdrawn": ""}
VERDICT_KINDS = {"lower": "good", "higher": "bad"}


def split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def tell_scope(shown: Shown, businesses: int) -> str:
    """For which businesses it is, as the end of a sentence."""
    parts: list[str] = []
    if shown.sector or shown.places:
        sector = shown.sector_name or (f"NAICS {words_list(split(shown.sector))}" if shown.sector else "all sectors")
        parts.append(f"{sector} in {words_list(split(shown.places))}" if shown.places else sector)
    if shown.is_naming:
        parts.append(plural(businesses, "named business", "named businesses") if businesses else "named businesses")
    return " and ".join(parts) or "all businesses"


def tell_days(shown: Shown) -> str:
    begin = calendar_date(shown.begins_on)
    return f"{begin} to {calendar_date(shown.ends_on)}" if shown.ends_on else f"from {begin}, without an end"


def tell_signed(shown: Shown) -> str:
    """How far the signing is."""
    if shown.is_from_file:
        return "came with a file"
    if not shown.missing:
        return "all have signed"
    if not shown.signed:
        return "nobody has signed yet"
    return f"{words_list(name for _, name in shown.signed)} signed, {words_list(n for _, n in shown.missing)} not yet"


def tell_step(step: Step, names: Mapping[str, str], businesses: Mapping[str, str]) -> str:
    """What somebody did, as a sentence without its subject."""
    detail: dict[str, Any] = step.detail
    match step.kind:
        case "proposed":
            return f"proposed it, between {words_list(names.get(id, 'an agency') for id in detail['agencies'])}"
        case "signed":
            return f"signed for {names.get(step.agency or '', 'their agency')}"
        case "lead":
            where = businesses.get(detail["record"], "one business") if detail["record"] else "all businesses"
            if not detail["lead"]:
                return f"named nobody as lead for {where}"
            backup = f", {detail['backup']} standing in" if detail["backup"] else ""
            return f"named {detail['lead']} as lead for {where}{backup}"
        case "agreed":
            return f"agreed to the lead for {names.get(step.agency or '', 'their agency')}"
        case "review":
            return f"set its review to {calendar_date(detail['on'])}" if detail["on"] else "took its review off"
        case "ended":
            return f"ended it, {calendar_date(detail['on'])} being the last day"
        case _:
            return "withdrew it"


def tell_change(change: Change | None) -> str:
    """In a few words, for a list."""
    if change is None:
        return "–"
    before, after = change.before.rate, change.after.rate
    if before is None or after is None:
        return "no knocks to compare"
    words = f"{percent(before)} → {percent(after)}"
    if change.verdict == "lower, not all known":
        return f"{words}, not all contacts known"
    return f"{words}, may be chance" if change.verdict == "lower, may be chance" else words


def tell_verdict(change: Change) -> str:
    """The title of the chart: what may be claimed."""
    before, after = (percent(side.rate) for side in (change.before, change.after))
    match change.verdict:
        case "nothing to compare":
            return "There are no knocks on both sides to compare yet"
        case "the same":
            return f"{before} of knocks were redundant before, and as many since"
        case "higher":
            return f"{after} of knocks were redundant since, more than the {before} before"
        case "lower":
            return f"{after} of knocks were redundant since, fewer than the {before} before"
        case "lower, may be chance":
            return f"{after} redundant since, {before} before: fewer, but this may be chance"
        case _:
            return f"{after} redundant since, {before} before: fewer, but not all contacts are known"


def tell_caution(change: Change) -> str:
    """What the redundant share alone does not say."""
    before, after = change.before.followed_rate, change.after.followed_rate
    if before is None or after is None:
        return ""
    return (
        "An agreement makes knocks of its agencies on each other count as coordinated, so the redundant share can fall "
        "though everybody knocks as before. Knocks that came after another agency's, linked or not: "
        f"{percent(before)} before, {percent(after)} since."
    )


def tell_unknown(change: Change) -> str:
    """Which agencies' months are not known."""
    by_agency: dict[str, list[str]] = {}
    for agency, month in (*change.before.unknown, *change.after.unknown):
        by_agency.setdefault(agency, []).append(month_name(month))
    told = [
        f"{agency} for {words_list(months) if len(months) <= 4 else f'{len(months)} months'}"
        for agency, months in ((agency, list(dict.fromkeys(of))) for agency, of in sorted(by_agency.items()))
    ]
    return f"Not all contacts are known: {words_list(told)}." if told else ""


def draw_change(change: Change) -> tuple[list[charts.Month], list[tuple[int, str]]]:
    """The months of both sides, and the mark between them."""
    months = [
        charts.Month(
            label=month_name(month.month),
            value=month.rate,
            low=month.interval[0] if month.interval else None,
            high=month.interval[1] if month.interval else None,
            unknown=bool(month.unknown),
            note=words_list(month.unknown),
        )
        for month in change.months
    ]
    first = sum(not month.is_after for month in change.months)
    return months, [(first, "agreement begins")]
