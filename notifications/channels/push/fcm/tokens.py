"""The access token for FCM, kept for as long as it is good."""

import asyncio
from datetime import UTC, datetime, timedelta

from firebase_admin import credentials
from google.auth.exceptions import GoogleAuthError, RefreshError

from backend.kernel.clock import Clock
from notifications.channels.http_exchange import NotSent

RENEW_BEFORE = timedelta(minutes=5)
"""So long before its end a token is renewed, so that none runs out on the way."""


PAUSE = timedelta(seconds=10)
"""After a vain attempt nobody asks again for so long: a chunk has hundreds who would."""
ANSWER_SECONDS = 30.0


class TokenRefused(Exception):
    """The token service refused our key: nothing can be sent."""


class AccessTokens:
    """Gets access tokens by the service account, one request at a time, outside the event loop."""

    def __init__(self, credential: credentials.Certificate, *, clock: Clock) -> None:
        """Get tokens for the service account that `credential` holds."""
        self._credential = credential
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._renew_at = self._ask_again_at = datetime.min.replace(tzinfo=UTC)

    async def current(self) -> str:
        """Give a token that is good for minutes yet.

        Raises:
            TokenRefused: the token service refuses our key.
            NotSent: the token service cannot be reached or does not serve now.
        """
        if token := self._kept():
            return token
        async with self._lock:
            return self._kept() or await self._renewed()

    def forget(self, token: str) -> None:
        """Drop a token that FCM did not accept, unless another has taken its place."""
        if self._token == token:
            self._token = None

    def _kept(self) -> str | None:
        return self._token if self._clock() < self._renew_at else None

    async def _renewed(self) -> str:
        if self._clock() < self._ask_again_at:
            raise NotSent
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                granted = await asyncio.to_thread(self._credential.get_access_token)
        except (GoogleAuthError, OSError) as error:
            # Not typed by its library.
            is_passing = bool(getattr(error, "retryable", False))
            if isinstance(error, RefreshError) and not is_passing:
                raise TokenRefused from None
            self._ask_again_at = self._clock() + PAUSE
            raise NotSent from None
        self._token = granted.access_token
        self._renew_at = granted.expiry.replace(tzinfo=UTC) - RENEW_BEFORE
        return granted.access_token
