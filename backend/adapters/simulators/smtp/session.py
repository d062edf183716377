"""One SMTP session: aiosmtpd's, but a mail is read at once instead of line by line."""

import asyncio

from aiosmtpd.smtp import SMTP
from typing_extensions import override

from backend.adapters.simulators.smtp.mail import LARGEST_BYTES
from backend.adapters.simulators.smtp.mailbox import Mailbox

HOSTNAME = "mail.simulator.invalid"
_END = b".\r\n"


class MailSession(SMTP):
    """Takes several times the mails a second that the line by line reading allows."""

    # Also the limit of the stream that aiosmtpd makes: a whole mail must fit.
    line_length_limit = 2 * LARGEST_BYTES

    def __init__(self, mailbox: Mailbox, loop: asyncio.AbstractEventLoop) -> None:
        """Serve one connection for the mailbox."""
        super().__init__(
            mailbox,
            hostname=HOSTNAME,
            ident="Novads simulator",
            data_size_limit=LARGEST_BYTES,
            loop=loop,
        )
        self._mailbox = mailbox

    @override
    async def smtp_DATA(self, arg: str | None) -> None:
        session, envelope = self.session, self.envelope
        if session is None or not session.host_name:
            await self.push("503 5.5.1 Error: send HELO first")
        elif envelope is None or not envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
        elif arg:
            await self.push("501 5.5.4 Syntax: DATA")
        else:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            content = await self._content()
            envelope.content = envelope.original_content = content
            reply = await self._mailbox.handle_DATA(self, session, envelope)
            self._set_post_data_state()  # type: ignore[no-untyped-call]  # aiosmtpd left it so
            await self.push(reply)

    async def _content(self) -> bytes:
        """Read to the line with the dot alone, and undo dot stuffing (RFC 5321, 4.5.2)."""
        read = bytearray()
        while True:
            read += await self._reader.readuntil(_END)
            if len(read) == len(_END) or read.endswith(b"\r\n" + _END):
                break
            if len(read) > self.line_length_limit:
                del read[LARGEST_BYTES:-5]  # too much already: the end is all that matters
        stuffed = bytes(read[: -len(_END)])
        return stuffed.removeprefix(b".").replace(b"\r\n..", b"\r\n.")
