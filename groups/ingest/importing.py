"""Feeds that are complete are imported one by one, by whichever worker comes first."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.logs import logger
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId, Tenants
from groups.ingest import import_queries
from groups.ingest.contents import parts
from groups.ingest.manifests import announced, imported_manifest
from groups.ingest.models import RegistryFeed
from groups.ingest.outcomes import Outcome, import_outcome, refused
from groups.ingest.rules import LAST_ATTEMPT, LEASE, Ending
from groups.ingest.unpacking import FeedUnusable, write_file
from groups.ingest.workplaces import workplace
from groups.registry.errors import FeedRefused
from groups.registry.feed.files import MANIFEST
from groups.registry.rules import Gates
from groups.registry.service import Sinks, import_feed

LOG = logger(__name__)


@dataclass(frozen=True, slots=True)
class FeedImporter:
    """Imports feeds of the municipalities served; `directory` holds their files meanwhile."""

    database: Database
    tenants: Tenants
    vault: Vault
    clock: Clock
    sinks: Sinks
    directory: Path

    async def import_one(self) -> bool:
        """Import the next feed; False when there is none.

        Three transactions: a claim with a lease, the import's own, and the record of its end. If
        the process dies between them, the lease runs out and the feed is taken again: an import
        that was committed already changes nothing the second time.
        """
        async with self.database.write(self.tenants) as session:
            feed = await import_queries.claim_feed(session, self.clock())
        if feed is None:
            return False
        async with self._keeping_lease(feed):
            outcome = await self._outcome_of(feed)
        await self._record(feed, outcome)
        return True

    async def _outcome_of(self, feed: RegistryFeed) -> Outcome | None:
        """Tell how the attempt ended; None when it is to be tried again."""
        if feed.attempts > LAST_ATTEMPT:
            return refused(Ending.FAILED)
        try:
            return await self._import(feed)
        except FeedUnusable as unusable:
            return refused(unusable.ending)
        except FeedRefused:
            return refused(Ending.MANIFEST_INVALID)
        except Exception as error:  # noqa: BLE001 - whatever it was, the worker goes on
            LOG.error("feed_import_failed", failure=error, attempts=feed.attempts)
            return None

    async def _import(self, feed: RegistryFeed) -> Outcome:
        with workplace(self.directory) as place:
            await self._lay_out(feed, place)
            report = place.with_name("report.csv")
            summary = await import_feed(
                self.database,
                place,
                vault=self.vault,
                clock=self.clock,
                sinks=self.sinks,
                report_path=report,
                gates=Gates.ACCEPTED if feed.gates_overridden else Gates.ENFORCED,
            )
            return import_outcome(summary, report)

    async def _lay_out(self, feed: RegistryFeed, place: Path) -> None:
        """Write a feed's files into a directory, as the import reads them."""
        (place / MANIFEST).write_bytes(imported_manifest(feed.manifest))
        async with self.database.read((MunicipalityId(feed.municipality_id),)) as session:
            for file in announced(feed.manifest).files:
                await write_file(place, file, parts(session, self.vault, feed, file.name))

    async def _record(self, feed: RegistryFeed, outcome: Outcome | None) -> None:
        now = self.clock()
        async with self.database.write((MunicipalityId(feed.municipality_id),)) as session:
            if outcome is None:
                later = now + timedelta(seconds=2**feed.attempts)
                await import_queries.extend_lease(session, feed, later)
                return
            ended = await import_queries.end_attempt(session, feed, outcome, now)
        if ended:
            LOG.info("feed_ended", state=outcome.state, attempts=feed.attempts)

    @contextlib.asynccontextmanager
    async def _keeping_lease(self, feed: RegistryFeed) -> AsyncGenerator[None]:
        keeping = asyncio.create_task(self._keep_lease(feed))
        try:
            yield
        finally:
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeping

    async def _keep_lease(self, feed: RegistryFeed) -> None:
        """Extend the lease for as long as the import goes on."""
        held = True
        while held:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            # The database being away for a moment does not end the import by itself.
            with contextlib.suppress(Exception):
                async with self.database.write((MunicipalityId(feed.municipality_id),)) as session:
                    until = self.clock() + LEASE
                    held = await import_queries.extend_lease(session, feed, until)
