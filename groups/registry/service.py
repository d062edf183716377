"""The import of one feed: staged, judged, merged and written down in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from backend.kernel.clock import Clock, civil_day
from backend.kernel.db import Database, WriteSession, refresh_statistics
from backend.kernel.ids import new_id
from backend.kernel.outbox import publish, topic
from backend.kernel.personal_data import Vault
from backend.kernel.snapshots import Closing, make_stages
from backend.residents.public import knows_anybody
from groups.changes.queries import note_everybody
from groups.registry import queries
from groups.registry.feed.faults import RowFault
from groups.registry.feed.files import RESIDENTS
from groups.registry.feed.manifest import Manifest, read_manifest
from groups.registry.feed.reading import feed_digest, stray_files
from groups.registry.gates import Present, examine, present_figures
from groups.registry.landing import Scope
from groups.registry.noting import note_gathered
from groups.registry.ports import PreferenceSink
from groups.registry.report import FileCounts, ImportSummary, open_report
from groups.registry.rules import ROW_COUNT, Finding, Gates, all_are_noted, loses_too_many
from groups.registry.staging import Progress, Reading, Staged, stage_files
from groups.registry.subjects import STAGED
from groups.registry.values import follow_values

IMPORTED = topic("registry.imported")
"""Told after an import that changed something; payload `{importId}`."""


def no_progress(_file: str, _rows: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where the parts of a feed go that packages above keep; None: this installation has none."""

    preferences: PreferenceSink | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """One run: the feed as it is read, where it lands, and whether gates may hold it."""

    reading: Reading
    scope: Scope
    gates: Gates


class _Held(Exception):
    """Ends the transaction of a feed that is held."""

    def __init__(self, staged: list[Staged], findings: list[Finding]) -> None:
        super().__init__()
        self.staged, self.findings = staged, findings


async def import_feed(
    database: Database,
    directory: Path,
    *,
    vault: Vault,
    clock: Clock,
    sinks: Sinks,
    report_path: Path,
    progress: Progress = no_progress,
    gates: Gates = Gates.ENFORCED,
) -> ImportSummary:
    """Take one municipality's feed, a full snapshot or a delta, from a directory of files.

    One transaction: either all good rows land or, on an error, none. Each bad row stands in the
    report. Files that are absent leave their subject as it was. Importing the same feed again
    writes nothing but the record of the run. One import of a municipality runs at a time.

    A feed that would take too much away is held: the summary says why, nothing was changed.

    Raises:
        FeedRefused: there is no manifest, or it is not valid, or a packed file is damaged.
    """
    started_at = clock()
    manifest = read_manifest(directory)
    scope = _scope(manifest, started_at, sinks)
    strays = stray_files(directory, report_path)
    with open_report(report_path) as report:
        report.add(strays)
        produced_on = civil_day(manifest.produced_at, manifest.zone)
        reading = Reading(
            directory=directory,
            produced_on=produced_on,
            is_delta=manifest.is_delta,
            takes_preferences=sinks.preferences is not None,
            vault=vault,
            report=report,
            progress=progress,
        )
        return await _run(database, Intake(reading, scope, gates), clock)


def _scope(manifest: Manifest, now: datetime, sinks: Sinks) -> Scope:
    closing = Closing.REMOVED if manifest.is_delta else Closing.MISSING
    day = civil_day(now, manifest.zone)
    return Scope(manifest.municipality, now, day, sinks.preferences, closing)


async def _run(database: Database, intake: Intake, clock: Clock) -> ImportSummary:
    try:
        async with database.write([intake.scope.municipality]) as session:
            await queries.hold_registry(session, intake.scope.municipality)
            await make_stages(session, *STAGED)
            staged, refused = await stage_files(session, intake.reading)
            known = await present_figures(session, intake.scope.municipality, staged)
            findings = examine(staged, known, is_delta=intake.reading.is_delta)
            _hold(intake, staged, findings)
            is_first = not await knows_anybody(session, intake.scope.municipality)
            spared = _spared(intake, staged, known, is_first=is_first)
            counts = {
                file.file: await _land(session, spared, file, known.get(file.file))
                for file in staged
            }
            findings = findings or _late_findings(intake, counts, known)
            _hold(intake, staged, findings)
            summary = _summary(intake, counts, refused, findings, clock())
            await _write_down(session, spared, summary, clock())
    except _Held as held:
        counts = {each.file: FileCounts(each.read, 0, each.unreadable) for each in held.staged}
        return _summary(intake, counts, (), held.findings, clock(), is_held=True)
    return summary


