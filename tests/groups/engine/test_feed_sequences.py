"""Any sequence of feeds ends where one full load ends, even if the engine is killed in between."""

import asyncio
import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pyroaring import BitMap

from backend.kernel.clock import Clock, system_clock
from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import municipality_id
from backend.kernel.wakeups import Bell
from groups.engine.engine import Engine
from groups.memberships.history import members_at
from tests.drivers.clock import SteeredClock
from tests.drivers.installation import Installation
from tests.drivers.waiting import until
from tests.groups.engine.asked import ask_all
from tests.groups.engine.chronicle import Chronicle
from tests.groups.engine.delivering import Village
from tests.groups.engine.events import EVENTS
from tests.groups.engine.hamlet import Hamlet
from tests.groups.registry.driver import ROPAZI, Registry

AFRESH = "LV0048000"
"""Another municipality, of which nothing is known."""
FEEDS = 8
LIVES = 4
FEW_ARE_EMPTY = 4


async def _village(database: Database, vault: Vault, clock: Clock, path: Path) -> Village:
    registry = Registry(database, vault, clock, path / "feed", path / "report.csv")
    hamlet = Hamlet(database, vault, clock, ROPAZI)
    return Village(registry, hamlet, await ask_all(hamlet))


def _engine(village: Village) -> Engine:
    hamlet = village.hamlet
    bell = Bell(asyncio.Event())
    return Engine(hamlet.database, [hamlet.municipality], hamlet.clock, bell)


async def _loaded_afresh(village: Village, chronicle: Chronicle) -> list[set[str]]:
    """Give the members if only the last state is loaded, at once, where nothing was known."""
    hamlet = replace(village.hamlet, municipality=municipality_id(AFRESH))
    registry = replace(village.registry, municipality=AFRESH, files=chronicle.files)
    afresh = Village(registry, hamlet, await ask_all(hamlet))
    await afresh.deliver(chronicle.tell("full")[0])
    await _engine(afresh).follow_now()
    return await afresh.members()


async def _check_end(village: Village, chronicle: Chronicle) -> None:
    """Hold that memberships are what PostgreSQL finds, and what one full load would have made."""
    followed = await village.hamlet.followed()
    assert followed is not None
    assert await village.hamlet.left_to_follow() == 0
    assert await village.states() == {"live"}
    await village.hamlet.check(followed.as_of)
    village.registry.files = chronicle.files
    members = await village.members()
    assert members == await _loaded_afresh(village, chronicle)
    assert sum(map(bool, members)) > len(members) - FEW_ARE_EMPTY


@pytest.mark.parametrize("seed", range(8))
async def test_random_feeds_end_where_one_full_load_ends_and_keep_their_past(
    seed: int, database: Database, vault: Vault, clock: SteeredClock, tmp_path: Path
) -> None:
    chronicle, village = Chronicle(seed), await _village(database, vault, clock, tmp_path)
    engine = _engine(village)
    past: list[tuple[datetime, list[BitMap]]] = []
    slots = await village.slots()
    for turn in range(FEEDS):
        for feed in chronicle.tell("full" if turn == 0 else ""):
            await village.deliver(feed)
            clock.advance(minutes=1)
            if chronicle.chance.random() < 0.7:
                engine = engine if chronicle.chance.random() < 0.8 else _engine(village)
                await engine.follow_now()
                if turn % 3 == 2:
                    await village.hamlet.check(clock().date())
                past.append((clock(), await village.bitmaps()))
            clock.advance(minutes=1)
            before, slots = slots, await village.slots()
            assert slots == slots | before
            assert sorted(slots.values()) == list(range(len(slots)))
        chronicle.live(EVENTS, 15)
    for feed in chronicle.tell():
        await village.deliver(feed)
    await engine.follow_now()
    await _check_end(village, chronicle)
    async with database.read([ROPAZI]) as session:
        for instant, bitmaps in past:
            for group, members in zip(village.groups, bitmaps, strict=True):
                assert await members_at(session, ROPAZI, group, instant) == members


@pytest.mark.parametrize("seed", [101, 102])
async def test_feeds_followed_by_an_engine_that_is_killed_end_where_one_full_load_ends(
    seed: int, database: Database, vault: Vault, installation: Installation, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    chronicle, village = Chronicle(seed), await _village(database, vault, system_clock, tmp_path)

    async def is_followed() -> bool:
        installation.check()
        hamlet = village.hamlet
        return await hamlet.followed() is not None and await hamlet.left_to_follow() == 0

    async def tell(form: str = "") -> None:
        for feed in chronicle.tell(form):
            await village.deliver(feed)
        chronicle.live(EVENTS, 12)

    await tell("full")
    for life in range(LIVES):
        engine = installation.start("groups-engine")
        await tell()  # while it starts
        await until(is_followed, "the engine follows")
        async with asyncio.TaskGroup() as telling:
            telling.create_task(tell())
            await asyncio.sleep(chance.random() * 0.6)
            if life < LIVES - 1:
                engine.kill()
        await tell()
    for feed in chronicle.tell():
        await village.deliver(feed)
    await until(is_followed, "all is followed")
    await _check_end(village, chronicle)
