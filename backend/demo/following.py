"""The stage in which a group follows: a family moves in, and nobody touches the group."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import Struct

from backend.demo import texts
from backend.demo.api import Api
from backend.demo.exporter import connect
from backend.demo.narration import Stage
from backend.demo.newcomers import MOTHER, moving_in
from backend.demo.people import Door
from backend.kernel.clock import civil_day
from backend.kernel.principals import PrincipalKind
from backend.kernel.territories.register import ZONE

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.05


class FollowingFigures(Struct, rename="camel"):
    """How a group followed a feed; both times as seen from outside, through the API."""

    members_before: int
    members_after: int
    seconds_until_imported: float
    seconds_until_member: float


@dataclass(frozen=True, slots=True)
class Following:
    """Lets the registry change, and watches one group."""

    door: Door
    administrator: Api
    group: str

    async def show(self, feed: Path, stage: Stage) -> FollowingFigures:
        """Deliver a family over the API, and wait until the mother sees the group as her own."""
        clock, before = self.door.clock, await self._members()
        files = moving_in(feed, texts.PARISH, civil_day(clock(), ZONE))
        exporter = await connect(self.administrator, self.door.api, clock)
        delivered = await exporter.deliver(self.door.municipality, files)
        started = time.monotonic()
        deadline = started + PATIENCE_SECONDS
        while await exporter.state(delivered) != "imported":
            await _wait(deadline, "the feed is not imported")
        imported = time.monotonic()
        mother = await self.door.enter(PrincipalKind.RESIDENT, MOTHER)
        while not any(
            g["id"] == self.group for g in (await mother.get("/mobile/v1/groups"))["groups"]
        ):
            await _wait(deadline, "the group does not follow: is the groups engine off?")
        joined = time.monotonic()
        figures = FollowingFigures(
            members_before=before,
            members_after=await self._members(),
            seconds_until_imported=round(imported - started, 2),
            seconds_until_member=round(joined - imported, 2),
        )
        stage.say(f"feed sent over the API, imported after {figures.seconds_until_imported:.2f} s")
        stage.say(
            f"the mother is a member {figures.seconds_until_member:.2f} s later; she reads why:"
        )
        for line in _why(await mother.get(f"/mobile/v1/groups/{self.group}/why")):
            stage.say(line)
        stage.count(members_before=figures.members_before, members_after=figures.members_after)
        return figures

    async def _members(self) -> int:
        shown = await self.administrator.get(f"/staff/v1/groups/{self.group}")
        return shown["members"]["count"] or 0


async def _wait(deadline: float, otherwise: str) -> None:
    if time.monotonic() > deadline:
        raise TimeoutError(f"{otherwise} ({PATIENCE_SECONDS:.0f} s)")
    await asyncio.sleep(LOOK_SECONDS)


def _why(shown: Mapping[str, Any]) -> Iterator[str]:
    """Put an explanation into lines, in Latvian."""
    yield f"  «{shown['label']['lv']}»: {shown['text']['lv']}"
    for clause in shown["clause"]["parts"] if shown["clause"] else ():
        yield from _clause(clause, "  - ")


def _clause(clause: Mapping[str, Any], indent: str) -> Iterator[str]:
    known = "; ".join(str(each) for each in (clause["about"], clause["value"]) if each is not None)
    line = indent + clause["text"]["lv"] + (f": {known}" if known else "")
    if clause["register"]:
        line += f" ({clause['register']['title']['lv']})"
    yield line + (f", līdz {clause['until']}" if clause["until"] else "")
    for part in clause["parts"]:
        yield from _clause(part, "  " + indent)
