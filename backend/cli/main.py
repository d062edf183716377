"""The `novads` command and the list of its parts, each loaded when it is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import click
from typing_extensions import override

from backend.kernel.errors import DomainError
from backend.kernel.loading import loading
from backend.kernel.logs import logger

LOG = logger(__name__)
FAILED = 70
"""EX_SOFTWARE of sysexits.h."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command stands and what it does, in one line."""

    module: str
    summary: str
    is_hidden: bool = False


COMMANDS: Mapping[str, Entry] = {
    "demo": Entry("backend.cli.demo", "Show the main job end to end, then keep serving."),
    "serve": Entry("backend.cli.serve", "Serve the HTTP API; with --all everything it needs."),
    "worker": Entry("backend.cli.worker", "Send messages and do other background work."),
    "groups-engine": Entry("backend.cli.groups_engine", "Let groups follow facts and calendar."),
    "simulators": Entry("backend.cli.simulators", "Run local FCM, Web Push, SMTP and SMS servers."),
    "migrate": Entry("backend.cli.migrate", "Bring the database's tables up to date."),
    "registry": Entry(
        "backend.cli.registry", "Import resident registries; generate synthetic ones."
    ),
    "staff": Entry("backend.cli.staff", "Keep the staff members who may sign in."),
    "openapi": Entry("backend.cli.openapi", "Write the OpenAPI documents of every audience."),
    "doctor": Entry(
        "backend.cli.doctor", "Say what is configured, reachable, degraded; what to do."
    ),
    "demo-job": Entry(
        "backend.cli.demo_job", "Do the demo's job on a running system.", is_hidden=True
    ),
}


class Novads(click.Group):
    """The commands, each imported only when called, and what becomes of what they raise."""

    @override
    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a refusal is one line, and of a failure the log tells type and place.

        Its text is withheld, because the database's holds the row that failed.
        """
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except DomainError as refusal:
            raise click.ClickException(refusal.detail or refusal.title.en) from refusal
        except Exception as failure:
            LOG.error("command_failed", failure=failure)
            raise click.exceptions.Exit(FAILED) from failure

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """List what --help shows."""
        return [name for name, entry in COMMANDS.items() if not entry.is_hidden]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        with loading():
            command = import_module(entry.module).command
        return command if isinstance(command, click.Command) else None

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without loading the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in self.list_commands(ctx)])


@click.group(
    cls=Novads,
    epilog="Settings are NOVADS_* variables: novads doctor --settings lists them. "
    "Each command explains itself: novads COMMAND --help.",
)
@click.version_option(package_name="novads", prog_name="novads")
def main() -> None:
    """Backend of a municipality's mobile app, and the notification hub behind it."""
