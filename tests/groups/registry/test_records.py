"""Reading CSV: what any writer of it writes comes back, with the line on which it starts."""

import csv
import tracemalloc
from io import StringIO
from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.registry.feed.records import CsvRecords
from groups.registry.feed.sheets import RECORD_CHARACTERS, Record, sheet_of

CELL = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from('",;\n\r'),
    max_size=8,
)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6)
)


QUOTING: st.SearchStrategy[Literal[0, 1]] = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])


def opened(text: str) -> StringIO:
    """Open a text as the import opens a file."""
    return StringIO(text, newline="")


def lines_of(text: str) -> list[str]:
    """Split a text as a file opened with newline="" does."""
    return list(opened(text))


def records_of(text: str) -> list[Record]:
    """Read a text's records."""
    return list(CsvRecords(opened(text)))


def is_plain(row: list[str]) -> bool:
    """Tell whether a row is more than the white space that counts as an empty line."""
    return any(cell.strip() for cell in row)


@given(
    TABLES,
    st.sampled_from(",;"),
    st.sampled_from(["\n", "\r\n"]),
    QUOTING,
)
def test_what_was_written_is_read_back_with_its_first_line(
    table: list[list[str]], delimiter: str, newline: str, quoting: Literal[0, 1]
) -> None:
    if any("\r" in cell for row in table for cell in row):
        quoting = csv.QUOTE_ALL  # Python's writer leaves a lone carriage return bare otherwise
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    header = ["a"] * len(table[0])
    writer.writerow(header)
    expected = [Record(1, header)]
    for row in filter(is_plain, table):
        line = len(lines_of(text.getvalue())) + 1
        writer.writerow(row)
        expected.append(Record(line, row))
    assert records_of(text.getvalue()) == expected


@given(st.text(st.sampled_from('a",;\n'), max_size=60))
def test_no_line_of_any_text_is_lost(text: str) -> None:
    lines = lines_of("a,b\n" + text)
    starts = [record.line for record in records_of("a,b\n" + text)]
    assert starts == sorted(set(starts))
    covered = {line for line in starts if lines[line - 1].strip()}
    assert covered == set(starts)


@given(
    st.text(st.sampled_from('ae",; \n\r\t\0\u0301\u00a0\u0100\ud800'), max_size=60)
    | st.lists(st.sampled_from(["a,b\n", "ā, b\r\n", ",\n", "a\u0304,\n", '"a",b\n'])).map("".join),
    st.integers(1, 9),
)
def test_rows_taken_together_are_those_taken_singly(text: str, size: int) -> None:
    singly, together = CsvRecords(opened("a,b\n" + text)), CsvRecords(opened("a,b\n" + text))
    assert next(singly) == next(together)
    expected = sheet_of(singly, 2)
    found: list[tuple[int, list[str]]] = []
    broken: list[Record] = []
    while sheet := together.sheet(2, size):
        rows = [list(row) for row in zip(*sheet.columns, strict=True)]
        found += zip(sheet.lines, rows, strict=True)
        broken += sheet.broken
        if sheet.is_trim:
            assert all(normalize("NFC", cell.strip()) == cell for row in rows for cell in row)
    assert found == list(
        zip(expected.lines, map(list, zip(*expected.columns, strict=True)), strict=True)
    )
    assert broken == expected.broken


def test_a_quotation_mark_that_is_never_closed_costs_one_line() -> None:
    rows = "".join(f"{number},x\n" for number in range(200))
    records = records_of(f'a,b\n1,"open\n{rows}')
    assert [record.line for record in records if record.fault] == [2]
    assert len(records) == 202


@pytest.mark.parametrize("text", ['a,b\n"x"y,1\n2,3\n', 'a,b\n"x" ,"y\n2,3\n'])
def test_text_after_a_closing_quotation_mark_is_a_fault_of_its_line(text: str) -> None:
    records = records_of(text)
    assert [(record.line, record.fault) for record in records] == [
        (1, ""),
        (2, "quotes_broken"),
        (3, ""),
    ]


@pytest.mark.parametrize("length", [RECORD_CHARACTERS, 5 * RECORD_CHARACTERS, 40_000_000])
@pytest.mark.parametrize("sign", ["x", ",", '"'])
def test_a_line_without_end_costs_itself_alone_and_little_memory(length: int, sign: str) -> None:
    tracemalloc.start()
    try:
        text = opened(f"a,b\n{sign * length}\n1,2\n")
        tracemalloc.reset_peak()
        held = tracemalloc.get_traced_memory()[0]
        records = list(CsvRecords(text))
        peak = tracemalloc.get_traced_memory()[1] - held
    finally:
        tracemalloc.stop()
    assert [(record.line, record.fault) for record in records] == [
        (1, ""),
        (2, "row_length"),
        (3, ""),
    ]
    assert peak < 2_000_000
