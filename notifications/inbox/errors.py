"""Refusals of the inbox."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class MessageNotFound(DomainError):
    """No such message in the resident's own inbox."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "message_not_found": Text(lv="Ziņa nav atrasta", en="Message not found")
    }


class MessageWithoutAudience(DomainError):
    """The message was sent to this resident alone, or its audience is not kept any more."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "message_without_audience": Text(
            lv="Ziņa nosūtīta tikai šim iedzīvotājam",
            en="The message was sent to this resident alone",
        )
    }
