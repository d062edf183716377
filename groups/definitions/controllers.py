"""Groups over HTTP, for communicators."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.guards import serves
from backend.kernel.idempotency import IdempotencyKeyFaulty, IdempotencyKeyReused, Once
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.settings import Settings
from backend.kernel.versions import SeenVersion, seen_version
from backend.staff.public import StaffRole
from groups.definitions import service
from groups.definitions.errors import GroupArchived, GroupNotFound, GroupVersionStale
from groups.definitions.rules import GroupState
from groups.definitions.schemas import (
    ChangesPage,
    GroupInput,
    GroupPage,
    GroupView,
    RuleInput,
    evaluation_view,
    group_summary,
    group_view,
)
from groups.evaluation.ports import Evaluator
from groups.language.errors import RuleInvalid

REPLAYABLE = (IdempotencyKeyFaulty, IdempotencyKeyReused)
Limit = Annotated[int, QueryParameter(ge=1, le=100)]
Before = Annotated[UUID | None, QueryParameter(description="`next` of a page.")]

InState = Annotated[
    GroupState | None, QueryParameter(name="state", description="Only groups in this state.")
]


class GroupController(Controller):
    """Groups of residents, defined by rules."""

    path = "/groups"
    opt = serves(PrincipalKind.STAFF, StaffRole.COMMUNICATOR)

    @post(operation_id="createGroup", responses=problem_responses(RuleInvalid, *REPLAYABLE))
    async def create(
        self,
        data: JSONBody[GroupInput],
        principal: NamedDependency[Principal],
        evaluator: NamedDependency[Evaluator],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
        once: NamedDependency[Once],
    ) -> Response[GroupView]:
        """Save a group and let its members in."""
        new, minimum = data.new_group(), settings.deployment.minimum_shown

        async def use_case(session: WriteSession) -> GroupView:
            record = await service.create(
                session, principal, new, evaluator, clock, minimum=minimum
            )
            return group_view(record, minimum)

        return await once(use_case, GroupView, status=201)

    @get(operation_id="listGroups")
    async def list(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        settings: NamedDependency[Settings],
        before: Before = None,
        limit: Limit = 50,
        in_state: InState = None,
    ) -> GroupPage:
        """List groups, newest first."""
        async with transactions.read() as session:
            records, following = await service.groups_before(
                session, principal.municipality, before, limit, in_state
            )
        minimum = settings.deployment.minimum_shown
        return GroupPage([group_summary(record, minimum) for record in records], following)

    @get("/{group_id:uuid}", operation_id="getGroup", responses=problem_responses(GroupNotFound))
    async def show(
        self,
        group_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        settings: NamedDependency[Settings],
    ) -> GroupView:
        """Give a group with its rule, the rule in words, and the evaluation that last changed it.

        Of a held group also what waits for a decision.
        """
        async with transactions.read() as session:
            record = await service.record_of(session, principal.municipality, group_id)
        return group_view(record, settings.deployment.minimum_shown)

    @get(
        "/{group_id:uuid}/changes",
        operation_id="listGroupChanges",
        responses=problem_responses(GroupNotFound),
    )
    async def changes(
        self,
        group_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        settings: NamedDependency[Settings],
        since: Annotated[datetime | None, QueryParameter(description="Only later ones.")] = None,
        before: Before = None,
        limit: Limit = 50,
    ) -> ChangesPage:
        """List what changed a group, newest first: when, why, and how many joined and left."""
        page = service.Page(since, before, limit)
        async with transactions.read() as session:
            listed, following = await service.changes_of(
                session, principal.municipality, group_id, page
            )
        minimum = settings.deployment.minimum_shown
        return ChangesPage([evaluation_view(each, minimum) for each in listed], following)

    @put(
        "/{group_id:uuid}/rule",
        operation_id="changeGroupRule",
        responses=problem_responses(GroupNotFound, GroupArchived, GroupVersionStale, RuleInvalid),
    )
    async def change_rule(
        self,
        group_id: FromPath[UUID],
        data: JSONBody[RuleInput],
        version: SeenVersion,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        evaluator: NamedDependency[Evaluator],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
    ) -> GroupView:
        """Give a group a new version of its rule, and evaluate it; it is live afterwards."""
        edit = service.Edit(group_id, data.rule, seen_version(version))
        minimum = settings.deployment.minimum_shown
        async with transactions.write() as session:
            record = await service.change_rule(
                session, principal, edit, evaluator, clock, minimum=minimum
            )
        return group_view(record, minimum)

    @post(
        "/{group_id:uuid}/archiving",
        operation_id="archiveGroup",
        status_code=200,
        responses=problem_responses(GroupNotFound, GroupArchived, *REPLAYABLE),
    )
    async def archive(
        self,
        group_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
        once: NamedDependency[Once],
    ) -> Response[GroupView]:
        """End a group: its memberships end, and nothing can be sent to it."""

        async def use_case(session: WriteSession) -> GroupView:
            record = await service.archive(session, principal, group_id, clock)
            return group_view(record, settings.deployment.minimum_shown)

        return await once(use_case, GroupView, status=200)
