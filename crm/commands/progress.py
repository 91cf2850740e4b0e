"""Progress on the terminal: a bar with rows done, rate and time left, on standard error, where somebody watches."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Task as RichTask
from rich.text import Text

Report = Callable[[str, int, int], None]
STAGES = {
    "checking": "Checking rows",
    "loading": "Loading rows",
    "matching": "Matching records",
    "computing": "Computing businesses and people",
    "undoing": "Taking rows back",
}


class Rate(TextColumn):
    """How many a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: RichTask) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def bar() -> Generator[Report]:
    """A function `report(stage, done, total)` that keeps a bar for each stage."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(STAGES.get(stage, stage))
            progress.update(tasks[stage], completed=done, total=total)

        yield report
