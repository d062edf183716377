"""The engine as a process of its own: its first evaluation of everything, its start, its memory."""

import time

from tests.benchmarks.groups.ground import Ground, end, until
from tests.benchmarks.harness.figures import Figure, at_most
from tests.benchmarks.harness.memory import most_resident
from tests.benchmarks.harness.meters import processor_seconds
from tests.drivers.installation import Installation, Started

START_SECONDS = 20
MEMORY_MB = 600
MEMBERS = "SELECT coalesce(sum(size), 0)::bigint FROM membership"


async def measure_starts(
    ground: Ground, installation: Installation
) -> tuple[Started, list[Figure]]:
    """Start the engine on new groups, then start it again when all is evaluated."""
    ground.say("starting the engine: a thousand new groups")
    first, seconds = await _started(ground, installation)
    members = await ground.fetchval(MEMBERS)
    end(first)
    ground.say("starting the engine again")
    started, again = await _started(ground, installation)
    if await ground.fetchval(MEMBERS) != members:
        raise RuntimeError("a start without changes changed memberships")
    cpu = processor_seconds(started.process.pid)
    figures = [
        Figure("first start, all new groups evaluated and written", seconds, "s"),
        Figure("memberships", members, "residents in groups"),
        Figure("cold start, all followed", again, "s", at_most(START_SECONDS)),
        Figure("cold start, processor time of the engine", cpu, "CPU-s"),
        Figure(
            "memory of the engine, at most so far",
            most_resident(started.process.pid) * 1024 / 1e6,
            "MB",
            at_most(MEMORY_MB),
        ),
    ]
    return started, figures


async def _started(ground: Ground, installation: Installation) -> tuple[Started, float]:
    """Start an engine and wait until it has followed every municipality."""
    before = await _versions(ground)
    began = time.perf_counter()
    started = installation.start("groups-engine")

    async def is_followed() -> bool:
        if started.process.poll() is not None:
            raise RuntimeError(started.output[-2000:])
        now = await _versions(ground)
        return all(now.get(int(m), -1) > before.get(int(m), -1) for m in ground.municipalities)

    await until(is_followed, "the engine has followed everything")
    return started, time.perf_counter() - began


async def _versions(ground: Ground) -> dict[int, int]:
    """Read how often each municipality was followed."""
    rows = await ground.admin.fetch("SELECT municipality_id, version FROM engine_state")
    return {row[0]: row[1] for row in rows}
