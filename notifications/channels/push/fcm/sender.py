"""Mobile push through FCM: one call a device, the errors in our words."""

import asyncio
from pathlib import Path

import firebase_admin
import httpx
from firebase_admin import credentials, messaging
from firebase_admin.exceptions import FirebaseError

from backend.kernel.clock import Clock, system_clock
from notifications.channels.bounded import BoundedSender
from notifications.channels.http_exchange import HttpExchange
from notifications.channels.ports import Channel, Endpoint, Misconfigured, Outgoing, Result, Sender
from notifications.channels.push.fcm.mapping import verdict_on
from notifications.channels.push.fcm.message import fcm_message
from notifications.channels.push.fcm.sdk import open_app
from notifications.channels.push.fcm.tokens import AccessTokens
from notifications.channels.push.fcm.transport import SdkTransport
from notifications.channels.verdict import ANSWER_LOST, NOT_CONNECTED, Verdict


class Fcm:
    """FCM as a `Provider`."""

    def __init__(self, app: firebase_admin.App, exchange: HttpExchange, *, clock: Clock) -> None:
        """Send by `app`, whose transport uses `exchange`."""
        self._app = app
        self._exchange = exchange
        self._clock = clock

    async def carry(self, item: Outgoing, endpoint: Endpoint) -> Verdict:
        """Send one message to one device."""
        message = fcm_message(item, endpoint.value, now=self._clock())
        batch = await messaging.send_each_async([message], app=self._app)
        response = batch.responses[0]
        if response.exception is not None:
            return verdict_on_error(response.exception)
        return Verdict(Result.ACCEPTED, provider_ref=response.message_id or "")

    async def close(self) -> None:
        """Close the connections and let the SDK forget the app."""
        await self._exchange.close()
        # In a thread, because the SDK closes by asyncio.run, which a running loop forbids.
        await asyncio.to_thread(firebase_admin.delete_app, self._app)


def verdict_on_error(error: FirebaseError) -> Verdict:
    """Judge what the SDK reports."""
    response = error.http_response
    if response is not None:
        header = response.headers.get("Retry-After")
        return verdict_on(response.status_code, response.content, float(header) if header else None)
    if isinstance(error.cause, httpx.ConnectError):
        return NOT_CONNECTED
    return ANSWER_LOST


def fcm_sender(
    credentials_file: Path,
    *,
    endpoint: str | None,
    concurrency: int,
    timeout_seconds: float = 30.0,
    clock: Clock = system_clock,
) -> Sender:
    """Make the sender for the project of a service account's JSON file.

    `endpoint` is another base address than Google's, such as a simulator's.

    Raises:
        Misconfigured: the file is missing or is not a service account's.
    """
    try:
        credential = credentials.Certificate(str(credentials_file))
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{credentials_file} is not a service account's key file") from error
    exchange = HttpExchange(timeout_seconds=timeout_seconds, clock=clock)
    transport = SdkTransport(exchange, AccessTokens(credential, clock=clock))
    provider = Fcm(open_app(credential, transport, endpoint=endpoint), exchange, clock=clock)
    return BoundedSender(Channel.PUSH, provider, concurrency=concurrency, clock=clock)
