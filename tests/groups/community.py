"""The people of group tests: residents with facts, and whoever calls the API over HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from backend.residents.tables import Resident
from groups.tables import Address, Evaluation, Membership, ResidentFact
from tests.drivers.people import ROPAZI

STOPINI = "Stopiņu pagasts"
BORN = date(1990, 6, 1)


Imported = Callable[[], Awaitable[int]]
"""Tells that an import changed facts, and waits until groups have followed: counts the events."""
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
        self, count: int, parish: str = STOPINI, *, born: date | None = BORN
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
        }
        async with self.database.write([self.municipality]) as session:
            place = {"id": address, "ref": str(address), "parish": parish}
            await session.execute(insert(Address).values({**own, **place}))
            if residents:
                people = [{**own, "id": each, **identity} for each in residents]
                await session.execute(insert(Resident), people)
                facts = [{**own, "resident_id": each, **fact} for each in residents]
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

    async def history(self, group: str) -> list[Membership]:
        """Read every membership of a group, in the order of residents and instants."""
        async with self.database.read([self.municipality]) as session:
            rows = await session.scalars(
                select(Membership)
                .where(Membership.group_id == UUID(group))
                .order_by(Membership.resident_id, Membership.since, Membership.evaluation_id)
            )
            return list(rows)

    async def evaluations(self, group: str) -> list[Evaluation]:
        """Read every evaluation of a group, the earliest first."""
        async with self.database.read([self.municipality]) as session:
            rows = await session.scalars(
                select(Evaluation).where(Evaluation.group_id == UUID(group)).order_by(Evaluation.id)
            )
            return list(rows)
