"""What rules may ask over HTTP, for communicators."""

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from backend.kernel.db import Transactions
from backend.kernel.guards import serves
from backend.kernel.patterns import LINE
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.staff.public import StaffRole
from groups.language.things import Purpose
from groups.queryables.document import queryables
from groups.queryables.errors import LookupNotFound, LookupOutsidePurpose
from groups.queryables.schemas import QueryablesView, QueryableValuesView
from groups.queryables.service import values_of

Part = Annotated[
    str | None,
    QueryParameter(min_length=1, max_length=80, pattern=LINE, description="A part of the value."),
]
ForPurpose = Annotated[
    Purpose | None, QueryParameter(description="What the group is for; without it, for any.")
]


class QueryablesController(Controller):
    """The attributes that rules may use, and their values."""

    path = "/queryables"
    opt = serves(PrincipalKind.STAFF, StaffRole.COMMUNICATOR)

    @get(operation_id="listQueryables")
    async def list(self, purpose: ForPurpose = None) -> QueryablesView:
        """Give the attributes that a rule may use, as a JSON Schema document."""
        return queryables(purpose)

    @get(
        "/{lookup:str}/values",
        operation_id="listQueryableValues",
        responses=problem_responses(LookupNotFound, LookupOutsidePurpose),
    )
    async def values(
        self,
        lookup: FromPath[str],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        q: Part = None,
        purpose: ForPurpose = None,
        limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    ) -> QueryableValuesView:
        """List values of an attribute that the municipality's registry holds now."""
        async with transactions.read() as session:
            values = await values_of(
                session, principal.municipality, lookup, purpose, q or "", limit
            )
        return QueryableValuesView([*values])
