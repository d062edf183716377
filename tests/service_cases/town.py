"""A town with residents, officials and another system, as the tests of cases speak of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId, municipality_code
from backend.kernel.webhooks import signed_headers
from tests.drivers.clock import MORNING, SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignIn, register_resident

CODE = "32000000011"


async def inbox_of(resident: Caller) -> list[dict[str, Any]]:
    """Read a resident's inbox in full, the oldest message first."""
    items = (await resident.get("/inbox")).json()["items"]
    return [(await resident.get(f"/inbox/{item['id']}")).json() for item in reversed(items)]


async def steps_told(resident: Caller) -> list[str]:
    """List the titles of the steps that a resident's inbox tells of, the oldest first."""
    bodies = [message["body"] for message in await inbox_of(resident)]
    return [body.partition(": ")[2].partition(" (")[0] for body in bodies]


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
        "occurredAt": (MORNING + timedelta(hours=sequence)).isoformat(),
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
    clock: SteeredClock
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
    clock: SteeredClock
    sign_in: SignIn
    tenant: MunicipalityId = ROPAZI

    async def register_resident(self, *codes: str) -> Caller:
        """Put a resident into the registry, known by these codes, and sign them in."""
        resident_id = await register_resident(
            self.database, self.vault, *codes, municipality=self.tenant
        )
        return await self.signed_in(resident_id)

    async def signed_in(self, resident_id: UUID) -> Caller:
        """Sign a resident in."""
        return await self.sign_in(
            PrincipalKind.RESIDENT, subject_id=resident_id, municipality=self.tenant
        )

    async def staff(self, *roles: str) -> Caller:
        """Sign in a staff member with these roles."""
        return await self.sign_in(PrincipalKind.STAFF, roles, municipality=self.tenant)

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
