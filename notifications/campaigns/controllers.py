"""Campaigns over HTTP, for communicators and approvers."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.guards import serves
from backend.kernel.idempotency import IdempotencyKeyFaulty, IdempotencyKeyReused, Once
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.settings import Settings
from backend.kernel.versions import SeenVersion, seen_version
from backend.staff.public import StaffRole
from groups.public import (
    AudienceNotFound,
    GroupArchived,
    GroupHeld,
    GroupInvalid,
    GroupNotFound,
)
from notifications.campaigns import errors, queries, service
from notifications.campaigns.content import CampaignContent
from notifications.campaigns.preview import CampaignPreview, Tariff, as_shown, preview
from notifications.campaigns.schemas import (
    ApprovalRequest,
    CampaignCounters,
    CampaignPage,
    CampaignView,
)
from notifications.campaigns.service import Step
from notifications.campaigns.targets import target_of
from notifications.campaigns.views import counters_view, view

KEY = (IdempotencyKeyFaulty, IdempotencyKeyReused)
TARGET = (GroupNotFound, GroupHeld, GroupInvalid, GroupArchived, AudienceNotFound)
STEP = problem_responses(*KEY, errors.CampaignNotFound, errors.CampaignStateConflict)
PAGE = 50


class CampaignController(Controller):
    """Written and sent by communicators."""

    path = "/campaigns"
    tags = ("campaigns",)
    opt = serves(PrincipalKind.STAFF, StaffRole.COMMUNICATOR)

    @post(
        operation_id="createCampaign",
        responses=problem_responses(*KEY, errors.CampaignInvalid, *TARGET),
    )
    async def create(
        self,
        data: JSONBody[CampaignContent],
        once: NamedDependency[Once],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
    ) -> Response[CampaignView]:
        """Write a campaign as a draft."""
        step = Step(principal, clock())

        async def use_case(session: WriteSession) -> CampaignView:
            return view(await service.create(session, data, step))

        return await once(use_case, CampaignView)

    @get(operation_id="listCampaigns")
    async def page(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        before: Annotated[UUID | None, QueryParameter(name="before")] = None,
    ) -> CampaignPage:
        """List campaigns, newest first, 50 at a time."""
        async with transactions.read() as session:
            rows = await queries.page(session, principal.municipality, before, PAGE + 1)
        shown = rows[:PAGE]
        after = shown[-1].id if len(rows) > PAGE else None
        return CampaignPage([view(row) for row in shown], after)

    @put(
        "/{campaign_id:uuid}",
        operation_id="editCampaign",
        responses=problem_responses(
            errors.CampaignNotFound, errors.CampaignInvalid, errors.CampaignStateConflict,
            errors.CampaignVersionStale, *TARGET,
        ),
    )  # fmt: skip
    async def edit(
        self,
        campaign_id: FromPath[UUID],
        data: JSONBody[CampaignContent],
        version: SeenVersion,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> CampaignView:
        """Change a campaign; it becomes a draft again and any approval is void."""
        step, seen = Step(principal, clock()), seen_version(version)
        async with transactions.write() as session:
            campaign = await service.edit(session, campaign_id, seen, data, step)
        return view(campaign)

    @post(
        "/{campaign_id:uuid}/review", operation_id="submitCampaign", status_code=200, responses=STEP
    )
    async def submit(
        self,
        campaign_id: FromPath[UUID],
        once: NamedDependency[Once],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
    ) -> Response[CampaignView]:
        """Hand the draft to an approver."""
        step = Step(principal, clock())

        async def use_case(session: WriteSession) -> CampaignView:
            return view(await service.submit(session, campaign_id, step))

        return await once(use_case, CampaignView, status=200)

    @post(
        "/{campaign_id:uuid}/sending",
        operation_id="sendCampaign",
        status_code=202,
        responses=problem_responses(
            *KEY,
            errors.CampaignNotFound,
            errors.CampaignStateConflict,
            errors.CampaignChanged,
            *TARGET,
        ),
    )
    async def send(
        self,
        campaign_id: FromPath[UUID],
        once: NamedDependency[Once],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
    ) -> Response[CampaignView]:
        """Start sending an approved campaign."""
        step = Step(principal, clock())

        async def use_case(session: WriteSession) -> CampaignView:
            return view(await service.send(session, campaign_id, step))

        return await once(use_case, CampaignView, status=202)

    @post(
        "/{campaign_id:uuid}/cancellation",
        operation_id="cancelCampaign",
        status_code=200,
        responses=STEP,
    )
    async def cancel(
        self,
        campaign_id: FromPath[UUID],
        once: NamedDependency[Once],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
    ) -> Response[CampaignView]:
        """Stop a campaign: what has not left yet never leaves."""
        step = Step(principal, clock())

        async def use_case(session: WriteSession) -> CampaignView:
            return view(await service.cancel(session, campaign_id, step))

        return await once(use_case, CampaignView, status=200)


class CampaignReviewController(Controller):
    """Seen by every staff member who writes or approves; approved by approvers."""

    path = "/campaigns/{campaign_id:uuid}"
    tags = ("campaigns",)
    opt = serves(PrincipalKind.STAFF, (StaffRole.COMMUNICATOR, StaffRole.APPROVER))
    responses = problem_responses(errors.CampaignNotFound)

    @get(operation_id="getCampaign", responses=responses)
    async def read(
        self,
        campaign_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> CampaignView:
        """Read one campaign."""
        async with transactions.read() as session:
            campaign = await service.found(session, campaign_id, principal)
        return view(campaign)

    @get(
        "/preview",
        operation_id="previewCampaign",
        responses=problem_responses(errors.CampaignNotFound, *TARGET),
    )
    async def preview(
        self,
        campaign_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        tariff: NamedDependency[Tariff],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
        settings: NamedDependency[Settings],
    ) -> CampaignPreview:
        """Show audience, exclusions by reason, SMS parts and cost, as sending now would be."""
        async with transactions.read() as session:
            campaign = await service.found(session, campaign_id, principal)
            target = await target_of(session, campaign)
            found = await preview(session, campaign, target, tariff, vault, clock())
        return as_shown(found, target, settings.deployment.minimum_shown)

    @get("/counters", operation_id="countCampaign", responses=responses)
    async def counters(
        self,
        campaign_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> CampaignCounters:
        """Count the campaign's deliveries by channel and state."""
        async with transactions.read() as session:
            campaign = await service.found(session, campaign_id, principal)
            return await counters_view(session, campaign)

    @post(
        "/approval",
        operation_id="approveCampaign",
        status_code=200,
        opt=serves(PrincipalKind.STAFF, StaffRole.APPROVER),
        responses=problem_responses(
            *KEY, errors.CampaignNotFound, errors.CampaignStateConflict, errors.ApprovalRefused,
            errors.CampaignChanged, *TARGET,
        ),
    )  # fmt: skip
    async def approve(
        self,
        campaign_id: FromPath[UUID],
        data: JSONBody[ApprovalRequest],
        once: NamedDependency[Once],
        principal: NamedDependency[Principal],
        tariff: NamedDependency[Tariff],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> Response[CampaignView]:
        """Approve exactly the preview whose digest is given."""
        step = Step(principal, clock())
        reason = None if data.break_glass_reason is UNSET else data.break_glass_reason

        async def use_case(session: WriteSession) -> CampaignView:
            approved = service.approve(
                session, campaign_id, data.digest, reason, tariff, vault, step
            )
            return view(await approved)

        return await once(use_case, CampaignView, status=200)
