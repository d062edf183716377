"""From judged rows to text for COPY: codes become digests, names are sealed, degrees metres."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from sqlalchemy import Table

from backend.kernel.copying import Texts, arrays, bytes_as, flags, nullable, numbers, render
from backend.kernel.ids import new_id_texts
from backend.kernel.personal_data import Vault
from backend.residents.public import (
    CODES,
    CONTACTS,
    IDENTITIES,
    code_digests,
    contact_digests,
    seal_all_names,
    seal_codes,
    seal_contacts,
    usual_contact,
)
from groups.language.projection import to_lks92
from groups.registry.feed.columns import Cells, FeedFile, Form
from groups.registry.feed.rows import Batch, known_rows
from groups.registry.rules import SEPARATOR
from groups.registry.stages import ADDRESSES, FACTS

DEFAULT_LANGUAGE = "lv"
DEFAULT_RESIDENCE = "declared"
FACT_COLUMNS = (
    "birth_on",
    "sex",
    "citizenship",
    "language",
    "address_ref",
    "household_ref",
    "interests",
    "social_statuses",
)
LISTS = frozenset({Form.TAGS, Form.CHOICES})
PARTING = "\x1f"


@dataclass(frozen=True, slots=True)
class Copy:
    """Rows for one stage, as COPY takes text."""

    stage: Table
    columns: Sequence[str]
    rows: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """The rows of a batch that are staged: those whose key could be read, bad ones too.

    A bad row is staged so that nothing it names is closed.
    """

    vault: Vault
    feed: FeedFile
    cells: Cells
    lines: Sequence[int]
    rejected: Sequence[bool]
    removed: Sequence[bool]

    def stage(self, stage: Table, marks: Sequence[bytes], **columns: Texts) -> Copy:
        """Make the copy with the columns that every stage has besides its own."""
        whole = {
            "line": numbers(self.lines),
            "fingerprint": bytes_as(marks),
            "rejected": flags(self.rejected),
            "removed": flags(self.removed),
            **columns,
        }
        if "id" in stage.c:
            whole["id"] = new_id_texts(len(self.lines))
        if stage is IDENTITIES:
            whole["resident_id"] = whole["id"]
        return Copy(stage, tuple(whole), render(whole.values()))

    def marks(self, label: str, columns: Sequence[Sequence[str]]) -> list[bytes]:
        """Give the keyed hash of every row's values."""
        rows = map(PARTING.join, zip(*columns, strict=True))
        return self.vault.digest_all(rows, label=f"registry.{label}")


def known(vault: Vault, feed: FeedFile, batch: Batch) -> Known:
    """Leave out the rows that name nothing."""
    if all("" not in batch.cells[name] for name in feed.key):
        return Known(vault, feed, batch.cells, batch.lines, batch.rejected, batch.removed)
    named = known_rows(feed, batch.cells)
    return Known(
        vault=vault,
        feed=feed,
        cells={name: list(compress(cells, named)) for name, cells in batch.cells.items()},
        lines=list(compress(batch.lines, named)),
        rejected=list(compress(batch.rejected, named)),
        removed=list(compress(batch.removed, named)),
    )


def encode_plain(rows: Known, stage: Table) -> Iterator[Copy]:
    """Encode rows whose stage has the file's columns."""
    cells, names = rows.cells, [column.name for column in rows.feed.columns]
    marks = rows.marks(rows.feed.subject, [cells[name] for name in names])
    columns: dict[str, Texts] = {}
    for column in rows.feed.columns:
        if column.form is Form.CODE:
            columns[column.name] = bytes_as(code_digests(rows.vault, cells[column.name]))
        elif column.form in LISTS:
            columns[column.name] = arrays(cells[column.name], SEPARATOR)
        else:
            columns[column.name] = nullable(cells[column.name])
    yield rows.stage(stage, marks, **columns)


