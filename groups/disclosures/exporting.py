"""Members as a file for spreadsheet programs."""

import csv
import io
from collections.abc import Iterable

from groups.disclosures.service import Member
from groups.registry.report import FORMULA_STARTS

COLUMNS = ("resident_id", "given_name", "family_name", "since")
BYTE_ORDER_MARK = "\ufeff"
"""By it spreadsheet programs know that the text is UTF-8."""


def as_csv(members: Iterable[Member]) -> str:
    """Write members as CSV with a heading; no cell is taken for a formula."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for member in members:
        since = member.since.isoformat() if member.since else ""
        names = (_plain(member.given_name), _plain(member.family_name))
        writer.writerow((member.resident_id, *names, since))
    return BYTE_ORDER_MARK + lines.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
