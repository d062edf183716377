"""A resident's own groups over HTTP."""

from litestar import Controller, get
from litestar.di import NamedDependency

from backend.kernel.db import Transactions
from backend.kernel.guards import serves
from backend.kernel.principals import Principal, PrincipalKind
from groups.mine.queries import belongings_of
from groups.mine.schemas import MyGroupsView, my_groups_view


class MyGroupsController(Controller):
    """The groups of the signed-in resident."""

    path = "/groups"
    opt = serves(PrincipalKind.RESIDENT)

    @get(operation_id="listMyGroups")
    async def list(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> MyGroupsView:
        """List the groups that the resident belongs to and that have a public label."""
        async with transactions.read() as session:
            belongings = await belongings_of(session, principal.municipality, principal.subject_id)
        return my_groups_view(belongings)
