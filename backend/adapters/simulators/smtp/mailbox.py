"""The mail server's side of a session: who is taken, what is refused, what is written down."""

import asyncio
from weakref import WeakKeyDictionary

from aiosmtpd.smtp import SMTP, Envelope, Session

from backend.adapters.simulators.behaviours import NORMAL, Behaviour, Mode
from backend.adapters.simulators.core import Core
from backend.adapters.simulators.ledger import Arrival
from backend.adapters.simulators.smtp.mail import Mail, Unacceptable, read_mail

SEEN_LATER = frozenset({Mode.SLOW, Mode.DROP})


class MailArrival(Arrival, kw_only=True):
    """A mail as one recipient's mailbox holds it."""

    mail_from: str
    html: str
    header_message_id: str
    list_unsubscribe: str
    list_unsubscribe_post: str
    headers: dict[str, str]


class Mailbox:
    """The hooks that aiosmtpd calls; their names and arguments are its own."""

    def __init__(self, core: Core) -> None:
        """Write down what arrives in the core's ledger."""
        self._core = core
        self._later: WeakKeyDictionary[Envelope, Behaviour] = WeakKeyDictionary()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Offer pipelining (RFC 2920) beside what aiosmtpd offers."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take a recipient, or refuse this one only."""
        behaviour = self._core.behaviours.take(address)
        if refusal := _refusal(behaviour):
            return self._answer(refusal)
        if behaviour.mode in SEEN_LATER:
            self._later[envelope] = behaviour
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Read the mail and write it down once for each recipient."""
        content = envelope.original_content or b""
        try:
            mail = read_mail(content)
        except Unacceptable as reason:
            return self._answer(str(reason))
        for address in envelope.rcpt_tos:
            self._core.record(self._arrival(mail, envelope, address))
        behaviour = self._later.get(envelope, NORMAL)
        if behaviour.mode is Mode.SLOW:
            await asyncio.sleep(behaviour.delay_seconds)
        if behaviour.mode is Mode.DROP:
            self._core.ledger.answered("dropped", refused=False)
            await _hang_up(server)
        return self._answer("250 2.0.0 OK queued")

    def _answer(self, reply: str) -> str:
        self._core.ledger.answered(reply[:3], refused=not reply.startswith("2"))
        return reply

    def _arrival(self, mail: Mail, envelope: Envelope, address: str) -> MailArrival:
        return MailArrival(
            message_id=mail.message_id,
            to=address,
            title=mail.subject,
            body=mail.text,
            language=mail.language,
            received_at=self._core.clock(),
            mail_from=envelope.mail_from or "",
            html=mail.html,
            header_message_id=mail.header_message_id,
            list_unsubscribe=mail.list_unsubscribe,
            list_unsubscribe_post=mail.list_unsubscribe_post,
            headers=mail.headers,
        )


def _refusal(behaviour: Behaviour) -> str | None:
    if behaviour.mode is Mode.DEAD:
        return "550 5.1.1 The address does not exist"
    if behaviour.mode is Mode.THROTTLE:
        return f"451 4.7.1 Too much mail, try again in {behaviour.retry_after} seconds"
    if behaviour.mode is Mode.ERROR:
        return "451 4.3.0 Local error in processing"
    return None


async def _hang_up(server: SMTP) -> None:
    """Close the connection; aiosmtpd then cancels the session that waits here."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    await asyncio.get_running_loop().create_future()
