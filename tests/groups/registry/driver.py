"""A small feed that tests bend, and the import of it."""

import csv
import json
from collections.abc import AsyncIterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from backend.kernel.clock import Clock
from backend.kernel.db import Database, WriteSession
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId, municipality_id
from backend.residents.public import code_digest
from groups.changes.queries import Changed, drain
from groups.public import Gates, ImportSummary, PreferenceRow, Sinks, import_feed

MOTHER, FATHER, CHILD = "010190-10001", "02028910002", "39000000003"
ROPAZI = municipality_id("LV0044000")
Row = dict[str, str]


PERSON = {"address_ref": "A1", "household_ref": "H1", "language": "lv"}
FAMILY: dict[str, list[Row]] = {
    "addresses.csv": [
        {
            "ref": "A1",
            "parish": "Stopiņu pagasts",
            "town": "Ulbroka",
            "street": "Institūta iela",
            "house": "1",
            "postcode": "LV-2130",
            "latitude": "56.937000",
            "longitude": "24.302000",
        },
        {"ref": "A2", "parish": "Ropažu pagasts", "house": "Kalnbērzi"},
    ],
    "households.csv": [{"ref": "H1", "address_ref": "A1"}],
    "institutions.csv": [
        {"ref": "S1", "kind": "preschool", "name": "Pienenīte", "address_ref": "A1"}
    ],
    "residents.csv": [
        PERSON
        | {
            "personal_code": MOTHER,
            "given_name": "Ilze",
            "family_name": "Parauga",
            "birth_on": "1990-01-01",
            "sex": "female",
            "interests": "culture|roads",
            "social_statuses": "large_family",
        },
        PERSON
        | {
            "personal_code": FATHER,
            "given_name": "Ģirts",
            "family_name": "Paraugs",
            "birth_on": "1989-02-02",
        },
        PERSON
        | {
            "personal_code": CHILD,
            "given_name": "Ķērija",
            "family_name": "Parauga",
            "birth_on": "2021-05-05",
        },
    ],
    "children.csv": [
        {"guardian_code": MOTHER, "child_code": CHILD},
        {"guardian_code": FATHER, "child_code": CHILD},
    ],
    "attendance.csv": [{"personal_code": CHILD, "institution_ref": "S1"}],
    "pets.csv": [{"ref": "M1", "owner_code": FATHER, "species": "dog"}],
    "properties.csv": [
        {"ref": "I1", "owner_code": MOTHER, "kind": "building", "address_ref": "A1"}
    ],
    "vehicles.csv": [{"ref": "T1", "owner_code": MOTHER, "kind": "car", "fuel": "diesel"}],
    "former_addresses.csv": [
        {
            "personal_code": FATHER,
            "address_ref": "A2",
            "since": "2010-01-01",
            "until": "2019-12-31",
        }
    ],
    "contacts.csv": [
        {"personal_code": MOTHER, "kind": "email", "value": "ilze@paraugi.invalid"},
        {"personal_code": MOTHER, "kind": "sms", "value": "+371 20 000 001"},
        {"personal_code": FATHER, "kind": "sms", "value": "+37120000002"},
    ],
    "preferences.csv": [
        {"personal_code": MOTHER, "topic": "*", "channels": "email|sms"},
        {"personal_code": FATHER, "topic": "culture", "channels": ""},
    ],
}


def small_feed() -> dict[str, list[Row]]:
    """Give the rows of one family's feed, by file; the caller may change them."""
    return deepcopy(FAMILY)


@dataclass
class RecordingSink:
    """A taker of preferences that keeps what it was given."""

    rows: list[PreferenceRow] = field(default_factory=list)

    async def replace(
        self,
        session: WriteSession,
        municipality_id: MunicipalityId,
        rows: AsyncIterator[Sequence[PreferenceRow]],
    ) -> int:
        """Keep the rows; tells how many differ from what was kept before."""
        assert await session.scalar(text("SELECT novads_tenants()")) == [municipality_id]
        before, self.rows = self.rows, [row async for page in rows for row in page]
        return len(set(before) ^ set(self.rows))

    async def change(
        self,
        session: WriteSession,
        municipality_id: MunicipalityId,
        rows: AsyncIterator[Sequence[PreferenceRow]],
    ) -> int:
        """Keep the rows beside those that they do not name."""
        assert await session.scalar(text("SELECT novads_tenants()")) == [municipality_id]
        kept = {(row.resident_id, row.topic): row for row in self.rows}
        before = set(kept.values())
        async for page in rows:
            for row in page:
                kept[row.resident_id, row.topic] = row
        self.rows = [row for row in kept.values() if not row.is_removed]
        return len(before ^ set(self.rows))


