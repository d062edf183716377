"""Run the tests that need a server on a given PostgreSQL and Redis, and say plainly what ran.

NOVADS_TEST_DATABASE_URL and NOVADS_TEST_REDIS_URL name the servers. Where they are not set, the
servers of this machine are used if they answer. A server that was named but does not answer is a
failure; one that was not named and does not answer is said and left out.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import click
from redis.asyncio import Redis
from redis.exceptions import RedisError

SECONDS = 3.0
NO_TESTS = 5  # pytest's status when nothing was selected


async def postgres_version(url: str) -> str:
    """Ask the server's version."""
    connection = await asyncpg.connect(url, timeout=SECONDS)
    try:
        return f"PostgreSQL {await connection.fetchval('SHOW server_version')}"
    finally:
        await connection.close()


async def redis_version(url: str) -> str:
    """Ask the server's version."""
    client = Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    try:
        return f"Redis {(await client.info('server'))['redis_version']}"
    finally:
        await client.aclose()


@dataclass(frozen=True)
class Outside:
    """A server outside: where it usually is, how to ask its version, which tests need it."""

    usual: str
    ask: Callable[[str], Awaitable[str]]
    marker: str


SERVERS = {
    "NOVADS_TEST_DATABASE_URL": Outside(
        "postgresql://root@127.0.0.1:5432/postgres", postgres_version, "external"
    ),
    "NOVADS_TEST_REDIS_URL": Outside("redis://127.0.0.1:6379/15", redis_version, "redis"),
}


def version_of(ask: Callable[[str], Awaitable[str]], url: str) -> str | None:
    """Give the server's version, or None when it does not let us in."""

    async def answer() -> str:
        return await ask(url)

    try:
        return asyncio.run(answer())
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, RedisError):
        return None


def main() -> int:
    """Find the servers, run the tests on them, and tell what happened."""
    environ = dict(os.environ)  # noqa: TID251 - this script reads the tests' own switches
    found: dict[str, str] = {}
    for variable, server in SERVERS.items():
        given = environ.get(variable)
        version = version_of(server.ask, given or server.usual)
        if version is not None:
            environ[variable] = given or server.usual
            found[server.marker] = version
        elif given:
            click.echo(f"External tests FAILED: the server named by {variable} does not answer.")
            return 1
        else:
            click.echo(f"{variable} is not set and no server answers at its usual place.")
    if not found:
        click.echo("External tests did NOT run.")
        return 0
    return run_tests(environ, found)


def run_tests(environ: dict[str, str], found: dict[str, str]) -> int:
    """Run the tests marked for the servers found; nothing selected is a failure too."""
    servers = " and ".join(found.values())
    click.echo(f"External tests run on {servers}.")
    command = [sys.executable, "-m", "pytest", "-q", "-m", " or ".join(found)]
    status = subprocess.run(command, env=environ, check=False).returncode  # noqa: S603 - our own
    if status == NO_TESTS:
        click.echo("External tests did NOT run: no test is marked external.")
    else:
        click.echo(f"External tests {'PASSED' if status == 0 else 'FAILED'} on {servers}.")
    return status


if __name__ == "__main__":
    sys.exit(main())
