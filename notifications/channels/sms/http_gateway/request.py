"""The gateway's request: one SMS to one number, as JSON."""

from urllib.parse import quote

import msgspec

from notifications.channels.ports import Outgoing
from notifications.channels.sms.encoding import Encoding, encoding_of
from notifications.channels.sms.text import sms_text


class Message(msgspec.Struct, rename="camel", frozen=True):
    """The body of POST /v1/messages."""

    to: str
    from_: str = msgspec.field(name="from")
    text: str
    encoding: Encoding
    reference: str
    message_id: str
    expires_at: str
    report_url: str


def request_body(item: Outgoing, number: str, *, originator: str, report_url: str) -> bytes:
    """Write the request; the same item always gives the same one, which the gateway knows again.

    `report_url` is the address for delivery reports, to which the reference is added.
    """
    text = sms_text(item.title, item.body)
    return msgspec.json.encode(
        Message(
            to=number,
            from_=originator,
            text=text,
            encoding=encoding_of(text),
            reference=item.reference,
            message_id=str(item.message_id),
            expires_at=item.expires_at.isoformat().replace("+00:00", "Z"),
            report_url=f"{report_url.rstrip('/')}/{quote(item.reference, safe='')}",
        )
    )
