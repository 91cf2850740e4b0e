"""The command `crm`: its frame, without an engine."""

import json
import subprocess
import sys
from typing import Any

import click
import pytest
from click.testing import CliRunner

from crm import cli
from crm.commands import output
from crm.errors import Refused


def test_every_command_of_the_table_can_be_loaded_and_shows_help_with_an_example() -> None:
    def check(command: click.Command, path: str) -> None:
        if isinstance(command, click.Group):
            assert "Example: crm" in CliRunner().invoke(command, ["--help"]).output, path
            for name, child in command.commands.items():
                check(child, f"{path} {name}")
            return
        answer = CliRunner().invoke(command, ["--help"])
        assert answer.exit_code == 0, path
        assert "Example: crm" in answer.output, path
        assert "--json" in answer.output, path
        assert "--as" in answer.output, path

    for name in cli.COMMANDS:
        command = cli.cli.get_command(click.Context(cli.cli), name)
        assert command is not None
        assert command.name == name
        check(command, f"crm {name}")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, (_, short) in cli.COMMANDS.items():
        assert name in shown
        assert short.split()[0] in shown


@pytest.mark.parametrize(
    "arguments", [["no-such-command"], ["user", "list", "--colour"], ["user", "add", "a@b.example"], []]
)
def test_wrong_usage_is_status_2_with_nothing_on_standard_output(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err


def fail(reason: str) -> Any:
    @output.command("fail", example="crm fail", store=False)
    def command() -> None:
        """Fail."""
        raise Refused(reason)

    return command


def test_a_refusal_is_status_1_and_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: fail("No such\nfile."))
    assert cli.run(["fail", "--json"]) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "crm: No such file.\n")


def test_json_is_one_value_on_standard_output_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    output.say("half way")
    output.show([{"name": "Søndergaard [bold]", "n": 1.5}], as_json=True)
    captured = capsys.readouterr()
    assert json.loads(captured.out) == [{"name": "Søndergaard [bold]", "n": 1.5}]
    assert captured.err == "half way\n"


def test_a_plain_list_is_a_table_and_a_name_is_never_a_style(capsys: pytest.CaptureFixture[str]) -> None:
    output.show([{"name": "A [bold]B[/bold]", "knocks": 12}, {"name": "C", "knocks": 3}], as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "knocks"]
    assert "A [bold]B[/bold]" in lines[1]


def test_what_an_agency_typed_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.show([{"name": "\x1b[2Jgone\x07"}], as_json=False)
    output.show("\x1b]0;title\x07text", as_json=False)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_help_starts_without_the_web_the_driver_or_pandas() -> None:
    code = (
        "import sys; from crm import cli; cli.run(['--help']); cli.run(['user', 'add', '--help']);"
        "print(sorted(set(sys.modules) & {'flask', 'neo4j', 'pandas', 'numpy', 'rich', 'gunicorn'}), file=sys.stderr)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stderr.strip() == "[]"


def test_a_reader_who_has_seen_enough_is_no_failure_worth_words() -> None:
    command = f"{sys.executable} -c \"from crm.cli import main; main(['--help'])\" | head -c 1"
    answer = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert answer.stderr == ""
