"""How an attempt to import a feed ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from groups.ingest.reports import packed_report
from groups.ingest.rules import Ending, FeedState
from groups.registry.report import ImportSummary
from groups.registry.rules import Finding


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state that a feed is in now, with counts and the packed report if its rows were read."""

    state: FeedState
    ending: Ending | None = None
    import_id: UUID | None = None
    figures: Mapping[str, Any] | None = None
    report: bytes | None = None


def refused(ending: Ending) -> Outcome:
    """Give the end of a feed that cannot be imported."""
    return Outcome(FeedState.REFUSED, ending)


def import_outcome(summary: ImportSummary, report_path: Path) -> Outcome:
    """Give the end of a feed whose rows were read: imported, or held by its gates."""
    report, is_whole = packed_report(report_path)
    figures = {
        "files": [{"name": name} | each.figures() for name, each in summary.files.items()],
        "refusedFiles": list(summary.refused),
        "faults": dict(summary.faults),
        "gates": [_finding(each) for each in summary.findings],
        "reportComplete": is_whole,
    }
    if summary.is_held:
        return Outcome(FeedState.HELD, figures=figures, report=report)
    return Outcome(FeedState.IMPORTED, None, summary.import_id, figures, report)


def _finding(found: Finding) -> Mapping[str, str | int]:
    return {
        "gate": found.gate,
        "file": found.file,
        "column": found.column,
        "rows": found.rows,
        "present": found.present,
        "empty": found.empty,
        "presentEmpty": found.present_empty,
    }
