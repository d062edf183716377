"""Signed requests of senders: what the signature covers, and how it is described."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import HeaderParameter

from backend.kernel.clock import Clock
from backend.kernel.webhooks import SignedMessage, check_freshness
from groups.ingest.sources import Sender, sender_of

SourceHeader = Annotated[
    str | None,
    HeaderParameter(
        name="registry-source", description="`source` as given at the registration of the source."
    ),
]
IdHeader = Annotated[
    str | None, HeaderParameter(name="webhook-id", description="New for every request.")
]
TimestampHeader = Annotated[
    str | None, HeaderParameter(name="webhook-timestamp", description="Unix time in seconds.")
]
SignatureHeader = Annotated[
    str | None,
    HeaderParameter(
        name="webhook-signature",
        description="Standard Webhooks over the method, the path, a line feed and the body.",
    ),
]


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A fresh request with its headers; whether its signature is right is yet to be seen."""

    sender: Sender
    message: SignedMessage
    body: bytes


def signed_content(method: str, path: str, body: bytes) -> bytes:
    """Give the bytes that stand in the place of the body under the signature.

    Method and path come first, so that no signature counts for another request.
    """
    return f"{method} {path}\n".encode() + body


async def provide_signed(
    request: Request[Any, Any, State],
    clock: NamedDependency[Clock],
    registry_source: SourceHeader = None,
    webhook_id: IdHeader = None,
    webhook_timestamp: TimestampHeader = None,
    webhook_signature: SignatureHeader = None,
) -> SignedRequest:
    """Read a signed request; one without its headers or out of its time is refused.

    Raises:
        WebhookRefused: `webhook_unsigned`, or another of its codes.
    """
    body = await request.body()
    content = signed_content(request.method, request.url.path, body)
    headers = (webhook_id or "", webhook_timestamp or "", webhook_signature or "")
    message = SignedMessage(*headers, content)
    check_freshness(message, clock())
    return SignedRequest(sender_of(registry_source or ""), message, body)
