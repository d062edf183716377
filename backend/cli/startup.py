"""What every command does first: settings, logs, and a database to work on."""

import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager

import click
import msgspec

from backend.kernel.embedded import EmbeddedError, start_embedded
from backend.kernel.logs import configure_logs
from backend.kernel.settings import Settings, SettingsError, load_settings
from backend.supervisor.surroundings import postgres_directory


def environment() -> Mapping[str, str]:
    """Give the process's environment."""
    return os.environ  # noqa: TID251 - the one place that reads it


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Decode the settings and start logging; end the program when a value is wrong."""
    try:
        settings = load_settings(environ)
    except SettingsError as error:
        for problem in error.problems:
            click.echo(f"{problem.variable}: {problem.reason}", err=True)
        click.echo("novads doctor --settings lists every setting.", err=True)
        sys.exit(1)
    configure_logs(settings.logs)
    for stranger in settings.unknown:
        click.echo(f"Unknown setting {stranger}", err=True)
    return settings


@contextmanager
def settings_with_database() -> Generator[Settings]:
    """Give settings with both database URLs; without NOVADS_DATABASE_URL the embedded one is used.

    The embedded server is started for the time of the block, or found running.
    """
    settings = read_settings(environment())
    if settings.database.url is not None:
        yield settings
        return
    try:
        server = start_embedded(postgres_directory(settings))
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error
    with server:
        urls = msgspec.structs.replace(
            settings.database, url=server.dsn(), owner_url=server.dsn(user="novads_owner")
        )
        yield msgspec.structs.replace(settings, database=urls)
