"""How Alembic runs our migrations: one transaction a migration, with time limits."""

from alembic import context
from sqlalchemy import Connection, text

from backend.migrations.metadata import COMPARING, whole_metadata

LOCK_TIMEOUT = "5s"
"""A migration that cannot get its lock gives way to the application instead of stopping it."""
STATEMENT_TIMEOUT = "15min"


def run(connection: Connection) -> None:
    """Run the migrations that the command asked for on an open connection."""
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=whole_metadata(),
        transaction_per_migration=True,
        **COMPARING,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
