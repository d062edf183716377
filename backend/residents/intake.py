"""Identities from a registry snapshot: staged, matched by any code, landed and closed as a set."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    Uuid,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.sql import Executable

from backend.kernel.db import WriteSession
from backend.kernel.login_sessions import end_sessions
from backend.kernel.principals import PrincipalKind
from backend.kernel.snapshots import (
    STAGES,
    Closing,
    Landed,
    Rejection,
    count_written,
    reject,
    reject_repeated,
    stage,
    table_of,
    texts,
    uuids,
)
from backend.kernel.tenancy import MunicipalityId
from backend.residents.models import Resident, ResidentCode

IDENTITIES = stage(
    "identity",
    *uuids("id"),
    Column("given_name_sealed", LargeBinary),
    Column("family_name_sealed", LargeBinary),
    *texts("language"),
    *uuids("resident_id"),
)
"""`resident_id` is a new resident's, as `id`, unless the line is found to be a known one's."""
CODES = Table(
    "stage_identity_code",
    STAGES,
    Column("line", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("code_sealed", LargeBinary, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
EVERY_CODE = Table(
    "every_code",
    STAGES,
    Column("digest", LargeBinary, nullable=False),
    Column("resident_id", Uuid, nullable=False),
    Column("is_open", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""All codes that are known when identities have landed, whose they are, and if that one is open."""
CODE_COLUMN = "personal_code"
LANDING = (~IDENTITIES.c.rejected, ~IDENTITIES.c.removed)
"""Which staged identities are added or changed."""


RESIDENT = table_of(Resident)
KNOWN = table_of(ResidentCode)


async def match_identities(session: WriteSession, municipality: MunicipalityId) -> list[Rejection]:
    """Find the resident of every staged identity by any of its codes.

    Rejects a line whose code already stood on an earlier line, whose codes belong to two
    residents, and whose resident was already named by an earlier line.
    """
    later = CODES.alias("later")
    code_seen = exists().where(later.c.digest == CODES.c.digest, CODES.c.line < later.c.line)
    lines = select(later.c.line).where(code_seen)
    repeated = IDENTITIES.c.line.in_(lines)
    rejections = await reject(session, IDENTITIES, repeated, CODE_COLUMN, "repeated")
    known = and_(KNOWN.c.municipality_id == municipality, KNOWN.c.digest == CODES.c.digest)
    matched = select(CODES.c.line, KNOWN.c.resident_id).where(known)
    several = (
        select(CODES.c.line)
        .where(known)
        .group_by(CODES.c.line)
        .having(func.count(KNOWN.c.resident_id.distinct()) > 1)
    )
    two = IDENTITIES.c.line.in_(several)
    rejections += await reject(session, IDENTITIES, two, CODE_COLUMN, "codes_of_two_people")
    one = matched.subquery()
    known_again = await count_written(
        session,
        update(IDENTITIES)
        .where(IDENTITIES.c.line == one.c.line)
        .values(resident_id=one.c.resident_id),
    )
    if known_again:
        rejections += await reject_repeated(session, IDENTITIES, ["resident_id"], CODE_COLUMN)
    return rejections


async def list_codes(session: WriteSession, municipality: MunicipalityId) -> None:
    """Fill `EVERY_CODE`, unless it is filled already."""
    here = and_(
        RESIDENT.c.municipality_id == KNOWN.c.municipality_id, RESIDENT.c.id == KNOWN.c.resident_id
    )
    rows = (
        select(KNOWN.c.digest, KNOWN.c.resident_id, RESIDENT.c.closed_at.is_(None))
        .join(RESIDENT, here)
        .where(KNOWN.c.municipality_id == municipality, ~exists(select(EVERY_CODE)))
    )
    await session.execute(insert(EVERY_CODE).from_select(EVERY_CODE.c.keys(), rows))


async def reject_identities(session: WriteSession, lines: Select[Any]) -> None:
    """Reject the identities on the lines that a query gives."""
    await session.execute(
        update(IDENTITIES).where(IDENTITIES.c.line.in_(lines)).values(rejected=True)
    )


