"""One municipality on a running installation, reached as everybody reaches it: from outside."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import ClientError, ClientSession

from backend.adapters.simulators.control_client import BrowserSubscription, ControlClient
from backend.demo.api import Api, Refused
from backend.demo.people import Door, Owned, register_all
from backend.kernel.clock import system_clock
from backend.kernel.principals import PrincipalKind
from tests.drivers.installation import Installation
from tests.drivers.waiting import until
from tests.e2e.feed import Person

MUNICIPALITY = "LV0044000"
SIGN_IN_SECRET = "novads-development-sign-in-secret-0001"
PURPOSE = "safety"
SIMULATORS = ("fcm", "web_push", "smtp", "sms")
STAFF = {
    "raksta.paraugs": ("communicator", "approver", "administrator"),
    "atbild.paraugs": ("approver",),
}
OUT_OF_REACH = (Refused, ClientError, TimeoutError)

Json = dict[str, Any]


@dataclass(frozen=True)
class Phone:
    """A resident's view of the API, and what they read messages on."""

    person: Person
    api: Api
    token: str | None
    browser: BrowserSubscription | None

    @property
    def addresses(self) -> set[str]:
        """List where pushes for them go."""
        endpoint = self.browser.endpoint if self.browser else None
        return {address for address in (self.token, endpoint) if address}


@dataclass(frozen=True)
class Town:
    """Speaks to the API, and to the simulators about what they received."""

    installation: Installation
    door: Door
    controls: Mapping[str, ControlClient]

    async def is_serving(self) -> bool:
        """Tell whether the API and all simulators answer."""
        self.installation.check()
        try:
            await self.door.api.get("/health/ready")
            for control in self.controls.values():
                await control.summary()
        except OUT_OF_REACH:
            return False
        return True

    async def staff(self) -> tuple[Api, Api]:
        """Sign in who writes (and could approve), and who approves."""
        writer, approver = [
            await self.door.enter(PrincipalKind.STAFF, subject) for subject in STAFF
        ]
        return writer, approver

    async def phones(self, people: Sequence[Person]) -> list[Phone]:
        """Let residents register by turns a phone, a browser, or both."""
        app = await self.door.enter(PrincipalKind.RESIDENT, people[0].code)
        key = (await app.get("/mobile/v1/web-push/key"))["publicKey"]
        tokens = await self.controls["fcm"].new_tokens(len(people))
        browsers = await self.controls["web_push"].new_subscriptions(
            len(people), vapid_public_key=key
        )
        owned = [
            Owned(
                person.code,
                tokens[turn] if turn % 3 != 1 else None,
                browsers[turn] if turn % 3 != 0 else None,
            )
            for turn, person in enumerate(people)
        ]
        apis = await register_all(self.door, owned)
        return [
            Phone(person, api, had.token, had.browser)
            for person, api, had in zip(people, apis, owned, strict=True)
        ]

    async def group(self, writer: Api, rule: Json) -> Json:
        """Make a group of a rule."""
        name = {"lv": "Paraugu ģimenes", "en": "Sample families"}
        words = {"name": name, "description": "Brīdināt ģimenes."}
        body = {**words, "purpose": PURPOSE, "rule": rule}
        created: Json = await writer.post("/staff/v1/groups", body)
        return created

    async def approved(self, writer: Api, approver: Api, campaign: Json) -> str:
        """Write a campaign and have it approved; gives its path."""
        path = f"/staff/v1/campaigns/{(await writer.post('/staff/v1/campaigns', campaign))['id']}"
        await writer.post(f"{path}/review")
        shown = await approver.get(f"{path}/preview")
        await approver.post(f"{path}/approval", {"digest": shown["digest"]})
        return path

    async def counters(self, reader: Api, path: str) -> Json | None:
        """Read a campaign's counters; None while the API is out of reach."""
        try:
            counters: Json = await reader.get(f"{path}/counters")
        except OUT_OF_REACH:
            return None
        return counters

    async def sent(self, reader: Api, path: str) -> Json:
        """Wait until a campaign is sent and all SMS receipts are in; gives its counters."""

        async def ended() -> Json | None:
            self.installation.check()
            counters = await self.counters(reader, path)
            if counters is None or counters["state"] != "sent":
                return None
            return None if states_of(counters, "sms").get("accepted") else counters

        counters = await until(ended, "the campaign is sent")
        assert counters is not None
        return counters

    async def arrivals(self) -> dict[str, list[Json]]:
        """List what every simulator received, parsed and decrypted, in the order of arrival."""
        return {
            name: (await control.messages(limit=1000)).messages
            for name, control in self.controls.items()
        }

    async def received(self, simulator: str, least: int) -> bool:
        """Tell whether a simulator has received so many."""
        summary = await self.controls[simulator].summary()
        return int(str(summary["received"])) >= least


@asynccontextmanager
async def town_on(installation: Installation) -> AsyncGenerator[Town]:
    """Speak to an installation whose API and simulators run or are being started."""
    async with ClientSession() as http:
        door = Door(Api(http, installation.url), MUNICIPALITY, SIGN_IN_SECRET, system_clock)
        controls = {
            name: ControlClient(http, installation.control_url(name)) for name in SIMULATORS
        }
        town = Town(installation, door, controls)
        await until(town.is_serving, "the API and the simulators answer")
        yield town


async def add_staff(installation: Installation) -> None:
    """Let the staff sign in."""
    of_town = ("--municipality", MUNICIPALITY)
    adding = [
        (
            "staff",
            "add",
            subject,
            "--name",
            subject,
            *of_town,
            *(f"--role={role}" for role in roles),
        )
        for subject, roles in STAFF.items()
    ]
    await asyncio.gather(*(installation.run(*command) for command in adding))


def families(parish: str, youngest: int, oldest: int) -> Json:
    """Write the rule: lives in the parish and has a child of an age."""
    age = {"op": "between", "args": [{"property": "age"}, youngest, oldest]}
    return {
        "op": "and",
        "args": [
            {"op": "any", "args": [{"property": "children"}, age]},
            {"op": "=", "args": [{"property": "parish"}, parish]},
        ],
    }


def campaign(group: Json, texts: Json, **differing: object) -> Json:
    """Write an alert on all channels, but for what differs; None leaves a member out."""
    whole: Json = {
        "name": "Paraugs",
        "messageClass": "alert",
        "severity": "Severe",
        "topic": "safety",
        "channels": ["push", "web_push", "email", "sms"],
        "groupId": group["id"],
        "texts": texts,
        "transliterateSms": True,
        "expiresAt": (system_clock() + timedelta(hours=20)).isoformat(),
        **differing,
    }
    return {member: value for member, value in whole.items() if value is not None}


def states_of(counters: Json, channel: str) -> dict[str, int]:
    """Give one channel's counters by state."""
    for each in counters["channels"]:
        if each["channel"] == channel:
            states: dict[str, int] = each["states"]
            return states
    return {}


def assert_balanced(counters: Json) -> None:
    """On every channel the states add up to the targeted, and these are all recipients."""
    for channel in counters["channels"]:
        assert sum(channel["states"].values()) == channel["targeted"], channel
        assert channel["targeted"] == counters["recipients"], channel
