"""Registry sources over HTTP, for registrars and administrators."""

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
from backend.staff.public import StaffRole
from groups.ingest.errors import RegistrySourceExists, RegistrySourceNotFound
from groups.ingest.source_schemas import (
    RegisterRegistrySource,
    RegistrySourceListView,
    RegistrySourceSecret,
    RegistrySourceSwitched,
    RotateRegistrySourceSecret,
    SwitchRegistrySource,
    source_list_view,
)
from groups.ingest.sources import SOURCES

ONCE = (InvalidInput, IdempotencyKeyFaulty, IdempotencyKeyReused)


class RegistrySourceController(Controller):
    """The systems that may send feeds of the registry, and their secrets."""

    path = "/registry-sources"
    opt = serves(PrincipalKind.STAFF, {StaffRole.REGISTRAR, StaffRole.ADMINISTRATOR})

    @post(
        operation_id="registerRegistrySource",
        responses=problem_responses(RegistrySourceExists, *ONCE),
    )
    async def register(
        self,
        data: JSONBody[RegisterRegistrySource],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> Response[RegistrySourceSecret]:
        """Register a system that is to send feeds; its secret is shown this once."""

        async def use_case(session: WriteSession) -> RegistrySourceSecret:
            registered = await SOURCES.register(
                session, principal, data.name, vault=vault, now=clock()
            )
            return secret_view(RegistrySourceSecret, registered)

        return await once(use_case, RegistrySourceSecret)

    @post(
        "/{registry_source_id:uuid}/secret-rotations",
        operation_id="rotateRegistrySourceSecret",
        responses=problem_responses(RegistrySourceNotFound, *ONCE),
    )
    async def rotate(
        self,
        registry_source_id: FromPath[UUID],
        data: JSONBody[RotateRegistrySourceSecret],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> Response[RegistrySourceSecret]:
        """Make a new secret; the present one counts for a while longer."""

        async def use_case(session: WriteSession) -> RegistrySourceSecret:
            registered = await SOURCES.rotate_secret(
                session,
                principal,
                registry_source_id,
                overlap=data.overlap,
                vault=vault,
                now=clock(),
            )
            return secret_view(RegistrySourceSecret, registered)

        return await once(use_case, RegistrySourceSecret)

    @put(
        "/{registry_source_id:uuid}/state",
        operation_id="switchRegistrySource",
        responses=problem_responses(RegistrySourceNotFound, InvalidInput),
    )
    async def switch(
        self,
        registry_source_id: FromPath[UUID],
        data: JSONBody[SwitchRegistrySource],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> RegistrySourceSwitched:
        """Stop a source at once, or let it send feeds again."""
        async with transactions.write() as session:
            source = await SOURCES.switch(
                session, principal, registry_source_id, enabled=data.enabled, now=clock()
            )
        return RegistrySourceSwitched(source.id, source.enabled)

    @get(operation_id="listRegistrySources")
    async def list(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> RegistrySourceListView:
        """List the sources."""
        async with transactions.read() as session:
            found = await SOURCES.listed(session, principal.municipality)
        return source_list_view(found)