@dataclass
class Registry:
    """One municipality's registry: its feed, and what the import made of it."""

    database: Database
    vault: Vault
    clock: Clock
    directory: Path
    report_path: Path
    municipality: str = "LV0044000"
    produced_at: str = "2026-11-20T05:00:00+02:00"
    files: dict[str, list[Row]] = field(default_factory=small_feed)
    sink: RecordingSink = field(default_factory=RecordingSink)

    def person(self, code: str) -> Row:
        """Give a resident's row, to be changed in place."""
        return next(row for row in self.files["residents.csv"] if row["personal_code"] == code)

    def drop(self, file: str, column: str, value: str) -> None:
        """Leave the rows out that have a value in a column."""
        self.files[file] = [row for row in self.files[file] if row.get(column) != value]

    def write(self, delimiter: str = ",", encoding: str = "utf-8", newline: str = "\n") -> None:
        """Write the feed's files."""
        self.clear()
        for name, rows in self.files.items():
            usual = small_feed()[name]
            columns = list(dict.fromkeys(column for row in (*usual, *rows) for column in row))
            lines = StringIO()
            writer = csv.DictWriter(lines, columns, delimiter=delimiter, lineterminator=newline)
            writer.writeheader()
            writer.writerows(rows)
            (self.directory / name).write_bytes(lines.getvalue().encode(encoding))
        self.write_manifest("full")

    def clear(self) -> None:
        """Empty the directory."""
        self.directory.mkdir(exist_ok=True)
        for path in self.directory.iterdir():
            path.unlink()

    def write_manifest(self, form: str) -> None:
        """Write the manifest of a full snapshot or a delta."""
        manifest = {
            "format": "novads-registry-feed/1",
            "municipality": self.municipality,
            "form": form,
            "produced_at": self.produced_at,
        }
        (self.directory / "manifest.json").write_text(json.dumps(manifest))

    async def change(self, **files: list[Row]) -> ImportSummary:
        """Import a delta of the files named (without their ending), as NDJSON."""
        self.clear()
        for name, rows in files.items():
            lines = "".join(json.dumps(row) + "\n" for row in rows)
            (self.directory / f"{name}.ndjson").write_text(lines)
        self.write_manifest("delta")
        return await self.load()

    async def load(self, gates: Gates = Gates.ENFORCED) -> ImportSummary:
        """Import what lies in the directory."""
        return await import_feed(
            self.database,
            self.directory,
            vault=self.vault,
            clock=self.clock,
            sinks=Sinks(preferences=self.sink),
            report_path=self.report_path,
            gates=gates,
        )

    async def deliver(self, gates: Gates = Gates.ENFORCED) -> ImportSummary:
        """Write the feed and import it."""
        self.write()
        return await self.load(gates)

    def report(self) -> list[tuple[str, int, str, str]]:
        """Give the report's lines as file, line, column, code."""
        with self.report_path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert all(row["reason_lv"] and row["reason_en"] for row in rows)
        return [(row["file"], int(row["line"]), row["column"], row["code"]) for row in rows]

    async def select(self, query: str, **values: object) -> list[tuple[object, ...]]:
        """Ask the municipality's tables."""
        tenant = municipality_id(self.municipality)
        async with self.database.read([tenant]) as session:
            return [tuple(row) for row in await session.execute(text(query), values)]

    async def slots(self) -> dict[str, int]:
        """Give the slot of everyone who has facts, by the last cells of their codes' rows."""
        async with self.database.read([municipality_id(self.municipality)]) as session:
            rows = await session.execute(
                text(
                    "SELECT c.digest, f.slot FROM resident_fact f JOIN resident_code c"
                    " ON c.resident_id = f.resident_id"
                )
            )
            found = {bytes(digest): slot for digest, slot in rows}
        codes = [row["personal_code"] for row in self.files["residents.csv"]]
        marks = {code: code_digest(self.vault, code.replace("-", "")) for code in codes}
        return {code: found[mark] for code, mark in marks.items() if mark in found}

    async def changed(self) -> Changed:
        """Take away what was noted."""
        tenant = municipality_id(self.municipality)
        async with self.database.write([tenant]) as session:
            return (await drain(session, [tenant])).get(tenant, Changed())

    async def noted(self) -> tuple[bool, set[int]]:
        """Take away what was noted: whether everybody, and whose slots."""
        changed = await self.changed()
        return changed.everybody, changed.slots

    async def open_people(self) -> set[UUID]:
        """Give the open residents."""
        rows = await self.select("SELECT id FROM resident WHERE closed_at IS NULL")
        return {row[0] for row in rows if isinstance(row[0], UUID)}

    async def closed(self, table: str) -> list[date]:
        """Give the days on which a table's closed rows were closed."""
        query = f"SELECT closed_on FROM {table} WHERE closed_on IS NOT NULL"  # noqa: S608 - ours
        return [row[0] for row in await self.select(query) if isinstance(row[0], date)]

    async def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """Give every row of every table the import writes, with the transaction that wrote it."""
        tables = (
            "address household institution resident resident_code resident_fact guardianship "
            "attendance pet property vehicle former_address contact_point registry_value"
        )
        query = "SELECT xmin::text, t::text FROM {} t ORDER BY 1, 2"
        return {table: await self.select(query.format(table)) for table in tables.split()}
