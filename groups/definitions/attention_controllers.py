"""Groups that wait for a person's decision, over HTTP, for communicators and approvers."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.guards import serves
from backend.kernel.idempotency import IdempotencyKeyFaulty, IdempotencyKeyReused, Once
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.settings import Settings
from backend.staff.public import StaffRole
from groups.definitions import service
from groups.definitions.errors import GroupArchived, GroupNotFound, GroupNotHeld
from groups.definitions.schemas import GroupsNeedingAttention, GroupView, group_view
from groups.evaluation.ports import Evaluator

REFUSALS = (GroupNotFound, GroupArchived, GroupNotHeld, IdempotencyKeyFaulty, IdempotencyKeyReused)
Mine = Annotated[bool, QueryParameter(description="Only those that the caller made.")]


class AttentionController(Controller):
    """Held and invalid groups."""

    path = "/groups"
    opt = serves(PrincipalKind.STAFF, (StaffRole.COMMUNICATOR, StaffRole.APPROVER))

    @get("/attention", operation_id="listGroupsNeedingAttention")
    async def attention(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        settings: NamedDependency[Settings],
        mine: Mine = False,  # noqa: FBT002 - a parameter of the query
    ) -> GroupsNeedingAttention:
        """List groups that wait for somebody, those first that began to wait last; at most 100."""
        async with transactions.read() as session:
            records = await service.needing_a_person(session, principal, mine=mine)
        minimum = settings.deployment.minimum_shown
        return GroupsNeedingAttention([group_view(record, minimum) for record in records])

    @post(
        "/{group_id:uuid}/release",
        operation_id="releaseGroup",
        status_code=200,
        responses=problem_responses(*REFUSALS),
    )
    async def release(
        self,
        group_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        evaluator: NamedDependency[Evaluator],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
        once: NamedDependency[Once],
    ) -> Response[GroupView]:
        """Let a held group change, however many leave; its rule is evaluated anew."""
        minimum = settings.deployment.minimum_shown

        async def use_case(session: WriteSession) -> GroupView:
            record = await service.release(
                session, principal, group_id, evaluator, clock, minimum=minimum
            )
            return group_view(record, minimum)

        return await once(use_case, GroupView, status=200)
