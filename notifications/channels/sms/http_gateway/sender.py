"""SMS through the gateway: one request a number; repeats are known by their reference."""

from backend.kernel.clock import Clock, system_clock
from notifications.channels.bounded import BoundedSender
from notifications.channels.http_exchange import AnswerLost, BadAddress, HttpExchange, NotSent
from notifications.channels.ports import Channel, Endpoint, Misconfigured, Outgoing, Sender
from notifications.channels.sms.http_gateway.mapping import verdict_on
from notifications.channels.sms.http_gateway.request import request_body
from notifications.channels.verdict import ANSWER_LOST, CREDENTIALS, NOT_CONNECTED, Verdict


class HttpGateway:
    """The gateway as a `Provider`."""

    def __init__(
        self,
        exchange: HttpExchange,
        *,
        url: str,
        api_key: str,
        originator: str,
        report_url: str,
    ) -> None:
        """Send through `exchange` to the gateway at `url`."""
        self._exchange = exchange
        self._url = f"{url.rstrip('/')}/v1/messages"
        self._headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        self._originator = originator
        self._report_url = report_url

    async def carry(self, item: Outgoing, endpoint: Endpoint) -> Verdict:
        """Send one SMS to one number."""
        body = request_body(
            item, endpoint.value, originator=self._originator, report_url=self._report_url
        )
        try:
            answer = await self._exchange.post(self._url, body=body, headers=self._headers)
        except NotSent:
            return NOT_CONNECTED
        except AnswerLost:
            return ANSWER_LOST
        except BadAddress:
            return CREDENTIALS
        return verdict_on(answer.status, answer.body, answer.retry_after_seconds)

    async def close(self) -> None:
        """Close the connections."""
        await self._exchange.close()


def http_gateway_sender(
    url: str,
    *,
    api_key: str,
    originator: str,
    report_url: str,
    concurrency: int,
    timeout_seconds: float = 30.0,
    clock: Clock = system_clock,
) -> Sender:
    """Make the sender for the gateway at `url`.

    `report_url` is where the gateway sends delivery reports: our `/ingest/v1/sms-receipts`, to
    which the reference is added. A delivery goes to its first number only: a second SMS with the
    same reference would be taken for a repeat, and cost.

    Raises:
        Misconfigured: the key cannot stand in a header.
    """
    if not (api_key.isascii() and api_key.isprintable()):
        raise Misconfigured("the SMS gateway's key has characters that a header cannot carry")
    provider = HttpGateway(
        HttpExchange(timeout_seconds=timeout_seconds, clock=clock),
        url=url,
        api_key=api_key,
        originator=originator,
        report_url=report_url,
    )
    return BoundedSender(
        Channel.SMS, provider, concurrency=concurrency, clock=clock, endpoints_each=1
    )
