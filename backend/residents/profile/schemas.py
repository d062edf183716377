"""The profile over HTTP."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from backend.kernel.territories.schemas import MunicipalityView, municipality_view
from backend.residents.profile.service import Contact, Profile


class ContactView(Struct, rename="camel", frozen=True):
    """A contact point, masked; a suppressed one was reported dead and is not written to."""

    kind: str
    masked: str
    source: str
    is_verified: bool
    is_suppressed: bool


class ProfileView(Struct, rename="camel", frozen=True):
    """What a resident sees of themselves."""

    resident_id: UUID
    given_name: str
    family_name: str
    language: str
    language_source: str
    municipality: MunicipalityView
    contact_points: list[ContactView]


class LanguageChoice(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """The language in which a resident wants to be written to."""

    language: Literal["lv", "en"]


def contact_view(contact: Contact) -> ContactView:
    """Shape one contact point."""
    return ContactView(
        contact.kind, contact.masked, contact.source, contact.is_verified, contact.is_suppressed
    )


def profile_view(profile: Profile) -> ProfileView:
    """Shape a profile."""
    return ProfileView(
        resident_id=profile.resident_id,
        given_name=profile.given_name,
        family_name=profile.family_name,
        language=profile.language,
        language_source=profile.language_source,
        municipality=municipality_view(profile.municipality),
        contact_points=[contact_view(contact) for contact in profile.contacts],
    )
