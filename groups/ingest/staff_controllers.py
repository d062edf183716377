"""Feeds over HTTP, for registrars and administrators."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.errors import InvalidInput
from backend.kernel.guards import serves
from backend.kernel.idempotency import IdempotencyKeyFaulty, IdempotencyKeyReused, Once
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.staff.public import StaffRole
from groups.ingest import review
from groups.ingest.errors import (
    RegistryFeedNotFound,
    RegistryFeedNotHeld,
    RegistryReportNotFound,
)
from groups.ingest.reports import REPORT_TYPE, report_of
from groups.ingest.schemas import (
    FeedDecision,
    StaffFeedListView,
    StaffFeedView,
    staff_feed_list_view,
    staff_feed_view,
)

DECIDED = (
    InvalidInput,
    IdempotencyKeyFaulty,
    IdempotencyKeyReused,
    RegistryFeedNotFound,
    RegistryFeedNotHeld,
)
Limit = Annotated[int, QueryParameter(ge=1, le=100, description="Feeds on one page.")]
Before = Annotated[UUID | None, QueryParameter(description="`next` of the page before.")]


class StaffFeedController(Controller):
    """Feeds that came over the API, and decisions on those that the gates hold."""

    path = "/registry-feeds"
    opt = serves(PrincipalKind.STAFF, {StaffRole.REGISTRAR, StaffRole.ADMINISTRATOR})

    @get(operation_id="listRegistryFeeds", responses=problem_responses(InvalidInput))
    async def list(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        before: Before = None,
        limit: Limit = 20,
    ) -> StaffFeedListView:
        """List the municipality's feeds, the latest first."""
        async with transactions.read() as session:
            page, more = await review.listed(session, principal, before=before, limit=limit)
        return staff_feed_list_view(page, more=more)

    @get(
        "/{registry_feed_id:uuid}",
        operation_id="showRegistryFeed",
        responses=problem_responses(RegistryFeedNotFound),
    )
    async def show(
        self,
        registry_feed_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> StaffFeedView:
        """Give a feed with its counts and what the gates measured."""
        async with transactions.read() as session:
            found = await review.shown(session, principal, registry_feed_id)
        return staff_feed_view(found)

    @get(
        "/{registry_feed_id:uuid}/report",
        operation_id="showRegistryFeedReport",
        media_type=REPORT_TYPE,
        responses=problem_responses(RegistryFeedNotFound, RegistryReportNotFound),
    )
    async def report(
        self,
        registry_feed_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> Response[bytes]:
        """Give every fault of the feed's rows as CSV."""
        async with transactions.read() as session:
            found = await review.shown(session, principal, registry_feed_id)
        return Response(report_of(found.feed), media_type=REPORT_TYPE)

    @post(
        "/{registry_feed_id:uuid}/acceptance",
        operation_id="acceptRegistryFeed",
        responses=problem_responses(*DECIDED),
    )
    async def accept(
        self,
        registry_feed_id: FromPath[UUID],
        data: JSONBody[FeedDecision],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        clock: NamedDependency[Clock],
    ) -> Response[StaffFeedView]:
        """Have a feed imported that the gates hold."""

        async def use_case(session: WriteSession) -> StaffFeedView:
            found = await review.accept(
                session, principal, registry_feed_id, reason=data.reason, now=clock()
            )
            return staff_feed_view(found)

        return await once(use_case, StaffFeedView)

    @post(
        "/{registry_feed_id:uuid}/rejection",
        operation_id="rejectRegistryFeed",
        responses=problem_responses(*DECIDED),
    )
    async def reject(
        self,
        registry_feed_id: FromPath[UUID],
        data: JSONBody[FeedDecision],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        clock: NamedDependency[Clock],
    ) -> Response[StaffFeedView]:
        """End a feed that is held or not yet imported."""

        async def use_case(session: WriteSession) -> StaffFeedView:
            found = await review.reject(
                session, principal, registry_feed_id, reason=data.reason, now=clock()
            )
            return staff_feed_view(found)

        return await once(use_case, StaffFeedView)
