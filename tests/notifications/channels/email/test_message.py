"""A mail says what it was given, and nothing given can become a header."""

import email
import email.policy
import re
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.email.smtp.message import (
    BadUnsubscribeUrl,
    body_bytes,
    mail_bytes,
    sender_header,
    subject_header,
)
from notifications.channels.ports import Outgoing
from tests.drivers.clock import SteeredClock
from tests.notifications.channels.servers import Write

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
HEADERS = {
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "x-novads-message-id",
    "auto-submitted",
    "content-language",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
}


def read(mail: bytes) -> email.message.EmailMessage:
    """Read a mail as a mail program does."""
    return email.message_from_bytes(mail, policy=email.policy.default)


def written(item: Outgoing, clock: SteeredClock) -> bytes:
    """Write a mail."""
    return mail_bytes(
        item,
        to="anna@example.org",
        sender=sender_header("Ropažu novads, pašvaldība (ziņas)", "zinas@novads.example.org"),
        domain="novads.example.org",
        now=clock.now,
    )


def test_a_mail_program_reads_what_was_written(write: Write, clock: SteeredClock) -> None:
    item = write("anna@example.org")
    mail = read(written(item, clock))
    assert mail["Subject"] == item.title
    assert mail["To"] == "anna@example.org"
    sender = mail["From"].addresses[0]
    assert sender.display_name == "Ropažu novads, pašvaldība (ziņas)"
    assert sender.addr_spec == "zinas@novads.example.org"
    assert mail["Date"].datetime == clock.now
    assert mail["Content-Language"] == "lv"
    content = mail.get_content().replace("\r\n", "\n")
    assert content == f"{item.body}\n\n{item.link}\n"
    assert {name.lower() for name in mail.keys()} == HEADERS  # noqa: SIM118 - not a dictionary
    assert not mail.defects


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\v", "\f", "\x85", "\u2028", "\x00"])
def test_no_line_break_of_any_kind_starts_a_header(
    write: Write, clock: SteeredClock, break_: str
) -> None:
    evil = f"Ūdens{break_}Bcc: eve@example.org{break_}{break_}<p>"
    item = write("anna@example.org", title=evil, language=f"lv{break_}Bcc: eve@example.org")
    mail = read(written(item, clock))
    assert mail["Bcc"] is None
    assert mail["Content-Language"] is None
    assert mail["Subject"].startswith("Ūdens")
    assert "eve@example.org" not in mail.get_content()


@given(TEXT)
def test_any_subject_keeps_to_its_lines_and_comes_back(title: str) -> None:
    header = subject_header(title)
    raw = f"Subject: {header}".encode("ascii")
    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))
    assert all(line.startswith(" ") for line in header.split("\r\n")[1:])
    assert str(make_header(decode_header(header))) == CONTROL.sub(" ", title).strip()


@given(TEXT)
def test_any_name_before_the_address_leaves_the_address_alone(name: str) -> None:
    raw = f"From: {sender_header(name, 'zinas@example.org')}\r\n\r\n".encode("ascii")
    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))
    (address,) = read(raw)["From"].addresses
    assert address.addr_spec == "zinas@example.org"


@given(TEXT)
def test_any_text_comes_back_in_lines_that_every_relay_takes(body: str) -> None:
    content = body_bytes(body, "")
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 76 for line in content.split(b"\r\n"))
    head = b'Content-Type: text/plain; charset="utf-8"\r\n'
    head += b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    found = read(head + content).get_payload(decode=True)
    expected = body.replace("\r\n", "\n").replace("\r", "\n") + "\n"
    assert isinstance(found, bytes)
    assert found.decode().replace("\r\n", "\n") == expected


@pytest.mark.parametrize(
    "url",
    ["ftp://x", "https://x/ y", "https://x/>", "https://x/<", "https://x/ā", "", "https://x\r\n"],
)
def test_a_link_that_cannot_stand_in_a_header_is_refused(
    write: Write, clock: SteeredClock, url: str
) -> None:
    with pytest.raises(BadUnsubscribeUrl):
        written(write("anna@example.org", unsubscribe_url=url), clock)


def test_a_sender_without_a_name_is_an_address_alone() -> None:
    assert sender_header(" ", "zinas@novads.example.org") == "zinas@novads.example.org"
