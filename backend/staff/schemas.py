"""Staff over HTTP."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from backend.kernel.territories.schemas import MunicipalityView, municipality_view
from backend.staff.service import StaffProfile


class StaffSession(Struct, rename="camel", frozen=True):
    """A new session; `token` is the bearer token and is shown only here."""

    token: str
    expires_at: datetime
    staff_id: UUID


class StaffProfileView(Struct, rename="camel", frozen=True):
    """What a staff member sees of themselves; `roles` are those of this session."""

    staff_id: UUID
    name: str
    roles: list[str]
    municipality: MunicipalityView


def staff_profile_view(profile: StaffProfile) -> StaffProfileView:
    """Shape a staff member's profile."""
    return StaffProfileView(
        staff_id=profile.staff_id,
        name=profile.name,
        roles=list(profile.roles),
        municipality=municipality_view(profile.municipality),
    )
