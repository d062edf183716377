"""Audiences over HTTP, for communicators."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.guards import serves
from backend.kernel.idempotency import IdempotencyKeyFaulty, IdempotencyKeyReused, Once
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.settings import Settings
from backend.staff.public import StaffRole
from groups.audiences.composing import compose
from groups.audiences.errors import AudienceInvalid, AudienceNotFound
from groups.audiences.schemas import AudienceInput, AudienceView, audience_view
from groups.audiences.service import audience_of
from groups.definitions.errors import GroupArchived, GroupHeld, GroupInvalid, GroupNotFound
from groups.evaluation.ports import Evaluator
from groups.language.errors import RuleInvalid

REFUSALS = (
    AudienceInvalid,
    RuleInvalid,
    GroupNotFound,
    GroupHeld,
    GroupInvalid,
    GroupArchived,
    IdempotencyKeyFaulty,
    IdempotencyKeyReused,
)


class AudienceController(Controller):
    """Residents frozen to be sent to."""

    path = "/audiences"
    opt = serves(PrincipalKind.STAFF, StaffRole.COMMUNICATOR)

    @post(operation_id="freezeAudience", responses=problem_responses(*REFUSALS))
    async def freeze(
        self,
        data: JSONBody[AudienceInput],
        principal: NamedDependency[Principal],
        evaluator: NamedDependency[Evaluator],
        clock: NamedDependency[Clock],
        settings: NamedDependency[Settings],
        once: NamedDependency[Once],
    ) -> Response[AudienceView]:
        """Freeze an audience of groups, a rule, an area and a list of residents."""
        minimum = settings.deployment.minimum_shown
        wanted = data.wanted(minimum)

        async def use_case(session: WriteSession) -> AudienceView:
            audience = await compose(session, principal, wanted, evaluator, clock())
            return audience_view(audience, minimum)

        return await once(use_case, AudienceView)

    @get(
        "/{audience_id:uuid}",
        operation_id="getAudience",
        opt=serves(PrincipalKind.STAFF, (StaffRole.COMMUNICATOR, StaffRole.APPROVER)),
        responses=problem_responses(AudienceNotFound),
    )
    async def show(
        self,
        audience_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        settings: NamedDependency[Settings],
    ) -> AudienceView:
        """Give a frozen audience: of what, as of when, how many."""
        async with transactions.read() as session:
            audience = await audience_of(session, principal.municipality, audience_id)
        return audience_view(audience, settings.deployment.minimum_shown)
