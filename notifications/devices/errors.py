"""Refusals about devices and browsers."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class DeviceNotFound(DomainError):
    """No such device or browser of this resident."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "device_not_found": Text(lv="Ierīce nav atrasta", en="The device was not found")
    }
    # Two residents racing for one installation id: the second finds it taken.
    constraints: ClassVar[Mapping[str, str]] = {
        "pk_device": "device_not_found",
        "pk_web_push_subscription": "device_not_found",
    }


class TooManyDevices(DomainError):
    """The resident has as many devices or browsers as one may have."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "too_many_devices": Text(
            lv="Pārāk daudz ierīču; atvienojiet kādu no tām",
            en="Too many devices; remove one of them first",
        )
    }


class WebPushUnavailable(DomainError):
    """The installation has no VAPID key, so browsers cannot subscribe."""

    kind = Kind.UNAVAILABLE
    titles: ClassVar[Mapping[str, Text]] = {
        "web_push_unavailable": Text(
            lv="Paziņojumi pārlūkā nav pieejami", en="Web Push is not available"
        )
    }
