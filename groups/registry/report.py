"""The report of an import: every fault on a line of a CSV file, and the counts that balance."""

import csv
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import UUID

from backend.kernel.tenancy import MunicipalityId
from groups.registry.feed.faults import RowFault
from groups.registry.rules import Finding

COLUMNS = ("file", "line", "column", "code", "reason_lv", "reason_en")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Full-width signs too: spreadsheets for East Asian languages read them as the others."""
LONGEST_NAME = 64


class CsvWriter(Protocol):
    """The part of a CSV writer that is used."""

    def writerow(self, row: Iterable[object], /) -> object:
        """Write one row."""
        ...


@dataclass(slots=True)
class Report:
    """Takes faults as they are found and writes them at once."""

    writer: CsvWriter
    path: Path
    by_code: Counter[str] = field(default_factory=Counter[str])

    def add(self, faults: Iterable[RowFault]) -> None:
        """Write faults down."""
        for fault in faults:
            self.by_code[fault.code] += 1
            file, column, reason = _plain(fault.file), _plain(fault.column), fault.reason
            self.writer.writerow((file, fault.line, column, fault.code, reason.lv, reason.en))


def _plain(name: str) -> str:
    """Write a name that comes from the feed so that no spreadsheet takes it for a formula."""
    shown = name.encode("utf-8", "replace").decode()[:LONGEST_NAME]
    return f"'{shown}" if shown.startswith(FORMULA_STARTS) else shown


@contextmanager
def open_report(path: Path) -> Generator[Report]:
    """Write a report beside `path` and put it there when the block has ended, error or not.

    UTF-8 with BOM and commas: spreadsheet programs show the diacritics right.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("w", encoding="utf-8-sig", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(COLUMNS)
            yield Report(writer, path)
    finally:
        unfinished.replace(path)


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What became of one file's rows: read = landed + rejected.

    `added`, `changed` and `closed` count rows of the tables; a row that was closed and came back
    counts as changed.
    """

    read: int = 0
    landed: int = 0
    rejected: int = 0
    added: int = 0
    changed: int = 0
    closed: int = 0

    def figures(self) -> dict[str, int]:
        """Give the counts by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did; `refused` names the files that were not taken as a whole.

    `findings`: what the gates found. `is_held`: that kept the feed out, and nothing was changed;
    `files` then only counts what was read and what had faults of its own.
    """

    import_id: UUID
    municipality: MunicipalityId
    files: Mapping[str, FileCounts]
    refused: tuple[str, ...]
    faults: Mapping[str, int]
    report_path: Path
    seconds: float
    findings: tuple[Finding, ...] = ()
    is_held: bool = False

    @property
    def read(self) -> int:
        """How many rows were read in all files."""
        return sum(counts.read for counts in self.files.values())

    @property
    def landed(self) -> int:
        """How many rows stand in the tables as the feed gives them."""
        return sum(counts.landed for counts in self.files.values())

    @property
    def rejected(self) -> int:
        """How many rows did not land; each has a line in the report."""
        return sum(counts.rejected for counts in self.files.values())

    @property
    def written(self) -> int:
        """How many rows of the tables were added, changed or closed."""
        return sum(counts.added + counts.changed + counts.closed for counts in self.files.values())
