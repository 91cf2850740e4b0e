"""`crm dedupe`: which records are one business or one person, in any file; why two are; and what a person decides."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import Day, command, draw_table, say

if TYPE_CHECKING:
    from crm.graph.driver import Store
    from crm.graph.stale import Kind

PAGE = click.option("--page", type=click.IntRange(min=1), default=1, show_default=True, help="25 to a page.")
KIND = click.option("--kind", type=click.Choice(["business", "person"]), help="What the records are.")
VERDICTS = ("same", "firm", "two_firms", "moved", "different", "unsure")


@click.group(epilog="Example: crm dedupe cluster lists.csv --out clusters.csv")
def dedupe() -> None:
    """Find which records are one business, or one person."""


def draw_clusters(answer: dict[str, Any]) -> str:
    words = {"business": ("business", "businesses"), "person": ("person", "people")}[answer["kind"]]
    memory = answer["peak_memory_mb"]
    cost = f"{answer['seconds']:g} s" + (f", {memory:,.0f} MB of memory" if memory else "")
    return f"{answer['rows']:,} rows are {answer['clusters']:,} {words[answer['clusters'] != 1]} ({cost})."


@command(
    "cluster",
    group=dedupe,
    store=False,
    example="crm dedupe cluster lists.csv --out clusters.csv --map 'Trading as=dba'",
    draw=draw_clusters,
)
@click.argument("records", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write: rec_id,cluster."
)
@click.option(
    "--kind", type=click.Choice(["business", "person"]), help="What the rows are.  [default: as the columns say]"
)
@click.option(
    "--map", "maps", multiple=True, metavar="COLUMN=MEANING", help='As in --map "Site name=name"; none leaves one out.'
)
def cluster(*, records: Path, out: Path, kind: Any, maps: tuple[str, ...]) -> dict[str, Any]:
    """Say for each row of a file of RECORDS, of one list or of many, which business or person it is.

    The file needs a column rec_id with each row's own id; what the other columns mean is guessed from their headings
    and cells, and told. Meanings of businesses: name, dba, legal_name, street, unit, city, state, zip, county, phone,
    website, email, ein, naics, parent, closed_on, people, first_name and last_name (of a contact), agency. Of people:
    first_name, middle_name, last_name, suffix, name, title, email, phone, mobile, employer, born_on, birth_place,
    gender, national_id, street, unit, city, state, zip, agency.

    Rows come in the order of the file. A cluster goes by the first rec_id in it, in text order; the order of the rows
    does not matter to it. Columns are told in the order of the file. Needs no data folder, and keeps nothing.
    """
    from crm.commands.progress import bar_or_lines
    from crm.services.clusters import cluster_file

    with bar_or_lines() as report:
        done = cluster_file(records, out, kind=kind, maps=maps, tell=say, progress=report)
    return {
        "kind": done.kind,
        "rows": done.rows,
        "clusters": done.clusters,
        "seconds": done.seconds,
        "peak_memory_mb": done.peak_memory_mb,
        "columns": [{"header": column.header, "meaning": column.meaning} for column in done.layout.columns],
    }


def tell_likelihood(score: float) -> str:
    """In percent; nothing is sure."""
    return "less than 1%" if score < 0.01 else "more than 99%" if score > 0.99 else f"{score:.0%}"


def draw_explanation(answer: dict[str, Any]) -> Any:
    from rich.console import Group
    from rich.text import Text

    words = {"same": "Taken for one", "review": "Perhaps one: a person should look", "different": "Taken for two"}
    lines = [f"{words[answer['decision']]}; by what they say, {tell_likelihood(answer['score'])} likely to be one."]
    judgement = answer["judgement"]
    if judgement:
        why = f": {judgement['why']}" if judgement["why"] else "."
        lines.append(f"{judgement['by']} decided on {judgement['at'][:10]} “{judgement['verdict']}”{why}")
    together = "are one" if answer["together"] else "are not one"
    lines.append(f"In the region they {together} now.")
    return Group(Text("\n".join(lines)), draw_table(answer["features"], ["name", "score", "sentence"]))


@command("explain", group=dedupe, example="crm dedupe explain 'Harbor College:77' Chamber:B-12", draw=draw_explanation)
@click.argument("left")
@click.argument("right")
@KIND
def explain(db: "Store", viewer: Viewer, *, left: str, right: str, kind: "Kind | None") -> dict[str, Any]:
    """Why two records are, may be or are not one. LEFT and RIGHT are AGENCY:SOURCE_ID, or ids of records.

    The score is how likely they are one by what they say; features come in the order in which they are weighed, each
    with its points (100 double the odds). What a person decided about the two counts more than any score.
    """
    from crm.services import record_pairs

    return record_pairs.explain_pair(db, viewer, left, right, kind=kind)


def draw_decision(answer: dict[str, Any]) -> Any:
    from rich.console import Group
    from rich.text import Text

    things = answer.get("businesses", answer.get("people", []))
    lines = [f"Decided ({answer['judgement']}). As it is now:"]
    for thing in things:
        names = ", ".join(f"{record['agency']}:{record['key']}" for record in thing["records"])
        lines.append(f"  {thing['name'] or '(no name)'} ({thing['id']}): {names}")
    return Group(Text("\n".join(lines)))


@command(
    "decide",
    group=dedupe,
    example="crm dedupe decide 'Harbor College:77' Chamber:B-12 different --why 'Two shops of one owner'",
    draw=draw_decision,
)
@click.argument("left")
@click.argument("right")
@click.argument("verdict", type=click.Choice(VERDICTS))
@click.option("--why", metavar="TEXT", help="The reason, for whoever looks at it later.")
@click.option("--on", "moved_on", metavar="D", type=Day(), help="Of people who moved: since when they are at RIGHT.")
@KIND
def decide(
    db: "Store",
    viewer: Viewer,
    *,
    left: str,
    right: str,
    verdict: str,
    why: str | None,
    moved_on: date | None,
    kind: "Kind | None",
) -> dict[str, Any]:
    """Decide whether two records are one. LEFT and RIGHT are AGENCY:SOURCE_ID, or ids of records.

    "firm" says of two businesses that they are sites of one firm, and no one place; "two_firms" that RIGHT is not of
    the firm of LEFT; "different" says nothing of firms. "moved" says of two people that they are one, who worked as in
    LEFT and works as in RIGHT now.
    It is kept for ever and counts more than any score; a later decision of the same pair takes its place. Answers with
    the businesses (or people) that the two belong to now, that of LEFT first; their records by agency, system and key.
    With --as EMAIL it is that user's decision.
    """
    from crm.services import record_pairs

    day = moved_on.isoformat() if moved_on else None
    return record_pairs.decide_pair(db, viewer, left, right, verdict, why=why, kind=kind, moved_on=day)


@command("reviews", group=dedupe, example="crm dedupe reviews --kind business")
@KIND
@PAGE
def list_reviews(db: "Store", viewer: Viewer, *, kind: "Kind | None", page: int) -> Any:
    """The pairs of records that a person should look at, AGENCY:SOURCE_ID each.

    What an answer changes most comes first: how many knocks would become redundant if the two were one, then repeats of
    an agency's own, then contacts and agencies of the two; then the likeliest.
    """
    from crm.services import reviews

    return [reviews.describe(row) for row in reviews.list_open(db, viewer, kind=kind or "", page=page)]


@command("decisions", group=dedupe, example="crm dedupe decisions --conflicts")
@KIND
@PAGE
@click.option("--conflicts", is_flag=True, help="Only those that contradict each other, in pairs.")
def list_decisions(db: "Store", viewer: Viewer, *, kind: "Kind | None", page: int, conflicts: bool) -> Any:
    """What people have decided of pairs of records, newest first, with who, when and why.

    With --conflicts: each "same" that cannot be followed, the oldest first, with what stands against it.
    """
    from crm.services import judgements

    if conflicts:
        return judgements.describe_conflicts(judgements.list_conflicts(db, viewer))
    rows, _ = judgements.list_decisions(db, viewer, kind=kind or "", page=page)
    return [judgements.describe(row) for row in rows]


@command("withdraw", group=dedupe, example="crm dedupe withdraw j7q2xkz05m1rc")
@click.argument("judgement")
def withdraw(db: "Store", viewer: Viewer, *, judgement: str) -> Any:
    """Take a decision back, by its id. The region follows at once; that it was decided stays on record."""
    from crm.services import judgements, resolution

    found = judgements.withdraw(db, viewer, judgement)
    resolution.resolve_new(db)
    return judgements.describe(judgements.name_decisions(db, [found])[0])


def draw_quality(answer: Any) -> Any:
    from rich.console import Group
    from rich.text import Text

    from crm.json_values import to_plain

    def share(estimate: Any) -> str:
        return f"{estimate.value:.1%} ({estimate.low:.1%} to {estimate.high:.1%})" if estimate else "not known yet"

    if answer.drawn_at is None:
        return "No pairs are drawn yet. Draw them with: crm dedupe quality --draw"
    lines = [
        f"Precision {share(answer.precision)}, recall {share(answer.recall)}; 95% intervals.",
        f"{answer.answered:,} of {answer.checks:,} pairs that were drawn on {answer.drawn_at[:10]} are checked.",
    ]
    if answer.missing:
        lines.append(f"{answer.missing:,} more answers are needed for what is not known yet.")
    bands = [
        {
            "taken for one": "yes" if band["joined"] else "no",
            "from": band["low"], "to": band["high"], "pairs": band["pairs"], "answers": band["answers"],
            "one, by answers": band["share"]["value"] if band["share"] else None, "by scores": band["likely"],
        }
        for band in to_plain(answer.bands)
    ]  # fmt: skip
    return Group(Text("\n".join(lines)), draw_table(bands, list(bands[0])) if bands else Text(""))


@command("quality", group=dedupe, example="crm dedupe quality --draw", draw=draw_quality)
@click.option("--kind", type=click.Choice(["business", "person"]), default="business", show_default=True)
@click.option("--draw", is_flag=True, help="First draw pairs to check, and try other thresholds; looks at all records.")
def quality(db: "Store", viewer: Viewer, *, kind: "Kind", draw: bool) -> Any:
    """How good the matching is, by what people said of pairs that were drawn by lot: precision and recall with 95%
    intervals, by band of scores (those that are not taken for one first, from the lowest), by agency and by kind of
    case (of which most is known first), and at other thresholds (from the lowest).
    """
    from crm.services import quality, surveys

    if draw:
        from crm.commands.progress import bar_or_lines

        with bar_or_lines() as report:
            surveys.take_survey(db, kind, progress=report)
    return quality.find_quality(db, viewer, kind)


@command("thresholds", group=dedupe, example="crm dedupe thresholds --join 150 --ask -200")
@click.option("--kind", type=click.Choice(["business", "person"]), default="business", show_default=True)
@click.option("--join", type=int, required=True, help="From so many points on two records are taken for one.")
@click.option("--ask", type=int, required=True, help="From so many points on a pair is put to review.")
@click.option("--set", "is_set", is_flag=True, help="Set them, and match all records anew.")
def thresholds(db: "Store", viewer: Viewer, *, kind: "Kind", join: int, ask: int, is_set: bool) -> Any:
    """What other thresholds would change, in points (100 double the odds), by the last survey (crm dedupe quality
    --draw); with pairs of records that would come together, part, and come to review or leave it.

    With --set they hold from then on, and the region follows at once; set the earlier ones again to take it back.
    """
    from crm.services import quality, surveys
    from crm.services import thresholds as in_force

    answer = quality.describe_trial(quality.try_thresholds(db, viewer, kind, join=join, ask=ask))
    if is_set:
        from crm.commands.progress import bar_or_lines
        from crm.services.resolution import resolve_new

        with bar_or_lines() as report:
            in_force.set_thresholds(db, viewer, kind, join=join, ask=ask)
            resolve_new(db, progress=report)
            surveys.take_survey(db, kind, progress=report)
    return answer
