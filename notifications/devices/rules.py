"""What a push endpoint must look like; pure."""

import base64
import binascii
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

MOST_ENDPOINTS = 20
"""How many devices, and how many browsers, one resident may have at once."""

PUBLIC_KEY_BYTES, AUTH_BYTES = 65, 16
"""Sizes of a subscription's keys. Source: RFC 8291, 3.1 and 3.2."""

INTERNAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


class Platform(StrEnum):
    """What a device runs."""

    ANDROID = "android"
    IOS = "ios"


class TokenKind(StrEnum):
    """What FCM is addressed by: a registration token, or a Firebase installation id."""

    FCM_TOKEN = "fcm_token"  # noqa: S105 - a kind, not a secret
    FID = "fid"


class Removal(StrEnum):
    """Why a device or browser is no longer pushed to."""

    BY_RESIDENT = "by_resident"
    MOVED = "moved"
    """The same token was registered by another installation or resident."""


def endpoint_fault(url: str, *, is_production: bool) -> str | None:
    """Say what is wrong with a push service's URL, or None; it comes from a browser.

    In production it must be https and must not lead into our own network.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not a URL"
    if not parts.hostname or "@" in parts.netloc or parts.fragment:
        return "is not the URL of a push service"
    return _reach_fault(parts, parts.hostname, is_production=is_production)


def _reach_fault(parts: SplitResult, host: str, *, is_production: bool) -> str | None:
    schemes = {"https"} if is_production else {"https", "http"}
    if parts.scheme not in schemes:
        return "must be an https URL"
    if is_production and _is_internal(host):
        return "must lead to a public host"
    return None


def _is_internal(host: str) -> bool:
    name = host.rstrip(".").lower()
    address = _address(name)
    if address is not None:
        return not address.is_global or address.is_multicast
    return "." not in name or name.endswith(INTERNAL_SUFFIXES) or name.split(".")[-1].isdigit()


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def public_key_fault(value: str) -> str | None:
    """Say what is wrong with a subscription's p256dh key, or None."""
    raw = _decoded(value)
    if raw is None or len(raw) != PUBLIC_KEY_BYTES or raw[0] != 4:
        return f"must be base64url of an uncompressed P-256 point ({PUBLIC_KEY_BYTES} bytes)"
    return None


def auth_fault(value: str) -> str | None:
    """Say what is wrong with a subscription's auth secret, or None."""
    raw = _decoded(value)
    if raw is None or len(raw) != AUTH_BYTES:
        return f"must be base64url of {AUTH_BYTES} bytes"
    return None


def _decoded(value: str) -> bytes | None:
    """Decode base64url with or without padding; None when it is not that."""
    bare = value.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
