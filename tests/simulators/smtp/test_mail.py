"""Sending mail."""

import asyncio
from collections.abc import Awaitable, Callable
from email.message import EmailMessage

import aiosmtplib
import pytest

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import Simulators

Write = Callable[..., EmailMessage]
Send = Callable[..., Awaitable[tuple[int, str]]]


async def test_a_mail_arrives_as_its_reader_sees_it(
    mail: Write, send: Send, smtp_control: ControlClient
) -> None:
    code, _ = await send(mail())
    assert code == 250
    (arrived,) = (await smtp_control.messages()).messages
    expected = {
        "messageId": "m-1",
        "to": "iedzivotajs@example.invalid",
        "title": "Ūdens avārija Rīgas ielā, ļoti garš virsraksts ar garumzīmēm",
        "body": "Līdz plkst. 18.00 nav ūdens.\n.punkts rindas sākumā",
        "html": "<p>Līdz plkst. 18.00 nav ūdens.</p>",
        "language": "lv",
        "mailFrom": "zinas@novads.example.invalid",
        "listUnsubscribe": "<https://novads.example.invalid/u/r-1>",
        "listUnsubscribePost": "List-Unsubscribe=One-Click",
        "headerMessageId": "<m-1.r-1@novads.example.invalid>",
    }
    assert {name: arrived[name] for name in expected} == expected


@pytest.mark.parametrize(
    "headers",
    [
        {"From": None},
        {"To": None},
        {"Date": None},
        {"Message-ID": None},
        {"Subject": None},
        {"Message-ID": "no-brackets@example.invalid"},
        {"List-Unsubscribe": None},
        {"List-Unsubscribe-Post": None},
        {"List-Unsubscribe-Post": "yes"},
        {"List-Unsubscribe": "<mailto:prom@novads.example.invalid>"},
        {"List-Unsubscribe": "<http://novads.example.invalid/u/r-1>"},
    ],
)
async def test_a_mail_that_a_mailbox_provider_would_refuse_is_refused(
    mail: Write, send: Send, smtp_control: ControlClient, headers: dict[str, str | None]
) -> None:
    code, _ = await send(mail(headers))
    assert (code, (await smtp_control.summary())["received"]) == (554, 0)


async def test_a_mail_that_is_no_list_mail_needs_no_unsubscribing(mail: Write, send: Send) -> None:
    plain = mail({"List-Unsubscribe": None, "List-Unsubscribe-Post": None})
    assert (await send(plain))[0] == 250


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Date: Mon, 02 Nov 2026 10:00:00 +0200", b"Date: today"),
        (b"Novads-Message-Id: m-1", b"Novads-Message-Id: m-1\r\nSubject: twice"),
        (b"Novads-Message-Id: m-1", "Novads-Message-Id: ļ".encode()),
        (b"=?utf-8?", b"=?utf-7e?"),
        (b'charset="utf-8"', b'charset="us-ascii"'),
        (b"From: Novads <zinas@novads.example.invalid>", b"From: Novads"),
        (b"<p>", b"<p>" + b"x" * 1000),
        (b"boundary=", b"bound="),
        (b"==--\r\n", b"==\r\n"),
    ],
)
async def test_a_mail_of_broken_form_is_refused(
    mail: Write, send: Send, old: bytes, new: bytes
) -> None:
    raw = bytes(mail()).replace(b"\n", b"\r\n")
    assert old in raw
    assert (await send(raw.replace(old, new)))[0] == 554


async def test_a_dead_address_is_refused_and_the_others_get_the_mail(
    mail: Write, send: Send, smtp_control: ControlClient
) -> None:
    dead = "miris@example.invalid"
    await smtp_control.behave(Behaviour(mode=Mode.DEAD, targets=frozenset({dead})))
    assert await send(mail(), dead) == (550, "5.1.1 The address does not exist")
    assert (await send(mail(), dead, "dzivs@example.invalid"))[0] == 250
    (arrived,) = (await smtp_control.messages()).messages
    assert arrived["to"] == "dzivs@example.invalid"


@pytest.mark.parametrize(("mode", "code"), [(Mode.THROTTLE, 451), (Mode.ERROR, 451)])
async def test_a_temporary_refusal_ends_after_the_ordered_times(
    mail: Write, send: Send, smtp_control: ControlClient, mode: Mode, code: int
) -> None:
    await smtp_control.behave(Behaviour(mode=mode, times=2))
    codes = [(await send(mail()))[0] for _ in range(3)]
    assert codes == [code, code, 250]


async def test_a_dropped_answer_is_lost_but_the_mail_was_taken(
    mail: Write, send: Send, smtp_control: ControlClient
) -> None:
    await smtp_control.behave(Behaviour(mode=Mode.DROP, times=1))
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(mail())
    assert (await send(mail()))[0] == 250
    summary = await smtp_control.summary()
    assert (summary["distinct"], summary["duplicates"]) == (1, 1)


async def test_pipelined_commands_are_answered_in_order(
    mail: Write, simulators: Simulators, smtp_control: ControlClient
) -> None:
    reader, writer = await asyncio.open_connection(simulators.smtp.host, simulators.smtp.port)
    raw = bytes(mail()).replace(b"\n", b"\r\n")
    envelope = b"MAIL FROM:<a@example.invalid>\r\nRCPT TO:<b@example.invalid>\r\nDATA\r\n"
    writer.write(b"EHLO novads\r\n" + envelope + raw + b"\r\n.\r\n" + envelope + raw)
    writer.write(b"\r\n.\r\nQUIT\r\n")
    replies = (await reader.read(-1)).decode().splitlines()
    writer.close()
    await writer.wait_closed()
    greeting = [reply for reply in replies if reply[3] == "-"]
    assert "250-PIPELINING" in greeting
    codes = [reply[:3] for reply in replies if reply[3] == " "]
    assert codes == ["220", "250", *["250", "250", "354", "250"] * 2, "221"]
    assert (await smtp_control.summary())["duplicates"] == 1


async def test_an_empty_mail_is_refused_and_the_session_goes_on(
    mail: Write, simulators: Simulators
) -> None:
    host, port = simulators.smtp.host, simulators.smtp.port
    async with aiosmtplib.SMTP(hostname=host, port=port, start_tls=False) as client:
        for content, code in ((b"", 554), (bytes(mail()), 250)):
            await client.mail("zinas@novads.example.invalid")
            await client.rcpt("iedzivotajs@example.invalid")
            try:
                answered = (await client.data(content)).code
            except aiosmtplib.SMTPDataError as refused:
                answered = refused.code
            assert answered == code
