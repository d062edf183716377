"""Use cases of signed sources: registered, rotated, switched, and recognised by signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic
from uuid import UUID

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.errors import DomainError
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.kernel.signed_sources import queries
from backend.kernel.signed_sources.models import SignedSource
from backend.kernel.signed_sources.queries import S
from backend.kernel.tenancy import MunicipalityId
from backend.kernel.webhooks import (
    Secrets,
    SignedMessage,
    WebhookRefused,
    check_signature,
    new_secret,
)


@dataclass(frozen=True, slots=True)
class Registered:
    """A source with the secret that its owner must be given; it is never shown again."""

    source: SignedSource
    secret: str


@dataclass(frozen=True, slots=True)
class Sources(Generic[S]):
    """The sources of one kind, kept in `table`; `missing` is raised where there is none.

    What is done to them is audited, and their secrets are sealed, under the table's name.
    """

    table: type[S]
    missing: type[DomainError]

    async def recognise(
        self,
        session: ReadSession,
        municipality: MunicipalityId,
        message: SignedMessage,
        *,
        vault: Vault,
        now: datetime,
        **known: UUID | str,
    ) -> S:
        """Give the source that signed a message and has the values `known`, by column.

        Raises:
            WebhookRefused: not known, disabled or not its signature; all are answered alike.
        """
        source = await queries.enabled_source(session, self.table, municipality, known)
        if source is None:
            raise WebhookRefused("webhook_signature_invalid")
        check_signature(message, _secrets(source, vault).valid_at(now))
        return source

    async def register(
        self,
        session: WriteSession,
        actor: Principal,
        name: str,
        *,
        vault: Vault,
        now: datetime,
        **own: str,
    ) -> Registered:
        """Let another system send to the actor's municipality; `own` are columns of its kind.

        Raises:
            DomainError: it is registered already; which, the table's constraint says.
        """
        source = self.table(
            municipality_id=actor.municipality,
            id=new_id(),
            name=name,
            enabled=True,
            created_at=now,
            **own,
        )
        registered = _keep(source, Secrets(new_secret(), None, None), vault)
        await queries.add_source(session, source)
        self._audit(session, actor, source, "register", now)
        return registered

    async def rotate_secret(
        self,
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
            DomainError: `missing`.
        """
        source = await self._held(session, actor, source_id)
        fresh = _secrets(source, vault).rotated(new_secret(), now=now, overlap=overlap)
        self._audit(session, actor, source, "rotate_secret", now)
        return _keep(source, fresh, vault)

    async def switch(
        self,
        session: WriteSession,
        actor: Principal,
        source_id: UUID,
        *,
        enabled: bool,
        now: datetime,
    ) -> S:
        """Let a source send, or stop it at once.

        Raises:
            DomainError: `missing`.
        """
        source = await self._held(session, actor, source_id)
        source.enabled = enabled
        self._audit(session, actor, source, "switch", now, enabled=enabled)
        return source

    async def listed(self, session: ReadSession, municipality: MunicipalityId) -> Sequence[S]:
        """List the sources by name."""
        return await queries.sources(session, self.table, municipality)

    async def _held(self, session: WriteSession, actor: Principal, source_id: UUID) -> S:
        source = await queries.lock_source(session, self.table, actor.municipality, source_id)
        if source is None:
            raise self.missing
        return source

    def _audit(
        self,
        session: WriteSession,
        actor: Principal,
        source: SignedSource,
        act: str,
        now: datetime,
        **particulars: bool,
    ) -> None:
        kind = self.table.__tablename__
        subject = (kind, source.id)
        audit.record(session, actor, f"{kind}.{act}", subject, now=now, particulars=particulars)


def _keep(source: SignedSource, secrets: Secrets, vault: Vault) -> Registered:
    label, previous = _label(source), secrets.previous
    source.secret_sealed = vault.seal(secrets.current, label=label)
    source.previous_secret_sealed = None if previous is None else vault.seal(previous, label=label)
    source.previous_until = secrets.previous_until
    return Registered(source, secrets.current)


def _secrets(source: SignedSource, vault: Vault) -> Secrets:
    label, previous = _label(source), source.previous_secret_sealed
    return Secrets(
        current=vault.open(source.secret_sealed, label=label),
        previous=None if previous is None else vault.open(previous, label=label),
        previous_until=source.previous_until,
    )


def _label(source: SignedSource) -> str:
    return f"{source.__tablename__}.secret"
