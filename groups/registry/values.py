"""The values that open rows of the registry have, kept so that a rule can choose among them."""

from datetime import date, datetime

from sqlalchemy import CTE, Select, and_, exists, func, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.registry.models import Address, Institution, RegistryValue, ResidentFact

SINGLE = {
    "parish": (Address.parish, Address.closed_at),
    "town": (Address.town, Address.closed_at),
    "street": (Address.street, Address.closed_at),
    "postcode": (Address.postcode, Address.closed_at),
    "institution_name": (Institution.name, Institution.closed_on),
}
LISTS = {"interests": ResidentFact.interests, "social_statuses": ResidentFact.social_statuses}


async def follow_values(session: WriteSession, municipality: MunicipalityId, day: date) -> None:
    """Enter new values, withdraw those that no open row has, bring back those that returned."""
    present = _present(municipality)
    fresh = (
        insert(RegistryValue)
        .from_select(
            ["municipality_id", "attribute", "value", "first_seen_on"],
            select(literal(int(municipality)), present.c.attribute, present.c.value, literal(day)),
        )
        .on_conflict_do_update(
            index_elements=["municipality_id", "attribute", "value"],
            set_={"withdrawn_on": None},
            where=RegistryValue.withdrawn_on.is_not(None),
        )
        .cte("fresh")
    )
    same = and_(
        present.c.attribute == RegistryValue.attribute, present.c.value == RegistryValue.value
    )
    await session.execute(
        update(RegistryValue)
        .where(
            RegistryValue.municipality_id == municipality,
            RegistryValue.withdrawn_on.is_(None),
            ~exists().where(same),
        )
        .values(withdrawn_on=day)
        .add_cte(fresh)
        .execution_options(synchronize_session=False)
    )


def _present(municipality: MunicipalityId) -> CTE:
    single = [
        _single(municipality, name, column, closed) for name, (column, closed) in SINGLE.items()
    ]
    lists = [
        select(literal(name).label("attribute"), func.unnest(column).label("value"))
        .where(ResidentFact.municipality_id == municipality, ResidentFact.closed_on.is_(None))
        .distinct()
        for name, column in LISTS.items()
    ]
    return union_all(*single, *lists).cte("present")


def _single(
    municipality: MunicipalityId,
    name: str,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    closed: InstrumentedAttribute[datetime | None] | InstrumentedAttribute[date | None],
) -> Select[str, str | None]:
    owner = column.class_.municipality_id
    return (
        select(literal(name).label("attribute"), column.label("value"))
        .where(owner == municipality, closed.is_(None), column.is_not(None))
        .distinct()
    )
