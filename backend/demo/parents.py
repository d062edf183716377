"""Who in the synthetic feed has the app: parents of children of an age, of one parish."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path


def parents_of(feed: Path, parish: str, ages: range, today: date) -> list[str]:
    """List personal codes of the parents in a parish with a child of one of the ages."""
    addresses = {row["ref"] for row in rows_of(feed / "addresses.csv") if row["parish"] == parish}
    residents = {row["personal_code"]: row for row in rows_of(feed / "residents.csv")}
    found: dict[str, None] = {}
    for row in rows_of(feed / "children.csv"):
        child, parent = residents.get(row["child_code"]), residents.get(row["guardian_code"])
        if child is None or parent is None or parent["address_ref"] not in addresses:
            continue
        if _age(child["birth_on"], today) in ages:
            found[row["guardian_code"]] = None
    return list(found)


def _age(birth_on: str, today: date) -> int:
    born = date.fromisoformat(birth_on)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def rows_of(file: Path) -> Iterator[Mapping[str, str]]:
    """Read the rows of a feed's file."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)
