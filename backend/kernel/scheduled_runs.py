"""The memory of the schedule: which job has been started for which moment."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import WriteSession
from backend.kernel.models import Base


class ScheduledRun(Base):
    """One firing of one job; global, because the schedule is the deployment's."""

    __tablename__ = "scheduled_run"

    job: Mapped[str] = mapped_column(Text, primary_key=True)
    fire_at: Mapped[datetime] = mapped_column(primary_key=True)


async def claim_run(session: WriteSession, job: str, fire_at: datetime) -> bool:
    """Take a firing; False when it was taken before, by whichever process."""
    claim = (
        insert(ScheduledRun)
        .values(job=job, fire_at=fire_at)
        .on_conflict_do_nothing()
        .returning(ScheduledRun.job)
    )
    return await session.scalar(claim) is not None
