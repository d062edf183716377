"""What other packages may use of residents."""

from backend.residents.contact_intake import CONTACT_KEY, CONTACTS, land_contacts
from backend.residents.identity import find_by_code
from backend.residents.intake import (
    CODES,
    IDENTITIES,
    land_identities,
    match_identities,
    open_codes,
    reject_identities,
)
from backend.residents.queries import (
    SealedContact,
    SealedName,
    choose_language,
    contact_points,
    languages,
    sealed_names,
    suppress_contact_points,
)
from backend.residents.rules import is_mobile, normal_code, normal_email, normal_phone
from backend.residents.sealing import (
    code_digest,
    contact_digest,
    open_contact,
    open_names,
    seal_code,
    seal_contact,
    seal_names,
)

__all__ = [
    "CODES",
    "CONTACTS",
    "CONTACT_KEY",
    "IDENTITIES",
    "SealedContact",
    "SealedName",
    "choose_language",
    "code_digest",
    "contact_digest",
    "contact_points",
    "find_by_code",
    "is_mobile",
    "land_contacts",
    "land_identities",
    "languages",
    "match_identities",
    "normal_code",
    "normal_email",
    "normal_phone",
    "open_codes",
    "open_contact",
    "open_names",
    "reject_identities",
    "seal_code",
    "seal_contact",
    "seal_names",
    "sealed_names",
    "suppress_contact_points",
]
