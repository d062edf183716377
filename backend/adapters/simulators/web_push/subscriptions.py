"""Subscriptions made here: their keys follow from their id, so that nothing is stored."""

import secrets
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.adapters.simulators.mint import Mint, decode, encode
from backend.adapters.simulators.web_push.encryption import SubscriptionKeys

# Source: SEC 2, secp256r1: the order of the base point.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RANDOM = 12
_PIN = 12
_UNPINNED = bytes(_PIN)


class Subscription:
    """One browser's subscription; `pin` is of the application server's key, if it gave one."""

    def __init__(self, mint: Mint, content: bytes) -> None:
        """Read it from the sealed content of its id."""
        self._mint = mint
        self._content = content
        self.id = mint.seal(content)

    def allows(self, application_server_key: bytes) -> bool:
        """Tell whether a message signed by that key may be pushed (RFC 8292, 4.2)."""
        pin = self._content[_RANDOM:]
        return pin in {_UNPINNED, _pin(application_server_key)}

    def keys(self) -> SubscriptionKeys:
        """Derive what the browser keeps."""
        seed = self._mint.derive(b"web-push-key", self._content)
        private = ec.derive_private_key(
            int.from_bytes(seed, "big") % (_ORDER - 1) + 1, ec.SECP256R1()
        )
        public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        auth = self._mint.derive(b"web-push-auth", self._content)[:16]
        return SubscriptionKeys(private=private, public=public, auth=auth)

    def as_json(self, origin: str) -> dict[str, object]:
        """Give what `PushSubscription.toJSON()` gives in a browser."""
        keys = self.keys()
        return {
            "endpoint": f"{origin}/push/{self.id}",
            "expirationTime": None,
            "keys": {"p256dh": encode(keys.public), "auth": encode(keys.auth)},
        }


class Subscriptions:
    """Makes subscriptions and finds them again by id."""

    def __init__(self, mint: Mint) -> None:
        """Make subscriptions sealed by this mint."""
        self._mint = mint

    def new(self, application_server_key: bytes | None) -> Subscription:
        """Subscribe one browser, for one application server when its key is given."""
        pin = _UNPINNED if application_server_key is None else _pin(application_server_key)
        return Subscription(self._mint, secrets.token_bytes(_RANDOM) + pin)

    def find(self, subscription_id: str) -> Subscription | None:
        """Find a subscription made here."""
        content = self._mint.open(subscription_id)
        if content is None or len(content) != _RANDOM + _PIN:
            return None
        return Subscription(self._mint, content)


def public_key_bytes(text: str) -> bytes | None:
    """Read an application server key: the base64url of an uncompressed P-256 point."""
    raw = decode(text)
    if raw is None or len(raw) != 65 or raw[0] != 4:
        return None
    return raw


def _pin(application_server_key: bytes) -> bytes:
    return sha256(application_server_key).digest()[:_PIN]
