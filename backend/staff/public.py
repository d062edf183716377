"""What other packages may use of staff."""

from backend.staff.rules import StaffRole
from backend.staff.service import ensure_staff_member

__all__ = ["StaffRole", "ensure_staff_member"]