def _hold(intake: Intake, staged: list[Staged], findings: list[Finding]) -> None:
    if findings and intake.gates is Gates.ENFORCED:
        raise _Held(staged, findings)


def _summary(
    intake: Intake,
    counts: dict[str, FileCounts],
    refused: tuple[str, ...],
    findings: list[Finding],
    finished_at: datetime,
    *,
    is_held: bool = False,
) -> ImportSummary:
    return ImportSummary(
        import_id=new_id(),
        municipality=intake.scope.municipality,
        files=counts,
        refused=refused,
        faults=dict(intake.reading.report.by_code),
        report_path=intake.reading.report.path,
        seconds=(finished_at - intake.scope.now).total_seconds(),
        findings=tuple(findings),
        is_held=is_held,
    )


def _late_findings(
    intake: Intake, counts: Mapping[str, FileCounts], known: Mapping[str, Present]
) -> list[Finding]:
    """Find the files of which too little was left when they had been checked against the others."""
    if intake.reading.is_delta:
        return []
    return [
        Finding(ROW_COUNT, file, "", counts[file].landed, present.rows)
        for file, present in known.items()
        if loses_too_many(counts[file].landed, present.rows)
    ]


def _spared(
    intake: Intake, staged: list[Staged], known: Mapping[str, Present], *, is_first: bool
) -> Intake:
    """Spare the gathering of who changed if so many are new that all will be noted."""
    scope = replace(intake.scope, is_first=is_first)
    for file in staged:
        if file.subject.feed is RESIDENTS and not intake.reading.is_delta:
            new = file.good - known[file.file].rows
            scope = replace(scope, gathers=not all_are_noted(new, file.good))
    return replace(intake, scope=scope)


async def _land(
    session: WriteSession, intake: Intake, file: Staged, present: Present | None
) -> FileCounts:
    """Check one file and merge it.

    Raises:
        RuntimeError: the counts do not balance, so some row was lost; nothing is written then.
    """
    report, scope = intake.reading.report, intake.scope
    if file.nameless and scope.closing is Closing.MISSING:
        report.add([RowFault(file.file, 1, "", "closings_skipped")])
        scope = scope.without_closings()
    elif scope.is_first if file.subject.feed is RESIDENTS else (present and not present.rows):
        scope = scope.without_closings()
    rejections, landed = await file.subject.land(session, scope)
    report.add(RowFault(file.file, each.line, each.column, each.code) for each in rejections)
    rejected = file.unreadable + len(rejections)
    if file.read != landed.rows + rejected:
        raise RuntimeError(
            f"{file.file}: {file.read} rows read, {landed.rows} landed, {rejected} rejected"
        )
    return FileCounts(file.read, landed.rows, rejected, landed.added, landed.changed, landed.closed)


async def _write_down(
    session: WriteSession, intake: Intake, summary: ImportSummary, finished_at: datetime
) -> None:
    """Record the run, and tell of it when something changed."""
    queries.record_import(
        session,
        summary.municipality,
        import_id=summary.import_id,
        started_at=intake.scope.now,
        finished_at=finished_at,
        counts={file: figures.figures() for file, figures in summary.files.items()},
        feed_digest=feed_digest(intake.reading.directory),
    )
    if intake.scope.gathers:
        await note_gathered(session, summary.municipality, finished_at)
    else:
        await note_everybody(session, summary.municipality, finished_at)
    if not summary.written:
        return
    await follow_values(session, summary.municipality, intake.scope.day)
    if await queries.statistics_are_old(session, summary.written):
        await refresh_statistics(session)
    payload = {"importId": str(summary.import_id)}
    await publish(session, summary.municipality, IMPORTED, payload, finished_at)
