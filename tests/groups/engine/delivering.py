"""A chronicle's feeds imported, and the memberships that come of them, by personal code."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import select

from groups.memberships.models import Membership
from groups.public import Gates
from groups.registry.feed.files import FILES
from groups.tables import ResidentFact
from tests.groups.engine.chronicle import Feed
from tests.groups.engine.hamlet import Hamlet
from tests.groups.registry.driver import Registry, Row


@dataclass(frozen=True)
class Village:
    """A registry that delivers feeds, and the groups of those whom they name."""

    registry: Registry
    hamlet: Hamlet
    groups: list[UUID]

    async def deliver(self, feed: Feed) -> None:
        """Import one feed, of which nothing may be rejected."""
        self.registry.clear()
        for subject, rows in feed.rows.items():
            path = self.registry.directory / f"{subject}{feed.ending}"
            _write_csv(path, rows) if feed.ending == ".csv" else _write_lines(path, rows)
        self.registry.write_manifest(feed.form)
        summary = await self.registry.load(Gates.ACCEPTED)
        told = (summary.rejected, summary.refused, self.registry.report())
        assert told == (0, (), []), told

    async def slots(self) -> dict[UUID, int]:
        """Give the slot of everybody who ever had one."""
        async with self.hamlet.database.read([self.hamlet.municipality]) as session:
            rows = (
                await session.execute(select(ResidentFact.resident_id, ResidentFact.slot))
            ).all()
            return {row.resident_id: row.slot for row in rows}

    async def bitmaps(self) -> list[BitMap]:
        """Give the members of all groups, in their order."""
        async with self.hamlet.database.read([self.hamlet.municipality]) as session:
            kept = list(await session.scalars(select(Membership)))
        slots = {each.group_id: BitMap.deserialize(each.slots) for each in kept}
        return [slots[group] for group in self.groups]

    async def members(self) -> list[set[str]]:
        """Give the codes in use of the members of all groups, in their order."""
        codes = {slot: code for code, slot in (await self.registry.slots()).items()}
        return [{codes[slot] for slot in slots} for slots in await self.bitmaps()]

    async def states(self) -> set[str]:
        """Give the states that groups are in."""
        return {(await self.hamlet.state(group))[0] for group in self.groups}


def _write_csv(path: Path, rows: list[Row]) -> None:
    declared = next(file.columns for file in FILES if file.subject == path.stem)
    always = (column.name for column in declared if column.required)
    columns = list(dict.fromkeys((*always, *(column for row in rows for column in row))))
    with path.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, columns)
        writer.writeheader()
        writer.writerows(rows)


def _write_lines(path: Path, rows: list[Row]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
