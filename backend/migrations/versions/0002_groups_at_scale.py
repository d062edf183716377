"""Number residents by slots, widen the facts, and keep memberships as bitmaps."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

from backend.kernel.tenancy import APP_ROLE, protect

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

UP = Path(__file__).with_suffix(".sql")
DOWN = Path(__file__).with_name("0002_groups_at_scale_down.sql")
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
RIGHTS = {
    "audience": "SELECT, INSERT, UPDATE (slots)",
    "audience_recipient": "SELECT, INSERT, DELETE",
    "engine_state": EVERYTHING,
    "fact_change": EVERYTHING,
    "former_address": EVERYTHING,
    "group_hold": EVERYTHING,
    "member_disclosure": "SELECT, INSERT, UPDATE (slots), DELETE",
    "membership": EVERYTHING,
    "preview_set": EVERYTHING,
    "registry_value": EVERYTHING,
    "resident_groups": EVERYTHING,
    "slot_counter": EVERYTHING,
    "vehicle": EVERYTHING,
}
"""What the application may do; an audience's slots change only when a resident is erased."""

REFRESH_STATISTICS = """
CREATE OR REPLACE FUNCTION novads_refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  ANALYZE resident, resident_code, contact_point, resident_fact, address, household, institution,
    guardianship, attendance, pet, property, preference{more};
END $$
"""


def _run(path: Path) -> None:
    for statement in path.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)


def upgrade() -> None:
    """Migrate the tables; groups are evaluated anew by the engine."""
    _run(UP)
    op.execute(REFRESH_STATISTICS.format(more=", vehicle, former_address"))
    for table, rights in RIGHTS.items():
        for statement in protect(table):
            op.execute(statement)
        op.execute(f"GRANT {rights} ON {table} TO {APP_ROLE}")


def downgrade() -> None:
    """Go back to the foundation's tables; memberships and audiences are empty afterwards."""
    op.execute(f"DROP TABLE {', '.join(sorted(RIGHTS))}")
    op.execute(REFRESH_STATISTICS.format(more=""))
    _run(DOWN)
    for table in ("membership", "audience"):
        for statement in protect(table):
            op.execute(statement)
    op.execute(f"GRANT {EVERYTHING} ON membership TO {APP_ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON audience TO {APP_ROLE}")
