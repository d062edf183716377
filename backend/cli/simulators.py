"""`novads simulators`."""

import asyncio

import click

from backend.adapters.simulators.run import SimulatorPorts, serve_simulators
from backend.cli.startup import environment, read_settings
from backend.cli.stopping import run_until_stopped
from backend.kernel.logs import logger
from backend.kernel.settings import Settings
from backend.supervisor.ports import LOOPBACK, PortTaken, require_free, simulator_ports
from backend.supervisor.surroundings import simulators_directory

log = logger(__name__)
FCM_CREDENTIALS = "fcm-service-account.json"


@click.command("simulators", epilog="Example: NOVADS_SIMULATOR_SMS_PORT=9104 novads simulators")
def command() -> None:
    """Run local FCM, Web Push, SMTP and SMS servers that speak the real protocols.

    They check what they are sent, record it and count duplicates. Under /_control (the SMTP
    simulator's on a port of its own) they show what arrived and can be told to answer slowly, to
    refuse, or to drop connections.
    """
    settings = read_settings(environment())
    if settings.deployment.is_production:
        raise click.ClickException("simulators do not run where NOVADS_ENV is production")
    try:
        require_free(*simulator_ports(settings))
    except PortTaken as error:
        raise click.ClickException(str(error)) from error
    _announce(settings)

    async def main(stop: asyncio.Event) -> None:
        await serve_simulators(_ports(settings), simulators_directory(settings), LOOPBACK, stop)

    run_until_stopped(main)


def _ports(settings: Settings) -> SimulatorPorts:
    chosen = settings.simulators
    return SimulatorPorts(
        fcm=chosen.fcm_port,
        web_push=chosen.web_push_port,
        smtp=chosen.smtp_port,
        smtp_control=chosen.smtp_control_port,
        sms=chosen.sms_port,
    )


def _announce(settings: Settings) -> None:
    for each in simulator_ports(settings):
        log.info("simulator_starts", name=each.purpose.removeprefix("the "), port=each.port)
    log.info("fcm_credentials", file=str(simulators_directory(settings) / FCM_CREDENTIALS))
