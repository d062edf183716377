"""`novads demo-job`: the demo's job on a running system."""

import asyncio
import sys

import click
from aiohttp import ClientSession

from backend.adapters.simulators.control_client import ControlClient
from backend.cli.startup import environment, read_settings
from backend.demo.api import Api
from backend.demo.figures import DemoReport, print_following, print_table, write_report
from backend.demo.job import Demo
from backend.demo.narration import Narrator
from backend.demo.people import Door
from backend.kernel.clock import system_clock
from backend.kernel.settings import Settings
from backend.supervisor.ports import LOOPBACK

MUNICIPALITY = "LV0044000"


@click.command("demo-job")
@click.option("--residents", type=click.IntRange(500), default=20_000, show_default=True)
def command(residents: int) -> None:
    """Do the demo's job on a running system with simulators; 0 if the counters balance."""
    settings = read_settings(environment())
    report = asyncio.run(_run(settings, residents))
    path = settings.deployment.state_directory / "demo" / "report.json"
    write_report(path, report)
    print_table(report.counters)
    print_following(report.following)
    verdict = "balance" if report.balanced else "DO NOT BALANCE"
    click.echo(f"\nThe counters {verdict}. The figures stand in {path}.")
    click.echo(f"Next: open {settings.server.base_url}/ (live counters, simulators, API viewers).")
    sys.exit(0 if report.balanced else 1)


async def _run(settings: Settings, residents: int) -> DemoReport:
    ports = settings.simulators
    chosen = {
        "fcm": ports.fcm_port,
        "web_push": ports.web_push_port,
        "smtp": ports.smtp_control_port,
        "sms": ports.sms_port,
    }
    async with ClientSession() as http:
        api = Api(http, settings.server.base_url)
        secret = settings.sign_in.development_secret or ""
        return await Demo(
            door=Door(api, MUNICIPALITY, secret, system_clock),
            narrator=Narrator(),
            controls={
                name: ControlClient(http, f"http://{LOOPBACK}:{port}")
                for name, port in chosen.items()
            },
            directory=settings.deployment.state_directory / "demo",
            residents=residents,
        ).run()
