"""Keep feeds of the registry that come over the API, part by part until they are imported."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

from backend.kernel.tenancy import APP_ROLE, protect

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

UP = Path(__file__).with_suffix(".sql")
TABLES = ("registry_source", "registry_request", "registry_feed", "registry_feed_part")
RIGHTS = "SELECT, INSERT, UPDATE, DELETE"


def upgrade() -> None:
    """Make the tables."""
    for statement in UP.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
        op.execute(f"GRANT {RIGHTS} ON {table} TO {APP_ROLE}")


def downgrade() -> None:
    """Drop the tables; feeds that were not imported must be sent again."""
    op.execute(f"DROP TABLE {', '.join(reversed(TABLES))}")
