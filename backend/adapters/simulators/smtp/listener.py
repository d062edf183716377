"""Listening for mail on the event loop everything else runs on."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from logging import WARNING
from weakref import WeakSet

from aiosmtpd.smtp import log as aiosmtpd_log

from backend.adapters.simulators.smtp.mailbox import Mailbox
from backend.adapters.simulators.smtp.session import MailSession


@asynccontextmanager
async def receiving_mail(mailbox: Mailbox, listener: socket.socket) -> AsyncGenerator[None]:
    """Receive mail on the listener for the time of the block."""
    aiosmtpd_log.setLevel(WARNING)  # below it, aiosmtpd writes addresses to the log
    loop = asyncio.get_running_loop()
    sessions: WeakSet[MailSession] = WeakSet()

    def session() -> MailSession:
        opened = MailSession(mailbox, loop)
        sessions.add(opened)
        return opened

    server = await loop.create_server(session, sock=listener)
    try:
        yield
    finally:
        server.close()
        for open_session in list(sessions):
            if isinstance(open_session.transport, asyncio.WriteTransport):
                open_session.transport.abort()
        await server.wait_closed()
        await asyncio.sleep(0)  # lets the aborted sessions end before the loop does
