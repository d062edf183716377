"""Disclosures over HTTP: for registrars who need to know, and for residents who are told."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.guards import serves
from backend.kernel.idempotency import IdempotencyKeyFaulty, IdempotencyKeyReused, Once
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.staff.public import StaffRole
from groups.definitions.errors import GroupArchived, GroupNotFound
from groups.disclosures import service
from groups.disclosures.errors import (
    DisclosureEnded,
    DisclosureNotFound,
    DisclosureRefused,
    ExportTooLarge,
)
from groups.disclosures.exporting import as_csv
from groups.disclosures.rules import PAGE, DisclosureKind
from groups.disclosures.schemas import (
    DisclosureInput,
    DisclosureView,
    MemberPage,
    MyDisclosuresView,
    disclosure_view,
    member_page,
    my_disclosure_view,
)

REFUSALS = (
    GroupNotFound,
    GroupArchived,
    DisclosureRefused,
    ExportTooLarge,
    IdempotencyKeyFaulty,
    IdempotencyKeyReused,
)
READING = problem_responses(GroupNotFound, DisclosureNotFound, DisclosureEnded)
Start = Annotated[int, QueryParameter(ge=0, le=100_000_000, description="`next` of a page.")]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class DisclosureController(Controller):
    """Who belongs to a group, by name; each member is told that it was asked."""

    path = "/groups/{group_id:uuid}/disclosures"
    opt = serves(PrincipalKind.STAFF, (StaffRole.REGISTRAR, StaffRole.ADMINISTRATOR))

    @post(operation_id="discloseMembers", responses=problem_responses(*REFUSALS))
    async def disclose(
        self,
        group_id: FromPath[UUID],
        data: JSONBody[DisclosureInput],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
        once: NamedDependency[Once],
    ) -> Response[DisclosureView]:
        """Ask, for a reason, who is in a group now: to list them, or to export them."""

        async def use_case(session: WriteSession) -> DisclosureView:
            disclosed = service.disclose(
                session, principal, group_id, data.kind, data.reason, clock()
            )
            return disclosure_view(*await disclosed)

        return await once(use_case, DisclosureView)

    @get(
        "/{disclosure_id:uuid}/members",
        operation_id="listDisclosedMembers",
        responses=READING,
    )
    async def members(
        self,
        group_id: FromPath[UUID],
        disclosure_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
        start: Start = 0,
        limit: Limit = 100,
    ) -> MemberPage:
        """List those whom a disclosure to list is of, a page at a time."""
        kind = DisclosureKind.LIST
        async with transactions.read() as session:
            found = await service.readable(
                session, principal, group_id, disclosure_id, kind, clock()
            )
            page = await service.members(session, principal, found, start, limit, vault)
        return member_page(*page)

    @get(
        "/{disclosure_id:uuid}/members.csv",
        operation_id="exportDisclosedMembers",
        media_type="text/csv",
        responses=READING,
    )
    async def export(
        self,
        group_id: FromPath[UUID],
        disclosure_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> Response[str]:
        """Give those whom a disclosure to export is of, as CSV in UTF-8."""
        kind, listed, start = DisclosureKind.EXPORT, list[service.Member](), 0
        async with transactions.read() as session:
            found = await service.readable(
                session, principal, group_id, disclosure_id, kind, clock()
            )
            following: int | None = start
            while following is not None:
                page, following = await service.members(
                    session, principal, found, following, PAGE, vault
                )
                listed.extend(page)
        name = f'attachment; filename="members-{disclosure_id}.csv"'
        return Response(
            as_csv(listed), media_type="text/csv", headers={"content-disposition": name}
        )


class MyDisclosuresController(Controller):
    """What a resident is told of those who were told of them."""

    path = "/disclosures"
    opt = serves(PrincipalKind.RESIDENT)

    @get(operation_id="listMyDisclosures")
    async def list(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> MyDisclosuresView:
        """List when staff listed or exported a group that the resident was in, and why."""
        async with transactions.read() as session:
            told = await service.told_to(session, principal, clock())
        return MyDisclosuresView([my_disclosure_view(each) for each in told])
