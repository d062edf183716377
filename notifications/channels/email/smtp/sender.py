"""E-mail handed to a relay: envelope and mail over a kept connection, the reply in our words."""

from itertools import pairwise

import aiosmtplib

from backend.kernel.clock import Clock, system_clock
from notifications.channels.bounded import BoundedSender
from notifications.channels.email.smtp.addresses import ascii_address
from notifications.channels.email.smtp.connections import Connections, Relay, Security
from notifications.channels.email.smtp.mapping import verdict_on
from notifications.channels.email.smtp.message import (
    BadUnsubscribeUrl,
    mail_bytes,
    sender_header,
)
from notifications.channels.ports import Channel, Endpoint, Misconfigured, Outgoing, Result, Sender
from notifications.channels.reasons import Reason
from notifications.channels.verdict import ANSWER_LOST, INVALID, NOT_CONNECTED, Verdict

SERVICE_CLOSING = 421


class ClosedBefore(Exception):
    """The relay ended the connection before the mail was sent; `verdict` says how."""

    def __init__(self, verdict: Verdict) -> None:
        """Keep the verdict for the case that no other connection is tried."""
        super().__init__()
        self.verdict = verdict


class Smtp:
    """A relay as a `Provider`."""

    def __init__(self, connections: Connections, *, address: str, name: str, clock: Clock) -> None:
        """Send from `address`, shown as `name`."""
        self._connections = connections
        self._address = address
        self._domain = address.rpartition("@")[2]
        self._from = sender_header(name, address)
        self._clock = clock

    async def carry(self, item: Outgoing, endpoint: Endpoint) -> Verdict:
        """Hand in one mail to one address."""
        to = ascii_address(endpoint.value)
        if to is None:
            return INVALID
        try:
            mail = mail_bytes(
                item, to=to, sender=self._from, domain=self._domain, now=self._clock()
            )
        except BadUnsubscribeUrl:
            return Verdict(Result.FAILED, Reason.PAYLOAD_REFUSED)
        return await self._hand_in(to, mail)

    async def close(self) -> None:
        """Close the connections."""
        await self._connections.close()

    async def _hand_in(self, to: str, mail: bytes) -> Verdict:
        """Use a kept connection, or a new one when the relay has closed it meanwhile."""
        kept = self._connections.take_idle()
        if kept is not None:
            try:
                return await self._transact(kept, to, mail)
            except ClosedBefore:
                pass
        try:
            return await self._transact(await self._connections.open(), to, mail)
        except ClosedBefore as closed:
            return closed.verdict
        except aiosmtplib.SMTPResponseException as reply:
            return verdict_on(reply.code, reply.message)
        except (aiosmtplib.SMTPException, OSError):
            return NOT_CONNECTED

    async def _transact(self, client: aiosmtplib.SMTP, to: str, mail: bytes) -> Verdict:
        """Run one mail transaction.

        Raises:
            ClosedBefore: the connection ended before the mail was sent.
        """
        try:
            await self._address_to(client, to)
            reply = await client.data(mail)
        except aiosmtplib.SMTPResponseException as refusal:
            await self._clear(client, refusal.code)
            return verdict_on(refusal.code, refusal.message)
        except (aiosmtplib.SMTPException, OSError):
            client.close()
            return ANSWER_LOST
        self._connections.give_back(client)
        return Verdict(Result.ACCEPTED, provider_ref=queue_id(reply.message))

    async def _address_to(self, client: aiosmtplib.SMTP, to: str) -> None:
        """Write the envelope."""
        try:
            await client.mail(self._address)
            await client.rcpt(to)
        except aiosmtplib.SMTPResponseException as refusal:
            if refusal.code != SERVICE_CLOSING:
                raise
            client.close()
            raise ClosedBefore(verdict_on(refusal.code, refusal.message)) from None
        except (aiosmtplib.SMTPException, OSError):
            client.close()
            raise ClosedBefore(NOT_CONNECTED) from None

    async def _clear(self, client: aiosmtplib.SMTP, code: int) -> None:
        """Clear a refused transaction, so that the connection can carry the next mail."""
        try:
            if code != SERVICE_CLOSING:
                await client.rset()
                self._connections.give_back(client)
                return
        except (aiosmtplib.SMTPException, OSError):
            pass
        client.close()


def queue_id(reply: str) -> str:
    """Find the relay's own name of the mail in its reply, as Postfix and Exim write it."""
    words = reply.replace("=", " ").split()
    for word, following in pairwise(words):
        if word in {"as", "id"} and following.isalnum():
            return following
    return ""


def smtp_sender(
    host: str,
    port: int,
    *,
    sender_address: str,
    sender_name: str,
    connections: int,
    security: Security = Security.NONE,
    username: str | None = None,
    password: str | None = None,
    timeout_seconds: float = 30.0,
    clock: Clock = system_clock,
) -> Sender:
    """Make the sender; at most `connections` are open, each carries one mail at a time.

    Raises:
        Misconfigured: `sender_address` is not an address.
    """
    address = ascii_address(sender_address)
    if address is None:
        raise Misconfigured("the sender's e-mail address is not an address")
    relay = Relay(
        host=host,
        port=port,
        local_hostname=address.rpartition("@")[2],
        security=security,
        username=username,
        password=password,
        timeout_seconds=timeout_seconds,
    )
    provider = Smtp(Connections(relay), address=address, name=sender_name, clock=clock)
    return BoundedSender(Channel.EMAIL, provider, concurrency=connections, clock=clock)
