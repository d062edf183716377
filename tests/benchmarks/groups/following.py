"""How soon memberships follow: a feed, one resident, a new civil day."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

from backend.kernel.clock import Clock
from backend.kernel.wakeups import Bell
from groups.engine.engine import Engine
from tests.benchmarks.groups.ground import Ground, until
from tests.benchmarks.groups.saving import Saved
from tests.benchmarks.harness.figures import Figure, Promise, at_most
from tests.benchmarks.harness.series import percentile
from tests.drivers.clock import SteeredClock

ONE_PERCENT_SECONDS, FIVE_PERCENT_SECONDS, ONE_SECONDS, MIDNIGHT_SECONDS = 1.5, 5, 2, 2
TIMES = 100
LOOK_SECONDS = 0.02
"""Between two looks for what is left of a feed: looking takes time from who follows."""
TAG = "bench"

CHANGE = """
UPDATE resident_fact SET
  birth_on = CASE slot / {every} % 4 WHEN 0 THEN birth_on + 400 ELSE birth_on END,
  language = CASE slot / {every} % 4 WHEN 1 THEN 'uk' ELSE language END,
  declared_since = CASE slot / {every} % 4 WHEN 2 THEN $1 ELSE declared_since END,
  address_id = CASE slot / {every} % 4 WHEN 3 THEN NULL ELSE address_id END,
  closed_on = CASE slot / {every} % 50 WHEN 7 THEN $1 ELSE closed_on END
WHERE slot % {every} = {offset}
"""
SELL = """
UPDATE vehicle SET closed_on = $1 FROM resident_fact AS owner
WHERE owner.municipality_id = vehicle.municipality_id AND owner.resident_id = vehicle.resident_id
  AND slot % {every} = {offset} AND slot / {every} % 10 = 5
"""
NOTE = """
INSERT INTO fact_change (municipality_id, kind, slots, relations, noted_at)
SELECT municipality_id, 'residents', array_agg(slot),
  CASE WHEN slot / {every} % 10 = 5 THEN ARRAY['vehicles'] ELSE ARRAY[]::text[] END, now()
FROM resident_fact WHERE slot % {every} = {offset} GROUP BY 1, 4
"""
WAKE = "SELECT pg_notify('novads_facts', municipality_id::text) FROM slot_counter"
LEFT = "SELECT count(*) FROM fact_change"
FLIP = """
UPDATE resident_fact SET interests = CASE WHEN $3 THEN ARRAY['bench'] ELSE '{}' END
WHERE municipality_id = $1 AND slot = $2
"""
NOTE_ONE = """
INSERT INTO fact_change (municipality_id, kind, slots, relations, noted_at)
VALUES ($1, 'residents', ARRAY[$2::int], '{}', now())
"""
DECLARED = """
SELECT slot FROM resident_fact
WHERE municipality_id = $1 AND closed_on IS NULL AND residence = 'declared'
ORDER BY slot OFFSET $2 LIMIT 1
"""
BELONGS = """
SELECT count(*) FROM resident_groups AS kept
JOIN resident_group AS named ON named.municipality_id = kept.municipality_id
  AND named.number = ANY (kept.numbers)
WHERE kept.municipality_id = $1 AND kept.slot = $2 AND named.id = $3
"""


async def measure_feeds(ground: Ground) -> list[Figure]:
    """Change one resident in a hundred, then one in twenty, everywhere at once.

    All are changed themselves, and of every tenth something that they own.
    """
    return [
        await _feed(ground, "1 % feed", 100, 3, at_most(ONE_PERCENT_SECONDS)),
        await _feed(ground, "5 % feed", 20, 11, at_most(FIVE_PERCENT_SECONDS)),
    ]


async def _feed(ground: Ground, name: str, every: int, offset: int, promise: Promise) -> Figure:
    ground.say(f"{name}: facts changed in all municipalities")
    places = {"every": every, "offset": offset}
    async with ground.admin.transaction():
        await ground.admin.execute(CHANGE.format(**places), ground.as_of)
        await ground.admin.execute(SELL.format(**places), ground.as_of)
        await ground.admin.execute(NOTE.format(**places))
        await ground.admin.execute(WAKE)
    began = time.perf_counter()
    await until(lambda: _nothing_left(ground), f"{name} is followed", every=LOOK_SECONDS)
    seconds = time.perf_counter() - began
    return Figure(f"{name}, facts committed to memberships committed", seconds, "s", promise)


async def _nothing_left(ground: Ground) -> bool:
    return await ground.fetchval(LEFT) == 0


async def measure_one(ground: Ground, tagged: Sequence[Saved]) -> list[Figure]:
    """Give single residents an interest and take it away, in a large and in a small place."""
    ground.say("one changed resident after another")
    seconds = [await _flipped(ground, tagged, number) for number in range(TIMES)]
    name = "one changed resident to visible membership"
    return [
        Figure(f"{name}, p50", percentile(seconds, 0.5), "s"),
        Figure(f"{name}, p99", percentile(seconds, 0.99), "s", at_most(ONE_SECONDS)),
    ]


async def _flipped(ground: Ground, tagged: Sequence[Saved], number: int) -> float:
    """Change one resident; give the seconds from commit until the membership is seen."""
    group, turn = tagged[number % len(tagged)], number // len(tagged)
    place, comes = int(group.municipality), turn % 2 == 0
    slot = await ground.fetchval(DECLARED, place, turn // 2)
    async with ground.admin.transaction():
        await ground.admin.execute(FLIP, place, slot, comes)
        await ground.admin.execute(NOTE_ONE, place, slot)
        await ground.admin.execute("SELECT pg_notify('novads_facts', $1)", str(place))
    began = time.perf_counter()

    async def is_seen() -> bool:
        return bool(await ground.fetchval(BELONGS, place, slot, group.id)) == comes

    await until(is_seen, "one change is followed")
    return time.perf_counter() - began


async def measure_midnight(ground: Ground, now: Clock) -> list[Figure]:
    """Let a new civil day begin for an engine in this process, one municipality after another."""
    ground.say("midnight")
    clock = SteeredClock()
    clock.now = now()
    engine = Engine(ground.database, ground.municipalities, clock, Bell(asyncio.Event()))
    await engine.follow_now()
    clock.now += timedelta(days=1)
    began = time.perf_counter()
    await engine.follow_now()
    seconds = time.perf_counter() - began
    return [Figure("midnight roll, committed", seconds, "s", at_most(MIDNIGHT_SECONDS))]
