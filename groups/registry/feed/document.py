"""The description of the feed for other systems, made of the declarations that the import uses."""

from collections.abc import Iterator

from groups.registry.feed.columns import Column, FeedFile
from groups.registry.feed.faults import FAULTS
from groups.registry.feed.files import FILES
from groups.registry.feed.sheets import RECORD_CHARACTERS
from groups.registry.rules import (
    GATED_ROWS,
    LATITUDES,
    LEAST_ROWS_PERCENT,
    LIST_LIMIT,
    LONGITUDES,
    MOST_EMPTIER_POINTS,
    TEXT_LIMIT,
)

HEAD = f"""# Registry feed

What a municipality's registry sends so that Novads knows its residents. Made from the column
declarations that the import itself uses, by `novads openapi`.

A feed is a directory with a `manifest.json` and the files below. Import it with
`novads registry import DIRECTORY` (several directories: municipalities side by side); make a
synthetic one with `novads registry generate`.

## Manifest

```json
{{
  "format": "novads-registry-feed/1",
  "municipality": "LV0044000",
  "form": "full",
  "produced_at": "2026-11-20T03:00:00Z"
}}
```

- `municipality`: the territory code, in force on that day.
- `form`: `full`: the files name everything there is. What a file no longer names is closed, not
  deleted, and opens again when it comes back. `delta`: the files name only what changed; a row
  whose column `removed` says `true` closes what its key names, and needs no other cells. Nothing
  else is closed.
- `produced_at`: an instant with its offset from UTC.

A file that is absent says nothing about its subject: nothing is changed or closed. In a full
snapshot, a file with a header and no rows says that there is none: everything is closed.

## Form of the files

- Each file is CSV or NDJSON (`residents.ndjson`), packed with gzip or not (`residents.csv.gz`). A
  file that is there in several forms is taken in the first of `.csv`, `.csv.gz`, `.ndjson`,
  `.ndjson.gz`. A packed file that is damaged refuses the whole feed.
- NDJSON: one object a line, its keys the columns. Cells are texts, numbers, `true`, `null` or lists
  of texts; a key that is absent is an empty cell, one that is not known is passed over.
- UTF-8, with or without BOM. Commas or semicolons; the header decides. Lines end with LF or CRLF.
- Cells may stand in quotation marks (RFC 4180), with line breaks inside; a quotation mark inside
  them is doubled. Spaces around a cell are dropped. An empty cell means unknown.
- The first line names the columns, in any order and case. Columns that are not known are reported
  and passed over. A file that lacks a required column is not taken; the others are. Where the first
  line of a delta names `removed`, of the required columns only those of the key must be there: then
  a row that is not removed is rejected (`required`). A first line that names no known column is
  taken for a row, and not repeated in the report.
- Days are `YYYY-MM-DD`. Texts have at most {TEXT_LIMIT} characters, lists at most {LIST_LIMIT} words or codes, rows at most
  {RECORD_CHARACTERS:,} characters. Control characters other than line breaks and tabs are not taken.
- Personal codes: the old form `DDMMYY-NNNNN` with or without the hyphen, or the new one, `3[2-9]`
  and nine digits. A code is never refused by its checksum.
- Coordinates: WGS-84 degrees, latitude {LATITUDES[0]} to {LATITUDES[1]}, longitude {LONGITUDES[0]} to
  {LONGITUDES[1]}; kept as LKS-92 metres (EPSG:3059).
- Phones: `+371` and eight digits (spaces and hyphens are dropped); SMS goes to numbers that start
  with 2.

## What happens to a row

Every row lands or is rejected; the counts of each file balance. A rejected row stands in the report
(CSV) with file, line, column, a stable code and the reason in Latvian and English, and never stops
the others. The line is the one on which the row starts. What a rejected row names stays as it was.
If the key of any row cannot be read, it may name anything: then nothing is closed for being missing
from that file (`closings_skipped`). Importing the same feed twice changes nothing. A row that names
what another file does not have (an address, a household, a resident) is rejected.

## Gates

Before anything changes, the feed is compared with what is known. It is held, and nothing of it
taken, until a person accepts it (`--accept-gates`, or the console), if for any file of which more
than {GATED_ROWS} rows are known

- `gate_row_count`: fewer than {LEAST_ROWS_PERCENT} % of the known rows would be left, or
- `gate_null_rate`: a column would be empty in a share of the rows that is larger than now by more
  than {MOST_EMPTIER_POINTS} percentage points.

Rejected rows do not count. For a delta, the figures are those after it. Files that packages outside
the registry keep (`preferences`) are not gated.

## Files

In the order in which they are taken. `*`: required, in the header and in every row that is not
removed. The key is what a row is known by; a second row with the same key is rejected.
"""


def feed_document() -> str:
    """Give the whole document as Markdown."""
    return "\n".join([HEAD, *(line for feed in FILES for line in _file(feed)), *_reasons()]) + "\n"


def _file(feed: FeedFile) -> Iterator[str]:
    yield f"### {feed.name}"
    yield ""
    yield f"{feed.meaning} Key: {', '.join(f'`{name}`' for name in feed.key)}."
    yield ""
    yield "| column | what it is | form |"
    yield "|---|---|---|"
    yield from (_column(column) for column in feed.columns)
    yield ""


def _column(column: Column) -> str:
    mark = "*" if column.required else ""
    words = ", ".join(f"`{choice}`" for choice in sorted(column.choices))
    form = f"{column.form.value} {words}".strip().replace("|", "\\|")
    return f"| `{column.name}`{mark} | {column.meaning} | {form} |"


def _reasons() -> Iterator[str]:
    yield "## Reasons in the report"
    yield ""
    yield "| code | lv | en |"
    yield "|---|---|---|"
    for code, reason in FAULTS.items():
        cells = (text.replace("|", "\\|") for text in (reason.lv, reason.en))
        yield f"| `{code}` | {' | '.join(cells)} |"