async def land_identities(
    session: WriteSession,
    municipality: MunicipalityId,
    now: datetime,
    closing: Closing | None = Closing.MISSING,
) -> Landed:
    """Add, change, reopen and close residents so that the open ones are those of the snapshot.

    A resident who chose a language keeps it. Codes are added, never taken away. `closing` None:
    nobody is closed.
    """
    changed = await count_written(session, _change(municipality))
    added = await count_written(session, _add(municipality, now))
    await session.execute(_add_codes(municipality))
    closed = 0
    if closing is not None:
        closed = await count_written(session, _close(municipality, now, closing))
    if closed:
        gone = select(RESIDENT.c.id).where(RESIDENT.c.closed_at == now)
        await end_sessions(session, municipality, PrincipalKind.RESIDENT, gone, now)
    landing = select(func.count()).select_from(IDENTITIES).where(~IDENTITIES.c.rejected)
    return Landed(await session.scalar(landing) or 0, added, changed, closed)


def _change(municipality: MunicipalityId) -> Executable:
    chosen = RESIDENT.c.language_source == "resident"
    return (
        update(RESIDENT)
        .where(
            RESIDENT.c.municipality_id == municipality,
            RESIDENT.c.id == IDENTITIES.c.resident_id,
            *LANDING,
            or_(
                RESIDENT.c.fingerprint != IDENTITIES.c.fingerprint,
                RESIDENT.c.closed_at.is_not(None),
            ),
        )
        .values(
            given_name_sealed=IDENTITIES.c.given_name_sealed,
            family_name_sealed=IDENTITIES.c.family_name_sealed,
            language=case((chosen, RESIDENT.c.language), else_=IDENTITIES.c.language),
            fingerprint=IDENTITIES.c.fingerprint,
            closed_at=null(),
        )
    )


def _add(municipality: MunicipalityId, now: datetime) -> Executable:
    staged = ("id", "given_name_sealed", "family_name_sealed", "language", "fingerprint")
    rows = select(
        literal(int(municipality)),
        *(IDENTITIES.c[name] for name in staged),
        literal("registry"),
        literal(now, RESIDENT.c.registered_at.type),
    ).where(IDENTITIES.c.resident_id == IDENTITIES.c.id, *LANDING)
    names = ["municipality_id", *staged, "language_source", "registered_at"]
    return insert(RESIDENT).from_select(names, rows)


def _add_codes(municipality: MunicipalityId) -> Executable:
    known = exists().where(
        KNOWN.c.municipality_id == municipality, KNOWN.c.digest == CODES.c.digest
    )
    rows = (
        select(
            literal(int(municipality)),
            CODES.c.digest,
            IDENTITIES.c.resident_id,
            CODES.c.code_sealed,
        )
        .join(IDENTITIES, IDENTITIES.c.line == CODES.c.line)
        .where(*LANDING, ~known.correlate(CODES))
    )
    names: Sequence[str] = ("municipality_id", "digest", "resident_id", "code_sealed")
    return insert(KNOWN).from_select(names, rows)


def _close(municipality: MunicipalityId, now: datetime, closing: Closing) -> Executable:
    if closing is Closing.MISSING:
        named: ColumnElement[bool] = exists().where(
            KNOWN.c.municipality_id == municipality,
            KNOWN.c.resident_id == RESIDENT.c.id,
            KNOWN.c.digest == CODES.c.digest,
        )
        gone = ~named.correlate(RESIDENT)
    else:
        removed = IDENTITIES.c.removed & ~IDENTITIES.c.rejected
        gone = exists().where(IDENTITIES.c.resident_id == RESIDENT.c.id, removed)
    return (
        update(RESIDENT)
        .where(RESIDENT.c.municipality_id == municipality, RESIDENT.c.closed_at.is_(None), gone)
        .values(closed_at=now)
    )
