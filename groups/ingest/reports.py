"""The report on a feed's rows as it is kept: packed, and at most 8 MiB of it."""

import gzip
from pathlib import Path

from groups.ingest.errors import RegistryReportNotFound
from groups.ingest.models import RegistryFeed
from groups.ingest.rules import MOST_REPORT_BYTES

REPORT_TYPE = "text/csv"


def packed_report(path: Path) -> tuple[bytes, bool]:
    """Pack whole lines of a report; tells whether they are all of it."""
    with path.open("rb") as report:
        content = report.read(MOST_REPORT_BYTES + 1)
    is_whole = len(content) <= MOST_REPORT_BYTES
    if not is_whole:
        content = content[: content.rindex(b"\n", 0, MOST_REPORT_BYTES) + 1]
    return gzip.compress(content, 6, mtime=0), is_whole


def report_of(feed: RegistryFeed) -> bytes:
    """Give a feed's report as CSV.

    Raises:
        RegistryReportNotFound: it was not imported yet.
    """
    if feed.report is None:
        raise RegistryReportNotFound
    return gzip.decompress(feed.report)
