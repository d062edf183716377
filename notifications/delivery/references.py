"""References that providers send back in receipts: unguessable, and holding no personal data."""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from uuid import UUID

from backend.kernel.tenancy import MunicipalityId
from notifications.channels.ports import Channel

LAYOUT = struct.Struct(">I16sIB")
MAC_BYTES = 12
NUMBER_OF = {channel: number for number, channel in enumerate(Channel)}
CHANNEL_OF = dict(enumerate(Channel))


@dataclass(frozen=True, slots=True)
class DeliveryKey:
    """Which delivery a receipt is about."""

    municipality: MunicipalityId
    dispatch_id: UUID
    ordinal: int
    channel: Channel


def write_reference(delivery: DeliveryKey, secret: bytes) -> str:
    """Write a delivery's key and its MAC (HMAC-SHA256, 96 bits) as 50 URL-safe characters."""
    plain = LAYOUT.pack(
        delivery.municipality,
        delivery.dispatch_id.bytes,
        delivery.ordinal,
        NUMBER_OF[delivery.channel],
    )
    return base64.urlsafe_b64encode(plain + _mac(plain, secret)).rstrip(b"=").decode()


def read_reference(reference: str, secret: bytes) -> DeliveryKey | None:
    """Read a reference back; None when we did not write it."""
    try:
        raw = base64.urlsafe_b64decode(reference + "=" * (-len(reference) % 4))
    except (binascii.Error, ValueError):
        return None
    plain, mac = raw[: LAYOUT.size], raw[LAYOUT.size :]
    if len(plain) != LAYOUT.size or not hmac.compare_digest(mac, _mac(plain, secret)):
        return None
    municipality, dispatch, ordinal, channel = LAYOUT.unpack(plain)
    return DeliveryKey(
        MunicipalityId(municipality), UUID(bytes=dispatch), ordinal, CHANNEL_OF[channel]
    )


def _mac(plain: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"receipt\0" + plain, "sha256")[:MAC_BYTES]
