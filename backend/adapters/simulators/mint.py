"""Tokens that prove themselves, so that they outlive a restart without being stored."""

import secrets
from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256
from hmac import compare_digest, digest
from pathlib import Path

_SEAL = 8


class Mint:
    """Makes and knows the identifiers of one simulators' directory."""

    def __init__(self, secret: bytes) -> None:
        """Make identifiers under `secret`; another secret knows none of them."""
        self._secret = secret

    def seal(self, content: bytes) -> str:
        """Give `content` as base64url text that `open` will recognise."""
        return encode(content + self.derive(b"seal", content)[:_SEAL])

    def open(self, text: str) -> bytes | None:
        """Give back the content of a text made by `seal`, or None for any other."""
        sealed = decode(text)
        if sealed is None or len(sealed) <= _SEAL:
            return None
        content, seal = sealed[:-_SEAL], sealed[-_SEAL:]
        return content if compare_digest(seal, self.derive(b"seal", content)[:_SEAL]) else None

    def derive(self, purpose: bytes, content: bytes) -> bytes:
        """Compute 32 bytes that only the holder of the secret can."""
        return digest(self._secret, purpose + b"\0" + content, sha256)


def mint_kept_in(directory: Path) -> Mint:
    """Read the directory's secret, or make one on first use."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "simulators-secret"
    if not path.exists():
        write_private(path, secrets.token_bytes(32))
    return Mint(path.read_bytes())


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; a reader sees all of it or the former one."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(path)


def encode(content: bytes) -> str:
    """Write bytes as base64url without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes | None:
    """Read base64url with or without padding; None when it is not."""
    if "+" in text or "/" in text:
        return None
    bare = text.rstrip("=")
    try:
        return b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (Error, ValueError):
        return None
