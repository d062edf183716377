"""The table of changed facts that no engine has followed yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Identity, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned, personal

RELATIONS = ("children", "institutions", "properties", "vehicles", "pets", "former_addresses")
"""What residents have beside facts of their own, as rules name it."""
KIND = (
    "(kind = 'residents' AND slots IS NOT NULL AND relations IS NOT NULL AND group_id IS NULL)"
    " OR (kind = 'group' AND group_id IS NOT NULL AND slots IS NULL AND relations IS NULL)"
    " OR (kind = 'everybody' AND group_id IS NULL AND slots IS NULL AND relations IS NULL)"
)


class FactChange(TenantOwned, Base):
    """Residents whose facts changed, a group that was defined anew, or that all may differ.

    `relations`: of the residents in `slots` not only facts of their own changed, but these too.
    """

    __tablename__ = "fact_change"
    __table_args__ = (CheckConstraint(KIND, name="kind"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    slots: Mapped[list[int] | None] = mapped_column(
        ARRAY(Integer), info=personal("until the engine has followed, seconds")
    )
    relations: Mapped[list[str] | None] = mapped_column(ARRAY(String(16)))
    group_id: Mapped[UUID | None]
    noted_at: Mapped[datetime]
