"""The VAPID key by which push services know this application server (RFC 8292)."""

import base64
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from notifications.channels.ports import Misconfigured


@dataclass(frozen=True, slots=True)
class VapidKey:
    """A P-256 key pair; browsers' subscriptions are bound to the public half."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def public_base64url(self) -> str:
        """The public key as `applicationServerKey` of the Push API takes it."""
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def generate_vapid_key() -> VapidKey:
    """Make a new key; subscriptions made with another key cannot be reached by it."""
    return VapidKey(ec.generate_private_key(ec.SECP256R1()))


def load_vapid_key(path: Path) -> VapidKey:
    """Read the key from a PEM file.

    Raises:
        Misconfigured: no such file, or not a P-256 private key.
    """
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise Misconfigured(f"{path} is not a readable VAPID key file") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise Misconfigured(f"{path} does not hold a P-256 private key")
    return VapidKey(private)


def ensure_vapid_key(path: Path) -> VapidKey:
    """Read the key from a PEM file, or make one there, readable by its owner only.

    Two processes that start together end with the same key: the file appears complete or not at
    all, and the later one reads the earlier one's.
    """
    if path.exists():
        return load_vapid_key(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A temporary file of this kind is readable by its owner only.
    with NamedTemporaryFile(dir=path.parent) as draft:
        draft.write(_pem(generate_vapid_key()))
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)
    return load_vapid_key(path)


def _pem(key: VapidKey) -> bytes:
    return key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
