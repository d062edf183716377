"""Explanations over HTTP, for the resident whom they are about."""

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions
from backend.kernel.guards import serves
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from groups.definitions.errors import GroupNotFound
from groups.explanations import service
from groups.explanations.schemas import WhyView, why_view


class WhyController(Controller):
    """Why the signed-in resident is in a group."""

    path = "/groups"
    opt = serves(PrincipalKind.RESIDENT)

    @get(
        "/{group_id:uuid}/why",
        operation_id="explainMyGroup",
        responses=problem_responses(GroupNotFound),
    )
    async def why(
        self,
        group_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> WhyView:
        """Tell clause by clause why the resident belongs to one of their own labelled groups."""
        async with transactions.read() as session:
            explanation = await service.why(session, principal, group_id, vault, clock())
        return why_view(explanation)
