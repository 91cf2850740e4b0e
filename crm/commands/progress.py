"""Progress on the terminal: a bar with rows done, rate and time left, on standard error, where somebody watches."""

import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Task as RichTask
from rich.text import Text

Report = Callable[[str, int, int | None], None]
STAGES = {
    "reading": "Reading rows",
    "preparing": "Preparing records",
    "sifting": "Leaving out pairs that cannot be one",
    "comparing": "Comparing records",
    "clustering": "Joining records",
    "checking": "Checking rows",
    "loading": "Loading rows",
    "matching": "Matching records",
    "firms": "Finding the sites of each firm",
    "remembering": "Keeping what was found",
    "computing": "Computing businesses and people",
    "undoing": "Taking rows back",
}

PATIENCE, EVERY = 2.0, 10.0  # seconds until the first line of progress where no bar can be drawn, and between lines


class Rate(TextColumn):
    """How many a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: RichTask) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def bar() -> Generator[Report]:
    """A function `report(stage, done, total)` that keeps a bar for each stage; no total: nobody knows how long."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(STAGES.get(stage, stage))
            progress.update(tasks[stage], completed=done, total=total)

        yield report


@contextmanager
def bar_or_lines() -> Generator[Report]:
    """The same; where standard error is no terminal, a line now and then for work that takes more than two seconds."""
    if Console(file=sys.stderr).is_terminal:
        with bar() as report:
            yield report
        return
    start, done = time.monotonic(), threading.Event()
    stage = ["reading"]

    def tell() -> None:
        wait = PATIENCE
        while not done.wait(wait):
            click.echo(f"{STAGES.get(stage[0], stage[0])} … {time.monotonic() - start:.0f} s", err=True)
            wait = EVERY

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()

    def note(now: str, done: int, total: int | None) -> None:
        stage[0] = now

    try:
        yield note
    finally:
        done.set()
        teller.join()
