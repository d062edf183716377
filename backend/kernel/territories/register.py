"""The register of municipalities as data: which codes there are and when they are in force.

Source: classification of administrative territories and territorial units (ATVK) as of 1 July 2025.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from backend.kernel.clock import civil_day
from backend.kernel.tenancy import MunicipalityId, Tenants, municipality_id

ZONE = ZoneInfo("Europe/Riga")
"""The zone of every municipality in Latvia."""
REGISTER = Path(__file__).parent / "municipalities.csv"


@dataclass(frozen=True, slots=True)
class Territory:
    """One municipality under one code; `valid_until` is the last valid day, inclusive."""

    id: MunicipalityId
    code: str
    kind: str
    name_lv: str
    name_en: str
    iso_3166_2: str | None
    zone: ZoneInfo
    valid_from: date
    valid_until: date | None
    successor_code: str | None

    def in_force_on(self, day: date) -> bool:
        """Tell whether the code was or is valid on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@cache
def register() -> Mapping[str, Territory]:
    """Give every code of the project's data file."""
    with REGISTER.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: _territory(row) for row in csv.DictReader(lines)}


def municipality_in_force(code: str, at: datetime) -> Territory | None:
    """Find the municipality of a code, if the code is in force on the civil day of an instant."""
    territory = register().get(code)
    if territory is None or not territory.in_force_on(civil_day(at, territory.zone)):
        return None
    return territory


def served_municipalities(chosen: Tenants | None) -> Tenants:
    """Give the tenant keys a deployment serves: the chosen ones, else every code there ever was."""
    return chosen or tuple(territory.id for territory in register().values())


def _territory(row: Mapping[str, str]) -> Territory:
    return Territory(
        id=municipality_id(row["code"]),
        code=row["code"],
        kind=row["kind"],
        name_lv=row["name_lv"],
        name_en=row["name_en"],
        iso_3166_2=row["iso_3166_2"] or None,
        zone=ZONE,
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        successor_code=row["successor"] or None,
    )
