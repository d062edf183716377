"""The database: reachable, new enough, safe roles, current tables; and the optional Redis."""

import asyncio

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.cli.checks.findings import Finding, degraded, failed, off, ok
from backend.kernel.settings import Settings
from backend.migrations.run import current_revision, head_revision

CONNECT_SECONDS = 5.0
VERSIONS = range(15, 19)
ROLE = """
SELECT current_user AS name, rolsuper OR rolbypassrls AS bypasses,
       EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user) AS owns,
       pg_encoding_to_char(d.encoding) AS encoding
FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()
"""


async def check_database(settings: Settings, *, is_embedded: bool) -> list[Finding]:
    """Look at the database as the application's role."""
    try:
        connection = await asyncpg.connect(settings.database.url, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        advice = "check NOVADS_DATABASE_URL and that the server runs"
        return [failed("database", f"not reachable: {_reason(error)}", advice)]
    try:
        return [
            await _version(connection, is_embedded=is_embedded),
            await _role(connection),
            await _tables(connection, settings.database.owner_url),
        ]
    finally:
        await connection.close()


async def check_redis(settings: Settings) -> Finding:
    """Ping Redis where one is configured; the product works without it."""
    if settings.redis.url is None:
        return off("redis", "not needed; several hosts share rate counters by NOVADS_REDIS_URL")
    try:
        await _ping(settings.redis.url)
    except (RedisError, OSError) as error:
        advice = "PostgreSQL stands in for it; check NOVADS_REDIS_URL"
        return degraded("redis", f"not reachable: {type(error).__name__}", advice)
    return ok("redis", "reachable")


async def _ping(url: str) -> None:
    client = Redis.from_url(  # pyright: ignore[reportUnknownMemberType] # **kwargs of redis
        url, socket_timeout=2, socket_connect_timeout=2
    )
    try:
        await client.ping()  # pyright: ignore[reportUnknownMemberType] # **kwargs of redis
    finally:
        await client.aclose()


def _reason(error: Exception) -> str:
    """Name the failure; the text of refusals by PostgreSQL holds no password."""
    if isinstance(error, asyncpg.PostgresError | OSError):
        return str(error) or type(error).__name__
    return type(error).__name__


async def _version(connection: asyncpg.Connection, *, is_embedded: bool) -> Finding:
    version = str(await connection.fetchval("SHOW server_version")).split()[0]
    seen = f"PostgreSQL {version}" + (" (embedded)" if is_embedded else "")
    if int(version.partition(".")[0]) not in VERSIONS:
        return failed("database", seen, "use PostgreSQL 15 to 18")
    return ok("database", seen)


async def _role(connection: asyncpg.Connection) -> Finding:
    role = await connection.fetchrow(ROLE)
    if role is None or role["bypasses"] or role["owns"]:
        return failed(
            "role",
            "it can bypass row-level security" if role and role["bypasses"] else "it owns tables",
            "let NOVADS_DATABASE_URL name a role without SUPERUSER and BYPASSRLS that owns "
            "nothing; the owner belongs into NOVADS_DATABASE_OWNER_URL",
        )
    if role["encoding"] != "UTF8":
        return failed("role", f"the database is {role['encoding']}", "create it with UTF8")
    return ok("role", f"{role['name']} owns nothing and cannot bypass row-level security")


async def _tables(connection: asyncpg.Connection, owner_url: str | None) -> Finding:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return failed("tables", "there are none yet", "run novads migrate")
    if owner_url is None:
        advice = "set NOVADS_DATABASE_OWNER_URL here to compare their revision with the code's"
        return degraded("tables", "there, but only their owner sees the revision", advice)
    found, newest = await current_revision(owner_url), await asyncio.to_thread(head_revision)
    if found != newest:
        seen = f"at revision {found}, the code wants {newest}"
        return failed("tables", seen, "run novads migrate")
    return ok("tables", f"current (revision {found})")
