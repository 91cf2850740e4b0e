"""How far a job is, for whoever waits for it: a bar that asks every second, and by refresh where there is no script."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Response, render_template, request

from crm.graph.jobs import Job
from crm.graph.upload_files import UploadFile
from crm.views.formatting import plural, thousands

STAGES: Final = {
    None: "Waiting for its turn",
    "checking": "Reading rows",
    "loading": "Taking in rows",
    "matching": "Finding out who is who",
    "preparing": "Preparing records",
    "comparing": "Comparing records",
    "clustering": "Joining records",
    "firms": "Finding the sites of each firm",
    "remembering": "Keeping what was found",
    "trying thresholds": "Trying thresholds",
    "drawing": "Drawing pairs",
    "computing": "Bringing the numbers up to date",
    "undoing": "Taking rows back",
}


def progress_of(job: Job | None) -> dict[str, Any] | None:
    """What the bar shows of a job; None when there is nothing to wait for."""
    if job is None or not job.is_open:
        return None
    stage = STAGES.get(job.stage, "Working")
    part = 25 * int(4 * job.done / job.total) if job.total else 0
    return {
        "text": _explain(job, stage),
        # What is said aloud: at each stage, and at each quarter of it.
        "said": _explain(job, f"{stage}, {part} %" if part else stage),
        "done": job.done,
        "total": max(job.total, job.done),
        "rate": rate_words(job),
        "left": left_words(job),
    }


def _explain(job: Job, stage: str) -> str:
    if job.wish == "pause":
        return "Pausing after these rows"
    if job.state == "waiting" and job.waits_for:
        return f"Waiting: {job.waits_for}"
    return "Taking back what is in" if job.wish == "cancel" else stage


def draw_progress(job: Job | None, url: str, label: str, *, counted: Sequence[UploadFile] = ()) -> Response:
    """The bar again, with what is `counted` already; once the job has ended, an empty answer with which the page loads
    itself again."""
    shown = progress_of(job)
    if shown is None:
        return Response(status=200, headers={"HX-Refresh": "true"})
    # The page says what it has said aloud last, so that it is not said twice.
    is_news = request.args.get("said") != shown["said"]
    return Response(
        render_template("imports/progress.html", shown=shown, url=url, label=label, is_news=is_news, counted=counted)
    )


def rate_words(job: Job) -> str:
    """ "3,100 a second"."""
    return f"{thousands(job.rate)} a second" if job.rate and job.rate >= 1 else ""


def left_words(job: Job) -> str:
    """ "about 20 seconds left"."""
    seconds = job.seconds_left
    if seconds is None or job.done >= job.total:
        return ""
    if seconds < 90:
        return f"about {plural(max(1, round(seconds)), 'second')} left"
    return f"about {plural(round(seconds / 60), 'minute')} left"
