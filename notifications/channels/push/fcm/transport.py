"""The HTTP client that we put under the SDK: kept connections, kept token, no hidden repeats.

The SDK's own repeats a request after a lost answer and up to four times after 500 and 503, and
takes three to five times the processor time. The delivery engine repeats, and counts.
"""

from collections.abc import Mapping
from http import HTTPStatus

import httpx
import msgspec

from notifications.channels.http_exchange import Answer, AnswerLost, HttpExchange, NotSent
from notifications.channels.push.fcm.tokens import AccessTokens, TokenRefused


class Accepted:
    """A 2xx answer, as the SDK reads it."""

    def __init__(self, body: bytes) -> None:
        """Keep the body; `{}` when there is none."""
        self._body = body

    def json(self) -> object:
        """Decode the body."""
        try:
            return msgspec.json.decode(self._body)
        except msgspec.DecodeError:
            return {"name": ""}


class SdkTransport:
    """Stands in the place of the SDK's asynchronous HTTP client and raises httpx's errors."""

    def __init__(self, exchange: HttpExchange, tokens: AccessTokens) -> None:
        """Send through `exchange`, authorised by `tokens`."""
        self._exchange = exchange
        self._tokens = tokens

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], json: object
    ) -> Accepted:
        """Send one request; a refused token is renewed once.

        Raises:
            httpx.ConnectError: nothing was sent.
            httpx.ReadError: sent, but no answer came.
            httpx.HTTPStatusError: the answer is not 2xx.
        """
        body = msgspec.json.encode(json)
        try:
            answer = await self._authorised(url, body, headers)
            if answer.status == HTTPStatus.UNAUTHORIZED:
                answer = await self._authorised(url, body, headers)
        except NotSent:
            raise httpx.ConnectError("nothing was sent") from None
        except AnswerLost:
            raise httpx.ReadError("no answer came") from None
        except TokenRefused:
            answer = Answer(HTTPStatus.UNAUTHORIZED, b"", None)
        if answer.is_success:
            return Accepted(answer.body)
        raise _status_error(method, url, answer)

    async def aclose(self) -> None:
        """Do nothing: the SDK closes from another event loop; the sender closes the exchange."""

    async def _authorised(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        token = await self._tokens.current()
        answer = await self._exchange.post(
            url,
            body=body,
            headers={
                **headers,
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
            },
        )
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.forget(token)
        return answer


def _status_error(method: str, url: str, answer: Answer) -> httpx.HTTPStatusError:
    """Wrap the answer for the SDK; Retry-After travels as seconds, already worked out."""
    headers: dict[str, str] = {}
    if answer.retry_after_seconds is not None:
        headers["Retry-After"] = str(answer.retry_after_seconds)
    response = httpx.Response(
        answer.status,
        headers=headers,
        content=answer.body,
        request=httpx.Request(method, url),
    )
    return httpx.HTTPStatusError("refused", request=response.request, response=response)
