"""Contact points from a registry snapshot; those a resident gave are left alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, LargeBinary, and_, exists, func, insert, literal, select, update

from backend.kernel.db import WriteSession
from backend.kernel.snapshots import Landed, count_written, stage, table_of, texts, uuids
from backend.kernel.tenancy import MunicipalityId
from backend.residents.models import ContactPoint

CONTACTS = stage(
    "contact",
    Column("code_digest", LargeBinary),
    *texts("kind"),
    Column("value_sealed", LargeBinary),
    Column("value_digest", LargeBinary),
    *uuids("resident_id"),
)
CONTACT_KEY = ("resident_id", "kind", "value_digest")
POINT = table_of(ContactPoint)


async def land_contacts(
    session: WriteSession, municipality: MunicipalityId, now: datetime
) -> Landed:
    """Add, reopen and close contact points so that the registry's open ones are the snapshot's.

    Suppression stays: a dead address does not come alive because the registry repeats it.
    """
    same = and_(
        POINT.c.municipality_id == municipality,
        *(POINT.c[name] == CONTACTS.c[name] for name in CONTACT_KEY),
    )
    reopen = (
        update(POINT)
        .where(same, ~CONTACTS.c.rejected, POINT.c.closed_at.is_not(None))
        .values(closed_at=None)
    )
    staged: Sequence[str] = ("id", *CONTACT_KEY, "value_sealed")
    rows = select(
        literal(int(municipality)), *(CONTACTS.c[name] for name in staged), literal("registry")
    ).where(~CONTACTS.c.rejected, ~exists().where(same).correlate(CONTACTS))
    add = insert(POINT).from_select(["municipality_id", *staged, "source"], rows)
    close = (
        update(POINT)
        .where(POINT.c.municipality_id == municipality, POINT.c.source == "registry")
        .where(POINT.c.closed_at.is_(None), ~exists().where(same).correlate(POINT))
        .values(closed_at=now)
    )
    changed = await count_written(session, reopen)
    added = await count_written(session, add)
    closed = await count_written(session, close)
    landing = select(func.count()).select_from(CONTACTS).where(~CONTACTS.c.rejected)
    return Landed(await session.scalar(landing) or 0, added, changed, closed)
