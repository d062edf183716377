"""From judged rows to records for COPY: codes become digests, names are sealed, degrees metres."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Table

from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.residents.public import (
    CODES,
    CONTACTS,
    IDENTITIES,
    code_digest,
    contact_digest,
    normal_email,
    normal_phone,
    seal_code,
    seal_contact,
    seal_names,
)
from groups.language.projection import to_lks92
from groups.registry.feed.columns import FeedFile, Form, Row, Value
from groups.registry.feed.rows import Judged
from groups.registry.stages import ADDRESSES, FACTS

DEFAULT_LANGUAGE = "lv"
COMMON = ("line", "id", "fingerprint", "rejected")
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
IDENTITY_COLUMNS = ("given_name_sealed", "family_name_sealed", "language")
CONTACT_COLUMNS = ("code_digest", "kind", "value_sealed", "value_digest")
PLACE_COLUMNS = ("ref", "parish", "town", "street", "house", "flat", "postcode")


@dataclass(frozen=True, slots=True)
class Copy:
    """Records for one stage."""

    stage: Table
    columns: Sequence[str]
    records: Sequence[tuple[object, ...]]


def fingerprint(vault: Vault, label: str, values: Sequence[Value | None]) -> bytes:
    """Give the keyed hash of a row's values."""
    return vault.digest("\x1f".join(map(_written, values)), label=f"registry.{label}")


def encode_plain(
    vault: Vault, feed: FeedFile, stage: Table, batch: Sequence[Judged]
) -> Iterator[Copy]:
    """Encode rows whose stage has the file's columns."""
    names = tuple(column.name for column in feed.columns)
    codes = frozenset(column.name for column in feed.columns if column.form is Form.CODE)
    records = [
        (*_common(vault, feed.subject, judged, names), *_cells(vault, judged, names, codes))
        for judged in _known(feed, batch)
    ]
    yield Copy(stage, (*COMMON, *names), records)


def encode_addresses(vault: Vault, feed: FeedFile, batch: Sequence[Judged]) -> Iterator[Copy]:
    """Encode addresses, their degrees turned into LKS-92 metres in one call for the batch."""
    known = list(_known(feed, batch))
    metres = _metres([judged.row for judged in known])
    names = tuple(column.name for column in feed.columns)
    records = [
        (
            *_common(vault, feed.subject, judged, names),
            *_cells(vault, judged, PLACE_COLUMNS, frozenset()),
            easting,
            northing,
        )
        for judged, (easting, northing) in zip(known, metres, strict=True)
    ]
    yield Copy(ADDRESSES, (*COMMON, *PLACE_COLUMNS, "easting", "northing"), records)


def encode_residents(vault: Vault, feed: FeedFile, batch: Sequence[Judged]) -> Iterator[Copy]:
    """Encode residents as identities, all their codes, and facts; the three share the line."""
    known = list(_known(feed, batch))
    yield Copy(IDENTITIES, (*COMMON, *IDENTITY_COLUMNS), [_identity(vault, j) for j in known])
    codes = [
        (judged.line, code_digest(vault, code), seal_code(vault, code))
        for judged in known
        for code in _codes(judged.row)
    ]
    yield Copy(CODES, ("line", "digest", "code_sealed"), codes)
    facts = [
        (
            *_common(vault, "fact", judged, FACT_COLUMNS),
            *map(judged.row.get, FACT_COLUMNS[:-2]),
            judged.row.get("interests") or (),
            judged.row.get("social_statuses") or (),
        )
        for judged in known
    ]
    yield Copy(FACTS, (*COMMON, *FACT_COLUMNS), facts)


def encode_contacts(vault: Vault, feed: FeedFile, batch: Sequence[Judged]) -> Iterator[Copy]:
    """Encode contact points; one that cannot be read has no key and is not staged."""
    records: list[tuple[object, ...]] = []
    for judged in batch:
        if judged.faults:
            continue
        code, value = str(judged.row["personal_code"]), str(judged.row["value"])
        value = normal_email(value) or normal_phone(value) or value
        sealed, digest = seal_contact(vault, value), contact_digest(vault, value)
        cells = (code_digest(vault, code), judged.row["kind"], sealed, digest)
        records.append((*_common(vault, feed.subject, judged, ()), *cells))
    yield Copy(CONTACTS, (*COMMON, *CONTACT_COLUMNS), records)


def _known(feed: FeedFile, batch: Sequence[Judged]) -> Iterator[Judged]:
    """Pass the rows whose key could be read; bad ones too, so that nothing they name is closed."""
    for judged in batch:
        if not judged.faults or all(judged.row.get(name) is not None for name in feed.key):
            yield judged


def _common(vault: Vault, label: str, judged: Judged, names: Sequence[str]) -> tuple[object, ...]:
    values = [judged.row.get(name) for name in names]
    return judged.line, new_id(), fingerprint(vault, label, values), bool(judged.faults)


def _cells(
    vault: Vault, judged: Judged, names: Sequence[str], codes: frozenset[str]
) -> Iterator[object]:
    for name in names:
        value = judged.row.get(name)
        yield code_digest(vault, str(value)) if name in codes and value is not None else value


def _identity(vault: Vault, judged: Judged) -> tuple[object, ...]:
    given, family = (str(judged.row.get(name) or "") for name in ("given_name", "family_name"))
    language = judged.row.get("language") or DEFAULT_LANGUAGE
    mark = fingerprint(vault, "identity", (given, family, language))
    rejected = bool(judged.faults)
    return judged.line, new_id(), mark, rejected, *seal_names(vault, given, family), language


def _codes(row: Row) -> Iterator[str]:
    current, former = row["personal_code"], row.get("former_codes")
    yield from dict.fromkeys((str(current), *(former if isinstance(former, tuple) else ())))


def _written(value: Value | None) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "|".join(value)
    return value.isoformat() if isinstance(value, date) else repr(value)


def _metres(rows: Sequence[Row]) -> list[tuple[float | None, float | None]]:
    """Project the rows that have coordinates; the others have none."""
    places = [(row.get("longitude"), row.get("latitude")) for row in rows]
    located = [(x, y) for x, y in places if isinstance(x, float) and isinstance(y, float)]
    metres = iter(to_lks92([x for x, _ in located], [y for _, y in located]))
    return [
        next(metres) if isinstance(x, float) and isinstance(y, float) else (None, None)
        for x, y in places
    ]
