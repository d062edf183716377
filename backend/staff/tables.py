"""Every table of this package, for migrations."""

from backend.staff.models import StaffMember

__all__ = ["StaffMember"]
