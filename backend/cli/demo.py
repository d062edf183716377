"""`novads demo`."""

import asyncio
import sys
from collections.abc import Mapping

import click

from backend.cli.startup import environment, read_settings
from backend.cli.stopping import run_until_stopped
from backend.kernel.embedded import EmbeddedError
from backend.supervisor.everything import Job, novads, run_everything
from backend.supervisor.ports import PortTaken

DEFAULTS = {"NOVADS_LOG_LEVEL": "warning", "NOVADS_SIMULATORS": "true"}


@click.command("demo", epilog="Example: NOVADS_PORT=8080 novads demo --once")
@click.option("--once", is_flag=True, help="Leave after the job: status 0 if its counters balance.")
@click.option(
    "--residents",
    type=click.IntRange(500),
    default=20_000,
    show_default=True,
    help="Size of the feed.",
)
def command(once: bool, residents: int) -> None:  # noqa: FBT001 - click passes flags by keyword
    """Show the main job end to end, then keep serving until Ctrl-C.

    A synthetic registry is imported, a group found by a rule, an alert written, approved and
    sent through real clients to local simulators, receipts counted, a message read. The figures
    stand in NOVADS_VAR/demo/report.json. Simulators are on and logs are quiet unless you say
    otherwise.
    """
    environ: Mapping[str, str] = {**DEFAULTS, **environment()}
    settings = read_settings(environ)
    if settings.deployment.is_production:
        raise click.ClickException("the demo does not run where NOVADS_ENV is production")
    job = Job(novads("demo-job", "--residents", str(residents)), is_all=once)

    async def main(stop: asyncio.Event) -> int:
        return await run_everything(settings, environ, stop, job)

    try:
        sys.exit(run_until_stopped(main))
    except (PortTaken, EmbeddedError) as error:
        raise click.ClickException(str(error)) from error
