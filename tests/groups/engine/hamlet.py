"""A municipality whose facts change as an import changes them, and its groups."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import func, insert, select, update

from backend.kernel.clock import Clock
from backend.kernel.db import Database, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from groups.changes.queries import note_everybody, note_group, note_residents
from groups.definitions.models import GroupRule, ResidentGroup
from groups.evaluation.ports import Question, Scope
from groups.evaluation.sql import SqlEvaluator
from groups.language.decode import decode
from groups.language.encode import encode
from groups.memberships.models import EngineState, Evaluation, GroupHold, Membership, ResidentGroups
from groups.tables import FactChange, RegistryValue, ResidentFact
from tests.drivers.people import ROPAZI
from tests.groups.townsfolk import Facts, Townsfolk

Rule = object
BY = UUID("00000000-0000-7000-8000-000000000001")


def of_age(first: int, last: int) -> Rule:
    """Write the rule of everybody of these ages."""
    return {"op": "between", "args": [{"property": "age"}, first, last]}


def of_parish(parish: str) -> Rule:
    """Write the rule of everybody who is declared in a parish."""
    return {"op": "=", "args": [{"property": "parish"}, parish]}


@dataclass(frozen=True)
class Hamlet:
    """Changes facts and groups of one municipality, and tells who belongs to what."""

    database: Database
    vault: Vault
    clock: Clock
    municipality: MunicipalityId = ROPAZI

    async def settle(self, count: int, facts: Facts | None = None) -> list[UUID]:
        """Let people be born here or move here."""
        people = Townsfolk(self.database, self.vault, self.municipality)
        settled = await people.settle(count, facts)
        async with self.database.write([self.municipality]) as session:
            await self._note(session, settled)
        return settled

    async def change(self, people: Collection[UUID], **facts: object) -> None:
        """Change facts of people, and note it in the same transaction."""
        async with self.database.write([self.municipality]) as session:
            await session.execute(
                update(ResidentFact).where(ResidentFact.resident_id.in_(people)).values(**facts)
            )
            await self._note(session, people)

    async def _note(self, session: WriteSession, people: Collection[UUID]) -> None:
        slots = select(ResidentFact.slot).where(ResidentFact.resident_id.in_(people))
        found = (await session.scalars(slots)).all()
        await note_residents(session, self.municipality, found, self.clock())

    async def die(self, people: Collection[UUID], on: date = date(2026, 11, 1)) -> None:
        """Let people die, or move away."""
        await self.change(people, closed_on=on)

    async def move(self, people: Collection[UUID], beside: UUID) -> None:
        """Let people move to where somebody lives."""
        async with self.database.read([self.municipality]) as session:
            fact = await session.get_one(ResidentFact, (self.municipality, beside))
        await self.change(people, address_id=fact.address_id)

    async def change_everything(self, **facts: object) -> None:
        """Change facts of all people, and note that all may differ."""
        async with self.database.write([self.municipality]) as session:
            await session.execute(update(ResidentFact).values(**facts))
            await note_everybody(session, self.municipality, self.clock())

    async def withdraw(self, attribute: str, value: str, on: date | None) -> None:
        """Let the registry have a value until a day; None: it has it still."""
        row = {"municipality_id": self.municipality, "attribute": attribute, "value": value}
        async with self.database.write([self.municipality]) as session:
            await session.execute(
                insert(RegistryValue).values(**row, first_seen_on=date(2020, 1, 1), withdrawn_on=on)
            )
            await note_everybody(session, self.municipality, self.clock())

    async def group(self, rule: Rule, scope: Scope = Scope.DECLARED) -> UUID:
        """Define a group; the engine is to find its members."""
        group_id, now = new_id(), self.clock()
        group = {
            "name_lv": "Paraugi",
            "name_en": "Samples",
            "description": "",
            "purpose": "services",
            "scope": scope.value,
            "state": "live",
            "state_since": now,
            "state_reason": None,
            "current_version": 1,
            "version": 1,
        }
        by = {"municipality_id": self.municipality, "created_by": BY, "created_at": now}
        written = {"group_id": group_id, "version": 1, "rule": encode(decode(rule))}
        async with self.database.write([self.municipality]) as session:
            await session.execute(insert(ResidentGroup).values(id=group_id, **group, **by))
            await session.execute(insert(GroupRule).values(**written, **by))
            await note_group(session, self.municipality, group_id, now)
        return group_id

    async def members(self, group_id: UUID) -> set[UUID]:
        """Give who belongs to a group."""
        async with self.database.read([self.municipality]) as session:
            kept = await session.get(Membership, (self.municipality, group_id))
            slots = list(BitMap.deserialize(kept.slots)) if kept else []
            people = select(ResidentFact.resident_id).where(ResidentFact.slot.in_(slots))
            return set(await session.scalars(people))

    async def evaluations(self, group_id: UUID) -> Sequence[Evaluation]:
        """Give what was written down of a group, in order."""
        async with self.database.read([self.municipality]) as session:
            return (
                await session.scalars(
                    select(Evaluation)
                    .where(Evaluation.group_id == group_id)
                    .order_by(Evaluation.id)
                )
            ).all()

    async def state(self, group_id: UUID) -> tuple[str, object]:
        """Give a group's state and its reason."""
        async with self.database.read([self.municipality]) as session:
            group = await session.get_one(ResidentGroup, (self.municipality, group_id))
            return group.state, group.state_reason

    async def held(self, group_id: UUID) -> GroupHold | None:
        """Give the change that waits for a person."""
        async with self.database.read([self.municipality]) as session:
            return await session.get(GroupHold, (self.municipality, group_id))

    async def followed(self) -> EngineState | None:
        """Give how far the engine has followed."""
        async with self.database.read([self.municipality]) as session:
            return await session.get(EngineState, (self.municipality,))

    async def left_to_follow(self) -> int:
        """Count the notes that no engine has followed."""
        async with self.database.read([self.municipality]) as session:
            return await session.scalar(select(func.count()).select_from(FactChange)) or 0

    async def check(self, as_of: date) -> None:
        """Hold that every membership is what one full evaluation by PostgreSQL finds."""
        async with self.database.read([self.municipality]) as session:
            rows = await session.execute(
                select(ResidentGroup, GroupRule, Membership)
                .join(GroupRule, GroupRule.group_id == ResidentGroup.id)
                .join(Membership, Membership.group_id == ResidentGroup.id)
                .order_by(ResidentGroup.number)
            )
            by_slot: dict[int, set[int]] = {}
            referred: dict[tuple[MunicipalityId, UUID], BitMap] = {}
            for group, rule, kept in rows:
                asked, scope = decode(rule.rule), Scope(group.scope)
                question = Question((self.municipality,), asked, as_of, scope, referred)
                found = await SqlEvaluator().members(session, question)
                referred[self.municipality, group.id] = found.slots
                assert BitMap.deserialize(kept.slots) == found.slots, group.id
                assert kept.size == len(found.slots)
                for slot in found.slots:
                    by_slot.setdefault(slot, set()).add(group.number)
            listed = await session.scalars(select(ResidentGroups))
            assert {row.slot: set(row.numbers) for row in listed if row.numbers} == by_slot


def at(day: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(day)
