"""Reading a mail the way a large mailbox provider does, and refusing what it would refuse.

Source: RFC 5322, 3.6 (fields); RFC 8058 (one-click unsubscribe); Gmail "Email sender guidelines".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

MESSAGE_ID_HEADER = "X-Novads-Message-Id"
LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_LINE = 999  # Source: RFC 5321, 4.5.3.1.6: 1000 octets with CR and LF; here without LF.
_ONCE = ("From", "Date", "Message-ID", "To", "Subject")
_MESSAGE_ID = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_LINK = re.compile(r"<([^<>]*)>")
_ONE_CLICK = re.compile(r"https://[^\s]+|http://(127\.0\.0\.1|localhost|\[::1\])[:/][^\s]*")


class Unacceptable(Exception):
    """A receiving server would refuse or misfile this mail; the text says why."""

    def __init__(self, reason: str, code: str = "554 5.6.0") -> None:
        """Refuse with an SMTP reply code."""
        super().__init__(f"{code} {reason}")


@dataclass(frozen=True, slots=True)
class Mail:
    """What a reader of the mail sees, and what its list headers promise."""

    message_id: str
    header_message_id: str
    sender: str
    subject: str
    text: str
    html: str
    language: str
    list_unsubscribe: str
    list_unsubscribe_post: str
    headers: dict[str, str]


def read_mail(content: bytes) -> Mail:
    """Parse and check one mail.

    Raises:
        Unacceptable: a header is missing, doubled or malformed, or a body does not decode.
    """
    _check_lines(content)
    message: Message = message_from_bytes(content)
    headers = _headers(message)
    _check_identity(message, headers)
    _check_unsubscribe(headers)
    text, html = _bodies(message)
    return Mail(
        message_id=headers.get(MESSAGE_ID_HEADER.lower(), headers["message-id"].strip("<>")),
        header_message_id=headers["message-id"],
        sender=headers["from"],
        subject=headers["subject"],
        text=text,
        html=html,
        language=headers.get("content-language", ""),
        list_unsubscribe=headers.get("list-unsubscribe", ""),
        list_unsubscribe_post=headers.get("list-unsubscribe-post", ""),
        headers=headers,
    )


def _check_lines(content: bytes) -> None:
    if len(content) > LARGEST_BYTES:
        raise Unacceptable("the mail is too large", "552 5.3.4")
    if max(map(len, content.split(b"\n"))) > LONGEST_LINE:
        raise Unacceptable("a line is longer than 998 characters (RFC 5322, 2.1.1)")
    if not content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r"):
        raise Unacceptable("CR and LF come only together (RFC 5322, 2.3)")


def _headers(message: Message) -> dict[str, str]:
    """Give each field's decoded text under its lower-case name; the first of repeated ones."""
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), _decoded(name, str(value)))
    return headers


def _decoded(name: str, value: str) -> str:
    if not value.isascii():
        raise Unacceptable(f"{name} has 8-bit characters: encode them (RFC 2047)")
    unfolded = value.replace("\r\n", "").replace("\n", "")
    if "=?" not in unfolded:
        return unfolded.strip()
    try:
        return str(make_header(decode_header(unfolded))).strip()
    except (HeaderParseError, UnicodeDecodeError, LookupError):
        raise Unacceptable(f"{name} does not decode (RFC 2047)") from None


def _check_identity(message: Message, headers: dict[str, str]) -> None:
    for name in _ONCE:
        found = message.get_all(name, [])
        if len(found) != 1:
            raise Unacceptable(f"{name} is needed once, found {len(found)} times (RFC 5322, 3.6)")
    for name in ("from", "to"):
        addresses = getaddresses([str(message[name])])
        if not addresses or not all(_ADDRESS.fullmatch(address) for _, address in addresses):
            raise Unacceptable(f"{name.title()} holds no valid address")
    if not _MESSAGE_ID.fullmatch(headers["message-id"]):
        raise Unacceptable("Message-ID is not of the form <left@right>")
    try:
        parsedate_to_datetime(headers["date"])
    except ValueError:
        raise Unacceptable("Date is not a date (RFC 5322, 3.3)") from None


def _check_unsubscribe(headers: dict[str, str]) -> None:
    links, post = headers.get("list-unsubscribe"), headers.get("list-unsubscribe-post")
    if links is None and post is None:
        return
    if links is None or post is None:
        raise Unacceptable("List-Unsubscribe and List-Unsubscribe-Post come together (RFC 8058)")
    if post != "List-Unsubscribe=One-Click":
        raise Unacceptable("List-Unsubscribe-Post is List-Unsubscribe=One-Click (RFC 8058, 3.1)")
    if not any(_ONE_CLICK.fullmatch(link) for link in _LINK.findall(links)):
        raise Unacceptable("List-Unsubscribe holds no <https:...> address (RFC 8058, 3.1)")


def _bodies(message: Message) -> tuple[str, str]:
    text, html = "", ""
    for part in _parts(message):
        kind = part.get_content_type()
        if kind == "text/plain" and not text:
            text = _body(part)
        elif kind == "text/html" and not html:
            html = _body(part)
    if not text and not html:
        raise Unacceptable("there is no text to read")
    return text, html


def _parts(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.defects:
            raise Unacceptable(f"the MIME structure is broken: {type(part.defects[0]).__name__}")
        if not part.is_multipart():
            yield part


def _body(part: Message) -> str:
    payload = part.get_payload(decode=True)
    charset = part.get_content_charset("us-ascii")
    if not isinstance(payload, bytes):
        raise Unacceptable("a body has no content")
    try:
        return payload.decode(charset).replace("\r\n", "\n").rstrip("\n")
    except (UnicodeDecodeError, LookupError):
        raise Unacceptable(f"a body is not {charset} as it says") from None
