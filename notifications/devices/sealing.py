"""How tokens and subscriptions are kept: encrypted, matched by keyed hash."""

from backend.kernel.personal_data import Vault

VALUE = "push_endpoint.value"
KEYS = "push_endpoint.keys"
SEPARATOR = " "
"""Stands in no base64url text."""


def value_digest(vault: Vault, value: str) -> bytes:
    """Give the hash by which a token or URL is matched."""
    return vault.digest(value, label=VALUE)


def seal_value(vault: Vault, value: str) -> bytes:
    """Encrypt a token or URL."""
    return vault.seal(value, label=VALUE)


def open_value(vault: Vault, sealed: bytes) -> str:
    """Decrypt a token or URL."""
    return vault.open(sealed, label=VALUE)


def seal_keys(vault: Vault, p256dh: str, auth: str) -> bytes:
    """Encrypt a subscription's two keys together."""
    return vault.seal(f"{p256dh}{SEPARATOR}{auth}", label=KEYS)


def open_keys(vault: Vault, sealed: bytes) -> tuple[str, str]:
    """Decrypt a subscription's keys: p256dh and auth, base64url."""
    p256dh, _, auth = vault.open(sealed, label=KEYS).partition(SEPARATOR)
    return p256dh, auth
