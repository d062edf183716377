"""Importing many feeds: municipalities side by side, the feeds of one in the order given."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from backend.kernel.clock import system_clock
from backend.kernel.db import open_database
from backend.kernel.errors import DomainError
from backend.kernel.loading import leave_loaded_alone
from backend.kernel.logs import configure_logs, logger
from backend.kernel.settings import Settings
from groups.public import Gates, ImportSummary, Sinks, feed_municipality, import_feed
from notifications.public import RegistryPreferences

LOG = logger(__name__)


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed to import, and where its report goes."""

    directory: Path
    report: Path


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a feed: its summary, or why it was refused."""

    feed: Feed
    summary: ImportSummary | None
    refusal: str = ""


def import_feeds(
    settings: Settings, feeds: Sequence[Feed], gates: Gates, processes: int
) -> Iterator[Imported]:
    """Import feeds; with several processes, municipalities are imported side by side."""
    lines: dict[str, list[Feed]] = {}
    for feed in feeds:
        lines.setdefault(_municipality(feed), []).append(feed)
    if processes == 1 or len(lines) == 1:
        for line in lines.values():
            yield from import_line(settings, line, gates)
        return
    context, count = get_context("spawn"), min(processes, len(lines))
    importers = ProcessPoolExecutor(count, context, initializer=begin, initargs=(settings,))
    with importers as pool:
        running = [pool.submit(import_apart, settings, line, gates) for line in lines.values()]
        for each in running:
            yield from each.result()


def begin(settings: Settings) -> None:
    """Prepare a process that imports; by then it has loaded all that this module needs."""
    configure_logs(settings.logs)
    leave_loaded_alone()


def import_apart(settings: Settings, feeds: Sequence[Feed], gates: Gates) -> list[Imported]:
    """Import feeds in a process of their own; one that fails is told here, by its place alone.

    The failure itself does not leave the process: it may quote a row.
    """
    done: list[Imported] = []
    for feed in feeds:
        try:
            done.extend(import_line(settings, [feed], gates))
        except Exception as failure:  # noqa: BLE001 - the other feeds are imported all the same
            LOG.error("feed_import_failed", failure=failure)
            done.append(Imported(feed, None, "the import failed; the log says where"))
    return done


def import_line(settings: Settings, feeds: Sequence[Feed], gates: Gates) -> Iterator[Imported]:
    """Import feeds one after the other."""
    for feed in feeds:
        try:
            yield Imported(feed, asyncio.run(_import(settings, feed, gates)))
        except DomainError as refusal:
            yield Imported(feed, None, refusal.detail or refusal.code)


async def _import(settings: Settings, feed: Feed, gates: Gates) -> ImportSummary:
    database = open_database(settings.database.url or "", pool_size=settings.database.pool)
    try:
        return await import_feed(
            database,
            feed.directory,
            vault=settings.vault(),
            clock=system_clock,
            sinks=Sinks(preferences=RegistryPreferences(system_clock)),
            report_path=feed.report,
            gates=gates,
        )
    finally:
        await database.close()


def _municipality(feed: Feed) -> str:
    """Name the line of a feed; one without a manifest stands alone, and is refused in its turn."""
    try:
        return str(feed_municipality(feed.directory))
    except DomainError:
        return str(feed.directory)
