"""Forms of values that are more than a word or a number; errors never repeat the value."""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import NamedTuple
from urllib.parse import urlsplit

from backend.kernel.tenancy import MunicipalityId, municipality_id

KEY_BYTES = 32
KEY_NUMBERS = range(1, 256)


class Price(NamedTuple):
    """A price in euro cents and the first day it holds."""

    valid_from: date
    cents: int


def key(text: str) -> bytes:
    """Decode a 32-byte key from base64."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("is not base64") from None
    if len(raw) != KEY_BYTES:
        raise ValueError(f"must hold {KEY_BYTES} bytes (openssl rand -base64 {KEY_BYTES})")
    return raw


def key_ring(text: str) -> Mapping[int, bytes]:
    """Decode numbered keys, as 1:base64,2:base64."""
    ring: dict[int, bytes] = {}
    for part in text.split(","):
        number, _, value = part.strip().partition(":")
        if not number.isdecimal() or int(number) not in KEY_NUMBERS or int(number) in ring:
            raise ValueError("each key needs its own number from 1 to 255, as in 1:base64,2:base64")
        ring[int(number)] = key(value)
    return ring


def municipalities(text: str) -> tuple[MunicipalityId, ...]:
    """Decode territory codes separated by commas."""
    return tuple(municipality_id(code.strip()) for code in text.split(","))


def tariff(text: str) -> tuple[Price, ...]:
    """Decode dated prices in cents, as 2026-01-01=4,2027-01-01=5; ordered by day."""
    prices: list[Price] = []
    for part in text.split(","):
        day, _, cents = part.strip().partition("=")
        try:
            prices.append(Price(date.fromisoformat(day), int(cents)))
        except ValueError:
            raise ValueError("each price is written as 2026-01-01=4, in cents") from None
    return tuple(sorted(prices))


def daily_span(text: str) -> tuple[time, time]:
    """Decode a span of local time such as 21:00-08:00."""
    begins, _, ends = text.partition("-")
    try:
        return time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip())
    except ValueError:
        raise ValueError("is written as 21:00-08:00") from None


def engines(text: str) -> tuple[str, ...]:
    """Decode addresses of groups engines separated by commas."""
    return tuple(ENGINE(address.strip()) for address in text.split(","))


def url_of(*schemes: str) -> Callable[[str], str]:
    """Make a decoder that accepts URLs of these schemes with a host (or a socket's path)."""

    def decode(text: str) -> str:
        try:
            parts = urlsplit(text)
            has_host = bool(parts.hostname or "host=" in parts.query or parts.scheme == "unix")
            _ = parts.port
        except ValueError:
            raise ValueError("is not a URL") from None
        if parts.scheme not in schemes or not has_host:
            raise ValueError(f"must be a URL like {schemes[0]}://host")
        return text.rstrip("/")

    return decode


def flag(text: str) -> bool:
    """Decode true or false."""
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in words:
        raise ValueError("must be true or false")
    return words[text.lower()]


POSTGRES = url_of("postgresql", "postgres")
HTTP = url_of("https", "http")
REDIS = url_of("redis", "rediss", "unix")
SMTP = url_of("smtp", "smtps", "smtp+starttls")
ENGINE = url_of("tcp", "unix")
