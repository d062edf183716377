"""A resident reads their profile and chooses a language."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId
from backend.residents.models import ContactPoint
from backend.residents.profile import queries
from backend.residents.profile.errors import ProfileNotFound
from backend.residents.profile.rules import masked_email, masked_phone
from backend.residents.queries import choose_language as keep_language
from backend.residents.sealing import open_contact, open_names


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact point as shown back to its owner."""

    kind: str
    masked: str
    source: str
    is_verified: bool
    is_suppressed: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What a resident sees of themselves."""

    resident_id: UUID
    given_name: str
    family_name: str
    language: str
    language_source: str
    municipality: MunicipalityId
    contacts: tuple[Contact, ...]


async def profile_of(session: ReadSession, principal: Principal, vault: Vault) -> Profile:
    """Give the resident's own profile, decrypted; contact points stay masked.

    Raises:
        ProfileNotFound: the resident has been closed.
    """
    municipality = principal.municipality
    resident = await queries.open_resident(session, municipality, principal.subject_id)
    if resident is None:
        raise ProfileNotFound
    names = open_names(vault, resident.given_name_sealed, resident.family_name_sealed)
    points = await queries.contact_points(session, municipality, resident.id)
    return Profile(
        resident_id=resident.id,
        given_name=names[0],
        family_name=names[1],
        language=resident.language,
        language_source=resident.language_source,
        municipality=municipality,
        contacts=tuple(_shown(point, vault) for point in points),
    )


async def choose_language(
    session: WriteSession, principal: Principal, language: str, now: datetime
) -> None:
    """Keep the resident's own choice of language.

    Raises:
        ProfileNotFound: the resident has been closed.
    """
    municipality, resident_id = principal.municipality, principal.subject_id
    if await queries.open_resident(session, municipality, resident_id) is None:
        raise ProfileNotFound
    await keep_language(session, municipality, resident_id, language)
    audit.record(session, principal, "resident.language_chosen", ("resident", resident_id), now=now)


def _shown(point: ContactPoint, vault: Vault) -> Contact:
    mask = masked_email if point.kind == "email" else masked_phone
    return Contact(
        kind=point.kind,
        masked=mask(open_contact(vault, point.value_sealed)),
        source=point.source,
        is_verified=point.verified_at is not None,
        is_suppressed=point.suppressed_at is not None,
    )
