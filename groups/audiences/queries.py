"""Statements on audiences."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, literal, select

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.audiences.models import Audience
from groups.memberships.models import Evaluation
from groups.memberships.queries import open_memberships, residents_in_order


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen audience, without the list of its members."""

    id: UUID
    size: int
    rule_version: int
    as_of: date


async def freeze(session: WriteSession, evaluation: Evaluation, now: datetime) -> Frozen:
    """Copy the open memberships of the evaluated group into one row; the caller holds the group."""
    municipality, group_id = MunicipalityId(evaluation.municipality_id), evaluation.group_id
    provenance: dict[str, ColumnElement[Any]] = {
        "municipality_id": literal(municipality),
        "id": literal(new_id()),
        "group_id": literal(group_id),
        "evaluation_id": literal(evaluation.id),
        "rule_version": literal(evaluation.rule_version),
        "as_of": literal(evaluation.as_of),
        "frozen_at": literal(now),
    }
    rows = select(*provenance.values(), func.count(), residents_in_order()).where(
        open_memberships(municipality, group_id)
    )
    frozen = await session.execute(
        insert(Audience)
        .from_select([*provenance, "size", "members"], rows)
        .returning(Audience.id, Audience.size, Audience.rule_version, Audience.as_of)
    )
    return Frozen(*frozen.one())


async def members(
    session: ReadSession, municipality: MunicipalityId, audience_id: UUID
) -> list[UUID] | None:
    """List an audience's members, ordered by id; None when there is no such audience."""
    return await session.scalar(
        select(Audience.members).where(
            Audience.municipality_id == municipality, Audience.id == audience_id
        )
    )
