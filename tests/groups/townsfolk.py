"""Residents with chosen facts, written as the import leaves them, for tests of who is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import seal_names
from backend.residents.tables import Resident
from groups.tables import Address, ResidentFact, SlotCounter
from tests.drivers.people import ROPAZI

STOPINI = "Stopiņu pagasts"
GROWN = date(1990, 6, 1)


@dataclass(frozen=True)
class Facts:
    """What is the same of all who settle together."""

    parish: str = STOPINI
    born: date | None = GROWN
    sex: str | None = None
    social_statuses: tuple[str, ...] = ()
    at: tuple[float, float] | None = None  # easting and northing, LKS-92 metres


@dataclass(frozen=True)
class Townsfolk:
    """Settles residents in a municipality."""

    database: Database
    vault: Vault
    municipality: MunicipalityId = ROPAZI

    async def settle(
        self, count: int, facts: Facts | None = None, *, names: Sequence[tuple[str, str]] = ()
    ) -> list[UUID]:
        """Declare new residents; who has no name of their own is called Anna Paraugs."""
        facts = facts or Facts()
        own = {"municipality_id": self.municipality, "fingerprint": b""}
        residents, address = [new_id() for _ in range(count)], new_id()
        called = [*names, *[("Anna", "Paraugs")] * (count - len(names))]
        place = {
            "id": address,
            "ref": str(address),
            "parish": facts.parish,
            "easting": facts.at[0] if facts.at else None,
            "northing": facts.at[1] if facts.at else None,
        }
        fact = {
            "birth_on": facts.born,
            "sex": facts.sex,
            "address_id": address,
            "interests": [],
            "social_statuses": list(facts.social_statuses),
            "residence": "declared",
            "reach": 0,
        }
        async with self.database.write([self.municipality]) as session:
            first = await session.scalar(self._take_slots(count))
            await session.execute(insert(Address).values({**own, **place}))
            people = [
                {**own, "id": each, **self._identity(*name)}
                for each, name in zip(residents, called, strict=True)
            ]
            facts_of = [
                {**own, "resident_id": each, "slot": slot, **fact}
                for slot, each in enumerate(residents, start=first or 0)
            ]
            if residents:
                await session.execute(insert(Resident), people)
                await session.execute(insert(ResidentFact), facts_of)
        return residents

    async def strike_off(self, residents: Sequence[UUID]) -> None:
        """Close residents, before any engine has followed."""
        async with self.database.write([self.municipality]) as session:
            await session.execute(
                update(ResidentFact)
                .where(ResidentFact.resident_id.in_(residents))
                .values(closed_on=date(2026, 11, 1))
            )
            await session.execute(
                update(Resident)
                .where(Resident.id.in_(residents))
                .values(closed_at=datetime(2026, 11, 1, tzinfo=UTC))
            )

    def _take_slots(self, count: int) -> ReturningInsert[int]:
        first = {"municipality_id": self.municipality, "next_slot": count, "next_household": 0}
        return (
            upsert(SlotCounter)
            .values(first)
            .on_conflict_do_update(
                index_elements=["municipality_id"],
                set_={"next_slot": SlotCounter.next_slot + count},
            )
            .returning(SlotCounter.next_slot - count)
        )

    def _identity(self, given: str, family: str) -> dict[str, object]:
        sealed = seal_names(self.vault, given, family)
        return {
            "given_name_sealed": sealed[0],
            "family_name_sealed": sealed[1],
            "language": "lv",
            "language_source": "registry",
            "registered_at": datetime(2020, 1, 1, tzinfo=UTC),
        }
