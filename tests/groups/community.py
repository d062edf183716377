"""The people of group tests: residents with facts, and whoever calls the API over HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql

from backend.kernel.db import Database, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from backend.residents.tables import Resident
from groups.memberships.outcomes import Changes
from groups.tables import (
    Address,
    Evaluation,
    FactChange,
    Membership,
    Property,
    ResidentFact,
    ResidentGroup,
    ResidentGroups,
    SlotCounter,
)
from tests.drivers.people import ROPAZI

STOPINI = "Stopiņu pagasts"
BORN = date(1990, 6, 1)


Imported = Callable[[], Awaitable[Sequence[Changes]]]
"""Lets every group follow the facts as they are now, as after an import, on the clock's day."""
OfParish = Callable[[str], dict[str, object]]
"""Writes the rule of everybody declared in a parish."""
NewGroup = dict[str, Any]
"""The body that creates a group."""


@dataclass
class Registry:
    """The facts of one municipality."""

    database: Database
    municipality: MunicipalityId = ROPAZI

    async def settle(
        self,
        count: int,
        parish: str = STOPINI,
        *,
        born: date | None = BORN,
        residence: str = "declared",
    ) -> list[UUID]:
        """Declare new residents in a parish."""
        residents, address = [new_id() for _ in range(count)], new_id()
        own = {"municipality_id": self.municipality, "fingerprint": b""}
        identity = {
            "given_name_sealed": b"",
            "family_name_sealed": b"",
            "language": "lv",
            "language_source": "registry",
            "registered_at": datetime(2020, 1, 1, tzinfo=UTC),
        }
        fact: dict[str, object] = {
            "birth_on": born,
            "address_id": address,
            "interests": [],
            "social_statuses": [],
            "residence": residence,
            "reach": 0,
        }
        async with self.database.write([self.municipality]) as session:
            place = {"id": address, "ref": str(address), "parish": parish}
            await session.execute(insert(Address).values({**own, **place}))
            if residents:
                people = [{**own, "id": each, **identity} for each in residents]
                await session.execute(insert(Resident), people)
                first = await self._slots(session, count)
                facts = [
                    {**own, "resident_id": each, "slot": slot, **fact}
                    for slot, each in enumerate(residents, start=first)
                ]
                await session.execute(insert(ResidentFact), facts)
        return residents

    async def close(self, residents: Sequence[UUID]) -> None:
        """Strike residents off, as a full snapshot without them does."""
        async with self.database.write([self.municipality]) as session:
            await session.execute(
                update(ResidentFact)
                .where(ResidentFact.resident_id.in_(residents))
                .values(closed_on=date(2026, 11, 1))
            )

    async def reopen(self, residents: Sequence[UUID]) -> None:
        """Enter residents again, as a later snapshot with them does."""
        async with self.database.write([self.municipality]) as session:
            await session.execute(
                update(ResidentFact)
                .where(ResidentFact.resident_id.in_(residents))
                .values(closed_on=None)
            )

    async def _slots(self, session: WriteSession, count: int) -> int:
        """Take that many free slots, and give the first."""
        counter = postgresql.insert(SlotCounter).values(
            municipality_id=self.municipality, next_slot=count, next_household=0
        )
        following = await session.scalar(
            counter.on_conflict_do_update(
                index_elements=["municipality_id"],
                set_={"next_slot": SlotCounter.next_slot + count},
            ).returning(SlotCounter.next_slot)
        )
        return (following or 0) - count

    async def residents(self, slots: BitMap) -> list[UUID]:
        """Name the residents of slots, ordered by id."""
        async with self.database.read([self.municipality]) as session:
            rows = await session.scalars(
                select(ResidentFact.resident_id)
                .where(ResidentFact.slot.in_(list(slots)))
                .order_by(ResidentFact.resident_id)
            )
            return list(rows)

    async def members(self, group: str | UUID) -> list[UUID]:
        """Name who belongs to a group now, ordered by id."""
        async with self.database.read([self.municipality]) as session:
            slots = await session.scalar(
                select(Membership.slots).where(Membership.group_id == UUID(str(group)))
            )
        return await self.residents(BitMap.deserialize(slots)) if slots else []

    async def since(self, group: str | UUID) -> dict[UUID, datetime]:
        """Tell since when each member of a group has belonged to it, as residents are told."""
        async with self.database.read([self.municipality]) as session:
            number = await session.scalar(
                select(ResidentGroup.number).where(ResidentGroup.id == UUID(str(group)))
            )
            rows = await session.execute(
                select(ResidentFact.resident_id, ResidentGroups.numbers, ResidentGroups.since).join(
                    ResidentGroups, ResidentGroups.slot == ResidentFact.slot
                )
            )
            return {
                resident: since[numbers.index(number)]
                for resident, numbers, since in rows
                if number in numbers
            }

    async def give_property(self, owner: UUID) -> None:
        """Enter a flat that a resident owns, nobody knows where."""
        row = {"id": new_id(), "ref": str(owner), "resident_id": owner, "kind": "flat"}
        own = {"municipality_id": self.municipality, "fingerprint": b""}
        async with self.database.write([self.municipality]) as session:
            await session.execute(insert(Property).values({**own, **row}))

    async def noted(self) -> list[tuple[str, UUID | None]]:
        """Read which changes wait for the engine, the earliest first."""
        async with self.database.read([self.municipality]) as session:
            rows = await session.execute(
                select(FactChange.kind, FactChange.group_id).order_by(FactChange.id)
            )
            return [(kind, group_id) for kind, group_id in rows]

    async def evaluations(self, group: str) -> list[Evaluation]:
        """Read every evaluation of a group, the earliest first."""
        async with self.database.read([self.municipality]) as session:
            rows = await session.scalars(
                select(Evaluation).where(Evaluation.group_id == UUID(group)).order_by(Evaluation.id)
            )
            return list(rows)


def slots_of(written: bytes | None) -> BitMap:
    """Read a bitmap; none is empty."""
    return BitMap.deserialize(written) if written else BitMap()
