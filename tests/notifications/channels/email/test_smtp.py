"""The SMTP client against the SMTP simulator."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from backend.adapters.simulators.run import Simulators
from notifications.channels.email.smtp.connections import Security
from notifications.channels.email.smtp.sender import smtp_sender
from notifications.channels.ports import Misconfigured, Result, Sender
from tests.notifications.channels.servers import Control, Write

Made = Callable[..., Sender]


@pytest.fixture
async def make() -> AsyncGenerator[Made]:
    """Make senders that are closed afterwards."""
    made: list[Sender] = []

    def making(
        host: str,
        port: int,
        *,
        connections: int = 2,
        timeout_seconds: float = 5,
        username: str | None = None,
        security: Security = Security.NONE,
    ) -> Sender:
        sender = smtp_sender(
            host,
            port,
            sender_address="zinas@novads.example.org",
            sender_name="Ropažu novads, pašvaldība",
            connections=connections,
            timeout_seconds=timeout_seconds,
            username=username,
            password="wrong" if username else None,
            security=security,
        )
        made.append(sender)
        return sender

    yield making
    for sender in made:
        await sender.close()


@pytest.fixture
def sender(make: Made, simulators: Simulators) -> Sender:
    """Send to the simulator."""
    return make(simulators.smtp.host, simulators.smtp.port)


async def test_the_mailbox_gets_the_text_as_it_was_written(
    sender: Sender, smtp_control: Control, write: Write
) -> None:
    item = write("anna@example.org")
    (outcome,) = await sender.send([item])
    assert outcome.result is Result.ACCEPTED
    (mail,) = await smtp_control.messages()
    assert (mail["to"], mail["title"]) == ("anna@example.org", item.title)
    assert mail["body"] == f"{item.body}\n\n{item.link}"
    assert mail["mailFrom"] == "zinas@novads.example.org"
    assert mail["language"] == "lv"


async def test_a_repeat_carries_the_same_message_id(
    sender: Sender, smtp_control: Control, write: Write
) -> None:
    item = write("anna@example.org")
    await sender.send([item])
    await sender.send([item])
    first, second = await smtp_control.messages()
    for mail in (first, second):
        assert mail["messageId"] == str(item.message_id)
        assert str(mail["headerMessageId"]).strip("<>") == f"{item.message_id}@novads.example.org"
    assert (await smtp_control.summary())["duplicates"] == 1


async def test_a_link_to_unsubscribe_stands_in_the_headers_only_when_given(
    sender: Sender, smtp_control: Control, write: Write
) -> None:
    link = "https://novads.example.org/unsubscribe/abc?x=1"
    await sender.send([write("anna@example.org", unsubscribe_url=link)])
    await sender.send([write("anna@example.org")])
    with_link, without = await smtp_control.messages()
    assert with_link["listUnsubscribe"] == f"<{link}>"
    assert with_link["listUnsubscribePost"] == "List-Unsubscribe=One-Click"
    assert (without["listUnsubscribe"], without["listUnsubscribePost"]) == ("", "")


@pytest.mark.parametrize(
    ("mode", "result", "reason"),
    [
        ("dead", Result.FAILED, "endpoint_dead"),
        ("throttle", Result.RETRY, "throttled"),
        ("error", Result.RETRY, "throttled"),
        ("drop", Result.UNKNOWN, "answer_lost"),
        ("slow", Result.ACCEPTED, ""),
    ],
)
async def test_each_behaviour_of_a_relay_has_one_meaning_and_the_next_mail_goes(
    sender: Sender, smtp_control: Control, write: Write, mode: str, result: Result, reason: str
) -> None:
    await smtp_control.behave(mode, delaySeconds=0.1, targets=["anna@example.org"])
    item = write("anna@example.org")
    outcomes = await sender.send([item])
    outcomes = [*outcomes, *await sender.send([write("berta@example.org")])]
    assert (outcomes[0].result, outcomes[0].reason) == (result, reason)
    assert outcomes[0].dead == ((item.endpoints[0].id,) if mode == "dead" else ())
    assert outcomes[1].result is Result.ACCEPTED
    received = [mail["to"] for mail in await smtp_control.messages()]
    assert received.count("anna@example.org") == (mode in {"drop", "slow"})


async def test_an_answer_slower_than_our_patience_is_unknown(
    make: Made, simulators: Simulators, smtp_control: Control, write: Write
) -> None:
    await smtp_control.behave("slow", delaySeconds=3)
    impatient = make(simulators.smtp.host, simulators.smtp.port, timeout_seconds=0.3)
    (outcome,) = await impatient.send([write("anna@example.org")])
    assert (outcome.result, outcome.reason) == (Result.UNKNOWN, "answer_lost")


async def test_a_closed_port_means_that_nothing_was_sent(
    make: Made, write: Write, free_port: int
) -> None:
    (outcome,) = await make("127.0.0.1", free_port).send([write("anna@example.org")])
    assert (outcome.result, outcome.reason) == (Result.RETRY, "not_connected")


@pytest.mark.parametrize(
    "address",
    [
        "anna",
        "anna@",
        "@example.org",
        "anna@example.org\r\nRCPT TO:<eve@example.org>",
        "anna@example.org>, <eve@example.org",
        "anna@example.org, eve@example.org",
        "ann\x00a@example.org",
        "ģirts@example.org",
        "anna@-example.org",
        f"anna@{'x' * 250}.org",
    ],
)
async def test_what_is_no_address_is_not_sent_to(
    sender: Sender, smtp_control: Control, write: Write, address: str
) -> None:
    item = write(address)
    (outcome,) = await sender.send([item])
    assert (outcome.result, outcome.reason) == (Result.FAILED, "endpoint_invalid")
    assert outcome.dead == (item.endpoints[0].id,)
    assert (await smtp_control.summary())["received"] == 0


async def test_a_domain_in_its_own_letters_is_written_as_the_mail_system_writes_it(
    sender: Sender, smtp_control: Control, write: Write
) -> None:
    (outcome,) = await sender.send([write("anna@ādaži.example.org")])
    assert outcome.result is Result.ACCEPTED
    (mail,) = await smtp_control.messages()
    assert mail["to"] == "anna@xn--dai-0oa14d.example.org"


async def test_an_unusable_link_to_unsubscribe_holds_the_mail_back(
    sender: Sender, smtp_control: Control, write: Write
) -> None:
    (outcome,) = await sender.send(
        [write("anna@example.org", unsubscribe_url="https://x/>\r\nA: b")]
    )
    assert (outcome.result, outcome.reason) == (Result.FAILED, "payload_refused")
    assert (await smtp_control.summary())["received"] == 0


def test_a_sender_without_an_address_is_told_at_once() -> None:
    with pytest.raises(Misconfigured, match="address"):
        smtp_sender("127.0.0.1", 25, sender_address="Novads", sender_name="", connections=1)


Script = Sequence[str | None]


@asynccontextmanager
async def relay(*scripts: Script) -> AsyncGenerator[tuple[int, list[str]]]:
    """Serve SMTP from scripts, one a connection: a reply to each line, None to hang up."""
    heard: list[str] = []
    waiting = list(scripts)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for reply in waiting.pop(0):
                if reply is None:
                    break
                writer.write(reply.encode() + b"\r\n")
                end = b"\r\n.\r\n" if reply.startswith("354") else b"\r\n"
                heard.append((await reader.readuntil(end)).decode().split("\r\n")[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


HELLO = ["220 relay", "250 relay"]
MAIL = ["250 2.1.0 ok", "250 2.1.5 ok", "354 go on", "250 2.0.0 Ok: queued as 4AB12CD"]


async def test_a_connection_is_kept_and_the_relays_name_of_the_mail_is_told(
    make: Made, write: Write
) -> None:
    async with relay([*HELLO, *MAIL, *MAIL, "221 bye"]) as (port, heard):
        sender = make("127.0.0.1", port, connections=1)
        outcomes = await sender.send([write("anna@example.org"), write("berta@example.org")])
        await sender.close()
    assert [outcome.provider_ref for outcome in outcomes] == ["4AB12CD", "4AB12CD"]
    assert [line.split(" ")[0] for line in heard].count("EHLO") == 1


@pytest.mark.parametrize("ending", [None, "421 4.4.2 idle too long"])
async def test_a_kept_connection_that_the_relay_has_closed_is_replaced(
    make: Made, write: Write, ending: str | None
) -> None:
    last = [] if ending is None else [ending]
    async with relay([*HELLO, *MAIL, *last, None], [*HELLO, *MAIL, "221 bye"]) as (port, _):
        sender = make("127.0.0.1", port, connections=1)
        (first,) = await sender.send([write("anna@example.org")])
        (second,) = await sender.send([write("berta@example.org")])
        await sender.close()
    assert (first.result, second.result) == (Result.ACCEPTED, Result.ACCEPTED)


async def test_a_connection_lost_before_the_mail_is_not_sent(make: Made, write: Write) -> None:
    async with relay([*HELLO, "250 ok", None]) as (port, _):
        (outcome,) = await make("127.0.0.1", port).send([write("anna@example.org")])
    assert (outcome.result, outcome.reason) == (Result.RETRY, "not_connected")


async def test_a_connection_lost_after_the_mail_is_unknown(make: Made, write: Write) -> None:
    async with relay([*HELLO, *MAIL[:3], None]) as (port, _):
        (outcome,) = await make("127.0.0.1", port).send([write("anna@example.org")])
    assert (outcome.result, outcome.reason) == (Result.UNKNOWN, "answer_lost")


async def test_a_busy_relay_that_greets_with_421_is_left_alone(make: Made, write: Write) -> None:
    async with relay(["421 4.3.2 too busy"]) as (port, _):
        (outcome,) = await make("127.0.0.1", port).send([write("anna@example.org")])
    assert (outcome.result, outcome.reason) == (Result.RETRY, "throttled")


async def test_a_refused_password_is_an_alarm(make: Made, write: Write) -> None:
    script = ["220 relay", "250-relay\r\n250 AUTH PLAIN", "535 5.7.8 no", "221 bye"]
    async with relay(script) as (port, _):
        sender = make("127.0.0.1", port, username="novads")
        with pytest.raises(Misconfigured, match="credentials_refused"):
            await sender.send([write("anna@example.org")])


async def test_a_policy_against_our_mail_is_an_alarm_and_keeps_the_address(
    make: Made, write: Write
) -> None:
    async with relay([*HELLO, "250 ok", "550 5.7.1 not from you", "250 ok", "221 bye"]) as (
        port,
        _,
    ):
        with pytest.raises(Misconfigured, match="policy"):
            await make("127.0.0.1", port).send([write("anna@example.org")])


async def test_a_relay_that_must_offer_tls_and_does_not_gets_no_mail(
    make: Made, write: Write
) -> None:
    async with relay([*HELLO, *MAIL]) as (port, heard):
        sender = make("127.0.0.1", port, security=Security.STARTTLS)
        (outcome,) = await sender.send([write("anna@example.org")])
    assert (outcome.result, outcome.reason) == (Result.RETRY, "not_connected")
    assert not any(line.startswith("MAIL") for line in heard)
