"""Use cases of campaigns: write, review, approve, send, cancel."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.models import Sensitivity
from backend.kernel.outbox import publish, topic
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId
from groups.public import audience_target, rule_version_of
from notifications.campaigns import queries
from notifications.campaigns.content import CampaignContent, columns_of, faults_of
from notifications.campaigns.errors import (
    ApprovalRefused,
    CampaignChanged,
    CampaignInvalid,
    CampaignNotFound,
    CampaignStateConflict,
    CampaignVersionStale,
)
from notifications.campaigns.models import Campaign, CampaignApproval
from notifications.campaigns.preview import Tariff, preview
from notifications.campaigns.rules import CampaignState, approval_refusal, may_move
from notifications.campaigns.targets import present_rule_version, target_of
from notifications.delivery.cancelling import cancel_dispatch
from notifications.messages.rules import MessageClass, Severity

SEND_REQUESTED = topic("campaign.send_requested")


@dataclass(frozen=True, slots=True)
class Step:
    """Who takes a step, and when."""

    actor: Principal
    now: datetime

    @property
    def municipality(self) -> MunicipalityId:
        """The actor's municipality."""
        return self.actor.municipality


async def found(session: ReadSession, campaign_id: UUID, principal: Principal) -> Campaign:
    """Find a campaign of the principal's municipality.

    Raises:
        CampaignNotFound: there is none.
    """
    campaign = await queries.find(session, principal.municipality, campaign_id)
    if campaign is None:
        raise CampaignNotFound
    return campaign


async def create(session: WriteSession, content: CampaignContent, step: Step) -> Campaign:
    """Write a draft.

    Raises:
        CampaignInvalid: something in the content is not allowed.
        GroupNotFound, GroupHeld, GroupInvalid, GroupArchived: no group that may be sent to.
        AudienceNotFound: no such audience.
    """
    await _check(session, content, step)
    campaign = Campaign(
        municipality_id=step.municipality,
        id=new_id(),
        state=CampaignState.DRAFT.value,
        version=1,
        writers=[step.actor.subject_id],
        created_at=step.now,
        **columns_of(content),
    )
    session.add(campaign)
    _note(session, campaign, "campaign.created", step)
    return campaign


async def edit(
    session: WriteSession, campaign_id: UUID, version: int, content: CampaignContent, step: Step
) -> Campaign:
    """Change the content; the campaign is a draft again and any approval is void.

    Raises:
        CampaignNotFound, CampaignVersionStale, CampaignStateConflict, CampaignInvalid.
    """
    campaign = await _held(session, campaign_id, step)
    if campaign.version != version:
        raise CampaignVersionStale
    if campaign.state != CampaignState.DRAFT:
        _move(campaign, CampaignState.DRAFT)
    await _check(session, content, step)
    for name, value in columns_of(content).items():
        setattr(campaign, name, value)
    campaign.version += 1
    campaign.writers = sorted({*campaign.writers, step.actor.subject_id})
    _note(session, campaign, "campaign.edited", step)
    return campaign


async def submit(session: WriteSession, campaign_id: UUID, step: Step) -> Campaign:
    """Hand a draft to the approver."""
    campaign = await _held(session, campaign_id, step)
    _move(campaign, CampaignState.IN_REVIEW)
    _note(session, campaign, "campaign.submitted", step)
    return campaign


async def approve(
    session: WriteSession,
    campaign_id: UUID,
    seen_digest: str,
    break_glass_reason: str | None,
    tariff: Tariff,
    vault: Vault,
    step: Step,
) -> Campaign:
    """Approve exactly what was previewed.

    Raises:
        ApprovalRefused: the approver wrote it, or may not break the glass.
        CampaignChanged: texts, audience or cost are no longer those of the digest.
        GroupNotFound, GroupHeld, GroupInvalid, GroupArchived: nobody can be sent to.
    """
    campaign = await _held(session, campaign_id, step)
    target = await target_of(session, campaign)
    refusal = approval_refusal(
        approver=step.actor.subject_id,
        writers=frozenset(campaign.writers),
        message_class=MessageClass(campaign.message_class),
        severity=Severity(campaign.severity) if campaign.severity else None,
        break_glass=break_glass_reason is not None,
        special=target.sensitivity is Sensitivity.SPECIAL,
    )
    if refusal is not None:
        raise ApprovalRefused(refusal)
    shown = await preview(session, campaign, target, tariff, vault, step.now)
    if shown.digest != seen_digest:
        raise CampaignChanged
    _move(campaign, CampaignState.APPROVED)
    session.add(
        CampaignApproval(
            municipality_id=campaign.municipality_id,
            campaign_id=campaign.id,
            campaign_version=campaign.version,
            digest=seen_digest,
            group_rule_version=target.rule_version,
            approved_by=step.actor.subject_id,
            approved_at=step.now,
            break_glass_reason=break_glass_reason,
        )
    )
    _note(session, campaign, "campaign.approved", step)
    return campaign


async def send(session: WriteSession, campaign_id: UUID, step: Step) -> Campaign:
    """Start sending an approved campaign; the worker freezes the audience and plans it.

    Raises:
        CampaignStateConflict: not approved, or expired.
        CampaignChanged: the group's rule is another one than the approved one.
        GroupNotFound, GroupHeld, GroupInvalid, GroupArchived: nobody can be sent to.
    """
    campaign = await _held(session, campaign_id, step)
    approval = await queries.approval_of(session, campaign)
    if approval is None or campaign.expires_at <= step.now:
        raise CampaignStateConflict
    _move(campaign, CampaignState.SENDING)
    if await present_rule_version(session, campaign) != approval.group_rule_version:
        raise CampaignChanged
    _note(session, campaign, "campaign.sent", step)
    payload = {"campaignId": str(campaign.id)}
    await publish(session, step.municipality, SEND_REQUESTED, payload, step.now)
    return campaign


async def cancel(session: WriteSession, campaign_id: UUID, step: Step) -> Campaign:
    """Stop a campaign: what no worker has taken yet is never sent; inbox messages stay."""
    campaign = await _held(session, campaign_id, step)
    _move(campaign, CampaignState.CANCELLED)
    if campaign.dispatch_id is not None:
        await cancel_dispatch(session, step.municipality, campaign.dispatch_id, step.now)
    _note(session, campaign, "campaign.cancelled", step)
    return campaign


async def _check(session: WriteSession, content: CampaignContent, step: Step) -> None:
    if faults := faults_of(content, step.now):
        raise CampaignInvalid(faults=faults)
    if content.group_id is not UNSET:
        await rule_version_of(session, step.municipality, content.group_id)
    if content.audience_id is not UNSET:
        await audience_target(session, step.municipality, content.audience_id)


async def _held(session: WriteSession, campaign_id: UUID, step: Step) -> Campaign:
    campaign = await queries.lock(session, step.municipality, campaign_id)
    if campaign is None:
        raise CampaignNotFound
    return campaign


def _move(campaign: Campaign, wanted: CampaignState) -> None:
    if not may_move(CampaignState(campaign.state), wanted):
        raise CampaignStateConflict
    campaign.state = wanted.value


def _note(session: WriteSession, campaign: Campaign, action: str, step: Step) -> None:
    particulars = {"version": campaign.version, "state": campaign.state}
    subject = ("campaign", campaign.id)
    audit.record(session, step.actor, action, subject, now=step.now, particulars=particulars)
