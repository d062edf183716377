"""`novads groups-engine`."""

import asyncio

import click

from backend.cli.startup import settings_with_database
from backend.cli.stopping import run_until_stopped
from backend.kernel.clock import system_clock
from groups.configured import run_groups_engine


@click.command(
    "groups-engine", epilog="Example: NOVADS_MUNICIPALITIES=LV0044000 novads groups-engine"
)
def command() -> None:
    """Let groups follow facts and calendar, and answer previews, until Ctrl-C or SIGTERM.

    Several may run, on several machines: one leads, the others stand by. The facts of all
    municipalities lie in its memory, about 200 MB for two million residents.
    """
    with settings_with_database() as settings:

        async def main(stop: asyncio.Event) -> None:
            await run_groups_engine(settings, system_clock, stop)

        run_until_stopped(main)
