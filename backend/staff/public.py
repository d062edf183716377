"""What other packages may use of staff."""

from backend.staff.errors import StaffMemberNotFound
from backend.staff.rules import StaffRole
from backend.staff.service import disable_staff_member, ensure_staff_member

__all__ = ["StaffMemberNotFound", "StaffRole", "disable_staff_member", "ensure_staff_member"]
