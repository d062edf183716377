"""Web Push: encrypted for each browser, authorised once for each push service."""

from yarl import URL

from backend.kernel.clock import Clock, system_clock
from notifications.channels.bounded import BoundedSender
from notifications.channels.http_exchange import (
    AnswerLost,
    BadAddress,
    HostRefused,
    HttpExchange,
    NotSent,
)
from notifications.channels.ports import Channel, Endpoint, Outgoing, Result, Sender
from notifications.channels.reasons import Reason
from notifications.channels.verdict import ANSWER_LOST, INVALID, NOT_CONNECTED, Verdict
from notifications.channels.web_push.vapid.addresses import (
    PublicResolver,
    is_allowed,
    subscription_url,
)
from notifications.channels.web_push.vapid.keys import VapidKey
from notifications.channels.web_push.vapid.mapping import verdict_on
from notifications.channels.web_push.vapid.message import (
    BadKeys,
    encrypted,
    headers,
    payload,
)
from notifications.channels.web_push.vapid.signing import BadOrigin, VapidSigner

PRIVATE = Verdict(Result.FAILED, Reason.ENDPOINT_PRIVATE, is_dead=True)
ON_FAILURE: dict[type[Exception], Verdict] = {
    BadOrigin: INVALID,
    BadKeys: INVALID,
    BadAddress: INVALID,
    HostRefused: PRIVATE,
    NotSent: NOT_CONNECTED,
    AnswerLost: ANSWER_LOST,
}


class WebPush:
    """All push services as one `Provider`: the subscription says which one to call."""

    def __init__(
        self, signer: VapidSigner, exchange: HttpExchange, *, allow_private: bool, clock: Clock
    ) -> None:
        """Send through `exchange`, authorised by `signer`."""
        self._signer = signer
        self._exchange = exchange
        self._allow_private = allow_private
        self._clock = clock

    async def carry(self, item: Outgoing, endpoint: Endpoint) -> Verdict:
        """Send one message to one browser."""
        url = subscription_url(endpoint.value)
        if url is None or endpoint.keys is None:
            return INVALID
        if not self._allow_private and not is_allowed(url):
            return PRIVATE
        try:
            return await self._post(item, url, endpoint.keys)
        except tuple(ON_FAILURE) as failure:
            return ON_FAILURE[type(failure)]

    async def close(self) -> None:
        """Close the connections."""
        await self._exchange.close()

    async def _post(self, item: Outgoing, url: URL, keys: tuple[str, str]) -> Verdict:
        now = self._clock()
        authorization = self._signer.authorization(str(url.origin()), now=now)
        answer = await self._exchange.post(
            url,
            body=encrypted(payload(item), str(url), keys),
            headers=headers(item, authorization, now=now),
        )
        return verdict_on(answer.status, answer.retry_after_seconds)


def vapid_sender(
    key: VapidKey,
    *,
    contact: str,
    concurrency: int,
    allow_private: bool = False,
    timeout_seconds: float = 30.0,
    clock: Clock = system_clock,
) -> Sender:
    """Make the sender; `contact` is a mailto: or https: address of whoever runs this server.

    `allow_private` lets subscriptions lead to private and loopback addresses and to plain http:
    for development with a simulator, never in production.

    Raises:
        Misconfigured: `contact` is not such an address.
    """
    exchange = HttpExchange(
        timeout_seconds=timeout_seconds,
        clock=clock,
        resolver=None if allow_private else PublicResolver(),
    )
    signer = VapidSigner(key, contact=contact)
    provider = WebPush(signer, exchange, allow_private=allow_private, clock=clock)
    return BoundedSender(Channel.WEB_PUSH, provider, concurrency=concurrency, clock=clock)
