"""How long people wait: previews, their own groups, and why, over HTTP and in the database."""

import time
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from uuid import UUID

from aiohttp import ClientSession
from pyroaring import BitMap

from backend.demo.api import Api
from backend.kernel.ids import new_id
from backend.kernel.login_sessions import open_session
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from backend.staff.public import StaffRole
from groups.mine.queries import belongings_of
from tests.benchmarks.groups.ground import SEED, Ground
from tests.benchmarks.groups.saving import Saved
from tests.benchmarks.harness.figures import Figure, Promise, at_most
from tests.benchmarks.harness.series import percentile

PREVIEW_MS, MINE_DATABASE_MS, MINE_MS, WHY_MS = 100, 1, 10, 20
PREVIEWS, LOOK_UPS, QUESTIONS = 300, 3_000, 300
UNCOUNTED = 10
RESIDENT = "SELECT resident_id FROM resident_fact WHERE municipality_id = $1 AND slot = $2"
ANYBODY = """
SELECT municipality_id, resident_id FROM resident_fact
WHERE closed_on IS NULL AND slot % 211 = 5 ORDER BY slot, municipality_id LIMIT $1
"""
MEMBERS = "SELECT slots FROM membership WHERE group_id = $1"

Ask = Callable[[int], Awaitable[object]]


async def measure_asking(ground: Ground, url: str) -> list[Figure]:
    """Ask as an operator and as residents do."""
    async with ClientSession() as http:
        return [
            *await _previews(ground, http, url),
            *await _own_groups(ground, http, url),
            *await _whys(ground, http, url),
        ]


async def _previews(ground: Ground, http: ClientSession, url: str) -> list[Figure]:
    ground.say("national previews over HTTP")
    town = ground.nation[0].municipality
    roles = [StaffRole.COMMUNICATOR, StaffRole.OPERATOR]
    api = await _signed_in(ground, http, url, PrincipalKind.STAFF, (town, new_id()), roles)
    chosen = Random(SEED).choices(ground.groups, k=PREVIEWS + UNCOUNTED)  # noqa: S311 - a sample

    async def ask(number: int) -> None:
        group = chosen[number]
        body = {"rule": group.rule, "purpose": group.purpose.value, "scope": "all"}
        shown = await api.post("/staff/v1/groups/preview", body)
        if shown["evaluatedBy"] != "engine":
            raise RuntimeError("the engine did not answer")

    found = await _timed(ask, PREVIEWS)
    return _figures("national preview over HTTP", found, {"p95": at_most(PREVIEW_MS)})


async def _own_groups(ground: Ground, http: ClientSession, url: str) -> list[Figure]:
    ground.say("which groups am I in")
    people = [
        (MunicipalityId(row[0]), row[1]) for row in await ground.admin.fetch(ANYBODY, LOOK_UPS)
    ]
    milliseconds: list[float] = []
    async with ground.database.read(ground.municipalities) as session:
        for municipality, resident in people:
            began = time.perf_counter()
            await belongings_of(session, municipality, resident)
            milliseconds.append((time.perf_counter() - began) * 1000)
    alone = _figures("own groups, the database", milliseconds, {"p99": at_most(MINE_DATABASE_MS)})
    apps = await _apps(ground, http, url, people[:100])

    async def ask(number: int) -> object:
        return await apps[number % len(apps)].get("/mobile/v1/groups")

    over_http = await _timed(ask, QUESTIONS)
    return [*alone, *_figures("own groups over HTTP", over_http, {"p95": at_most(MINE_MS)})]


async def _whys(ground: Ground, http: ClientSession, url: str) -> list[Figure]:
    ground.say("why am I in this group")
    chosen = await _members(ground, 100)
    apps = await _apps(ground, http, url, [(group.municipality, who) for group, who in chosen])

    async def ask(number: int) -> None:
        place = number % len(apps)
        why = await apps[place].get(f"/mobile/v1/groups/{chosen[place][0].id}/why")
        if why["clause"]["result"] is not True:
            raise RuntimeError("a member for no reason")

    found = await _timed(ask, QUESTIONS)
    return _figures("why over HTTP", found, {"p95": at_most(WHY_MS)})


async def _members(ground: Ground, count: int) -> list[tuple[Saved, UUID]]:
    """Choose members of many different groups."""
    chosen: list[tuple[Saved, UUID]] = []
    for group in ground.groups:
        slots = BitMap.deserialize(await ground.admin.fetchval(MEMBERS, group.id))
        if slots:
            slot = slots[len(slots) // 2]
            who = await ground.admin.fetchval(RESIDENT, int(group.municipality), slot)
            chosen.append((group, who))
        if len(chosen) == count:
            break
    return chosen


async def _apps(
    ground: Ground,
    http: ClientSession,
    url: str,
    people: Sequence[tuple[MunicipalityId, UUID]],
) -> list[Api]:
    kind = PrincipalKind.RESIDENT
    return [await _signed_in(ground, http, url, kind, person, []) for person in people]


async def _signed_in(
    ground: Ground,
    http: ClientSession,
    url: str,
    kind: PrincipalKind,
    person: tuple[MunicipalityId, UUID],
    roles: Sequence[StaffRole],
) -> Api:
    async with ground.database.write([person[0]]) as session:
        opened = open_session(
            session, *person[:1], kind, person[1], now=ground.clock(), roles=roles
        )
    return Api(http, url, opened.token)


async def _timed(ask: Ask, times: int) -> list[float]:
    """Time each question in milliseconds, after some that do not count."""
    found: list[float] = []
    for number in range(UNCOUNTED + times):
        began = time.perf_counter()
        await ask(number)
        found.append((time.perf_counter() - began) * 1000)
    return found[UNCOUNTED:]


def _figures(name: str, milliseconds: list[float], promises: dict[str, Promise]) -> list[Figure]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return [
        Figure(f"{name}, {label}", percentile(milliseconds, share), "ms", promises.get(label))
        for label, share in shares.items()
        if label == "p50" or label in promises
    ]
