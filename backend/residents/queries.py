"""Reads and small writes of identity; only open residents are found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, any_, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from backend.residents.models import ContactPoint, Resident, ResidentCode


@dataclass(frozen=True, slots=True)
class SealedContact:
    """One way to reach a resident; `value_sealed` is opened by `open_contact`."""

    id: UUID
    resident_id: UUID
    kind: str
    value_sealed: bytes


@dataclass(frozen=True, slots=True)
class SealedName:
    """A resident's names, opened by `open_names`, and the language of their messages."""

    resident_id: UUID
    given_name_sealed: bytes
    family_name_sealed: bytes
    language: str


async def resident_by_digest(
    session: ReadSession, municipality: MunicipalityId, digest: bytes
) -> UUID | None:
    """Find the open resident known by a code, given the code's digest."""
    return await session.scalar(
        select(Resident.id)
        .join(
            ResidentCode,
            (ResidentCode.municipality_id == Resident.municipality_id)
            & (ResidentCode.resident_id == Resident.id),
        )
        .where(
            ResidentCode.municipality_id == municipality,
            ResidentCode.digest == digest,
            Resident.closed_at.is_(None),
        )
    )


async def contact_points(
    session: ReadSession, municipality: MunicipalityId, resident_ids: Collection[UUID]
) -> Sequence[SealedContact]:
    """List the contact points of many open residents that may be sent to, by resident and kind.

    Closed and suppressed ones are left out. The oldest of a kind comes first.
    """
    rows = await session.execute(
        select(
            ContactPoint.id,
            ContactPoint.resident_id,
            ContactPoint.kind,
            ContactPoint.value_sealed,
        )
        .join(
            Resident,
            (Resident.municipality_id == ContactPoint.municipality_id)
            & (Resident.id == ContactPoint.resident_id),
        )
        .where(
            ContactPoint.municipality_id == municipality,
            ContactPoint.resident_id == _any(resident_ids),
            ContactPoint.closed_at.is_(None),
            ContactPoint.suppressed_at.is_(None),
            Resident.closed_at.is_(None),
        )
        .order_by(ContactPoint.resident_id, ContactPoint.kind, ContactPoint.id)
    )
    return [SealedContact(*row) for row in rows]


async def languages(
    session: ReadSession, municipality: MunicipalityId, resident_ids: Collection[UUID]
) -> Mapping[UUID, str]:
    """Tell in which language each of many open residents reads messages."""
    rows = await session.execute(
        select(Resident.id, Resident.language).where(_open(municipality, resident_ids))
    )
    return {row[0]: row[1] for row in rows}


async def sealed_names(
    session: ReadSession, municipality: MunicipalityId, resident_ids: Collection[UUID]
) -> Sequence[SealedName]:
    """Give the sealed names of many open residents."""
    rows = await session.execute(
        select(
            Resident.id,
            Resident.given_name_sealed,
            Resident.family_name_sealed,
            Resident.language,
        ).where(_open(municipality, resident_ids))
    )
    return [SealedName(*row) for row in rows]


async def suppress_contact_points(
    session: WriteSession,
    municipality: MunicipalityId,
    contact_point_ids: Collection[UUID],
    *,
    reason: str,
    now: datetime,
) -> Collection[UUID]:
    """Stop sending to contact points that a provider called dead; gives whose were not yet so.

    One that has several gives its resident several times.
    """
    suppressed = await session.scalars(
        update(ContactPoint)
        .where(
            ContactPoint.municipality_id == municipality,
            ContactPoint.id == _any(contact_point_ids),
            ContactPoint.suppressed_at.is_(None),
        )
        .values(suppressed_at=now, suppressed_reason=reason)
        .returning(ContactPoint.resident_id)
    )
    return suppressed.all()


async def count_registered_contacts(session: ReadSession, municipality: MunicipalityId) -> int:
    """Count the contact points that the registry gives now, suppressed ones too."""
    counting = select(func.count()).where(
        ContactPoint.municipality_id == municipality,
        ContactPoint.source == "registry",
        ContactPoint.closed_at.is_(None),
    )
    return await session.scalar(counting) or 0


async def knows_anybody(session: ReadSession, municipality: MunicipalityId) -> bool:
    """Tell whether the municipality has any resident, closed ones too."""
    anybody = exists().where(Resident.municipality_id == municipality)
    return bool(await session.scalar(select(anybody)))


async def choose_language(
    session: WriteSession, municipality: MunicipalityId, resident_id: UUID, language: str
) -> None:
    """Keep the resident's own choice of language; registry feeds no longer change it."""
    await session.execute(
        update(Resident)
        .where(Resident.municipality_id == municipality, Resident.id == resident_id)
        .values(language=language, language_source="resident")
    )


def _open(municipality: MunicipalityId, resident_ids: Collection[UUID]) -> ColumnElement[bool]:
    return and_(
        Resident.municipality_id == municipality,
        Resident.id == _any(resident_ids),
        Resident.closed_at.is_(None),
    )


def _any(ids: Collection[UUID]) -> ColumnElement[bool]:
    return any_(literal(list(ids), ARRAY(Uuid())))
