"""Commands explain themselves."""

import importlib

import click
import pytest
from click.testing import CliRunner

from backend.cli.main import COMMANDS, main


@pytest.mark.parametrize(
    "name",
    ["serve", "worker", "migrate", "demo", "registry", "openapi", "doctor", "simulators"],
)
def test_the_list_names_every_command(name: str) -> None:
    listed = CliRunner().invoke(main, ["--help"])
    assert listed.exit_code == 0
    assert f"\n  {name}" in listed.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    command = importlib.import_module(COMMANDS[name].module).command
    commands = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    for each in commands:
        assert each.help
        assert each.hidden or COMMANDS[name].is_hidden or "Example: " in (each.epilog or "")


def test_a_command_that_does_not_exist_is_refused_without_a_traceback() -> None:
    refused = CliRunner().invoke(main, ["dance"])
    assert refused.exit_code == 2
    assert "No such command" in refused.output


def test_the_version_is_told() -> None:
    assert "novads" in CliRunner().invoke(main, ["--version"]).output.lower()
