"""Telling staff who belongs to a group, and residents that staff were told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pyroaring import BitMap

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.models import Sensitivity
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.residents.public import open_names, sealed_names
from backend.staff.public import StaffRole
from groups.audiences import queries as audiences
from groups.audiences.natures import nature_of
from groups.audiences.service import kept
from groups.definitions.errors import GroupArchived, GroupNotFound
from groups.definitions.models import ResidentGroup
from groups.definitions.queries import find as find_group
from groups.definitions.rules import GroupState
from groups.disclosures import queries
from groups.disclosures.errors import (
    DisclosureEnded,
    DisclosureNotFound,
    DisclosureRefused,
    ExportTooLarge,
)
from groups.disclosures.models import MemberDisclosure
from groups.disclosures.queries import Told
from groups.disclosures.rules import MOST_EXPORTED, READABLE, DisclosureKind
from groups.language.things import Purpose

ACTIONS = {
    DisclosureKind.LIST: "group.members_listed",
    DisclosureKind.EXPORT: "group.members_exported",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a group, by name; `since` is unknown of those who have left meanwhile."""

    resident_id: UUID
    given_name: str
    family_name: str
    since: datetime | None


async def disclose(
    session: WriteSession,
    by: Principal,
    group_id: UUID,
    kind: DisclosureKind,
    reason: str,
    now: datetime,
) -> tuple[MemberDisclosure, int]:
    """Write down that the caller is told whom a group has now; counts the members.

    Raises:
        GroupNotFound: no such group.
        GroupArchived: it has no members any more.
        DisclosureRefused: its rule asks what may be disclosed for social support only.
        ExportTooLarge: more members than one export may hold.
    """
    group = await _group(session, by, group_id)
    if group.state == GroupState.ARCHIVED:
        raise GroupArchived
    nature = await nature_of(session, by.municipality, [group_id], [])
    is_special = nature.sensitivity is Sensitivity.SPECIAL
    if is_special and group.purpose != Purpose.SOCIAL_SUPPORT:
        raise DisclosureRefused
    slots = await _members(session, by, group_id)
    if kind is DisclosureKind.EXPORT and len(slots) > MOST_EXPORTED:
        raise ExportTooLarge
    disclosure = MemberDisclosure(
        municipality_id=by.municipality,
        id=new_id(),
        group_id=group_id,
        staff_id=by.subject_id,
        disclosed_at=now,
        staff_role=_role(by).value,
        kind=kind.value,
        reason=reason,
        slots=kept(slots),
    )
    session.add(disclosure)
    particulars = {"disclosureId": str(disclosure.id), "members": len(slots)}
    subject = ("group", group_id)
    audit.record(session, by, ACTIONS[kind], subject, now=now, particulars=particulars)
    return disclosure, len(slots)


async def readable(
    session: ReadSession,
    by: Principal,
    group_id: UUID,
    disclosure_id: UUID,
    kind: DisclosureKind,
    now: datetime,
) -> MemberDisclosure:
    """Give a disclosure that the caller asked for, within its day.

    Raises:
        DisclosureNotFound: no such disclosure of the group and kind by the caller.
        DisclosureEnded: its day is over.
    """
    found = await queries.find(session, by.municipality, disclosure_id)
    wanted = (group_id, by.subject_id, kind.value)
    if found is None or (found.group_id, found.staff_id, found.kind) != wanted:
        raise DisclosureNotFound
    if found.disclosed_at <= now - READABLE:
        raise DisclosureEnded
    return found


async def members(
    session: ReadSession,
    by: Principal,
    disclosure: MemberDisclosure,
    start: int,
    limit: int,
    vault: Vault,
) -> tuple[Sequence[Member], int | None]:
    """Name those disclosed, from a place on, and where the next page starts if there is one.

    Who was struck off or left the registry since is left out.
    """
    group = await _group(session, by, disclosure.group_id)
    slots = BitMap.deserialize(disclosure.slots).to_array()
    listed = slots[start : start + limit].tolist()
    since = await queries.members_at(session, by.municipality, listed, group.number)
    names = {
        name.resident_id: open_names(vault, name.given_name_sealed, name.family_name_sealed)
        for name in await sealed_names(session, by.municipality, list(since))
    }
    named = [Member(each, *names[each], since[each]) for each in since if each in names]
    return named, start + limit if start + limit < len(slots) else None


async def told_to(session: ReadSession, resident: Principal, now: datetime) -> list[Told]:
    """List to a resident when staff were told that they belong to a group, the newest first."""
    slot = await queries.slot_of(session, resident.municipality, resident.subject_id)
    if slot is None:
        return []
    return [told async for told in queries.told_of(session, resident.municipality, slot, now)]


async def _group(session: ReadSession, by: Principal, group_id: UUID) -> ResidentGroup:
    group = await find_group(session, by.municipality, group_id)
    if group is None:
        raise GroupNotFound
    return group


async def _members(session: ReadSession, by: Principal, group_id: UUID) -> BitMap:
    stand = await audiences.groups_as_they_stand(session, by.municipality, [group_id])
    slots = stand[0].slots if stand else BitMap()
    return slots - await audiences.closed(session, by.municipality)


def _role(by: Principal) -> StaffRole:
    is_registrar = StaffRole.REGISTRAR in by.roles
    return StaffRole.REGISTRAR if is_registrar else StaffRole.ADMINISTRATOR
