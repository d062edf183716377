"""Let a campaign be sent to an audience instead of a group."""

from collections.abc import Sequence

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

UP = """
ALTER TABLE campaign
  ALTER group_id DROP NOT NULL,
  ADD target_audience_id UUID,
  ADD CONSTRAINT ck_campaign_one_target
    CHECK ((group_id IS NULL) <> (target_audience_id IS NULL));
ALTER TABLE campaign_approval ALTER group_rule_version DROP NOT NULL
"""
DOWN = """
ALTER TABLE campaign NO FORCE ROW LEVEL SECURITY;
ALTER TABLE campaign_approval NO FORCE ROW LEVEL SECURITY;
DELETE FROM campaign_approval USING campaign
  WHERE campaign.target_audience_id IS NOT NULL
    AND campaign.municipality_id = campaign_approval.municipality_id
    AND campaign.id = campaign_approval.campaign_id;
DELETE FROM campaign WHERE target_audience_id IS NOT NULL;
ALTER TABLE campaign
  DROP CONSTRAINT ck_campaign_one_target,
  DROP target_audience_id,
  ALTER group_id SET NOT NULL;
ALTER TABLE campaign_approval ALTER group_rule_version SET NOT NULL;
ALTER TABLE campaign FORCE ROW LEVEL SECURITY;
ALTER TABLE campaign_approval FORCE ROW LEVEL SECURITY
"""


def upgrade() -> None:
    """Let a campaign name one of the two."""
    for statement in UP.split(";"):
        op.execute(statement)


def downgrade() -> None:
    """Go back to groups alone; campaigns to audiences are lost."""
    for statement in DOWN.split(";"):
        op.execute(statement)
