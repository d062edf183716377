"""The API is killed while it answers; callers repeat what they got no answer to."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import ClientError, ClientSession

from backend.demo.api import Api
from backend.kernel.clock import civil_day, system_clock
from backend.kernel.ids import new_id
from tests.drivers.cut_line import cut_line
from tests.drivers.installation import Installation, Started
from tests.drivers.waiting import until
from tests.e2e.conftest import Registered
from tests.e2e.feed import read_feed
from tests.e2e.story import PARISH, TEXTS, ZONE
from tests.e2e.town import Json, Town, campaign, families, town_on

CAMPAIGNS = 120
AT_ONCE = 20
ANSWERED = 30


@dataclass(frozen=True)
class Request:
    """One intention: what is posted, under which key, and the status that it deserves."""

    path: str
    body: Json | None
    status: int = 201
    key: str = field(default_factory=lambda: new_id().hex)


@dataclass
class Caller:
    """Posts requests many at a time and keeps the first answer to each."""

    writer: Api
    answers: dict[str, Json] = field(default_factory=dict)
    replayed: int = 0

    async def post_all(self, requests: Sequence[Request], victim: Started | None = None) -> None:
        """Post everything; a victim is killed after some answers."""
        gate = asyncio.Semaphore(AT_ONCE)
        async with ClientSession() as http:

            async def one(request: Request) -> None:
                async with gate:
                    await self._post(http, request)
                if victim is not None and len(self.answers) >= ANSWERED:
                    victim.kill()

            outcomes = await asyncio.gather(*map(one, requests), return_exceptions=True)
        surprises = [each for each in outcomes if each and not _is_silence(each)]
        assert not surprises, surprises
        assert victim is not None or not any(outcomes), "an answer is missing"

    async def _post(self, http: ClientSession, request: Request) -> None:
        headers = {
            "authorization": f"Bearer {self.writer.token}",
            "idempotency-key": request.key,
        }
        url = self.writer.base + request.path
        async with http.post(url, json=request.body, headers=headers) as answer:
            content: Json = await answer.json()
            assert answer.status == request.status, content
            self.replayed += "idempotency-replayed" in answer.headers
            assert self.answers.setdefault(request.key, content) == content


def _is_silence(outcome: BaseException) -> bool:
    return isinstance(outcome, ClientError | TimeoutError | OSError)


@pytest.fixture
async def town(installation: Installation) -> AsyncGenerator[tuple[Town, Started]]:
    """Give a town with its API (and no worker)."""
    installation.start("simulators")
    api = installation.start("serve")
    async with town_on(installation) as town:
        yield town, api


async def test_a_request_repeated_after_the_api_was_killed_has_one_effect_and_one_answer(
    town: tuple[Town, Started],
) -> None:
    outside, api = town
    writer, approver = await outside.staff()
    group = await outside.group(writer, families(PARISH, 0, 17))
    path = await outside.approved(writer, approver, campaign(group, TEXTS, name="Sūtāms"))
    names = [f"Kampaņa {number}" for number in range(CAMPAIGNS)]
    create = "/staff/v1/campaigns"
    requests = [Request(create, campaign(group, TEXTS, name=name)) for name in names]
    requests.insert(ANSWERED, Request(f"{path}/sending", None, status=202))
    caller = Caller(writer)
    await caller.post_all(requests, victim=api)
    assert ANSWERED <= len(caller.answers) < len(requests), "the API was not killed on the way"
    outside.installation.start("serve")
    await until(outside.is_serving, "the API serves again")
    await caller.post_all(requests)
    assert caller.replayed >= ANSWERED
    assert Counter(await _names(writer)) == Counter([*names, "Sūtāms"])


async def test_an_answer_that_the_killed_api_gave_to_nobody_is_given_again(
    town: tuple[Town, Started], registered: Registered
) -> None:
    outside, api = town
    writer, approver = await outside.staff()
    group = await outside.group(writer, families(PARISH, 3, 6))
    content = campaign(group, TEXTS, channels=["sms"])
    path = await outside.approved(writer, approver, content)
    caller, request = Caller(writer), Request(f"{path}/sending", None, status=202)
    async with cut_line(outside.installation.ports["port"], api.kill) as line:
        await Caller(replace(writer, base=line)).post_all([request], victim=api)
    assert api.process.returncode == -signal.SIGKILL
    for command in ("serve", "worker"):
        outside.installation.start(command)
    await until(outside.is_serving, "the API serves again")
    await caller.post_all([request])
    assert caller.replayed == 1
    await outside.sent(writer, path)
    parents = read_feed(registered.feed).parents(
        PARISH, range(3, 7), civil_day(system_clock(), ZONE)
    )
    expected = [parent.contacts["sms"] for parent in parents if "sms" in parent.contacts]
    received = (await outside.arrivals())["sms"]
    assert sorted(each["to"] for each in received) == sorted(expected)


async def _names(writer: Api) -> list[str]:
    names: list[str] = []
    cursor = ""
    while True:
        page = await writer.get(f"/staff/v1/campaigns{cursor}")
        names += [each["name"] for each in page["campaigns"]]
        if page["next"] is None:
            return names
        cursor = f"?before={page['next']}"
