"""Previews over HTTP, for communicators and operators."""

from dataclasses import replace

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backend.kernel.clock import Clock
from backend.kernel.db import Database, WriteSession
from backend.kernel.guards import serves
from backend.kernel.idempotency import IdempotencyKeyFaulty, IdempotencyKeyReused, Once
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.settings import Settings
from backend.kernel.territories.register import served_municipalities
from backend.staff.public import StaffRole
from groups.evaluation.ports import Evaluator, Scope
from groups.language.errors import RuleInvalid
from groups.previews import service
from groups.previews.errors import PreviewDayOutOfRange, ScopeNotAllowed
from groups.previews.schemas import PreviewInput, PreviewView, preview_view

REFUSALS = (
    RuleInvalid,
    PreviewDayOutOfRange,
    ScopeNotAllowed,
    IdempotencyKeyFaulty,
    IdempotencyKeyReused,
)


class PreviewController(Controller):
    """Counts before anything is saved."""

    path = "/groups/preview"
    opt = serves(PrincipalKind.STAFF, (StaffRole.COMMUNICATOR, StaffRole.OPERATOR))

    @post(operation_id="previewGroup", status_code=200, responses=problem_responses(*REFUSALS))
    async def preview(
        self,
        data: JSONBody[PreviewInput],
        principal: NamedDependency[Principal],
        evaluator: NamedDependency[Evaluator],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
        once: NamedDependency[Once],
    ) -> Response[PreviewView]:
        """Count whom a rule would let in, clause by clause, today or on a day to come."""
        service.check_scope(principal, data.scope)
        asked = data.asked(settings.deployment.minimum_shown)
        if data.scope is Scope.ALL:
            served = served_municipalities(settings.deployment.municipalities)
            once = replace(once, transactions=database.serving(served))

        async def use_case(session: WriteSession) -> PreviewView:
            shown = await service.preview(session, principal, asked, evaluator, clock())
            return preview_view(shown, asked.rule)

        return await once(use_case, PreviewView, status=200)
