"""Another system reports a step of a resident's case, once forged and once signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from backend.demo.api import Api, Refused
from backend.kernel.clock import system_clock
from backend.kernel.ids import new_id
from backend.kernel.webhooks import signed_headers
from tests.drivers.waiting import until
from tests.e2e.town import MUNICIPALITY, Json, Phone, Town

SOURCE = "https://lietvediba.example.lv/cases"
NUMBER = "D-2026/4711"
FORGED_SECRET = "whsec_" + "QUJD" * 10
CHANNEL_OF = {"fcm": "push", "web_push": "web_push", "smtp": "email", "sms": "sms"}


@dataclass(frozen=True)
class Told:
    """What the status event led to."""

    phone: Phone
    forged: str
    case: Json
    inbox: list[Json]
    message: Json
    nudges: Mapping[str, list[Json]]


async def tell_status(town: Town, administrator: Api, phone: Phone) -> Told:
    """Report a step, and look at what the resident gets."""
    for control in town.controls.values():
        await control.forget()
    body = {"source": SOURCE, "name": "Lietvedība (paraugs)"}
    secret = (await administrator.post("/staff/v1/status-sources", body))["secret"]
    event = _event(phone)
    forged = await _forged(town, event)
    await _post(town, event, secret)
    await _post(town, event, secret)  # senders repeat what they are not sure of
    summary = (await phone.api.get("/mobile/v1/cases"))["cases"][0]
    expected = _expected(phone)

    async def nudged() -> bool:
        return all([await town.received(name, 1) for name in expected])

    await until(nudged, f"a nudge on each of {expected}")
    inbox = await walk_inbox(phone.api)
    return Told(
        phone=phone,
        forged=forged,
        case=await phone.api.get(f"/mobile/v1/cases/{summary['id']}"),
        inbox=inbox,
        message=await phone.api.get(f"/mobile/v1/inbox/{inbox[0]['id']}"),
        nudges=await town.arrivals(),
    )


async def walk_inbox(app: Api) -> list[Json]:
    """List the whole inbox, one message a page, by the cursor."""
    items: list[Json] = []
    cursor = ""
    while True:
        page = await app.get(f"/mobile/v1/inbox?limit=1{cursor}")
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = f"&before={page['next']}"


def _expected(phone: Phone) -> list[str]:
    has = {"push": phone.token, "web_push": phone.browser, **phone.person.contacts}
    return [
        simulator
        for simulator, channel in CHANNEL_OF.items()
        if has.get(channel) and phone.person.accepts("services", channel)
    ]


def _event(phone: Phone) -> Json:
    return {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": SOURCE,
        "type": "lv.novads.case.status.v1",
        "data": {
            "caseNumber": NUMBER,
            "service": {
                "code": "preschool-place",
                "title": {"lv": "Vieta bērnudārzā", "en": "A place in kindergarten"},
            },
            "person": {"personalCode": phone.person.code},
            "status": "PIEŠĶIRTS",
            "stage": "decided",
            "stepTitle": {"lv": "Vieta piešķirta", "en": "Place granted"},
            "occurredAt": (system_clock() - timedelta(minutes=1)).isoformat(),
            "sequence": 1,
        },
    }


async def _forged(town: Town, event: Json) -> str:
    try:
        await _post(town, event, FORGED_SECRET)
    except Refused as refusal:
        return str(refusal)
    return ""


async def _post(town: Town, event: Json, secret: str) -> None:
    body = msgspec.json.encode(event)
    headers = {
        "content-type": "application/cloudevents+json",
        **signed_headers(event["id"], system_clock(), body, [secret]),
    }
    path = f"/ingest/v1/{MUNICIPALITY}/status-events"
    await town.door.api.send_raw(path, body, headers)
