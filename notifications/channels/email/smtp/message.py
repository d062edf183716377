"""An e-mail as bytes, spliced from its parts: an `EmailMessage` a mail costs fifty times as much.

Nothing of the message can become a header of its own: every value is either made here, checked
against a pattern, or encoded.
"""

import binascii
import re
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from notifications.channels.email.smtp.words import header_text
from notifications.channels.ports import Outgoing

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
UNSUBSCRIBE = re.compile(r"https?://[!#-;=?-~]{1,900}")
"""Printable ASCII without quotes, spaces and angle brackets: it stands between the latter."""


class BadUnsubscribeUrl(Exception):
    """The link cannot stand in a header."""


def mail_bytes(item: Outgoing, *, to: str, sender: str, domain: str, now: datetime) -> bytes:
    """Write the mail to the checked address `to`.

    `sender` is the value of From as `sender_header` made it; `domain` is the right side of
    Message-ID, whose left side is the message's id, so that a repeat is known as such.

    Raises:
        BadUnsubscribeUrl: the item has an unusable one; a mail without it must not go instead.
    """
    lines = [
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject_header(item.title)}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <{item.message_id}@{domain}>",
        f"X-Novads-Message-Id: {item.message_id}",
        "Auto-Submitted: auto-generated",
        *_language(item.language),
        *_unsubscribe(item.unsubscribe_url),
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
    ]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body_bytes(item.body, item.link)


@lru_cache(maxsize=64)
def subject_header(title: str) -> str:
    """Write the value of Subject; a campaign's is written once."""
    return header_text(title, label="Subject")


def sender_header(name: str, address: str) -> str:
    """Write the value of From."""
    shown = header_text(name, label="From")
    return f"{shown}\r\n <{address}>" if shown else address


def body_bytes(body: str, link: str) -> bytes:
    """Encode the text, with the link below it, as quoted-printable lines of at most 76."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    text = f"{lines}\n\n{link}\n" if link else f"{lines}\n"
    encoded = binascii.b2a_qp(text.encode(), istext=True)
    return encoded.replace(b"\n", b"\r\n")


def _language(language: str) -> list[str]:
    return [f"Content-Language: {language}"] if LANGUAGE.fullmatch(language) else []


def _unsubscribe(url: str | None) -> list[str]:
    """Offer to stop with one click (RFC 8058), when the caller gives the link for it."""
    if url is None:
        return []
    if UNSUBSCRIBE.fullmatch(url) is None:
        raise BadUnsubscribeUrl
    return [
        f"List-Unsubscribe: <{url}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]
