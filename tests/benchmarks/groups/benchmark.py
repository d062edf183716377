"""Groups at national scale: two million residents, a thousand rules, forty-two municipalities."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from backend.kernel.clock import civil_day, system_clock
from backend.kernel.db import open_database
from backend.kernel.settings import load_settings
from backend.kernel.territories.register import ZONE
from backend.residents.public import seal_names
from tests.benchmarks.groups.asking import measure_asking
from tests.benchmarks.groups.columns_alone import Nation, loaded, measure_previews, recomputed
from tests.benchmarks.groups.drifting import (
    against_plain_python,
    against_rows,
    against_stored,
    evaluated,
)
from tests.benchmarks.groups.following import measure_feeds, measure_midnight, measure_one
from tests.benchmarks.groups.freezing import measure_freezing
from tests.benchmarks.groups.ground import RESIDENTS, RULES, SEED, Ground, end, installed
from tests.benchmarks.groups.nation import Town, settle, towns
from tests.benchmarks.groups.row_rival import count_nationally, make_table, write_rows
from tests.benchmarks.groups.saving import Saved, save, saved
from tests.benchmarks.groups.starting import measure_starts
from tests.benchmarks.groups.templates import rules_of_all
from tests.benchmarks.harness.catalogue import Say
from tests.benchmarks.harness.figures import Figure, Peer, at_least, at_most
from tests.benchmarks.harness.meters import OWN, Meter
from tests.benchmarks.harness.series import percentile
from tests.benchmarks.surroundings.api import is_ready
from tests.benchmarks.surroundings.postgres import (
    NATIONAL,
    Postgres,
    durable_postgres,
    temporary_directory,
)
from tests.drivers.installation import Installation
from tests.drivers.waiting import until_true

RECOMPUTE_SECONDS, TIMES_LESS = 2, 20
ROW_PREVIEWS = 25
"""Rules that the rival counts nationally; each takes it seconds."""
BENCH = {"op": "a_contains", "args": [{"property": "interests"}, ["bench"]]}
MOST = {"op": ">=", "args": [{"property": "age"}, 10]}


def measure(say: Say) -> Sequence[Figure]:
    """Measure the engine, its rivals, and whether all agree."""
    say("starting PostgreSQL")
    with temporary_directory() as directory, durable_postgres(directory, NATIONAL) as postgres:
        return asyncio.run(_measure(directory, postgres, say))


async def _measure(directory: Path, postgres: Postgres, say: Say) -> Sequence[Figure]:
    async with _prepared(directory, postgres, say) as (ground, extra):
        figures, nation = await _columns(ground)
        figures += await _rows(ground, nation)
        figures += await against_plain_python(ground, nation.store)
        with installed(directory / "installation", postgres) as installation:
            figures += await _live(ground, installation, extra)
        say("reading all facts anew and evaluating everything")
        fresh = await loaded(ground.database, ground.municipalities)
        figures.append(await against_stored(ground, evaluated(fresh, ground)))
        return [*figures, *await measure_midnight(ground, system_clock)]


@asynccontextmanager
async def _prepared(
    directory: Path, postgres: Postgres, say: Say
) -> AsyncGenerator[tuple[Ground, Sequence[Saved]]]:
    """Settle the nation and save its groups; beside them some whose members are known."""
    database, admin = open_database(postgres.app_url), await asyncpg.connect(postgres.admin_url)
    try:
        as_of = civil_day(system_clock(), ZONE)
        nation = towns(RESIDENTS, as_of)
        say(f"settling {RESIDENTS:,} residents in {len(nation)} municipalities")
        names = seal_names(load_settings({}).vault(), "Paraugs", "Sintētiskais")
        await settle(postgres.admin_url, nation, SEED, as_of, names)
        groups = [saved(town, rule) for town, rule in rules_of_all(nation, RULES, SEED)]
        extra = _extra(nation)
        await save(postgres.admin_url, [*groups, *extra], system_clock())
        await make_table(postgres.admin_url)
        ground = Ground(
            directory, postgres, database, admin, nation, groups, as_of, system_clock, say
        )
        yield ground, extra
    finally:
        await admin.close()
        await database.close()


def _extra(nation: Sequence[Town]) -> list[Saved]:
    """Name two groups that single residents join and leave, and a large one."""
    return [saved(nation[0], BENCH), saved(nation[20], BENCH), saved(nation[0], MOST)]


async def _columns(ground: Ground) -> tuple[list[Figure], Nation]:
    ground.say("loading the columns into this process")
    with Meter(postgres=ground.postgres.pid) as loading:
        store = await loaded(ground.database, ground.municipalities)
    nation = Nation(store, ground.municipalities, ground.groups, ground.as_of)
    ground.say("evaluating a thousand groups, previewing a thousand rules nationally")
    recomputed(nation)
    figures = [
        Figure("facts loaded, this process", loading.cpu(OWN), "CPU-s"),
        Figure("facts loaded, PostgreSQL", loading.cpu("postgres"), "CPU-s"),
        Figure("columns", store.bytes() / RESIDENTS, "bytes a resident"),
        *measure_previews(nation),
    ]
    return figures, nation


async def _rows(ground: Ground, nation: Nation) -> list[Figure]:
    """Do the same by rows in PostgreSQL, and hold both to the same members."""
    with Meter() as columns:
        found = evaluated(nation.store, ground)
    ground.say("evaluating a thousand groups into rows, by PostgreSQL")
    with Meter(postgres=ground.postgres.pid) as rows:
        written = await write_rows(ground.database, ground.groups, ground.as_of)
    ours, theirs = columns.cpu(OWN), rows.cpu("postgres")
    ground.say(f"counting {ROW_PREVIEWS} rules nationally, by PostgreSQL")
    milliseconds: list[float] = []
    async with ground.database.read(ground.municipalities) as session:
        for group in ground.groups[:: len(ground.groups) // ROW_PREVIEWS]:
            with Meter() as meter:
                await count_nationally(session, group, ground.municipalities, ground.as_of)
            milliseconds.append(meter.wall_seconds * 1000)
    rival = Peer("PostgreSQL rows", theirs, "CPU-s")
    name = "full recompute of 1,000 groups with bitmaps"
    return [
        Figure(name, ours, "CPU-s", at_most(RECOMPUTE_SECONDS), peers=(rival,)),
        Figure(f"{name}, wall", columns.wall_seconds, "s"),
        Figure(
            "full recompute, times less than rows", theirs / ours, "times", at_least(TIMES_LESS)
        ),
        Figure("members written as rows", written, "rows"),
        Figure("national count by PostgreSQL rows, p50", percentile(milliseconds, 0.5), "ms"),
        Figure("national count by PostgreSQL rows, slowest", max(milliseconds), "ms"),
        await against_rows(ground, found),
    ]


async def _live(ground: Ground, installation: Installation, extra: Sequence[Saved]) -> list[Figure]:
    """Measure the processes as they run for users."""
    engine, figures = await measure_starts(ground, installation)
    served = installation.start("serve")
    until_true(lambda: is_ready(installation.url), "the API answers")
    figures += await measure_asking(ground, installation.url)
    figures += await measure_one(ground, extra[:2])
    figures += await measure_freezing(ground, extra[2])
    figures += await measure_feeds(ground)
    for started in (served, engine):
        end(started)
    return figures
