"""How identity is kept: names, codes and contact points encrypted, matched by keyed hash."""

from collections.abc import Iterable, Sequence

from backend.kernel.personal_data import Vault

GIVEN_NAME = "resident.given_name"
FAMILY_NAME = "resident.family_name"
CODE = "resident_code.code"
CONTACT = "contact_point.value"


def code_digest(vault: Vault, code: str) -> bytes:
    """Give the hash by which a normalised personal code is matched."""
    return vault.digest(code, label=CODE)


def contact_digest(vault: Vault, value: str) -> bytes:
    """Give the hash by which an e-mail address or number is matched; case makes no difference."""
    return vault.digest(value.lower(), label=CONTACT)


def seal_code(vault: Vault, code: str) -> bytes:
    """Encrypt a normalised personal code."""
    return vault.seal(code, label=CODE)


def seal_contact(vault: Vault, value: str) -> bytes:
    """Encrypt an e-mail address or number."""
    return vault.seal(value, label=CONTACT)


def code_digests(vault: Vault, codes: Sequence[str]) -> list[bytes]:
    """Give the hashes of many normalised personal codes, of which some are the same."""
    distinct = list(dict.fromkeys(codes))
    known = dict(zip(distinct, vault.digest_all(distinct, label=CODE), strict=True))
    return [known[code] for code in codes]


def contact_digests(vault: Vault, values: Iterable[str]) -> list[bytes]:
    """Give the hashes of many e-mail addresses and numbers; case makes no difference."""
    return vault.digest_all((value.lower() for value in values), label=CONTACT)


def seal_codes(vault: Vault, codes: Sequence[str]) -> list[bytes]:
    """Encrypt many normalised personal codes."""
    return vault.seal_all(codes, label=CODE)


def seal_contacts(vault: Vault, values: Sequence[str]) -> list[bytes]:
    """Encrypt many e-mail addresses and numbers."""
    return vault.seal_all(values, label=CONTACT)


def seal_all_names(
    vault: Vault, given_names: Sequence[str], family_names: Sequence[str]
) -> tuple[list[bytes], list[bytes]]:
    """Encrypt the given and the family names of many people."""
    given = vault.seal_all(given_names, label=GIVEN_NAME)
    return given, vault.seal_all(family_names, label=FAMILY_NAME)


def open_contact(vault: Vault, sealed: bytes) -> str:
    """Decrypt an e-mail address or number."""
    return vault.open(sealed, label=CONTACT)


def seal_names(vault: Vault, given_name: str, family_name: str) -> tuple[bytes, bytes]:
    """Encrypt the given and the family name."""
    return vault.seal(given_name, label=GIVEN_NAME), vault.seal(family_name, label=FAMILY_NAME)


def open_names(vault: Vault, given_name: bytes, family_name: bytes) -> tuple[str, str]:
    """Decrypt the given and the family name."""
    return vault.open(given_name, label=GIVEN_NAME), vault.open(family_name, label=FAMILY_NAME)
