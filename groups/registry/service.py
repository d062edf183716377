"""The import of one feed: staged, judged, merged and written down in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from backend.kernel.clock import Clock, civil_day
from backend.kernel.db import Database, WriteSession, refresh_statistics
from backend.kernel.ids import new_id
from backend.kernel.outbox import publish, topic
from backend.kernel.personal_data import Vault
from backend.kernel.snapshots import copy_rows, make_stages, survey_stage
from groups.changes.queries import note_everybody
from groups.registry import queries
from groups.registry.feed.faults import RowFault
from groups.registry.feed.files import PREFERENCES
from groups.registry.feed.manifest import read_manifest
from groups.registry.feed.reading import Opened, feed_digest, opened, unknown_files
from groups.registry.feed.rows import Judged
from groups.registry.landing import Scope
from groups.registry.ports import PreferenceSink
from groups.registry.report import FileCounts, ImportSummary, Report, open_report
from groups.registry.subjects import SUBJECTS, Subject

BATCH = 5_000
"""Rows judged and copied at a time; memory does not grow with the feed."""

IMPORTED = topic("registry.imported")
"""Told after an import that changed something; payload `{importId}`."""

Progress = Callable[[str, int], None]
"""Is told a file's name and how many of its rows have been read."""


def no_progress(_file: str, _rows: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where the parts of a feed go that packages above keep; None: this installation has none."""

    preferences: PreferenceSink | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """One run's surroundings; `produced_on` is the civil day on which the feed was produced."""

    session: WriteSession
    scope: Scope
    produced_on: date
    vault: Vault
    report: Report
    progress: Progress


async def import_feed(
    database: Database,
    directory: Path,
    *,
    vault: Vault,
    clock: Clock,
    sinks: Sinks,
    report_path: Path,
    progress: Progress = no_progress,
) -> ImportSummary:
    """Take a full snapshot of one municipality's registry from a directory of CSV files.

    One transaction: either all good rows land or, on an error, none. Each bad row stands in the
    report. Files that are absent leave their subject as it was. Importing the same feed again
    writes nothing but the record of the run. One import of a municipality runs at a time.

    Raises:
        FeedRefused: there is no manifest, or it is not valid; nothing was read.
    """
    started_at = clock()
    manifest = read_manifest(directory)
    zone, municipality = manifest.zone, manifest.municipality
    scope = Scope(municipality, started_at, civil_day(started_at, zone), sinks.preferences)
    strangers = unknown_files(directory, report_path)
    with open_report(report_path) as report:
        report.add(strangers)
        async with database.write([municipality]) as session:
            await queries.hold_registry(session, municipality)
            produced_on = civil_day(manifest.produced_at, zone)
            intake = Intake(session, scope, produced_on, vault, report, progress)
            counts, refused = await _take_files(intake, directory)
            finished_at = clock()
            summary = ImportSummary(
                import_id=new_id(),
                municipality=municipality,
                files=counts,
                refused=refused,
                faults=dict(report.by_code),
                report_path=report_path,
                seconds=(finished_at - started_at).total_seconds(),
            )
            await _write_down(intake, summary, feed_digest(directory), finished_at)
    return summary


async def _write_down(
    intake: Intake, summary: ImportSummary, digest: bytes, finished_at: datetime
) -> None:
    """Record the run, and tell of it when something changed."""
    queries.record_import(
        intake.session,
        summary.municipality,
        import_id=summary.import_id,
        started_at=intake.scope.now,
        finished_at=finished_at,
        counts={file: figures.figures() for file, figures in summary.files.items()},
        feed_digest=digest,
    )
    if summary.written:
        await refresh_statistics(intake.session)
        await note_everybody(intake.session, summary.municipality, finished_at)
        payload = {"importId": str(summary.import_id)}
        await publish(intake.session, summary.municipality, IMPORTED, payload, finished_at)


async def _take_files(
    intake: Intake, directory: Path
) -> tuple[dict[str, FileCounts], tuple[str, ...]]:
    counts: dict[str, FileCounts] = {}
    refused: list[str] = []
    for subject in SUBJECTS:
        path = directory / subject.feed.name
        if not path.exists():
            continue
        if subject.feed is PREFERENCES and intake.scope.preferences is None:
            intake.report.add([RowFault(path.name, 1, "", "file_without_taker")])
            refused.append(path.name)
            continue
        with opened(path, subject.feed, day=intake.produced_on, batch=BATCH) as rows:
            intake.report.add(rows.faults)
            if rows.usable:
                counts[path.name] = await _take(intake, subject, rows)
            else:
                refused.append(path.name)
    return counts, tuple(refused)


async def _take(intake: Intake, subject: Subject, rows: Opened) -> FileCounts:
    """Stage a file, check it against the others, merge it.

    Raises:
        RuntimeError: the counts do not balance, so some row was lost; nothing is written then.
    """
    session, file = intake.session, subject.feed.name
    await make_stages(session, *subject.stages)
    read, unreadable = 0, 0
    for batch in rows.batches:
        read += len(batch)
        unreadable += await _stage(intake, subject, batch)
        intake.progress(file, read)
    for table in subject.stages:
        await survey_stage(session, table)
    rejections, landed = await subject.land(session, intake.scope)
    intake.report.add(RowFault(file, each.line, each.column, each.code) for each in rejections)
    rejected = unreadable + len(rejections)
    if read != landed.rows + rejected:
        raise RuntimeError(f"{file}: {read} rows read, {landed.rows} landed, {rejected} rejected")
    return FileCounts(read, landed.rows, rejected, landed.added, landed.changed, landed.closed)


async def _stage(intake: Intake, subject: Subject, batch: Sequence[Judged]) -> int:
    """COPY a batch into its stages; gives how many of its rows had faults of their own."""
    for copy in subject.encode(intake.vault, batch):
        if copy.records:
            await copy_rows(intake.session, copy.stage, copy.columns, copy.records)
    faulty = [judged for judged in batch if judged.faults]
    intake.report.add(fault for judged in faulty for fault in judged.faults)
    return len(faulty)
