"""A large audience: frozen, and its recipients written."""

from groups.public import freeze_audience, write_recipients
from tests.benchmarks.groups.ground import Ground
from tests.benchmarks.groups.saving import Saved
from tests.benchmarks.harness.figures import Figure, at_least, at_most
from tests.benchmarks.harness.meters import Meter

FREEZE_MS, WRITE_SECONDS = 150, 2.5
AUDIENCE = 500_000


async def measure_freezing(ground: Ground, group: Saved) -> list[Figure]:
    """Freeze the group, commit; write down everybody who is sent to, commit."""
    ground.say("freezing a large audience")
    with Meter() as freezing:
        async with ground.database.write([group.municipality]) as session:
            frozen = await freeze_audience(session, group.municipality, group.id, ground.clock())
    with Meter(postgres=ground.postgres.pid) as writing:
        async with ground.database.write([group.municipality]) as session:
            written = await write_recipients(session, group.municipality, frozen.id)
    if written != frozen.size:
        raise RuntimeError(f"{frozen.size} frozen, {written} written")
    return [
        Figure("audience", frozen.size, "residents", at_least(AUDIENCE)),
        Figure("audience, frozen", freezing.wall_seconds * 1000, "ms", at_most(FREEZE_MS)),
        Figure("audience, recipients written", writing.wall_seconds, "s", at_most(WRITE_SECONDS)),
        Figure("audience, recipients, PostgreSQL", writing.cpu("postgres"), "CPU-s"),
    ]
