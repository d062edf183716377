"""Personal data at rest: encrypted with a key ring, matched by keyed hash."""

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
SHA256_BLOCK = 64
INNER = bytes(byte ^ 0x36 for byte in range(256))
OUTER = bytes(byte ^ 0x5C for byte in range(256))
"""The pads of HMAC, as translations of a key's bytes. Source: RFC 2104, section 2."""


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

    def seal_all(self, plains: Sequence[str], *, label: str) -> list[bytes]:
        """Encrypt many texts as `seal` does, each with its own nonce."""
        encrypt, head, mark = (
            self.keys[self.current].encrypt,
            bytes((self.current,)),
            label.encode(),
        )
        noise = os.urandom(NONCE_BYTES * len(plains))
        nonces = (noise[at : at + NONCE_BYTES] for at in range(0, len(noise), NONCE_BYTES))
        return [
            head + nonce + encrypt(nonce, plain.encode(), mark)
            for nonce, plain in zip(nonces, plains, strict=True)
        ]

    def digest_all(self, plains: Iterable[str], *, label: str) -> list[bytes]:
        """Give what `digest` gives for each of many texts; the key is taken in only once.

        Source: RFC 2104, section 4 (the states after the padded keys may be kept).
        """
        key = self.hash_key.ljust(SHA256_BLOCK, b"\0")
        inner = hashlib.sha256(key.translate(INNER) + f"{label}\0".encode())
        outer = hashlib.sha256(key.translate(OUTER))
        return [_finished(inner.copy(), outer.copy(), plain.encode()) for plain in plains]


class Hash(Protocol):
    """The part of hashlib's objects that is used; hashlib does not name their type."""

    def update(self, text: bytes, /) -> None:
        """Take in more."""
        ...

    def digest(self) -> bytes:
        """Give the hash of all that was taken in."""
        ...


def _finished(inner: Hash, outer: Hash, text: bytes) -> bytes:
    inner.update(text)
    outer.update(inner.digest())
    return outer.digest()


def make_vault(keys: Mapping[int, bytes], current: int, hash_key: bytes) -> Vault:
    """Build a vault from raw 32-byte keys."""
    ring = {number: AESGCM(key) for number, key in keys.items()}
    return Vault(keys=ring, current=current, hash_key=hash_key)


def vault_from_secret(secret: str) -> Vault:
    """Derive a one-key vault from a passphrase; meant for development and tests."""
    key = hashlib.sha256(f"vault\0{secret}".encode()).digest()
    hash_key = hashlib.sha256(f"match\0{secret}".encode()).digest()
    return make_vault({1: key}, 1, hash_key)
