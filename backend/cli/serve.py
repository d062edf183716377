"""`novads serve`."""

import asyncio
import sys

import click

from backend.app.main import create_app
from backend.cli.http_server import serve_http
from backend.cli.startup import environment, read_settings, settings_with_database
from backend.cli.stopping import run_until_stopped
from backend.kernel.clock import system_clock
from backend.kernel.embedded import EmbeddedError
from backend.kernel.settings.groups import EngineMode
from backend.supervisor.everything import run_everything
from backend.supervisor.ports import PortTaken, api_port, require_free
from groups.configured import run_groups_engine


@click.command("serve", epilog="Example: NOVADS_PORT=8080 novads serve --all")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also run the embedded database (without NOVADS_DATABASE_URL), migrations, workers and, "
    "with NOVADS_SIMULATORS, the simulators; restart what fails.",
)
def command(everything: bool) -> None:  # noqa: FBT001 - click passes flags by keyword
    """Serve the HTTP API on NOVADS_HOST and NOVADS_PORT until Ctrl-C or SIGTERM."""
    try:
        _serve_everything() if everything else _serve_api()
    except (PortTaken, EmbeddedError) as error:
        raise click.ClickException(str(error)) from error


def _serve_everything() -> None:
    environ = environment()
    settings = read_settings(environ)
    click.echo(f"Novads serves {settings.server.base_url}; Ctrl-C stops it.", err=True)

    async def main(stop: asyncio.Event) -> int:
        return await run_everything(settings, environ, stop)

    sys.exit(run_until_stopped(main))


def _serve_api() -> None:
    with settings_with_database() as settings:
        require_free(api_port(settings))
        app = create_app(settings)

        async def main(stop: asyncio.Event) -> None:
            if settings.groups_engine.mode is EngineMode.INPROCESS:
                engine = run_groups_engine(settings, system_clock, stop)
                await asyncio.gather(serve_http(app, settings.server, stop), engine)
            else:
                await serve_http(app, settings.server, stop)

        run_until_stopped(main)
