"""References between the files of a feed, found in the tables; the dangling ones rejected."""

from dataclasses import dataclass

from sqlalchemy import Table, and_

from backend.kernel.db import WriteSession
from backend.kernel.snapshots import Rejection, find_keys, reject, table_of
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import open_codes
from groups.registry.models import Address, Household, Institution


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference by `ref`: the stage's column, where the key goes, and the table it is found in."""

    column: str
    into: str
    table: Table
    closed: str
    code: str


AT_ADDRESS = Reference(
    "address_ref", "address_id", table_of(Address), "closed_at", "address_unknown"
)
IN_HOUSEHOLD = Reference(
    "household_ref", "household_id", table_of(Household), "closed_on", "household_unknown"
)
AT_INSTITUTION = Reference(
    "institution_ref", "institution_id", table_of(Institution), "closed_on", "institution_unknown"
)


async def resolve_reference(
    session: WriteSession, municipality: MunicipalityId, stage: Table, reference: Reference
) -> list[Rejection]:
    """Find the open rows that a column names; reject the rows that name none."""
    named, found = reference.table, stage.c[reference.column]
    same = and_(
        named.c.municipality_id == municipality,
        named.c.ref == found,
        named.c[reference.closed].is_(None),
    )
    await find_keys(session, stage, reference.into, named.c.id, same)
    dangling = and_(found.is_not(None), stage.c[reference.into].is_(None))
    return await reject(session, stage, dangling, reference.column, reference.code)


async def resolve_resident(
    session: WriteSession,
    municipality: MunicipalityId,
    stage: Table,
    column: str,
    into: str,
    feed_column: str = "",
) -> list[Rejection]:
    """Find the open resident of a code's digest; reject the rows whose code is nobody's."""
    known = open_codes(municipality)
    same = known.c.digest == stage.c[column]
    await find_keys(session, stage, into, known.c.resident_id, same)
    nobody = stage.c[into].is_(None)
    return await reject(session, stage, nobody, feed_column or column, "resident_unknown")
