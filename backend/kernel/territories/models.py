"""The table of municipalities; global, because it belongs to no tenant."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base


class Municipality(Base):
    """One row per territory code; a code that ended keeps its row and names its successor.

    `id` is the tenant key (the digits of `code`); `valid_until` is the last valid day, inclusive.
    """

    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(9), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    name_lv: Mapped[str]
    name_en: Mapped[str]
    iso_3166_2: Mapped[str | None] = mapped_column(String(6))
    zone: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    successor_code: Mapped[str | None] = mapped_column(String(9))
