"""The declarative base of every table, and the marks that columns and tables carry."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONVENTION = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

UtcDateTime = DateTime(timezone=True)
"""An instant; always aware UTC in Python."""


class Base(DeclarativeBase):
    """Base of all models; every constraint gets a name, because refusals are found by it."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's own protocol


class TenantOwned:
    """Mixin of every table but the few global ones: the owner's key, first in keys and indexes."""

    municipality_id: Mapped[int] = mapped_column(primary_key=True, sort_order=-100)


class Sensitivity(StrEnum):
    """The class of a column's content; every column not marked is `public`."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SPECIAL = "special"


def personal(retention: str, sensitivity: Sensitivity = Sensitivity.PERSONAL) -> dict[str, Any]:
    """Mark a column (its `info`) as personal data kept for `retention`, in plain words."""
    return {"sensitivity": sensitivity, "retention": retention}
