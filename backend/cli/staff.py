"""`novads staff add`."""

import asyncio

import click

from backend.cli.startup import settings_with_database
from backend.kernel.clock import system_clock
from backend.kernel.db import open_database
from backend.kernel.settings import Settings
from backend.kernel.tenancy import MunicipalityId
from backend.kernel.territories.register import municipality_in_force
from backend.staff.public import (
    StaffRole,
    disable_staff_member,
    ensure_staff_member,
)


@click.group("staff")
def command() -> None:
    """Keep the staff members who may sign in."""


@command.command(
    "add",
    epilog="Example: novads staff add anna.paraugs --name 'Anna Paraugs' "
    "--municipality LV0044000 --role communicator",
)
@click.argument("subject")
@click.option("--name", required=True, help="Name shown to colleagues.")
@click.option("--municipality", required=True, help="Territory code, such as LV0044000.")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in StaffRole]),
    help="May be given several times.",
)  # fmt: skip
def add(subject: str, name: str, municipality: str, roles: tuple[str, ...]) -> None:
    """Let SUBJECT (the name the identity provider knows them by) sign in with exactly these roles.

    A repeat changes nothing; other roles replace the earlier ones.
    """
    territory = municipality_in_force(municipality, system_clock())
    if territory is None:
        raise click.ClickException(f"{municipality} is not the code of a municipality today")
    chosen = [StaffRole(role) for role in roles]
    with settings_with_database() as settings:
        asyncio.run(_add(settings, territory.id, subject, name, chosen))
    click.echo(f"{subject} may sign in for {territory.name_lv} as {', '.join(sorted(roles))}")


@command.command(
    "remove", epilog="Example: novads staff remove anna.paraugs --municipality LV0044000"
)
@click.argument("subject")
@click.option("--municipality", required=True, help="Territory code, such as LV0044000.")
def remove(subject: str, municipality: str) -> None:
    """Let SUBJECT sign in no longer; what they have open ends at once. Their acts stay recorded."""
    territory = municipality_in_force(municipality, system_clock())
    if territory is None:
        raise click.ClickException(f"{municipality} is not the code of a municipality today")
    with settings_with_database() as settings:
        asyncio.run(_remove(settings, territory.id, subject))
    click.echo(f"{subject} may no longer sign in for {territory.name_lv}")


async def _remove(settings: Settings, municipality: MunicipalityId, subject: str) -> None:
    database = open_database(settings.database.url or "", pool_size=1)
    try:
        async with database.write((municipality,)) as session:
            await disable_staff_member(session, municipality, subject=subject, now=system_clock())
    finally:
        await database.close()


async def _add(
    settings: Settings,
    municipality: MunicipalityId,
    subject: str,
    name: str,
    roles: list[StaffRole],
) -> None:
    database = open_database(settings.database.url or "", pool_size=1)
    async with database.write((municipality,)) as session:
        await ensure_staff_member(
            session, municipality, subject=subject, name=name, roles=roles, now=system_clock()
        )
    await database.close()
