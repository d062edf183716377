"""The loops of a worker outlive whatever a turn meets."""

import asyncio

from backend.kernel.wakeups import Bell
from backend.worker.loops import keep_working


async def test_a_fault_in_one_loop_ends_neither_it_nor_the_others() -> None:
    stop = asyncio.Event()
    turns = {"faulty": 0, "sound": 0}

    async def faulty() -> bool:
        turns["faulty"] += 1
        if turns["faulty"] == 3:
            stop.set()
        bell.ring()
        raise KeyError("a fault of our own")

    async def sound() -> bool:
        turns["sound"] += 1
        return False

    bell, other = Bell(stop), Bell(stop)
    async with asyncio.timeout(30), asyncio.TaskGroup() as loops:
        loops.create_task(keep_working("faulty", faulty, bell))
        loops.create_task(keep_working("sound", sound, other))
    assert turns["faulty"] == 3
    assert turns["sound"] >= 1
