"""VAPID authorisation, signed once for each push service and kept (RFC 8292)."""

from collections import OrderedDict
from datetime import datetime, timedelta

from py_vapid import Vapid02, VapidException

from notifications.channels.ports import Misconfigured
from notifications.channels.web_push.vapid.keys import VapidKey

LIFETIME = timedelta(hours=12)
"""Of one token. Source: RFC 8292, section 2: at most 24 hours."""
RENEW_BEFORE = timedelta(hours=1)
ORIGINS_KEPT = 1_000
"""Origins come from browsers: a bound keeps invented ones from filling memory."""


class BadOrigin(Exception):
    """The origin is not one that can be signed for."""


class VapidSigner:
    """Gives the Authorization header for a push service's origin."""

    def __init__(self, key: VapidKey, *, contact: str) -> None:
        """Sign with `key`; `contact` is the mailto: or https: address for the service's operator.

        Raises:
            Misconfigured: `contact` is neither.
        """
        self._vapid = Vapid02(key.private)
        self._contact = contact
        self._kept: OrderedDict[str, tuple[datetime, str]] = OrderedDict()
        try:
            self._vapid.sign({"aud": "https://example.org", "exp": 1, "sub": contact})
        except VapidException as error:
            raise Misconfigured("the VAPID contact must be a mailto: or https: address") from error

    def authorization(self, origin: str, *, now: datetime) -> str:
        """Give the header's value for `origin` (scheme, host and port), good for an hour yet.

        Raises:
            BadOrigin: the origin has not the form that RFC 8292 asks for.
        """
        renew_at, value = self._kept.get(origin, (now, ""))
        if now < renew_at:
            return value
        # A new dictionary each time: a reused one would carry one service's `aud` to the next.
        claims: dict[str, str | int] = {
            "aud": origin,
            "exp": int((now + LIFETIME).timestamp()),
            "sub": self._contact,
        }
        try:
            value = self._vapid.sign(claims)["Authorization"]
        except VapidException:
            raise BadOrigin from None
        self._keep(origin, now + LIFETIME - RENEW_BEFORE, value)
        return value

    def _keep(self, origin: str, renew_at: datetime, value: str) -> None:
        self._kept[origin] = (renew_at, value)
        if len(self._kept) > ORIGINS_KEPT:
            self._kept.popitem(last=False)
