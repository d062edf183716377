"""Gates before facts change: a feed that would take too much away is held for a person to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, select

from backend.kernel.db import ReadSession
from backend.kernel.models import Base
from backend.kernel.snapshots import table_of
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import count_registered_contacts
from groups.registry import models
from groups.registry.rules import (
    NULL_RATE,
    ROW_COUNT,
    Finding,
    grows_too_empty,
    loses_too_many,
)
from groups.registry.staging import Staged


@dataclass(frozen=True, slots=True)
class Present:
    """The open rows of a file's subject, and how many of them say nothing, by column."""

    rows: int
    empty: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a file's rows are kept, and in which columns those of the file that may be empty."""

    model: type[Base]
    columns: Mapping[str, str]
    closed: str = "closed_on"


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


KEPT: Mapping[str, Kept] = {
    "addresses": Kept(
        models.Address,
        {**_same("town", "street", "house", "flat", "postcode"), "latitude": "northing"},
        "closed_at",
    ),
    "households": Kept(models.Household, {"address_ref": "address_id"}),
    "institutions": Kept(models.Institution, {"address_ref": "address_id"}),
    "residents": Kept(
        models.ResidentFact,
        {
            **_same("birth_on", "sex", "citizenship", "language", "declared_since"),
            **_same("interests", "social_statuses"),
            "address_ref": "address_id",
            "household_ref": "household_id",
        },
    ),
    "children": Kept(models.Guardianship, {}),
    "attendance": Kept(models.Attendance, {}),
    "pets": Kept(models.Pet, {}),
    "properties": Kept(models.Property, {"address_ref": "address_id"}),
    "vehicles": Kept(models.Vehicle, _same("fuel")),
    "former_addresses": Kept(models.FormerAddress, {}),
}
LISTS = frozenset({"interests", "social_statuses"})


async def present_figures(
    session: ReadSession, municipality: MunicipalityId, staged: Sequence[Staged]
) -> Mapping[str, Present]:
    """Count what is known of each file's subject; those kept by packages above are left out."""
    found: dict[str, Present] = {}
    for file in staged:
        present = await _present(session, municipality, file.subject.feed.subject)
        if present is not None:
            found[file.file] = present
    return found


def examine(
    staged: Sequence[Staged], known: Mapping[str, Present], *, is_delta: bool
) -> list[Finding]:
    """Compare what a feed says with what is known."""
    files = [file for file in staged if file.file in known]
    return [
        finding
        for file in files
        for finding in _findings(file, known[file.file], is_delta=is_delta)
    ]


def _findings(file: Staged, present: Present, *, is_delta: bool) -> list[Finding]:
    left = present.rows - file.removed if is_delta else file.good
    findings: list[Finding] = []
    if loses_too_many(left, present.rows):
        findings.append(Finding(ROW_COUNT, file.file, "", left, present.rows))
    for column, before in present.empty.items():
        empty = file.empty[column]
        of = present.rows if is_delta else file.good
        if grows_too_empty(empty, file.good, before, present.rows, of=of):
            finding = Finding(NULL_RATE, file.file, column, file.good, present.rows, empty, before)
            findings.append(finding)
    return findings


async def _present(
    session: ReadSession, municipality: MunicipalityId, subject: str
) -> Present | None:
    """Count the open rows of a subject; None: they are kept by a package above."""
    if subject == "contacts":
        return Present(await count_registered_contacts(session, municipality), {})
    kept = KEPT.get(subject)
    if kept is None:
        return None
    table = table_of(kept.model)
    is_open = and_(table.c.municipality_id == municipality, table.c[kept.closed].is_(None))
    empty = (func.count().filter(_empty(table, name)) for name in kept.columns.values())
    figures = (await session.execute(select(func.count(), *empty).where(is_open))).one()
    return Present(figures[0], dict(zip(kept.columns, figures[1:], strict=True)))


def _empty(table: Table, name: str) -> ColumnElement[Any]:
    column = table.c[name]
    return func.cardinality(column) == 0 if name in LISTS else column.is_(None)
