"""References between the files of a feed, found in the tables."""

from dataclasses import dataclass

from sqlalchemy import Table, select

from backend.kernel.db import WriteSession
from backend.kernel.references import Named
from backend.kernel.snapshots import table_of
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import EVERY_CODE, list_codes
from groups.registry.models import Address, Household, Institution


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference by `ref`: the stage's column, where the key goes, and the table it is found in."""

    column: str
    into: str
    table: Table
    closed: str
    code: str

    def named(self, municipality: MunicipalityId, *, is_key: bool = False) -> Named:
        """Make it a reference into the tables of one municipality."""
        of_here = self.table.c.municipality_id == municipality
        columns = (self.table.c[name] for name in ("ref", "id", self.closed))
        found = select(*columns).where(of_here).subquery(f"found_{self.column}")
        return Named(
            column=self.column,
            into=self.into,
            found=found,
            key=found.c.ref,
            id=found.c.id,
            is_open=found.c[self.closed].is_(None),
            code=self.code,
            reported=self.column,
            is_key=is_key,
        )


AT_ADDRESS = Reference(
    "address_ref", "address_id", table_of(Address), "closed_at", "address_unknown"
)
IN_HOUSEHOLD = Reference(
    "household_ref", "household_id", table_of(Household), "closed_on", "household_unknown"
)
AT_INSTITUTION = Reference(
    "institution_ref", "institution_id", table_of(Institution), "closed_on", "institution_unknown"
)


async def resident_named(
    session: WriteSession,
    municipality: MunicipalityId,
    column: str,
    into: str = "resident_id",
    *,
    reported: str = "",
    is_key: bool = True,
) -> Named:
    """Make a reference to a resident by the digest of any of their codes."""
    await list_codes(session, municipality)
    known = EVERY_CODE.alias(f"found_{column}")
    return Named(
        column=column,
        into=into,
        found=known,
        key=known.c.digest,
        id=known.c.resident_id,
        is_open=known.c.is_open,
        code="resident_unknown",
        reported=reported or column,
        is_key=is_key,
    )