def encode_addresses(rows: Known) -> Iterator[Copy]:
    """Encode addresses, their degrees turned into LKS-92 metres in one call for the batch."""
    cells, names = rows.cells, [column.name for column in rows.feed.columns]
    marks = rows.marks(rows.feed.subject, [cells[name] for name in names])
    metres = _metres(cells["longitude"], cells["latitude"])
    places = {name: nullable(cells[name]) for name in names if name in ADDRESSES.c}
    eastings, northings = (nullable([pair[axis] for pair in metres]) for axis in (0, 1))
    yield rows.stage(ADDRESSES, marks, **places, easting=eastings, northing=northings)


def encode_residents(rows: Known) -> Iterator[Copy]:
    """Encode residents as identities, all their codes, and facts; the three share the line."""
    cells, vault = rows.cells, rows.vault
    names = cells["given_name"], cells["family_name"]
    languages = [language or DEFAULT_LANGUAGE for language in cells["language"]]
    given, family = seal_all_names(vault, *names)
    yield rows.stage(
        IDENTITIES,
        rows.marks("identity", [*names, languages]),
        given_name_sealed=bytes_as(given),
        family_name_sealed=bytes_as(family),
        language=languages,
    )
    yield _codes(rows)
    residences = [residence or DEFAULT_RESIDENCE for residence in cells["residence"]]
    lists = {name: arrays(cells[name], SEPARATOR) for name in ("interests", "social_statuses")}
    single = (name for name in (*FACT_COLUMNS, "declared_since") if name not in lists)
    yield rows.stage(
        FACTS,
        rows.marks("fact", [*(cells[name] for name in FACT_COLUMNS[:-1]), _last(rows, residences)]),
        **{name: nullable(cells[name]) for name in single},
        **lists,
        residence=residences,
    )


def _last(rows: Known, residences: Sequence[str]) -> list[str]:
    """Give the last cells that count, so that rows without the later columns keep their marks."""
    cells = rows.cells
    return [
        last
        if (residence, since) == (DEFAULT_RESIDENCE, "")
        else PARTING.join((last, residence, since))
        for last, residence, since in zip(
            cells[FACT_COLUMNS[-1]], residences, cells["declared_since"], strict=True
        )
    ]


def _codes(rows: Known) -> Copy:
    cells = rows.cells
    pairs = [
        (line, code)
        for line, current, former in zip(
            rows.lines, cells["personal_code"], cells["former_codes"], strict=True
        )
        for code in dict.fromkeys((current, *(former.split(SEPARATOR) if former else ())))
    ]
    codes = [code for _, code in pairs]
    columns = {
        "line": numbers([line for line, _ in pairs]),
        "digest": bytes_as(code_digests(rows.vault, codes)),
        "code_sealed": bytes_as(seal_codes(rows.vault, codes)),
    }
    return Copy(CODES, tuple(columns), render(columns.values()))


def encode_contacts(rows: Known) -> Iterator[Copy]:
    """Encode contact points; what is no address names none, and is passed over when it lands."""
    cells, vault = rows.cells, rows.vault
    values = list(map(usual_contact, cells["value"]))
    yield rows.stage(
        CONTACTS,
        [b""] * len(values),
        code_digest=bytes_as(code_digests(vault, cells["personal_code"])),
        kind=cells["kind"],
        value_sealed=bytes_as(seal_contacts(vault, values)),
        value_digest=bytes_as(contact_digests(vault, values)),
    )


def _metres(longitudes: Sequence[str], latitudes: Sequence[str]) -> list[tuple[str, str]]:
    """Project the rows that have coordinates; the others have none."""
    places = list(zip(longitudes, latitudes, strict=True))
    located = [(float(x), float(y)) for x, y in places if x and y]
    metres = iter(to_lks92([x for x, _ in located], [y for _, y in located]))
    pairs = (next(metres) if x and y else None for x, y in places)
    return [(repr(pair[0]), repr(pair[1])) if pair else ("", "") for pair in pairs]
