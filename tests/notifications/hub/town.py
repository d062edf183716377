"""A small town for the hub's tests: residents with addresses, staff, a group, and the worker."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from httpx import AsyncClient, Response
from pyroaring import BitMap
from sqlalchemy import insert

from backend.adapters.simulators.control_client import ControlClient
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.residents.public import contact_digest, seal_contact
from backend.residents.tables import ContactPoint
from backend.worker.loops import Turn
from groups.definitions.following import FollowedGroup, follow
from groups.definitions.service import today
from groups.evaluation.sql import SqlEvaluator
from groups.memberships.rules import Cause
from notifications.channels.ports import Channel
from notifications.delivery.engine import Engine
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.community import Registry

LV = {"title": "Ūdens nav dzerams", "body": "Vāriet ūdeni vismaz 10 minūtes."}
EN = {"title": "Water is not drinkable", "body": "Boil water for at least 10 minutes."}
SMS_LV = {"title": "", "body": "Ūdens Stopiņos nav dzerams. Vāriet to."}

Browser = tuple[str, str, str]
"""A browser's subscription: endpoint, p256dh and auth."""


@dataclass
class Town:
    """Everything a test of the hub needs of one municipality."""

    client: AsyncClient
    database: Database
    vault: Vault
    clock: SteeredClock
    sign_in: SignIn
    registry: Registry
    communicator: Caller
    approver: Caller
    engine: Engine
    dispatch: Turn
    fold: Callable[[], Awaitable[int]]
    controls: dict[Channel, ControlClient]
    group: str = ""
    residents: list[UUID] = field(default_factory=list)

    async def settle(self, count: int, *, contacts: bool = True) -> list[UUID]:
        """Let new residents move in, each with an e-mail address and a mobile number."""
        residents = await self.registry.settle(count)
        if contacts:
            rows = [
                row
                for number, resident in enumerate(residents, start=len(self.residents))
                for row in (
                    self._contact(resident, "email", f"iedzivotajs{number}@example.lv"),
                    self._contact(resident, "sms", f"+3712000{number:04d}"),
                )
            ]
            async with self.database.write([ROPAZI]) as session:
                await session.execute(insert(ContactPoint), rows)
        self.residents.extend(residents)
        return residents

    def _contact(self, resident: UUID, kind: str, value: str) -> dict[str, object]:
        return {
            "municipality_id": ROPAZI,
            "id": new_id(),
            "resident_id": resident,
            "kind": kind,
            "value_sealed": seal_contact(self.vault, value),
            "value_digest": contact_digest(self.vault, value),
            "source": "registry",
        }

    async def make_group(self) -> str:
        """Make the group of everybody declared in Stopiņi parish."""
        body = {
            "name": {"lv": "Stopiņi", "en": "Stopiņi"},
            "description": "Brīdinājumi",
            "purpose": "safety",
            "rule": {"op": "=", "args": [{"property": "parish"}, "Stopiņu pagasts"]},
        }
        answer = await self.communicator.post("/groups", body)
        assert answer.status_code == 201, answer.text
        self.group = answer.json()["id"]
        return self.group

    async def grow(self, count: int, *, contacts: bool = True) -> None:
        """Let residents move in who belong to the group, by a rule that takes everybody."""
        await self.settle(count, contacts=contacts)
        body = {"rule": {"op": ">=", "args": [{"property": "age"}, 0]}}
        path = f"/groups/{self.group}/rule"
        changed = await self.put(self.communicator, path, body, **{"if-match": "1"})
        assert changed.status_code == 200, changed.text

    async def follow(self) -> None:
        """Let every group follow the facts, as the engine does."""
        evaluator = SqlEvaluator()
        async with self.database.write([ROPAZI]) as session:

            async def evaluate(
                groups: Sequence[FollowedGroup], as_of: date
            ) -> Mapping[UUID, BitMap]:
                found = {g.id: await evaluator.members(session, g.question(as_of)) for g in groups}
                return {group_id: each.slots for group_id, each in found.items()}

            day = today(ROPAZI, self.clock())
            await follow(session, ROPAZI, evaluate, as_of=day, cause=Cause.IMPORT, clock=self.clock)

    async def app_of(self, resident: UUID) -> Caller:
        """Sign a resident in."""
        return await self.sign_in(PrincipalKind.RESIDENT, subject_id=resident)

    async def put(self, caller: Caller, path: str, body: object, **headers: str) -> Response:
        """Put something as a caller."""
        own = {"authorization": f"Bearer {caller.token}", **headers}
        return await self.client.put(f"/{caller.surface}/v1{path}", json=body, headers=own)

    def campaign(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - tests write wrong bodies too
        """Write a campaign's body: a grave alert on every channel."""
        body: dict[str, Any] = {
            "name": "Ūdens Stopiņos",
            "messageClass": "alert",
            "severity": "Severe",
            "topic": "safety",
            "channels": ["push", "web_push", "email", "sms"],
            "groupId": self.group,
            "texts": {"lv": {"inbox": LV, "sms": SMS_LV}, "en": {"inbox": EN}},
            "expiresAt": (self.clock() + timedelta(hours=12)).isoformat(),
        }
        body.update(changes)
        return {name: value for name, value in body.items() if value is not None}

    async def draft(self, **changes: Any) -> str:  # noqa: ANN401 - tests write wrong bodies too
        """Write a draft and give its id."""
        answer = await self.communicator.post("/campaigns", self.campaign(**changes))
        assert answer.status_code == 201, answer.text
        identity: str = answer.json()["id"]
        return identity

    async def preview(self, campaign: str) -> dict[str, Any]:
        """Preview a campaign as its approver."""
        answer = await self.approver.get(f"/campaigns/{campaign}/preview")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def approve(self, campaign: str) -> None:
        """Hand a draft to the approver, who approves what they see."""
        assert (await self.communicator.post(f"/campaigns/{campaign}/review")).status_code == 200
        body = {"digest": (await self.preview(campaign))["digest"]}
        answer = await self.approver.post(f"/campaigns/{campaign}/approval", body)
        assert answer.status_code == 200, answer.text

    async def send(self, campaign: str) -> None:
        """Approve and send a draft, without any worker at work."""
        await self.approve(campaign)
        answer = await self.communicator.post(f"/campaigns/{campaign}/sending")
        assert answer.status_code == 202, answer.text

    async def plan(self) -> None:
        """Let the worker act on every outbox event."""
        while await self.dispatch():
            pass

    async def deliver(self) -> None:
        """Let the worker send every due chunk, then act on the events that follow."""
        await self.plan()
        while await self.engine.deliver_one():
            pass
        await self.plan()

    async def counters(self, campaign: str) -> dict[str, dict[str, int]]:
        """Read a campaign's counters: states by channel; holds that each channel balances."""
        answer = await self.communicator.get(f"/campaigns/{campaign}/counters")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        for channel in shown["channels"]:
            assert channel["targeted"] == sum(channel["states"].values())
            assert channel["targeted"] == shown["recipients"]
        return {channel["channel"]: channel["states"] for channel in shown["channels"]}

    async def state(self, campaign: str) -> str:
        """Read a campaign's state."""
        answer = await self.communicator.get(f"/campaigns/{campaign}")
        found: str = answer.json()["state"]
        return found

    async def received(self, channel: Channel) -> list[dict[str, Any]]:
        """Read what a simulator received."""
        page = await self.controls[channel].messages()
        return page.messages
