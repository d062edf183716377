"""Make out once a statement whose rows may be seen; note which relations of residents changed.

Bitmaps are kept as they are: packed already, they took PostgreSQL's time and became no smaller. Lists
of groups leave room in their pages, so that a change needs no new entry in the index.
"""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

from backend.kernel.tenancy import ADMITS

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

POLICIES = "SELECT tablename FROM pg_policies WHERE policyname = 'tenant' AND schemaname = current_schema()"
FOR_EACH_SCAN = "municipality_id = ANY (novads_tenants())"
RELATIONS = "'{children,institutions,properties,vehicles,pets,former_addresses}'"
RESIDENTS = "kind = 'residents' AND slots IS NOT NULL AND group_id IS NULL"
GROUP = "kind = 'group' AND group_id IS NOT NULL AND slots IS NULL"
EVERYBODY = "kind = 'everybody' AND group_id IS NULL AND slots IS NULL"

BITMAPS = {
    "membership": ("slots",),
    "evaluation": ("joined_slots", "left_slots"),
    "group_hold": ("proposed_slots",),
}


def upgrade() -> None:
    """Rewrite the policies; what was noted before names every relation."""
    _police(ADMITS)
    op.execute("ALTER TABLE fact_change ADD COLUMN relations VARCHAR(16)[]")
    op.execute("ALTER TABLE fact_change NO FORCE ROW LEVEL SECURITY")
    op.execute(f"UPDATE fact_change SET relations = {RELATIONS} WHERE kind = 'residents'")  # noqa: S608 - our own names
    op.execute("ALTER TABLE fact_change FORCE ROW LEVEL SECURITY")
    _store("EXTERNAL")
    op.execute("ALTER TABLE resident_groups SET (fillfactor = 80)")
    _check(
        f"({RESIDENTS} AND relations IS NOT NULL) OR ({GROUP} AND relations IS NULL)"
        f" OR ({EVERYBODY} AND relations IS NULL)"
    )


def downgrade() -> None:
    """Put the policies back; all relations of who was noted are read again."""
    _check(f"({RESIDENTS}) OR ({GROUP}) OR ({EVERYBODY})")
    op.execute("ALTER TABLE fact_change DROP COLUMN relations")
    op.execute("ALTER TABLE resident_groups RESET (fillfactor)")
    _store("EXTENDED")
    _police(FOR_EACH_SCAN)


def _police(admits: str) -> None:
    for table in op.get_bind().execute(text(POLICIES)).scalars().all():
        op.execute(f"ALTER POLICY tenant ON {table} USING ({admits})")


def _store(how: str) -> None:
    for table, columns in BITMAPS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE {how}")


def _check(condition: str) -> None:
    op.execute("ALTER TABLE fact_change DROP CONSTRAINT ck_fact_change_kind")
    op.execute(f"ALTER TABLE fact_change ADD CONSTRAINT ck_fact_change_kind CHECK ({condition})")
