"""The foundation: import, preview, fan-out, the queue, and each channel's sender."""

import asyncio
from collections.abc import Sequence

from backend.kernel.db import open_database
from tests.benchmarks.foundation.everybody import residents_with_phones
from tests.benchmarks.foundation.ground import Place, ground_on, prepared
from tests.benchmarks.foundation.importing import measure_import
from tests.benchmarks.foundation.planning import measure_planning
from tests.benchmarks.foundation.previewing import measure_preview
from tests.benchmarks.foundation.queueing import measure_queue
from tests.benchmarks.foundation.sending import measure_senders
from tests.benchmarks.harness.catalogue import Say
from tests.benchmarks.harness.figures import Figure


def measure(say: Say) -> Sequence[Figure]:
    """Measure the main job's stages one after another, on one database."""
    say("starting PostgreSQL, the API and the simulators")
    with prepared() as place:
        return asyncio.run(_measure(place, say))


async def _measure(place: Place, say: Say) -> Sequence[Figure]:
    database = open_database(place.postgres.app_url)
    try:
        ground = ground_on(place, database, say)
        figures = [*await measure_import(ground), *await measure_preview(ground)]
        residents = await residents_with_phones(ground)
        figures += await measure_planning(ground, residents)
        figures += await measure_queue(ground, residents)
        figures += await measure_senders(ground)
        return figures
    finally:
        await database.close()
