"""`novads migrate`."""

import click

from backend.cli.startup import settings_with_database
from backend.migrations.run import upgrade


@click.command(
    "migrate", epilog="Example: NOVADS_DATABASE_OWNER_URL=postgresql://... novads migrate"
)
def command() -> None:
    """Bring the database's tables up to date, as the owner's role; safe to repeat."""
    with settings_with_database() as settings:
        owner_url = settings.database.owner_url
        if owner_url is None:
            raise click.ClickException(
                "NOVADS_DATABASE_OWNER_URL is not set: migrations need the owner of the tables, "
                "since the application's role must not own them"
            )
        upgrade(owner_url)
