"""`novads worker`."""

import asyncio

import click

from backend.cli.startup import settings_with_database
from backend.cli.stopping import run_until_stopped
from backend.worker.main import run_worker


@click.command("worker", epilog="Example: NOVADS_LEASE_SECONDS=30 novads worker")
@click.option("--alerts-only", is_flag=True, help="Deliver grave alerts and nothing else.")
def command(alerts_only: bool) -> None:  # noqa: FBT001 - click passes flags by keyword
    """Send messages, dispatch events and keep the schedule until Ctrl-C or SIGTERM.

    Any number of workers may run, on any number of machines: the database hands out the work.
    One for alerts only never stands behind a long campaign.
    """
    with settings_with_database() as settings:

        async def main(stop: asyncio.Event) -> None:
            await run_worker(settings, stop, alerts_only=alerts_only)

        run_until_stopped(main)
