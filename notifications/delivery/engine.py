"""One worker's turn: claim a chunk, send it with no session open, write down what happened.

A worker holds one chunk at a time, so that a killed worker repeats at most one chunk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from backend.kernel.clock import Clock
from backend.kernel.db import Database, WriteSession
from backend.kernel.logs import logger
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import Tenants
from notifications.channels.ports import Channel, Misconfigured, Outcome, Outgoing, Sender
from notifications.delivery import queries, results
from notifications.delivery.addresses import addresses_of, bury
from notifications.delivery.content import Content, Writer, content_of
from notifications.delivery.finishing import finish_if_done
from notifications.delivery.leases import extended, persistently
from notifications.delivery.outcomes import Settled, settle, unsent, without_address
from notifications.delivery.queries import Claim
from notifications.delivery.rules import Lane

LOG = logger(__name__)
MISCONFIGURED_PAUSE = timedelta(seconds=30)
LONGEST_PAUSES = 20


@dataclass(frozen=True, slots=True)
class Batch:
    """A claimed chunk with all that is needed to send it."""

    claim: Claim
    content: Content
    items: Sequence[Outgoing]
    sendable: Sequence[int]
    unreachable: Sequence[int]


@dataclass(frozen=True, slots=True)
class Engine:
    """Delivers chunks of the tenants served, by the senders configured."""

    database: Database
    tenants: Tenants
    senders: Mapping[Channel, Sender]
    vault: Vault
    clock: Clock
    writer: Writer
    lease: timedelta
    last_lane: Lane = Lane.BULK

    async def deliver_one(self) -> bool:
        """Deliver the most urgent due chunk; False when there is none."""
        async with self.database.write(self.tenants) as session:
            now = self.clock()
            claim = await queries.claim_chunk(session, now, self.lease, self.last_lane)
            if claim is None:
                return False
            try:
                batch = await self._batch(session, claim)
            except Misconfigured:
                LOG.error("addresses_unreadable", chunk=claim.chunk_id, channel=claim.channel)
                await queries.put_back(session, claim, now + pause_of(claim))
                return True
        await self._deliver(batch)
        return True

    async def _deliver(self, batch: Batch) -> None:
        if (ended := unsent(batch.claim, batch.content, self.clock())) is not None:
            await self._settle(batch, ended)
            return
        try:
            async with extended(partial(self._extend, batch.claim), self.lease):
                outcomes = await self._send(batch)
        except Misconfigured:
            LOG.error("provider_misconfigured", channel=batch.claim.channel.value)
            await self._put_back(batch.claim)
            return
        urgent = batch.content.kind.is_urgent
        settled = settle(batch.claim, batch.sendable, outcomes, urgent=urgent)
        settled.rows.extend(without_address(batch.claim, batch.unreachable))
        await self._settle(batch, settled)

    async def _batch(self, session: WriteSession, claim: Claim) -> Batch:
        content = await content_of(session, claim.municipality, claim.dispatch_id)
        messages = await queries.messages_of(session, claim)
        residents = [message.resident_id for message in messages]
        addresses = await addresses_of(
            session, self.vault, claim.municipality, claim.channel, residents
        )
        items = [
            self.writer.outgoing(claim, content, message, addresses[message.resident_id])
            for message in messages
            if message.resident_id in addresses
        ]
        sendable = [m.ordinal for m in messages if m.resident_id in addresses]
        unreachable = [m.ordinal for m in messages if m.resident_id not in addresses]
        return Batch(claim, content, items, sendable, unreachable)

    async def _send(self, batch: Batch) -> Sequence[Outcome]:
        if not batch.items:
            return ()
        sender = self.senders.get(batch.claim.channel)
        if sender is None:
            raise Misconfigured(f"no provider for {batch.claim.channel}")
        return await sender.send(batch.items)

    async def _extend(self, claim: Claim) -> None:
        async with self.database.write((claim.municipality,)) as session:
            await queries.extend_lease(session, claim, self.clock() + self.lease)

    async def _put_back(self, claim: Claim) -> None:
        async with self.database.write((claim.municipality,)) as session:
            await queries.put_back(session, claim, self.clock() + pause_of(claim))

    async def _settle(self, batch: Batch, settled: Settled) -> None:
        await persistently(partial(self._acknowledge, batch, settled), self.lease)

    async def _acknowledge(self, batch: Batch, settled: Settled) -> None:
        """Write the results, unless the lease was lost and another worker has the chunk."""
        claim, now = batch.claim, self.clock()
        key = (claim.municipality, claim.dispatch_id)
        async with self.database.write((claim.municipality,)) as session:
            if not await queries.close_chunk(session, claim):
                LOG.warning("lease_lost", chunk=claim.chunk_id, channel=claim.channel.value)
                return
            if settled.again and await queries.is_cancelled(session, *key):
                settled = settled.without_retries(claim)
            if settled.rows:
                await results.insert_results(session, *key, settled.rows, now)
            await results.add_tally(session, *key, settled.moves(claim))
            if again := settled.retry_chunks(claim, now, batch.content.expires_at):
                await queries.insert_chunks(session, *key, again)
            await bury(session, claim.municipality, claim.channel, settled.dead, now)
            await finish_if_done(session, *key, now)


def pause_of(claim: Claim) -> timedelta:
    """Tell how long a chunk waits for its provider to be put right; an alert never long.

    Longer each time, up to ten minutes: thousands of chunks must not keep the workers busy.
    """
    times = 1 if claim.lane is Lane.EMERGENCY else min(claim.claims, LONGEST_PAUSES)
    return MISCONFIGURED_PAUSE * times
