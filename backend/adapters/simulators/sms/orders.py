"""What the gateway is asked to send, and what it will not send."""

import re
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from backend.adapters.simulators.sms.gsm import gsm_parts, is_gsm, ucs_parts

MOST_PARTS = 10
_NUMBER = re.compile(r"\+[1-9]\d{7,14}")
_LATVIAN = re.compile(r"\+371\d{8}")
_SENDER = re.compile(r"[A-Za-z0-9 ._-]{1,11}|\+?\d{3,15}")
_URL = re.compile(r"https?://[^\s/]+(/\S*)?")


class Refused(Exception):
    """The gateway will not send this, now or later."""

    def __init__(self, code: str, reason: str, status: int = 400) -> None:
        """Refuse with a stable code."""
        super().__init__(reason)
        self.code = code
        self.status = status


class Order(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """The body of `POST /v1/messages`."""

    to: str
    text: Annotated[str, Meta(min_length=1)]
    encoding: Literal["gsm7", "ucs2"]
    reference: Annotated[str, Meta(min_length=8, max_length=200)]
    message_id: Annotated[str, Meta(min_length=1, max_length=100)]
    sender: str = field(name="from")
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    report_url: str | None = None


def parts_of(order: Order, now: datetime) -> int:
    """Check an order and count the messages it is sent in.

    Raises:
        Refused: the order can never be sent as it is.
    """
    _check_number(order.to)
    if not _SENDER.fullmatch(order.sender):
        raise Refused("invalid_sender", "from is 1 to 11 letters and digits, or a number")
    if order.report_url is not None and not _URL.fullmatch(order.report_url):
        raise Refused("invalid_report_url", "reportUrl is an http or https address")
    if order.expires_at is not None and order.expires_at <= now:
        raise Refused("expired", "expiresAt is in the past")
    if order.encoding == "gsm7" and not is_gsm(order.text):
        raise Refused("wrong_encoding", "the text has characters outside GSM 03.38: use ucs2")
    parts = gsm_parts(order.text) if order.encoding == "gsm7" else ucs_parts(order.text)
    if parts > MOST_PARTS:
        raise Refused("text_too_long", f"the text takes {parts} parts, at most {MOST_PARTS}")
    return parts


def _check_number(number: str) -> None:
    if not _NUMBER.fullmatch(number):
        raise Refused("invalid_number", "to is + and 8 to 15 digits (E.164)")
    if number.startswith("+371"):
        if not _LATVIAN.fullmatch(number):
            raise Refused("invalid_number", "a Latvian number has 8 digits after +371")
        if number[4] != "2":
            raise Refused("not_mobile", "Latvian mobile numbers begin with 2")
