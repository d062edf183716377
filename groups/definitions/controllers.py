"""Groups over HTTP, for communicators."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.guards import serves
from backend.kernel.idempotency import IdempotencyKeyFaulty, IdempotencyKeyReused, Once
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.versions import SeenVersion, seen_version
from backend.staff.public import StaffRole
from groups.definitions import service
from groups.definitions.errors import GroupArchived, GroupNotFound, GroupVersionStale
from groups.definitions.schemas import (
    GroupInput,
    GroupPage,
    GroupView,
    PreviewView,
    RuleInput,
    group_summary,
    group_view,
    preview_view,
)
from groups.evaluation.sql import SqlEvaluator
from groups.language.errors import RuleInvalid

REPLAYABLE = (IdempotencyKeyFaulty, IdempotencyKeyReused)
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


async def provide_evaluator() -> SqlEvaluator:
    """Give what counts for previews."""
    return SqlEvaluator()


class GroupController(Controller):
    """Groups of residents, defined by rules."""

    path = "/groups"
    opt = serves(PrincipalKind.STAFF, StaffRole.COMMUNICATOR)
    dependencies = {"evaluator": Provide(provide_evaluator)}  # noqa: RUF012 - Litestar's protocol

    @post(
        "/preview",
        operation_id="previewGroup",
        status_code=200,
        responses=problem_responses(RuleInvalid, *REPLAYABLE),
    )
    async def preview(
        self,
        data: JSONBody[RuleInput],
        principal: NamedDependency[Principal],
        evaluator: NamedDependency[SqlEvaluator],
        clock: NamedDependency[Clock],
        once: NamedDependency[Once],
    ) -> Response[PreviewView]:
        """Count whom a rule would let in today, before a group is saved."""
        rule = data.tree()

        async def use_case(session: WriteSession) -> PreviewView:
            preview = await service.preview(session, principal, rule, evaluator, clock())
            return preview_view(preview, rule)

        return await once(use_case, PreviewView, status=200)

    @post(operation_id="createGroup", responses=problem_responses(RuleInvalid, *REPLAYABLE))
    async def create(
        self,
        data: JSONBody[GroupInput],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
        once: NamedDependency[Once],
    ) -> Response[GroupView]:
        """Save a group and let its members in."""
        new = data.new_group()

        async def use_case(session: WriteSession) -> GroupView:
            return group_view(await service.create(session, principal, new, clock))

        return await once(use_case, GroupView, status=201)

    @get(operation_id="listGroups")
    async def list(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        before: Annotated[UUID | None, QueryParameter(description="`next` of a page.")] = None,
        limit: Limit = 50,
    ) -> GroupPage:
        """List groups, newest first."""
        async with transactions.read() as session:
            records, following = await service.groups_before(
                session, principal.municipality, before, limit
            )
        return GroupPage([group_summary(record) for record in records], following)

    @get("/{group_id:uuid}", operation_id="getGroup", responses=problem_responses(GroupNotFound))
    async def show(
        self,
        group_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> GroupView:
        """Give a group with its rule, the rule in words, and its last evaluation."""
        async with transactions.read() as session:
            record = await service.record_of(session, principal.municipality, group_id)
        return group_view(record)

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
        clock: NamedDependency[Clock],
    ) -> GroupView:
        """Give a group a new version of its rule, and evaluate it."""
        rule, expected = data.tree(), seen_version(version)
        async with transactions.write() as session:
            record = await service.change_rule(
                session, principal, group_id, rule, expected_version=expected, clock=clock
            )
        return group_view(record)

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
        clock: NamedDependency[Clock],
        once: NamedDependency[Once],
    ) -> Response[GroupView]:
        """End a group: its memberships end, and nothing can be sent to it."""

        async def use_case(session: WriteSession) -> GroupView:
            return group_view(await service.archive(session, principal, group_id, clock()))

        return await once(use_case, GroupView, status=200)
