"""The table of assertions already used: each opens one session at most."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned


class UsedAssertion(TenantOwned, Base):
    """One assertion that was used; the row may go when the assertion has expired."""

    __tablename__ = "used_assertion"

    assertion_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime]
