"""Every table of this package, for migrations."""

from backend.service_cases.models import (
    ServiceCase,
    StatusEventRow,
    StatusSource,
    UnmatchedStatusEvent,
)

__all__ = ["ServiceCase", "StatusEventRow", "StatusSource", "UnmatchedStatusEvent"]
