"""A chunk's lease is extended while it is sent; a fault in that never costs what was sent."""

import asyncio
from datetime import timedelta

from notifications.delivery.leases import extended

LEASE = timedelta(milliseconds=30)


async def test_a_fault_in_extending_is_tried_again_and_costs_no_outcome() -> None:
    tries = asyncio.Semaphore(0)

    async def fail() -> None:
        tries.release()
        raise RuntimeError("no connection is free")

    async with extended(fail, LEASE), asyncio.timeout(30):
        for _ in range(3):
            await tries.acquire()
