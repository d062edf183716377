"""A municipality in which something of every kind exists, made over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from httpx import Response

from backend.kernel.ids import new_id
from backend.staff.public import StaffRole
from tests.drivers.people import Caller
from tests.groups.ingest.exporter import begun_feed
from tests.service_cases.town import Town, status_event

Json = dict[str, Any]
CODE, NEIGHBOURS_CODE = "32000000011", "32000000029"
TEXT = {"title": "Ūdens nav dzerams", "body": "Vāriet ūdeni vismaz 10 minūtes."}
GROUP: Json = {
    "name": {"lv": "Stopiņi", "en": "Stopiņi"},
    "description": "Brīdinājumi",
    "purpose": "safety",
    "rule": {"op": "=", "args": [{"property": "parish"}, "Stopiņu pagasts"]},
}
DISCLOSURE: Json = {"kind": "list", "reason": "To prove that it is told."}
DEVICE: Json = {"platform": "android", "tokenKind": "fcm_token", "token": "token-of-a-device"}
SUBSCRIPTION: Json = {
    "endpoint": "https://push.example.com/abc",
    "keys": {"p256dh": "B" + "A" * 86, "auth": "A" * 22},
}


def campaign(group_id: str) -> Json:
    """Write a campaign's content."""
    return {
        "name": "Ūdens",
        "messageClass": "civic",
        "topic": "roads",
        "channels": [],
        "groupId": group_id,
        "texts": {"lv": {"inbox": TEXT}},
        "expiresAt": "2026-11-28T09:00:00Z",
    }


@dataclass(frozen=True)
class Furnished:
    """A municipality's objects by the names of path parameters, and its people."""

    ids: Mapping[str, str]
    resident: Caller
    neighbour: Caller
    staff: Caller

    async def looks(self) -> list[Json]:
        """Read everything back, as those to whom it belongs."""
        paths = {
            "group_id": "/staff/v1/groups/{}",
            "audience_id": "/staff/v1/audiences/{}",
            "campaign_id": "/staff/v1/campaigns/{}",
            "case_id": "/mobile/v1/cases/{}",
            "message_id": "/mobile/v1/inbox/{}",
        }
        readers = {"/staff": self.staff, "/mobile": self.resident}
        answers = [
            await readers[path[: path.index("/", 1)]].get(path.format(self.ids[name]))
            for name, path in paths.items()
        ]
        answers.append(await self.resident.get("/mobile/v1/devices"))
        answers.append(await self.staff.get("/staff/v1/status-sources"))
        answers.append(await self.staff.get("/staff/v1/registry-sources"))
        answers.append(await self.staff.get("/staff/v1/registry-feeds"))
        return [_done(answer) for answer in answers]


async def furnish(town: Town) -> Furnished:
    """Make one of everything that has an id in a path."""
    resident = await town.register_resident(CODE)
    neighbour = await town.register_resident(NEIGHBOURS_CODE)
    staff = await town.staff(*StaffRole)
    group = _done(await staff.post("/staff/v1/groups", GROUP))["id"]
    audience = {"include": [group], "purpose": GROUP["purpose"]}
    disclosing = f"/staff/v1/groups/{group}/disclosures"
    records = await town.connect_system()
    _done(await records.post(status_event(1, code=CODE)))
    source, feed = await begun_feed(town.client, staff, town.clock)
    installation, subscription = str(new_id()), str(new_id())
    _done(await resident.put(f"/mobile/v1/devices/{installation}", DEVICE))
    _done(await resident.put(f"/mobile/v1/web-push-subscriptions/{subscription}", SUBSCRIPTION))
    ids = {
        "group_id": group,
        "audience_id": _done(await staff.post("/staff/v1/audiences", audience))["id"],
        "disclosure_id": _done(await staff.post(disclosing, DISCLOSURE))["id"],
        "campaign_id": _done(await staff.post("/staff/v1/campaigns", campaign(group)))["id"],
        "case_id": _done(await resident.get("/mobile/v1/cases"))["cases"][0]["id"],
        "message_id": _done(await resident.get("/mobile/v1/inbox"))["items"][0]["id"],
        "source_id": str(records.id),
        "registry_source_id": source,
        "registry_feed_id": feed,
        "installation_id": installation,
        "subscription_id": subscription,
    }
    return Furnished(ids, resident, neighbour, staff)


def _done(answer: Response) -> Json:
    assert answer.is_success, answer.text
    content: Json = answer.json()
    return content
