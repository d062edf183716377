"""A sender that writes mails with the standard library and sends them with aiosmtplib."""

from collections.abc import Awaitable, Callable, Mapping
from email.message import EmailMessage

import aiosmtplib
import pytest

from backend.adapters.simulators.run import Simulators


@pytest.fixture
def mail() -> Callable[..., EmailMessage]:
    """Write a mail of good form; `headers` replace the usual ones, None takes one away."""

    def writing(headers: Mapping[str, str | None] | None = None) -> EmailMessage:
        usual: dict[str, str | None] = {
            "From": "Novads <zinas@novads.example.invalid>",
            "To": "iedzivotajs@example.invalid",
            "Subject": "Ūdens avārija Rīgas ielā, ļoti garš virsraksts ar garumzīmēm",
            "Date": "Mon, 02 Nov 2026 10:00:00 +0200",
            "Message-ID": "<m-1.r-1@novads.example.invalid>",
            "X-Novads-Message-Id": "m-1",
            "List-Unsubscribe": "<https://novads.example.invalid/u/r-1>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            **(headers or {}),
        }
        message = EmailMessage()
        for name, value in usual.items():
            if value is not None:
                message[name] = value
        message.set_content("Līdz plkst. 18.00 nav ūdens.\n.punkts rindas sākumā\n")
        message.add_alternative("<p>Līdz plkst. 18.00 nav ūdens.</p>", subtype="html")
        message["Content-Language"] = "lv"  # setting a body takes content headers away
        return message

    return writing


@pytest.fixture
def send(simulators: Simulators) -> Callable[..., Awaitable[tuple[int, str]]]:
    """Send one mail on a connection of its own; gives the last reply."""

    async def sending(content: EmailMessage | bytes, *to: str) -> tuple[int, str]:
        recipients = list(to) or ["iedzivotajs@example.invalid"]
        host, port = simulators.smtp.host, simulators.smtp.port
        async with aiosmtplib.SMTP(hostname=host, port=port, start_tls=False) as client:
            try:
                raw = content if isinstance(content, bytes) else bytes(content)
                _, reply = await client.sendmail("zinas@novads.example.invalid", recipients, raw)
            except aiosmtplib.SMTPRecipientsRefused as refused:
                return refused.recipients[0].code, refused.recipients[0].message
            except aiosmtplib.SMTPResponseException as refused:
                return refused.code, refused.message
            return 250, reply

    return sending
