"""A registry whose facts change at random, and which residents each change is noted of."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, text

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId

TAGS = [f"word_{number}" for number in range(150)]
"""More words than one machine word has bits."""
FAR_FUTURE = date(2031, 2, 28)

AT_ADDRESS = "SELECT slot FROM resident_fact WHERE municipality_id = :m AND address_id = :id"
OWNING_AT = """
SELECT slot FROM resident_fact AS f WHERE f.municipality_id = :m
  AND f.resident_id IN (SELECT resident_id FROM property WHERE address_id = :id)
"""
ONCE_AT = """
SELECT slot FROM resident_fact AS f WHERE f.municipality_id = :m
  AND f.resident_id IN (SELECT resident_id FROM former_address WHERE address_id = :id)
"""
ATTENDING = """
SELECT slot FROM resident_fact AS f WHERE f.municipality_id = :m
  AND f.resident_id IN (SELECT resident_id FROM attendance WHERE institution_id = :id)
"""
OWNED = {
    "property": "properties",
    "vehicle": "vehicles",
    "pet": "pets",
    "former_address": "former_addresses",
    "attendance": "institutions",
}


class Changing:
    """Writes changes in one municipality; every change gives the slots that it is noted of.

    `owned` gathers by relation of whom what they own has changed.
    """

    def __init__(self, session: WriteSession, municipality: MunicipalityId, chance: Random) -> None:
        self.session, self.municipality, self.chance = session, municipality, chance
        self.owned: dict[str, set[int]] = {}

    def of(self, relation: str, slots: list[int]) -> list[int]:
        """Note a relation of these residents."""
        self.owned.setdefault(relation, set()).update(slots)
        return slots

    async def change(self) -> list[int]:
        """Change one thing."""
        changes: Sequence[Callable[[], Any]] = (
            self.birth,
            self.closing,
            self.facts,
            self.facts,
            self.tags,
            self.move,
            self.household,
            self.address,
            self.institution,
            self.guardianship,
            self.belonging,
            self.belonging,
            self.gift,
        )
        noted: list[int] = await self.chance.choice(changes)()
        return noted

    async def birth(self) -> list[int]:
        """Register somebody in a new slot, the child of somebody else."""
        resident_id = UUID(int=self.chance.getrandbits(128), version=4)
        slot = await self.run("SELECT max(slot) + 1 FROM resident_fact WHERE municipality_id = :m")
        await self.run(
            "INSERT INTO resident (municipality_id, id, given_name_sealed, family_name_sealed,"
            " language, language_source, registered_at, fingerprint)"
            " VALUES (:m, :id, '', '', 'lv', 'registry', now(), '')",
            id=resident_id,
        )
        await self.run(
            "INSERT INTO resident_fact (municipality_id, resident_id, slot, residence, birth_on,"
            " interests, social_statuses, reach, fingerprint)"
            " VALUES (:m, :id, :slot, 'declared', :day, '{}', '{}', 0, '')",
            id=resident_id,
            slot=slot[0],
            day=FAR_FUTURE - timedelta(days=self.chance.randint(0, 9_000)),
        )
        return [*slot, *await self.adopt(resident_id)]

    async def adopt(self, child: UUID) -> list[int]:
        """Give a child a guardian."""
        guardian = await self.somebody()
        await self.run(
            "INSERT INTO guardianship (municipality_id, guardian_id, child_id, fingerprint)"
            " VALUES (:m, :guardian, :child, '') ON CONFLICT DO NOTHING",
            guardian=guardian,
            child=child,
        )
        return self.of("children", await self.slot_of(guardian))

    async def closing(self) -> list[int]:
        """Close a resident, or open them again."""
        return await self.set_of_somebody("closed_on", self.either(None, date(2025, 1, 1)))

    async def facts(self) -> list[int]:
        """Change one fact, maybe to nothing known."""
        day = date(2000, 2, 29) + timedelta(days=self.chance.randint(-9_000, 9_000))
        column, values = self.chance.choice(
            [
                ("sex", (None, "female", "male")),
                ("language", (None, "lv", "".join(self.chance.choices("abcdef", k=2)))),
                ("citizenship", (None, "LV", "".join(self.chance.choices("ABCDEF", k=2)))),
                ("birth_on", (None, day)),
                ("declared_since", (None, day)),
                ("residence", ("declared", "linked")),
                ("reach", range(16)),
            ]
        )
        return await self.set_of_somebody(column, self.chance.choice(list(values)))

    async def tags(self) -> list[int]:
        """Give somebody other tags."""
        column = self.either("interests", "social_statuses")
        return await self.set_of_somebody(column, self.chance.choices(TAGS, k=self.number()))

    async def move(self) -> list[int]:
        """Move somebody, maybe to nowhere known."""
        return await self.set_of_somebody(
            "address_id", self.either(None, await self.any("address"))
        )

    async def household(self) -> list[int]:
        """Put somebody into another household, or none."""
        home = await self.any("household")
        return await self.set_of_somebody("household_id", self.either(None, home))

    async def address(self) -> list[int]:
        """Rename what an address is called, give it another place, close it or open it."""
        address = await self.any("address")
        column, values = self.chance.choice(
            [
                ("closed_at", (None, "now()")),
                ("parish", (f"Pagasts {self.number()}", "Jauns")),
                ("town", (None, f"Ciems {self.chance.random()}")),
                ("street", (None, f"Iela {self.number()}")),
                ("house", (None, "Kalni", f"{self.number()}a")),
                ("postcode", (None, f"LV-{self.chance.randint(1000, 9999)}")),
                ("easting", (self.chance.uniform(500_000, 501_000),)),
            ]
        )
        value = self.chance.choice(values)
        if column == "easting":
            await self.run(
                "UPDATE address SET easting = :value, northing = 300000.005"
                " WHERE municipality_id = :m AND id = :id",
                value=value,
                id=address,
            )
        else:
            await self.set("address", column, value, address)
        return [
            *await self.run(AT_ADDRESS, id=address),
            *self.of("properties", await self.run(OWNING_AT, id=address)),
            *self.of("former_addresses", await self.run(ONCE_AT, id=address)),
        ]

    async def institution(self) -> list[int]:
        """Rename an institution, close it or open it."""
        institution = await self.any("institution")
        column, value = self.chance.choice(
            [
                ("closed_on", None),
                ("closed_on", date(2025, 1, 1)),
                ("name", f"Skola {self.chance.random()}"),
                ("kind", "other"),
            ]
        )
        await self.set("institution", column, value, institution)
        return self.of("institutions", await self.run(ATTENDING, id=institution))

    async def guardianship(self) -> list[int]:
        """Close a guardianship or open one, new ones too."""
        if self.chance.random() < 0.5:
            return await self.adopt(await self.somebody())
        guardian = await self.any("guardianship", "guardian_id")
        await self.run(
            "UPDATE guardianship SET closed_on = :value"
            " WHERE municipality_id = :m AND guardian_id = :id",
            value=self.either(None, date(2025, 1, 1)),
            id=guardian,
        )
        return self.of("children", await self.slot_of(guardian))

    async def belonging(self) -> list[int]:
        """Close all that somebody has of one kind, or open it."""
        table = self.chance.choice(list(OWNED))
        owner = await self.any(table, "resident_id")
        await self.run(
            f"UPDATE {table} SET closed_on = :value"  # noqa: S608 - one of our own tables
            " WHERE municipality_id = :m AND resident_id = :id",
            value=self.either(None, date(2025, 1, 1)),
            id=owner,
        )
        return self.of(OWNED[table], await self.slot_of(owner))

    async def gift(self) -> list[int]:
        """Give a property or a vehicle to somebody else: noted of both."""
        table = self.either("property", "vehicle")
        thing, taker = await self.any(table), await self.somebody()
        giver = await self.run(
            f"SELECT resident_id FROM {table}"  # noqa: S608 - one of our own tables
            " WHERE municipality_id = :m AND id = :id",
            id=thing,
        )
        await self.set(table, "resident_id", taker, thing)
        slots = [*await self.slot_of(giver[0]), *await self.slot_of(taker)]
        return self.of(OWNED[table], slots)

    def number(self) -> int:
        return self.chance.randint(0, 9)

    def either(self, one: Any, other: Any) -> Any:  # noqa: ANN401 - values of columns
        return self.chance.choice([one, other])

    async def somebody(self) -> UUID:
        return await self.any("resident_fact", "resident_id")

    async def any(self, table: str, column: str = "id") -> UUID:
        ids = await self.run(
            f"SELECT {column} FROM {table} WHERE municipality_id = :m ORDER BY 1"  # noqa: S608 - our own names
        )
        chosen: UUID = self.chance.choice(ids)
        return chosen

    async def slot_of(self, resident_id: UUID) -> list[int]:
        return await self.run(
            "SELECT slot FROM resident_fact WHERE municipality_id = :m AND resident_id = :id",
            id=resident_id,
        )

    async def set_of_somebody(self, column: str, value: object) -> list[int]:
        resident_id = await self.somebody()
        await self.set("resident_fact", column, value, resident_id, key="resident_id")
        return await self.slot_of(resident_id)

    async def set(
        self, table: str, column: str, value: object, key_id: UUID, key: str = "id"
    ) -> None:
        written = "now()" if value == "now()" else ":value"
        await self.run(
            f"UPDATE {table} SET {column} = {written}"  # noqa: S608 - our own names
            f" WHERE municipality_id = :m AND {key} = :id",
            id=key_id,
            **({} if value == "now()" else {"value": value}),
        )

    async def run(self, statement: str, **values: object) -> list[Any]:
        """Run a statement; give the first column of what it returns."""
        bound = {"m": int(self.municipality), **values}
        result = await self.session.execute(text(statement), bound)
        if isinstance(result, CursorResult) and result.returns_rows:
            return list(result.scalars())
        return []
