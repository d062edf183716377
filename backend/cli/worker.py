"""`novads worker`."""

import asyncio

import click

from backend.cli.startup import settings_with_database
from backend.cli.stopping import run_until_stopped
from backend.worker.main import run_worker


@click.command("worker", epilog="Example: NOVADS_LEASE_SECONDS=30 novads worker")
def command() -> None:
    """Send messages, dispatch events and keep the schedule until Ctrl-C or SIGTERM.

    Any number of workers may run, on any number of machines: the database hands out the work.
    """
    with settings_with_database() as settings:

        async def main(stop: asyncio.Event) -> None:
            await run_worker(settings, stop)

        run_until_stopped(main)
