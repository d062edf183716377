"""How children are kept running and how they end."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable

import pytest

from backend.supervisor.children import BackOff, ChildPlan
from backend.supervisor.supervisor import Patience, Supervisor

Events = Callable[[], list[str]]
Soon = Callable[[Callable[[], bool]], Awaitable[None]]
Obedient = Callable[..., ChildPlan]


def is_alive(pid: int) -> bool:
    """Tell whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_killed_child_is_started_again(
    supervisor: Supervisor, obedient: Obedient, events: Events, soon: Soon
) -> None:
    await supervisor.start([obedient()])
    await soon(lambda: events() == ["child started"])
    first = supervisor.pids()["child"]
    os.kill(first, signal.SIGKILL)
    await soon(lambda: events() == ["child started"] * 2)
    assert supervisor.pids()["child"] != first


async def test_a_child_that_always_fails_is_tried_again_and_again(
    supervisor: Supervisor, failing: ChildPlan, events: Events, soon: Soon
) -> None:
    await supervisor.start([failing])
    await soon(lambda: len(events()) >= 3)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (7, 30.0), (1000, 30.0)]
)
def test_the_wait_before_a_restart_doubles_up_to_half_a_minute(
    failures: int, seconds: float
) -> None:
    assert BackOff().delay(failures) == seconds


async def test_a_stop_asks_children_and_waits_for_them(
    supervisor: Supervisor, obedient: Obedient, events: Events, soon: Soon
) -> None:
    await supervisor.start([obedient()])
    await soon(lambda: events() == ["child started"])
    pid = supervisor.pids()["child"]
    await supervisor.stop()
    assert events() == ["child started", "child stopped"]
    assert not is_alive(pid)


async def test_a_stopped_child_is_not_started_again(
    supervisor: Supervisor, obedient: Obedient, events: Events, soon: Soon
) -> None:
    await supervisor.start([obedient()])
    await soon(lambda: events() == ["child started"])
    await supervisor.stop()
    assert supervisor.pids() == {}
    assert events().count("child started") == 1


async def test_a_child_that_does_not_stop_is_killed_and_all_ends_in_time(
    stubborn: ChildPlan, events: Events, soon: Soon
) -> None:
    supervisor = Supervisor(patience=Patience(children_seconds=0.3))
    await supervisor.start([stubborn])
    await soon(lambda: events() == ["stubborn started"])
    pid = supervisor.pids()["stubborn"]
    await supervisor.stop()
    assert not is_alive(pid)


def test_the_stages_of_the_stop_take_less_than_five_seconds_together() -> None:
    patience = Patience()
    assert (
        patience.children_seconds + patience.last_children_seconds + patience.database_seconds < 4.5
    )


async def test_what_a_child_started_itself_ends_with_it(
    supervisor: Supervisor, obedient: Obedient, events: Events, soon: Soon
) -> None:
    inner = obedient("inner")
    start = f"import subprocess, signal; subprocess.Popen({list(inner.command)!r}); signal.pause()"
    await supervisor.start([ChildPlan("outer", (sys.executable, "-c", start), {})])
    await soon(lambda: events() == ["inner started"])
    await supervisor.stop()
    await soon(lambda: events() == ["inner started", "inner stopped"])


async def test_those_others_need_are_stopped_last(
    supervisor: Supervisor, obedient: Obedient, events: Events, soon: Soon
) -> None:
    await supervisor.start([obedient("needed", stops_last=True), obedient("first")])
    await soon(lambda: sorted(events()) == ["first started", "needed started"])
    await supervisor.stop()
    assert events()[2:] == ["first stopped", "needed stopped"]


async def test_a_child_is_started_after_the_one_before_is_ready(
    supervisor: Supervisor, obedient: Obedient, events: Events, soon: Soon
) -> None:
    seen: list[str] = []

    async def is_ready() -> None:
        await soon(lambda: events() == ["first started"])
        seen.extend(supervisor.pids())

    first = obedient("first")
    await supervisor.start(
        [ChildPlan("first", first.command, {}, ready=is_ready), obedient("second")]
    )
    assert seen == ["first"]
    await soon(lambda: events() == ["first started", "second started"])


async def test_a_job_runs_once_and_gives_its_status(
    supervisor: Supervisor, failing: ChildPlan, events: Events
) -> None:
    assert await supervisor.run_job(failing) == 3
    assert events() == ["failed"]


async def test_a_stop_during_the_wait_for_a_restart_ends_it(
    failing: ChildPlan, events: Events, soon: Soon
) -> None:
    supervisor = Supervisor(back_off=BackOff(first_seconds=60.0))
    await supervisor.start([failing])
    await soon(lambda: events() == ["failed"])
    async with asyncio.timeout(30):
        await supervisor.stop()
    assert events() == ["failed"]
