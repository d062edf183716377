"""Use cases of status sources: registered, rotated, switched, and recognised by signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId
from backend.kernel.webhooks import (
    Secrets,
    SignedMessage,
    WebhookRefused,
    check_signature,
    new_secret,
)
from backend.service_cases import queries, source_queries
from backend.service_cases.errors import StatusSourceNotFound
from backend.service_cases.models import StatusSource
from backend.service_cases.sealing import open_secret, seal_secret

SUBJECT = "status_source"


@dataclass(frozen=True, slots=True)
class Registered:
    """A source with the secret that its owner must be given; it is never shown again."""

    source: StatusSource
    secret: str


async def recognise(
    session: ReadSession,
    municipality: MunicipalityId,
    uri: str,
    message: SignedMessage,
    *,
    vault: Vault,
    now: datetime,
) -> UUID:
    """Tell which source signed a message; an unknown one and a wrong signature look alike.

    Raises:
        WebhookRefused: `webhook_signature_invalid`.
    """
    source = await source_queries.source_by_uri(session, municipality, uri)
    if source is None:
        raise WebhookRefused("webhook_signature_invalid")
    check_signature(message, _secrets(source, vault).valid_at(now))
    return source.id


async def register(
    session: WriteSession, actor: Principal, uri: str, name: str, *, vault: Vault, now: datetime
) -> Registered:
    """Register another system under its CloudEvents source URI.

    Raises:
        StatusSourceExists: the URI is taken.
    """
    secret = new_secret()
    source = StatusSource(
        municipality_id=actor.municipality,
        id=new_id(),
        source_uri=uri,
        name=name,
        secret_sealed=seal_secret(vault, secret),
        previous_secret_sealed=None,
        previous_until=None,
        enabled=True,
        created_at=now,
    )
    await source_queries.add_source(session, source)
    audit.record(session, actor, "status_source.register", (SUBJECT, source.id), now=now)
    return Registered(source, secret)


async def rotate_secret(
    session: WriteSession,
    actor: Principal,
    source_id: UUID,
    *,
    overlap: timedelta,
    vault: Vault,
    now: datetime,
) -> Registered:
    """Give a source a new secret; the one before it counts for `overlap` longer (0: not at all).

    Raises:
        StatusSourceNotFound: no such source.
    """
    source = await _held(session, actor, source_id)
    fresh = _secrets(source, vault).rotated(new_secret(), now=now, overlap=overlap)
    source.secret_sealed = seal_secret(vault, fresh.current)
    source.previous_secret_sealed = (
        None if fresh.previous is None else seal_secret(vault, fresh.previous)
    )
    source.previous_until = fresh.previous_until
    audit.record(session, actor, "status_source.rotate_secret", (SUBJECT, source.id), now=now)
    return Registered(source, fresh.current)


async def switch(
    session: WriteSession, actor: Principal, source_id: UUID, *, enabled: bool, now: datetime
) -> StatusSource:
    """Let a source tell statuses, or stop it at once.

    Raises:
        StatusSourceNotFound: no such source.
    """
    source = await _held(session, actor, source_id)
    source.enabled = enabled
    audit.record(
        session,
        actor,
        "status_source.switch",
        (SUBJECT, source.id),
        now=now,
        particulars={"enabled": enabled},
    )
    return source


async def listed(
    session: ReadSession, municipality: MunicipalityId
) -> Sequence[tuple[StatusSource, int]]:
    """List the sources by name, each with the number of its events that have no case yet."""
    counts = await queries.unmatched_counts(session, municipality)
    rows = await source_queries.sources(session, municipality)
    return [(row, counts.get(row.id, 0)) for row in rows]


async def _held(session: WriteSession, actor: Principal, source_id: UUID) -> StatusSource:
    source = await source_queries.lock_source(session, actor.municipality, source_id)
    if source is None:
        raise StatusSourceNotFound
    return source


def _secrets(source: StatusSource, vault: Vault) -> Secrets:
    previous = source.previous_secret_sealed
    return Secrets(
        current=open_secret(vault, source.secret_sealed),
        previous=None if previous is None else open_secret(vault, previous),
        previous_until=source.previous_until,
    )
