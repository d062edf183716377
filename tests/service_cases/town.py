"""A town with residents, officials and another system, as the tests of cases speak of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.login_sessions import open_session
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId, municipality_code
from backend.kernel.webhooks import signed_headers
from backend.residents.public import code_digest, seal_code, seal_names
from backend.residents.tables import Resident, ResidentCode

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CODE = "32000000011"
HERE = MunicipalityId(44000)


@dataclass
class SteppingClock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Move the time."""
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Reader:
    """Somebody signed in, with what they may ask for."""

    client: AsyncClient
    id: UUID
    token: str

    async def get(self, path: str, **query: str | int) -> Response:
        """Read a resource."""
        return await self.client.get(path, params=query, headers=self._headers())

    async def post(self, path: str, body: object, key: str | None = None) -> Response:
        """Post with an idempotency key, a new one unless given."""
        headers = self._headers() | {"idempotency-key": key or new_id().hex}
        return await self.client.post(path, json=body, headers=headers)

    async def put(self, path: str, body: object) -> Response:
        """Replace a resource."""
        return await self.client.put(path, json=body, headers=self._headers())

    async def messages(self) -> list[dict[str, Any]]:
        """Read the resident's inbox in full, the oldest message first."""
        items = (await self.get("/mobile/v1/inbox")).json()["items"]
        paths = [f"/mobile/v1/inbox/{item['id']}" for item in reversed(items)]
        return [(await self.get(path)).json() for path in paths]

    async def steps_told(self) -> list[str]:
        """List the titles of the steps that the inbox tells of, the oldest first."""
        bodies = [message["body"] for message in await self.messages()]
        return [body.partition(": ")[2].partition(" (")[0] for body in bodies]

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


def status_event(
    sequence: int,
    stage: str = "received",
    *,
    case: str = "P-2026/17",
    code: str = CODE,
    event_id: str | None = None,
    changes: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Describe a status event of a case as another system would."""
    data = {
        "caseNumber": case,
        "service": {
            "code": "declare-residence",
            "title": {"lv": "Dzīvesvietas deklarēšana", "en": "Declaring a residence"},
        },
        "person": {"personalCode": code},
        "status": f"internal-{sequence}",
        "stage": stage,
        "stepTitle": {"lv": f"Solis {sequence}", "en": f"Step {sequence}"},
        "occurredAt": (START + timedelta(hours=sequence)).isoformat(),
        "sequence": sequence,
    }
    return {
        "specversion": "1.0",
        "id": event_id or f"event-{case}-{sequence}",
        "source": "https://records.ropazi.example/cases",
        "type": "lv.novads.case.status.v1",
        "datacontenttype": "application/json",
        "data": data | dict(changes or {}),
    }


@dataclass
class RecordSystem:
    """Another system that signs what it posts; `secrets` may be several while it rotates."""

    client: AsyncClient
    clock: SteppingClock
    municipality: str
    id: UUID
    secrets: Sequence[str]
    media_type: str = "application/cloudevents+json"

    async def post(self, event: Mapping[str, Any], **headers: str) -> Response:
        """Post a signed event; `headers` replace those of a proper one."""
        return await self.post_bytes(msgspec.json.encode(event), str(event.get("id")), **headers)

    async def post_bytes(self, body: bytes, message_id: str = "m1", **headers: str) -> Response:
        """Post a signed body as it is."""
        signed = signed_headers(message_id, self.clock(), body, self.secrets)
        replaced = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(
            f"/ingest/v1/{self.municipality}/status-events",
            content=body,
            headers={"content-type": self.media_type} | signed | replaced,
        )


@dataclass
class Town:
    """One municipality over HTTP, and what must be in its registry beforehand."""

    client: AsyncClient
    database: Database
    vault: Vault
    clock: SteppingClock
    tenant: MunicipalityId = HERE

    async def register_resident(self, *codes: str) -> Reader:
        """Put a resident into the registry, known by these codes, and sign them in."""
        resident_id = new_id()
        given, family = seal_names(self.vault, "Anna", "Paraudziņa")
        async with self.database.write((self.tenant,)) as session:
            session.add(
                Resident(
                    municipality_id=self.tenant,
                    id=resident_id,
                    given_name_sealed=given,
                    family_name_sealed=family,
                    language="lv",
                    language_source="registry",
                    registered_at=START,
                    closed_at=None,
                    fingerprint=b"",
                )
            )
            await session.flush()
            session.add_all(
                ResidentCode(
                    municipality_id=self.tenant,
                    digest=code_digest(self.vault, code),
                    resident_id=resident_id,
                    code_sealed=seal_code(self.vault, code),
                )
                for code in codes
            )
        return await self.sign_in(PrincipalKind.RESIDENT, resident_id)

    async def sign_in(self, kind: PrincipalKind, subject: UUID, *roles: str) -> Reader:
        """Open a session of somebody."""
        async with self.database.write((self.tenant,)) as session:
            opened = open_session(
                session, self.tenant, kind, subject, now=self.clock(), roles=roles
            )
        return Reader(self.client, subject, opened.token)

    async def staff(self, *roles: str) -> Reader:
        """Sign in a staff member with these roles."""
        return await self.sign_in(PrincipalKind.STAFF, new_id(), *roles)

    async def connect_system(
        self, uri: str = "https://records.ropazi.example/cases"
    ) -> RecordSystem:
        """Register another system and hand it its secret."""
        administrator = await self.staff("administrator")
        answer = await administrator.post(
            "/staff/v1/status-sources", {"source": uri, "name": "Records"}
        )
        assert answer.status_code == 201, answer.text
        source = answer.json()
        code = municipality_code(self.tenant)
        return RecordSystem(self.client, self.clock, code, UUID(source["id"]), [source["secret"]])

    async def count(self, table: type[Any]) -> int:
        """Count the rows of a table that this town owns."""
        async with self.database.read((self.tenant,)) as session:
            return await session.scalar(select(func.count()).select_from(table)) or 0
