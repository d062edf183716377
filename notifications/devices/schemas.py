"""Devices and browsers over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.kernel.patterns import WORD
from notifications.devices.models import Device, WebPushSubscription
from notifications.devices.rules import Platform, TokenKind

Key = Annotated[str, Meta(min_length=1, max_length=200, description="base64url")]


class DeviceRequest(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """What an installation of the app registers, at each start and whenever the token changes."""

    platform: Platform
    token_kind: TokenKind
    token: Annotated[str, Meta(min_length=1, max_length=4096, pattern=WORD)]
    app_version: Annotated[str, Meta(min_length=1, max_length=32)] | None = None


class DeviceView(Struct, rename="camel", frozen=True):
    """A device of the resident; the token is never shown."""

    installation_id: UUID
    platform: Platform
    token_kind: TokenKind
    app_version: str | None
    registered_at: datetime
    last_seen_at: datetime


class DeviceList(Struct, rename="camel", frozen=True):
    """All devices of the resident, the first registered first."""

    devices: list[DeviceView]


class SubscriptionKeys(Struct, forbid_unknown_fields=True, frozen=True):
    """Keys of a PushSubscription, as the browser gives them."""

    p256dh: Key
    auth: Key


class SubscriptionRequest(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """A browser's PushSubscription (W3C Push API), as its `toJSON` gives it.

    `expirationTime` is taken and not used: the push service says when a subscription is gone.
    """

    endpoint: Annotated[str, Meta(min_length=1, max_length=2048, pattern=WORD)]
    keys: SubscriptionKeys
    expiration_time: float | None = None


class SubscriptionView(Struct, rename="camel", frozen=True):
    """A browser of the resident; the URL and keys are never shown."""

    id: UUID
    registered_at: datetime
    last_seen_at: datetime


class WebPushKey(Struct, rename="camel", frozen=True):
    """The application server's VAPID public key (RFC 8292), base64url without padding."""

    public_key: str


def device_view(device: Device) -> DeviceView:
    """Shape a device."""
    return DeviceView(
        installation_id=device.id,
        platform=Platform(device.platform),
        token_kind=TokenKind(device.token_kind),
        app_version=device.app_version,
        registered_at=device.registered_at,
        last_seen_at=device.last_seen_at,
    )


def subscription_view(subscription: WebPushSubscription) -> SubscriptionView:
    """Shape a browser's subscription."""
    return SubscriptionView(subscription.id, subscription.registered_at, subscription.last_seen_at)
