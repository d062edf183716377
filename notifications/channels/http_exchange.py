"""One POST to a provider, and whether a failure left it unsent or its answer lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from backend.kernel.clock import Clock
from notifications.channels.retry_after import retry_after_seconds

ANSWER_LIMIT_BYTES = 65_536
"""No provider has more to say; what is longer is cut, so that a hostile one cannot fill memory."""
CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's HTTP answer."""

    status: int
    body: bytes
    retry_after_seconds: float | None

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class NotSent(Exception):
    """No connection was made, so the provider cannot have taken anything."""


class AnswerLost(Exception):
    """The request was sent, at least in part, and no answer came."""


class BadAddress(Exception):
    """The address is not one that HTTP can be spoken to."""


class HostRefused(OSError):
    """Raised by a resolver for a host that must not be called; nothing was sent."""


class HttpExchange:
    """Kept connections for POST requests; opened at first use, in the running event loop.

    Its exceptions carry no address and no content: both are personal data.
    """

    def __init__(
        self, *, timeout_seconds: float, clock: Clock, resolver: AbstractResolver | None = None
    ) -> None:
        """Exchange with answers awaited for `timeout_seconds`; `resolver` may refuse hosts."""
        self._timeout = aiohttp.ClientTimeout(
            total=timeout_seconds, sock_connect=min(CONNECT_SECONDS, timeout_seconds)
        )
        self._clock = clock
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str | URL, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one request, once; redirects are not followed.

        Raises:
            NotSent: no connection.
            AnswerLost: connection broken or time run out after it.
            BadAddress: not a usable http address.
            HostRefused: the resolver forbids the host.
        """
        if self._session is None:
            self._session = self._open()
        try:
            async with self._session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return await self._answer(response)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
            raise BadAddress from None
        except aiohttp.ClientConnectorError as error:
            raise _not_connected(error) from None
        except aiohttp.ConnectionTimeoutError:
            raise NotSent from None
        except (aiohttp.ClientError, OSError, TimeoutError):
            raise AnswerLost from None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, resolver=self._resolver),
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity"},
            auto_decompress=False,
        )

    async def _answer(self, response: aiohttp.ClientResponse) -> Answer:
        """Read the answer; once the status is known, a broken body does not make it unknown."""
        header = response.headers.get("Retry-After")
        return Answer(
            status=response.status,
            body=await _beginning(response.content),
            retry_after_seconds=retry_after_seconds(header, now=self._clock()) if header else None,
        )


def _not_connected(error: aiohttp.ClientConnectorError) -> Exception:
    return HostRefused() if isinstance(error.os_error, HostRefused) else NotSent()


async def _beginning(content: aiohttp.StreamReader) -> bytes:
    body = b""
    try:
        while len(body) < ANSWER_LIMIT_BYTES and (piece := await content.readany()):
            body += piece
    except (aiohttp.ClientError, OSError, TimeoutError):
        return body
    return body
