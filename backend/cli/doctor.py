"""`novads doctor`."""

import asyncio
import sys
from collections import Counter

import click
import msgspec

from backend.cli.checks.database import check_database, check_redis
from backend.cli.checks.findings import Finding, State, failed
from backend.cli.checks.machine import check_machine
from backend.cli.checks.providers import check_providers
from backend.cli.startup import environment, read_settings
from backend.kernel.embedded import EmbeddedError, start_embedded
from backend.kernel.settings import Settings, describe_settings, settings_markdown
from backend.supervisor.surroundings import postgres_directory

COLOURS = {
    State.OK: "green",
    State.OFF: "bright_black",
    State.DEGRADED: "yellow",
    State.FAILED: "red",
}


@click.command("doctor", epilog="Example: novads doctor && novads serve --all")
@click.option("--settings", "table", is_flag=True, help="List every setting and leave.")
@click.option("--markdown", is_flag=True, help="With --settings: the table of the README.")
def command(table: bool, markdown: bool) -> None:  # noqa: FBT001 - click passes flags by keyword
    """Say what is configured, reachable and degraded, and what to do.

    Exit status 1 when something keeps the product from working, else 0. The
    embedded database, where it is used and not running, is started for the moment; development
    gets its VAPID key.
    """
    if table or markdown:
        click.echo(settings_markdown() if markdown else _plain_table(), nl=False)
        return
    settings = read_settings(environment())
    findings = _examine(settings)
    for finding in findings:
        _print(finding)
    counts = Counter(finding.state for finding in findings)
    click.echo(", ".join(f"{counts[state]} {state}" for state in State))
    sys.exit(1 if counts[State.FAILED] else 0)


def _examine(settings: Settings) -> list[Finding]:
    if settings.database.url is not None:
        return asyncio.run(_all_checks(settings, is_embedded=False))
    try:
        server = start_embedded(postgres_directory(settings))
    except EmbeddedError as error:
        advice = "or use a server of your own by NOVADS_DATABASE_URL"
        return [failed("database", str(error), advice), *asyncio.run(_checks_around(settings))]
    with server:
        urls = msgspec.structs.replace(
            settings.database, url=server.dsn(), owner_url=server.dsn(user="novads_owner")
        )
        embedded = msgspec.structs.replace(settings, database=urls)
        return asyncio.run(_all_checks(embedded, is_embedded=True))


async def _all_checks(settings: Settings, *, is_embedded: bool) -> list[Finding]:
    database = await check_database(settings, is_embedded=is_embedded)
    return [*database, *await _checks_around(settings)]


async def _checks_around(settings: Settings) -> list[Finding]:
    machine, providers = await check_machine(settings), await check_providers(settings)
    return [await check_redis(settings), *machine, *providers]


def _print(finding: Finding) -> None:
    state = click.style(f"{finding.state:<9}", fg=COLOURS[finding.state])
    click.echo(f"{state} {finding.part:<16} {finding.seen}")
    if finding.advice:
        click.echo(f"{'':<27}-> {finding.advice}")


def _plain_table() -> str:
    lines: list[str] = []
    for row in describe_settings():
        lines += [row.name, f"    {row.meaning}.", f"    {row.kind}; default: {row.default}"]
    return "\n".join(lines) + "\n"
