"""PostgreSQL: one engine, typed sessions, and transactions that know their tenants."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from backend.kernel.errors import DomainError, TryAgain
from backend.kernel.tenancy import TENANTS_SETTING, Tenants, tenants_value

RETRY_SQLSTATES = frozenset({"40001", "40P01", "55P03", "57014"})
AWAY_SQLSTATES = frozenset({"53300", "57P01", "57P02", "57P03"})
"""Too many connections; the server is stopped, has crashed, or is starting."""

SET_TENANTS = text("SELECT set_config(:name, :value, true)")


class ReadSession(AsyncSession):
    """A session whose queries only read; a `WriteSession` may be given in its place."""


class WriteSession(ReadSession):
    """A session of a transaction that may write; the opener of the transaction commits."""


@dataclass(frozen=True, slots=True)
class Database:
    """The application's door to PostgreSQL: one engine and its two kinds of transactions."""

    engine: AsyncEngine

    @asynccontextmanager
    async def write(self, tenants: Tenants) -> AsyncGenerator[WriteSession]:
        """Open a transaction for `tenants`; it commits when the block ends without an error.

        Raises:
            DomainError: a constraint that stands for a refusal was violated.
            TryAgain: deadlock, serialization failure, lock or statement time-out, or the server
                was away; a COMMIT that it took with it may have happened.
        """
        sessions = async_sessionmaker(self.engine, class_=WriteSession, expire_on_commit=False)
        try:
            async with sessions.begin() as session:
                await _serve(session, tenants)
                yield session
        except (DBAPIError, asyncpg.PostgresError) as error:
            raise _refusal(error) from error

    @asynccontextmanager
    async def read(self, tenants: Tenants) -> AsyncGenerator[ReadSession]:
        """Open a READ ONLY transaction for `tenants`: a write inside it fails."""
        engine = self.engine.execution_options(postgresql_readonly=True)
        sessions = async_sessionmaker(engine, class_=ReadSession, expire_on_commit=False)
        try:
            async with sessions.begin() as session:
                await _serve(session, tenants)
                yield session
        except (DBAPIError, asyncpg.PostgresError) as error:
            raise _refusal(error) from error

    def serving(self, tenants: Tenants) -> "Transactions":
        """Bind the transactions to the tenants of one principal or job."""
        return Transactions(self, tenants)

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


@dataclass(frozen=True, slots=True)
class Transactions:
    """Transactions for fixed tenants, as controllers and jobs take them."""

    database: Database
    tenants: Tenants

    def write(self) -> AbstractAsyncContextManager[WriteSession]:
        """Open a writing transaction; see `Database.write`."""
        return self.database.write(self.tenants)

    def read(self) -> AbstractAsyncContextManager[ReadSession]:
        """Open a reading transaction; see `Database.read`."""
        return self.database.read(self.tenants)


async def _serve(session: AsyncSession, tenants: Tenants) -> None:
    """Name the tenants; the first statement, so it also opens the connection."""
    values = {"name": TENANTS_SETTING, "value": tenants_value(tenants)}
    try:
        await session.execute(SET_TENANTS, values)
    except (OSError, NoConnectionFree) as error:
        raise TryAgain(retry_after_seconds=1) from error


def _refusal(error: DBAPIError | asyncpg.PostgresError) -> Exception:
    """Translate a database error by SQLSTATE and constraint name; others pass unchanged.

    Statements of the hot paths go past SQLAlchemy, so their errors come as the driver's own.
    """
    driver: BaseException = error
    lost = False
    if isinstance(error, DBAPIError):
        driver, lost = error.driver_exception, error.connection_invalidated
    state = getattr(driver, "sqlstate", None) or ""
    if lost or state in RETRY_SQLSTATES | AWAY_SQLSTATES:
        return TryAgain(retry_after_seconds=1)
    constraint = getattr(driver, "constraint_name", None)
    if isinstance(constraint, str) and constraint in DomainError.by_constraint:
        refusal, code = DomainError.by_constraint[constraint]
        return refusal(code)
    return error


def open_database(url: str, *, pool_size: int = 10) -> Database:
    """Make the engine for a `postgresql://` URL; no connection is opened yet.

    `idle_in_transaction_session_timeout` is set because an idle open transaction slows every
    queue claim (rows cannot be cleaned while it lasts).
    """
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={
            "server_settings": {
                "application_name": "novads",
                "idle_in_transaction_session_timeout": "60000",
            }
        },
    )
    return Database(engine)


async def refresh_statistics(session: WriteSession) -> None:
    """Have the planner look at the registry's tables anew, after many rows have changed.

    Without it the planner thinks that one row passes row-level security, and picks nested loops.
    """
    await session.execute(text("SELECT novads_refresh_statistics()"))


async def take_first_statistics(session: WriteSession) -> None:
    """Have the planner look at the queue's tables if it has hardly seen a row in them yet."""
    await session.execute(text("SELECT novads_first_statistics()"))


async def raw_connection(session: ReadSession) -> asyncpg.Connection:
    """Give the asyncpg connection under the session's transaction, for COPY and hot paths."""
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    driver: asyncpg.Connection | None = raw.driver_connection
    if driver is None:
        raise RuntimeError("the session has no driver connection")
    return driver


async def fetch(
    session: ReadSession, statement: str, *arguments: object
) -> Sequence[Sequence[Any]]:
    """Run a statement of a hot path; through SQLAlchemy it takes three times the processor time.

    What the session has pending is not written first.
    """
    connection = await raw_connection(session)
    rows: list[Any] = await connection.fetch(statement, *arguments)
    return rows
