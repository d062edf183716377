"""Lay the foundation: every table of the first release, under row-level security."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

from backend.kernel.tenancy import APP_ROLE, TENANTS_FUNCTION, protect

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = Path(__file__).with_suffix(".sql")
GLOBAL = {
    "municipality": "SELECT",
    "rate_counter": "SELECT, INSERT, UPDATE, DELETE",
    "scheduled_run": "SELECT, INSERT, DELETE",
}
TENANT_OWNED = (
    "address",
    "attendance",
    "audience",
    "audit_entry",
    "campaign",
    "campaign_approval",
    "chunk",
    "contact_point",
    "delivery_result",
    "device",
    "dispatch",
    "evaluation",
    "group_rule",
    "guardianship",
    "household",
    "idempotency_key",
    "institution",
    "login_session",
    "membership",
    "message",
    "outbox_event",
    "pet",
    "preference",
    "property",
    "provider_receipt",
    "registry_import",
    "resident",
    "resident_code",
    "resident_fact",
    "resident_group",
    "service_case",
    "staff_member",
    "status_event",
    "status_source",
    "tally",
    "unmatched_status_event",
    "used_assertion",
    "web_push_subscription",
)
APPEND_ONLY = ("audience", "audit_entry", "delivery_result", "group_rule", "status_event")

REFRESH_STATISTICS = """
CREATE FUNCTION novads_refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  ANALYZE resident, resident_code, contact_point, resident_fact, address, household, institution,
    guardianship, attendance, pet, property, preference;
END $$
"""
"""The application may not ANALYZE tables it does not own, and must after a large import."""

FIRST_STATISTICS = """
CREATE FUNCTION novads_first_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_class WHERE oid = 'message'::regclass AND reltuples < 1000) THEN
    ANALYZE message, chunk, delivery_result, device, web_push_subscription;
  END IF;
END $$
"""
"""The same for the first large campaign, before PostgreSQL looks at these tables by itself."""


def upgrade() -> None:
    """Make every table; put all that a municipality owns under row-level security."""
    op.execute(TENANTS_FUNCTION)
    for statement in TABLES.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute(REFRESH_STATISTICS)
    op.execute(FIRST_STATISTICS)
    for table in TENANT_OWNED:
        for statement in protect(table):
            op.execute(statement)
        rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO {APP_ROLE}")
    op.execute(f"GRANT SELECT ON alembic_version TO {APP_ROLE}")
    for table, rights in GLOBAL.items():
        op.execute(f"GRANT {rights} ON {table} TO {APP_ROLE}")


def downgrade() -> None:
    """Drop every table of the product."""
    op.execute(f"DROP TABLE {', '.join((*TENANT_OWNED, *GLOBAL))}")
    op.execute("DROP FUNCTION novads_tenants()")
    op.execute("DROP FUNCTION novads_refresh_statistics()")
    op.execute("DROP FUNCTION novads_first_statistics()")
