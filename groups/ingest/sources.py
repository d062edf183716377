"""Registry sources: the other systems that send feeds, and how their requests are recognised."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel.db import WriteSession
from backend.kernel.personal_data import Vault
from backend.kernel.signed_sources.service import Sources
from backend.kernel.tenancy import MunicipalityId, municipality_id
from backend.kernel.webhooks import SignedMessage, WebhookRefused
from groups.ingest import queries
from groups.ingest.errors import RegistryFeedConflict, RegistrySourceNotFound
from groups.ingest.models import RegistrySource

SOURCES = Sources(RegistrySource, RegistrySourceNotFound)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a request says that it comes from; nothing of it is believed before the signature."""

    municipality: MunicipalityId
    source_id: UUID


def sender_of(text: str) -> Sender:
    """Read what a request says of its source.

    Raises:
        WebhookRefused: of no such form; answered like a source that does not exist.
    """
    code, _, source_id = text.partition(".")
    try:
        return Sender(municipality_id(code), UUID(source_id))
    except ValueError as error:
        raise WebhookRefused("webhook_signature_invalid") from error


async def recognise(
    session: WriteSession, sender: Sender, message: SignedMessage, *, vault: Vault, now: datetime
) -> RegistrySource:
    """Give the source that signed a message, and act on each message once.

    Raises:
        WebhookRefused: not known, disabled or not its signature; all are answered alike.
        RegistryFeedConflict: `registry_request_repeated`.
    """
    source = await SOURCES.recognise(
        session, sender.municipality, message, vault=vault, now=now, id=sender.source_id
    )
    if not await queries.note_request(session, source, message.id, now):
        raise RegistryFeedConflict("registry_request_repeated")
    return source
