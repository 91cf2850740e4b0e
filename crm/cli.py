"""The command `crm`.

Each sub-command lives in `crm/commands/<noun>.py` and is loaded when it is called, so that `crm --help` and a small
command start at once. Exit status: 0 done, 1 refused with a one-line reason, 2 wrong usage.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from crm.errors import CrmError

# name -> where the command is, and what it does in one line (shown without loading it).
COMMANDS: dict[str, tuple[str, str]] = {
    "agreements": ("crm.commands.agreements:agreements", "List agreements, and what has changed since each began."),
    "businesses": ("crm.commands.businesses:businesses", "List businesses, or those that a text may mean."),
    "coverage": ("crm.commands.coverage:coverage", "Say what agencies reach alone, and all together."),
    "credit": ("crm.commands.credit:credit", "Say who did what so that businesses are not asked twice."),
    "dedupe": ("crm.commands.dedupe:dedupe", "Find which records are one business, or one person."),
    "demo": ("crm.commands.demo:demo", "Load an invented region to try everything on."),
    "export": ("crm.commands.imports:export", "Write the region's records of a kind to a plain file."),
    "graph": ("crm.commands.graph:graph", "Write the whole region to a file, and read it back."),
    "import": ("crm.commands.imports:import_files", "Take files in."),
    "inspect": ("crm.commands.inspections:inspect", "Say how a file will be read, and store nothing."),
    "knocks": ("crm.commands.knocks:knocks", "Measure how many knocks were redundant, and where."),
    "light": ("crm.commands.knocks:light", "Say whether an agency may call on a business."),
    "pack": ("crm.commands.packs:pack", "Write the region's numbers as a PDF or a workbook."),
    "people-records": ("crm.commands.records:people_records", "List which person each person record is."),
    "profiles": ("crm.commands.profiles:profiles", "Look at what was said about files, and carry it elsewhere."),
    "recompute": ("crm.commands.records:recompute", "Compute everything again from what agencies said."),
    "records": ("crm.commands.records:records", "List which business each business record is."),
    "tables": ("crm.commands.tables:tables", "Measure which tables share members, and who sits at how many."),
    "template": ("crm.commands.imports:template", "Print the header of a plain file, with an example."),
    "undo": ("crm.commands.imports:undo", "Take an import back."),
    "serve": ("crm.commands.serve:serve", "Run the web application."),
    "whatif": ("crm.commands.whatif:whatif", "Say what agreements would have avoided."),
    "worker": ("crm.commands.worker:worker", "Do the jobs that pages ask for."),
    "user": ("crm.commands.users:user", "Look after the people who may sign in."),
}


class LazyGroup(click.Group):
    """A group that imports a sub-command's module only when that sub-command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        return getattr(importlib.import_module(module), name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: crm businesses --search 'acme tol'",
)
@click.version_option(package_name="sector-crm", prog_name="crm")
def cli() -> None:
    """See who else is knocking: a shared outreach CRM for sector partnerships.

    Works on the data folder CRM_DATA_DIR (default: the user's data folder), or on the Neo4j server NEO4J_URI.
    Every command has --json for scripts, and --as EMAIL to see what that user may see.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its status."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the status says how it went."""
    try:
        result: Any = cli.main(args=arguments, prog_name="crm", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return 2 if isinstance(error, click.UsageError) else 1
    except CrmError as error:
        return _refuse(str(error))
    except (click.Abort, KeyboardInterrupt):
        return _refuse("Stopped.")
    except BrokenPipeError:
        # Whoever read the output has seen enough; what is still buffered must not fail when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _refuse(reason: str) -> int:
    click.echo(f"crm: {' '.join(reason.split())}", err=True)
    return 1


if __name__ == "__main__":
    main()
