"""The simulators as a process of their own: writes where they are, serves until it is told to stop.

SMS delivery reports come an hour later, which is after the benchmark: it measures sending alone.
"""

import asyncio
import signal
import sys
from pathlib import Path

import msgspec

from backend.adapters.simulators.run import ANY_FREE_PORTS, Variations, running_simulators
from backend.adapters.simulators.sms.reports import Pacing

LATER = Variations(pacing=Pacing(first_after_seconds=3600.0))


async def serve(directory: Path) -> None:
    """Serve on free ports until SIGTERM, or until nobody reads our output any more."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with running_simulators(ANY_FREE_PORTS, directory, variations=LATER) as simulators:
        sys.stdout.buffer.write(msgspec.json.encode(simulators, enc_hook=str) + b"\n")
        sys.stdout.buffer.flush()
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
