"""Groups as rows, so that memberships can be tried without rules."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from pyroaring import BitMap
from sqlalchemy import insert, select

from backend.kernel.clock import Clock
from backend.kernel.db import Database, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.memberships.outcomes import Changes, Evaluated, Outcome, Run
from groups.memberships.rules import Cause
from groups.memberships.service import reconcile
from groups.tables import GroupRule, Membership, ResidentGroup, ResidentGroups
from tests.drivers.people import ROPAZI

DAY = date(2026, 11, 20)


@dataclass
class Groups:
    """Groups without meaning, and whom evaluations found."""

    database: Database
    clock: Clock
    municipality: MunicipalityId = ROPAZI
    made: list[Evaluated] = field(default_factory=list[Evaluated])

    async def make(self, count: int) -> None:
        """Make groups that have never been evaluated."""
        now = datetime(2026, 11, 1, tzinfo=UTC)
        own = {"municipality_id": self.municipality, "created_by": new_id(), "created_at": now}
        texts = dict.fromkeys(("name_lv", "name_en", "description"), "Izmēģinājums")
        common = {
            **texts,
            "purpose": "information",
            "scope": "declared",
            "state": "live",
            "state_since": now,
            "current_version": 1,
            "version": 1,
        }
        ids = [new_id() for _ in range(count)]
        rule = {"op": "isNull", "args": [{"property": "sex"}]}
        async with self.database.write([self.municipality]) as session:
            await session.execute(
                insert(ResidentGroup), [{**own, **common, "id": each} for each in ids]
            )
            await session.execute(
                insert(GroupRule),
                [{**own, "group_id": each, "version": 1, "rule": rule} for each in ids],
            )
            rows = await session.execute(
                select(ResidentGroup.id, ResidentGroup.number)
                .where(ResidentGroup.id.in_(ids))
                .order_by(ResidentGroup.id)
            )
            self.made += [Evaluated(self.municipality, id_, number, 1) for id_, number in rows]

    def outcome(self, which: int, slots: BitMap, cause: Cause = Cause.IMPORT) -> Outcome:
        """Say that an evaluation of a group found these."""
        return Outcome(Run(self.made[which], cause, DAY), slots)

    async def reconcile(
        self, *found: tuple[int, BitMap], guarded: bool = True, session: WriteSession | None = None
    ) -> list[Changes]:
        """Bring groups in step, in a transaction of its own unless one is given."""
        if session is None:
            async with self.database.write([self.municipality]) as own:
                return await self.reconcile(*found, guarded=guarded, session=own)
        outcomes = [self.outcome(which, slots) for which, slots in found]
        changes = await reconcile(
            session, self.municipality, outcomes, guarded=guarded, clock=self.clock
        )
        return [changes[self.made[which].group_id] for which, _ in found]

    async def members(self) -> dict[int, BitMap]:
        """Read every bitmap, by the number of its group."""
        numbers = {each.group_id: each.group_number for each in self.made}
        async with self.database.read([self.municipality]) as session:
            rows = await session.execute(select(Membership.group_id, Membership.slots))
            return {numbers[id_]: BitMap.deserialize(slots) for id_, slots in rows}

    async def by_resident(self) -> dict[int, list[tuple[int, datetime]]]:
        """Read the groups of every resident, and since when."""
        async with self.database.read([self.municipality]) as session:
            rows = await session.scalars(select(ResidentGroups))
            return {
                row.slot: list(zip(row.numbers, row.since, strict=True))
                for row in rows
                if row.numbers
            }

    async def expect_in_step(self) -> None:
        """Hold residents' lists to the bitmaps."""
        listed: dict[int, BitMap] = {}
        for slot, groups in (await self.by_resident()).items():
            assert len({number for number, _ in groups}) == len(groups)
            for number, _ in groups:
                listed.setdefault(number, BitMap()).add(slot)
        assert listed == {key: slots for key, slots in (await self.members()).items() if slots}

    def id(self, which: int) -> UUID:
        """Name a group."""
        return self.made[which].group_id


@pytest.fixture
def groups(database: Database, clock: Clock) -> Groups:
    """Give groups of Ropaži municipality."""
    return Groups(database, clock)
