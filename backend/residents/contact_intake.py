"""Contact points from a registry snapshot; those a resident gave are left alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Label,
    LargeBinary,
    Subquery,
    Table,
    and_,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.sql import Executable

from backend.kernel.db import WriteSession
from backend.kernel.snapshots import Closing, Landed, count_written, stage, table_of, texts, uuids
from backend.kernel.tenancy import MunicipalityId
from backend.residents.intake import CODES
from backend.residents.models import ContactPoint

CONTACTS = stage(
    "contact",
    *uuids("id"),
    Column("code_digest", LargeBinary),
    *texts("kind"),
    Column("value_sealed", LargeBinary),
    Column("value_digest", LargeBinary),
    *uuids("resident_id"),
)
CONTACT_KEY = ("resident_id", "kind", "value_digest")
POINT = table_of(ContactPoint)


async def land_contacts(
    session: WriteSession,
    municipality: MunicipalityId,
    now: datetime,
    closing: Closing | None = Closing.MISSING,
) -> Landed:
    """Add, reopen and close contact points so that the registry's open ones are the snapshot's.

    Suppression stays: a dead address does not come alive because the registry repeats it.
    """
    same = and_(
        POINT.c.municipality_id == municipality,
        *(POINT.c[name] == CONTACTS.c[name] for name in CONTACT_KEY),
    )
    coming = (~CONTACTS.c.rejected, ~CONTACTS.c.removed)
    reopen = update(POINT).where(same, *coming, POINT.c.closed_at.is_not(None))
    changed = await count_written(session, reopen.values(closed_at=None))
    staged: Sequence[str] = ("id", *CONTACT_KEY, "value_sealed")
    rows = select(
        literal(int(municipality)), *(CONTACTS.c[name] for name in staged), literal("registry")
    ).where(*coming, ~exists().where(same).correlate(CONTACTS))
    add = insert(POINT).from_select(["municipality_id", *staged, "source"], rows)
    added = await count_written(session, add)
    closed = 0
    if closing is not None:
        closed = await count_written(session, _close(municipality, same, now, closing))
    landing = select(func.count()).select_from(CONTACTS).where(~CONTACTS.c.rejected)
    return Landed(await session.scalar(landing) or 0, added, changed, closed)


def _close(
    municipality: MunicipalityId, same: ColumnElement[bool], now: datetime, closing: Closing
) -> Executable:
    if closing is Closing.MISSING:
        gone = ~exists().where(same).correlate(POINT)
    else:
        removed = CONTACTS.c.removed & ~CONTACTS.c.rejected
        gone = exists().where(same, removed).correlate(POINT)
    return (
        update(POINT)
        .where(POINT.c.municipality_id == municipality, POINT.c.source == "registry")
        .where(POINT.c.closed_at.is_(None), gone)
        .values(closed_at=now)
    )


def staged_reach() -> Subquery:
    """Give `line` of staged identities, and whether an address of each kind is staged for it."""
    return (
        select(CODES.c.line, *_kinds(CONTACTS))
        .join(CONTACTS, CONTACTS.c.code_digest == CODES.c.digest)
        .where(~CONTACTS.c.rejected, ~CONTACTS.c.removed)
        .group_by(CODES.c.line)
        .subquery("staged_reach")
    )


def live_kinds(municipality: MunicipalityId) -> Subquery:
    """Give `resident_id` of everyone who has an address, and whether one of each kind is live."""
    return (
        select(POINT.c.resident_id, *_kinds(POINT))
        .where(
            POINT.c.municipality_id == municipality,
            POINT.c.closed_at.is_(None),
            POINT.c.suppressed_at.is_(None),
        )
        .group_by(POINT.c.resident_id)
        .subquery("live_kinds")
    )


def _kinds(points: Table) -> list[Label[bool]]:
    return [func.bool_or(points.c.kind == kind).label(kind) for kind in ("email", "sms")]
