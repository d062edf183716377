"""Residents of tests, synthetic people in the registry's tables, and the application they use."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from httpx import ASGITransport, AsyncClient, Response

from backend.app.context import AppContext
from backend.app.main import build_app
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.login_sessions import open_session
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import Settings
from backend.kernel.tenancy import MunicipalityId
from backend.residents.models import ContactPoint, Resident, ResidentCode
from backend.residents.public import (
    code_digest,
    contact_digest,
    seal_code,
    seal_contact,
    seal_names,
)
from tests.contract.conformance import Conformance

ROPAZI = MunicipalityId(44000)
SINCE = datetime(2026, 1, 5, tzinfo=UTC)

Register = Callable[..., Awaitable[UUID]]
SignedIn = Callable[..., Awaitable["Caller"]]


@dataclass
class Caller:
    """A resident with a session, over HTTP."""

    client: AsyncClient
    token: str

    async def call(self, method: str, path: str, body: Any = None) -> Response:  # noqa: ANN401 - tests post wrong bodies too
        """Send one request as this resident."""
        headers = {"authorization": f"Bearer {self.token}"}
        return await self.client.request(method, f"/mobile/v1{path}", json=body, headers=headers)


@pytest.fixture
async def app_client(
    database: Database, clock: Clock, settings: Settings, conformance: Conformance
) -> AsyncGenerator[AsyncClient]:
    """Give an HTTP client of the whole application on the test's own event loop.

    On one loop requests sent at once really race, and both sides may use the same connections.
    """
    app = build_app(AppContext(settings, database, settings.vault(), clock, "test-vapid-key"))
    transport = ASGITransport(app)  # type: ignore[arg-type] # litestar's scope is a TypedDict
    async with AsyncClient(transport=transport, base_url="http://testserver") as client:
        client.event_hooks = {"response": [conformance]}
        yield client


@pytest.fixture
def register(database: Database, vault: Vault) -> Register:
    """Put a resident into the registry's tables."""

    async def put(
        code: str = "32000000001",
        *,
        municipality: MunicipalityId = ROPAZI,
        contacts: tuple[tuple[str, str], ...] = (),
        closed_at: datetime | None = None,
    ) -> UUID:
        resident_id = new_id()
        given, family = seal_names(vault, "Anna", "Paraugs")
        person = Resident(
            municipality_id=municipality,
            id=resident_id,
            given_name_sealed=given,
            family_name_sealed=family,
            language="lv",
            language_source="registry",
            registered_at=SINCE,
            closed_at=closed_at,
            fingerprint=b"\0" * 32,
        )
        known_by = ResidentCode(
            municipality_id=municipality,
            digest=code_digest(vault, code),
            resident_id=resident_id,
            code_sealed=seal_code(vault, code),
        )
        points = [
            ContactPoint(
                municipality_id=municipality,
                id=new_id(),
                resident_id=resident_id,
                kind=kind,
                value_sealed=seal_contact(vault, value),
                value_digest=contact_digest(vault, value),
                source="registry",
            )
            for kind, value in contacts
        ]
        async with database.write((municipality,)) as session:
            session.add(person)
            await session.flush()
            session.add_all([known_by, *points])
        return resident_id

    return put


@pytest.fixture
def signed_in(database: Database, app_client: AsyncClient, clock: Clock) -> SignedIn:
    """Give a registered resident a session."""

    async def sign_in(resident_id: UUID, municipality: MunicipalityId = ROPAZI) -> Caller:
        async with database.write((municipality,)) as session:
            opened = open_session(
                session, municipality, PrincipalKind.RESIDENT, resident_id, now=clock()
            )
        return Caller(app_client, opened.token)

    return sign_in
