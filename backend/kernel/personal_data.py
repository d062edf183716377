"""Personal data at rest: encrypted with a key ring, matched by keyed hash."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts and hashes personal data.

    `keys` maps a key number (1 to 255) to a 32-byte AES key; `current` is the one that encrypts.
    `hash_key` is a 32-byte key of the matching hash and is never rotated with the others.
    """

    keys: Mapping[int, AESGCM]
    current: int
    hash_key: bytes

    def seal(self, plain: str, *, label: str) -> bytes:
        """Encrypt a text (AES-256-GCM); `label` names the column and must be given to open it.

        Layout: one byte key number, 12 bytes nonce, ciphertext with its 16-byte tag.
        """
        return self.seal_bytes(plain.encode(), label=label)

    def open(self, sealed: bytes, *, label: str) -> str:
        """Decrypt what `seal` made.

        Raises:
            KeyError: the key number is not in the ring.
            cryptography.exceptions.InvalidTag: tampered, or another label.
        """
        return self.open_bytes(sealed, label=label).decode()

    def seal_bytes(self, plain: bytes, *, label: str) -> bytes:
        """Encrypt what is no text, in the same layout."""
        nonce = os.urandom(NONCE_BYTES)
        body = self.keys[self.current].encrypt(nonce, plain, label.encode())
        return bytes((self.current,)) + nonce + body

    def open_bytes(self, sealed: bytes, *, label: str) -> bytes:
        """Decrypt what `seal_bytes` made; raises as `open` does."""
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return self.keys[sealed[0]].decrypt(nonce, body, label.encode())

    def digest(self, plain: str, *, label: str) -> bytes:
        """Give the 32-byte HMAC-SHA256 by which equal texts of one label are matched."""
        return hmac.digest(self.hash_key, f"{label}\0{plain}".encode(), "sha256")


def make_vault(keys: Mapping[int, bytes], current: int, hash_key: bytes) -> Vault:
    """Build a vault from raw 32-byte keys."""
    ring = {number: AESGCM(key) for number, key in keys.items()}
    return Vault(keys=ring, current=current, hash_key=hash_key)


def vault_from_secret(secret: str) -> Vault:
    """Derive a one-key vault from a passphrase; meant for development and tests."""
    key = hashlib.sha256(f"vault\0{secret}".encode()).digest()
    hash_key = hashlib.sha256(f"match\0{secret}".encode()).digest()
    return make_vault({1: key}, 1, hash_key)
