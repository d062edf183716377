"""The engine's process is killed at any moment while facts change: nothing is lost, nothing twice."""

import asyncio
import random
from datetime import date
from uuid import UUID

from backend.kernel.clock import civil_day, system_clock
from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.territories.register import ZONE
from tests.drivers.installation import Installation
from tests.drivers.waiting import until
from tests.groups.engine.hamlet import Hamlet, of_age, of_parish
from tests.groups.townsfolk import STOPINI, Facts

LIVES = 5
BORN = (date(1950, 1, 1), date(1990, 6, 1), date(2020, 2, 29), None)


async def _live(hamlet: Hamlet, people: list[UUID], chance: random.Random) -> None:
    """Let one thing happen, as a feed would tell it."""
    some = chance.sample(people, chance.randint(1, 8))
    match chance.randrange(5):
        case 0:
            people += await hamlet.settle(chance.randint(1, 5), Facts(born=date(2025, 1, 1)))
        case 1:
            await hamlet.die(some)
        case 2:
            await hamlet.change(some, closed_on=None, birth_on=chance.choice(BORN))
        case 3:
            await hamlet.move(some, beside=chance.choice(people))
        case _:
            await hamlet.change_everything(language=chance.choice(["lv", "en"]))


async def test_an_engine_killed_at_any_moment_ends_where_one_full_evaluation_ends(
    installation: Installation, database: Database, vault: Vault
) -> None:
    chance = random.Random(5)  # noqa: S311 - seeded
    hamlet = Hamlet(database, vault, system_clock)
    people = await hamlet.settle(60)
    people += await hamlet.settle(40, Facts(parish="Garkalnes pagasts", born=date(2015, 3, 1)))
    groups = [of_age(0, 17), of_age(18, 99), of_parish(STOPINI), of_parish("Garkalnes pagasts")]
    for rule in groups:
        await hamlet.group(rule)

    async def is_followed() -> bool:
        return await hamlet.followed() is not None and await hamlet.left_to_follow() == 0

    for life in range(LIVES):
        engine = installation.start("groups-engine")
        await until(is_followed, "the engine has begun to follow")
        for _ in range(12):
            await _live(hamlet, people, chance)
            await asyncio.sleep(chance.random() * 0.02)
        if life < LIVES - 1:
            engine.kill()
    installation.check()
    await until(is_followed, "all is followed")
    await hamlet.check(civil_day(system_clock(), ZONE))
