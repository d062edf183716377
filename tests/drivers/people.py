"""People of the tests: residents in the registry's tables, and whoever calls the API."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

from httpx import AsyncClient, Response

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import (
    code_digest,
    contact_digest,
    seal_code,
    seal_contact,
    seal_names,
)
from backend.residents.tables import ContactPoint, Resident, ResidentCode

ROPAZI = MunicipalityId(44000)
NAME = ("Anna", "Paraugs")
SINCE = datetime(2026, 1, 5, tzinfo=UTC)

SignIn = Callable[..., Awaitable["Caller"]]
"""Signs somebody in: kind, roles, `subject_id`, `municipality`."""
SignedIn = Callable[..., Awaitable["Caller"]]
"""Signs a resident in: id, `municipality`."""
Register = Callable[..., Awaitable[UUID]]
"""Puts a resident into the registry: codes, `municipality`, `contacts`, `closed_at`."""


@dataclass(frozen=True)
class Caller:
    """Somebody with a session, over HTTP.

    Paths are those of the caller's own surface, unless they begin with one.
    """

    client: AsyncClient
    surface: str
    token: str = field(repr=False)
    subject_id: UUID

    async def get(self, path: str, **query: str | int) -> Response:
        """Read."""
        return await self.call("GET", path, query=query)

    async def post(self, path: str, body: object = None, key: str | None = None) -> Response:
        """Ask for something once; without a key, with one of its own."""
        return await self.call("POST", path, body, {"idempotency-key": key or new_id().hex})

    async def put(self, path: str, body: object = None, version: str | None = None) -> Response:
        """Put something in its place, or change what stands at a version."""
        return await self.call("PUT", path, body, {"if-match": version} if version else {})

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        query: Mapping[str, str | int] = MappingProxyType({}),
    ) -> Response:
        """Send one request as it is told."""
        own = {"authorization": f"Bearer {self.token}", **headers}
        url = path if "/v1/" in path else f"/{self.surface}/v1{path}"
        return await self.client.request(method, url, json=body, headers=own, params=query or None)


async def register_resident(
    database: Database,
    vault: Vault,
    *codes: str,
    municipality: MunicipalityId = ROPAZI,
    contacts: tuple[tuple[str, str], ...] = (),
    closed_at: datetime | None = None,
) -> UUID:
    """Put a resident, known by codes, into the tables as the import would."""
    resident_id = new_id()
    given, family = seal_names(vault, *NAME)
    person = Resident(
        municipality_id=municipality,
        id=resident_id,
        given_name_sealed=given,
        family_name_sealed=family,
        language="lv",
        language_source="registry",
        registered_at=SINCE,
        closed_at=closed_at,
        fingerprint=b"",
    )
    known_by = [
        ResidentCode(
            municipality_id=municipality,
            digest=code_digest(vault, code),
            resident_id=resident_id,
            code_sealed=seal_code(vault, code),
        )
        for code in codes
    ]
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
        session.add_all([*known_by, *points])
    return resident_id
