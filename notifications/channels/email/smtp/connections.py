"""Kept connections to the relay; each carries one mail after another."""

from dataclasses import dataclass, field
from enum import StrEnum

import aiosmtplib


class Security(StrEnum):
    """How the connection to the relay is protected."""

    NONE = "none"
    """Not at all: for a relay on the same machine or network."""
    STARTTLS = "starttls"
    """By TLS after a plain greeting (port 587); a relay that does not offer it is not used."""
    TLS = "tls"
    """By TLS from the first byte (port 465)."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    local_hostname: str
    security: Security = Security.NONE
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_seconds: float = 30.0


class Connections:
    """A stack of idle connections: the one used last is used next, the others grow old."""

    def __init__(self, relay: Relay) -> None:
        """Keep connections to `relay`; none is opened yet."""
        self._relay = relay
        self._idle: list[aiosmtplib.SMTP] = []

    def take_idle(self) -> aiosmtplib.SMTP | None:
        """Take a connection that has carried mail before; None when there is none."""
        while self._idle:
            client = self._idle.pop()
            if client.is_connected:
                return client
        return None

    async def open(self) -> aiosmtplib.SMTP:
        """Open a new connection and log in.

        Raises:
            aiosmtplib.SMTPException: no connection, or the relay does not let us in.
        """
        relay = self._relay
        client = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.username,
            password=relay.password,
            local_hostname=relay.local_hostname,
            timeout=relay.timeout_seconds,
            use_tls=relay.security is Security.TLS,
            start_tls=relay.security is Security.STARTTLS,
        )
        await client.connect()
        return client

    def give_back(self, client: aiosmtplib.SMTP) -> None:
        """Keep a connection for the next mail."""
        if client.is_connected:
            self._idle.append(client)

    async def close(self) -> None:
        """Say goodbye on every idle connection."""
        while self._idle:
            client = self._idle.pop()
            try:
                await client.quit(timeout=1.0)
            except aiosmtplib.SMTPException:
                client.close()
