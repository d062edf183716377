"""Status sources over HTTP, for administrators."""

from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.errors import InvalidInput
from backend.kernel.guards import serves
from backend.kernel.idempotency import IdempotencyKeyFaulty, IdempotencyKeyReused, Once
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.signed_sources.schemas import secret_view
from backend.service_cases.errors import StatusSourceExists, StatusSourceNotFound
from backend.service_cases.source_schemas import (
    RegisterStatusSource,
    RotateStatusSourceSecret,
    StatusSourceListView,
    StatusSourceSecret,
    StatusSourceSwitched,
    SwitchStatusSource,
    source_list_view,
)
from backend.service_cases.sources import SOURCES, listed
from backend.staff.public import StaffRole

ONCE = (InvalidInput, IdempotencyKeyFaulty, IdempotencyKeyReused)


class StatusSourceController(Controller):
    """The systems that may tell statuses, and their secrets."""

    path = "/status-sources"
    opt = serves(PrincipalKind.STAFF, StaffRole.ADMINISTRATOR)

    @post(
        operation_id="registerStatusSource",
        responses=problem_responses(StatusSourceExists, *ONCE),
    )
    async def register(
        self,
        data: JSONBody[RegisterStatusSource],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> Response[StatusSourceSecret]:
        """Register a system by its CloudEvents source; its secret is shown this once."""

        async def use_case(session: WriteSession) -> StatusSourceSecret:
            registered = await SOURCES.register(
                session, principal, data.name, vault=vault, now=clock(), source_uri=data.source
            )
            return secret_view(StatusSourceSecret, registered)

        return await once(use_case, StatusSourceSecret)

    @post(
        "/{source_id:uuid}/secret-rotations",
        operation_id="rotateStatusSourceSecret",
        responses=problem_responses(StatusSourceNotFound, *ONCE),
    )
    async def rotate(
        self,
        source_id: FromPath[UUID],
        data: JSONBody[RotateStatusSourceSecret],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> Response[StatusSourceSecret]:
        """Make a new secret; the present one counts for a while longer."""

        async def use_case(session: WriteSession) -> StatusSourceSecret:
            registered = await SOURCES.rotate_secret(
                session, principal, source_id, overlap=data.overlap, vault=vault, now=clock()
            )
            return secret_view(StatusSourceSecret, registered)

        return await once(use_case, StatusSourceSecret)

    @put(
        "/{source_id:uuid}/state",
        operation_id="switchStatusSource",
        responses=problem_responses(StatusSourceNotFound, InvalidInput),
    )
    async def switch(
        self,
        source_id: FromPath[UUID],
        data: JSONBody[SwitchStatusSource],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> StatusSourceSwitched:
        """Stop a source at once, or let it tell statuses again."""
        async with transactions.write() as session:
            source = await SOURCES.switch(
                session, principal, source_id, enabled=data.enabled, now=clock()
            )
        return StatusSourceSwitched(source.id, source.enabled)

    @get(operation_id="listStatusSources")
    async def list(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> StatusSourceListView:
        """List the sources with the number of their events that have no case yet."""
        async with transactions.read() as session:
            found = await listed(session, principal.municipality)
        return source_list_view(found)
