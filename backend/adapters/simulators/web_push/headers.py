"""The headers of a push request (RFC 8030, 5) and of its body (RFC 8291)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

# Source: RFC 8030, 7.2: a push service must take at least 4096 bytes; the known ones take no more.
LARGEST_BYTES = 4096
URGENCIES = frozenset({"very-low", "low", "normal", "high"})
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
_SECONDS = re.compile(r"\d{1,10}")


class Refused(Exception):
    """The push service answers with this status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        """Refuse with an HTTP status."""
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class PushHeaders:
    """What a push request asks of the service."""

    ttl: int
    urgency: str
    topic: str

    @classmethod
    def read(cls, headers: Mapping[str, str], *, has_body: bool) -> Self:
        """Read and check the headers.

        Raises:
            Refused: one of them is missing or malformed.
        """
        ttl = headers.get("TTL")
        if ttl is None or not _SECONDS.fullmatch(ttl):
            raise Refused(400, "TTL is mandatory: whole seconds (RFC 8030, 5.2)")
        urgency = headers.get("Urgency", "normal")
        if urgency not in URGENCIES:
            raise Refused(400, "Urgency is very-low, low, normal or high (RFC 8030, 5.3)")
        topic = headers.get("Topic", "")
        if "Topic" in headers and not _TOPIC.fullmatch(topic):
            raise Refused(400, "Topic is 1 to 32 characters of base64url (RFC 8030, 5.4)")
        if has_body and headers.get("Content-Encoding") != "aes128gcm":
            raise Refused(400, "Content-Encoding is aes128gcm (RFC 8291, 4)")
        return cls(ttl=int(ttl), urgency=urgency, topic=topic)
