"""`novads migrate`."""

import asyncio

import asyncpg
import click

from backend.cli.startup import settings_with_database
from backend.kernel.logs import logger
from backend.migrations.run import MigrationRefused, current_revision, upgrade

log = logger(__name__)


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
        try:
            revision = asyncio.run(_migrate(owner_url))
        except MigrationRefused as error:
            raise click.ClickException(str(error)) from error
        except (OSError, asyncpg.PostgresError) as error:
            raise click.ClickException(f"the database is not reachable: {error}") from error
        log.info("tables_current", version=revision)


async def _migrate(owner_url: str) -> str | None:
    await upgrade(owner_url)
    return await current_revision(owner_url)
