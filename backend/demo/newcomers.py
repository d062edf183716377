"""A family that moves in after the first feed: a mother and a child of the group's age; synthetic."""

import csv
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path

from backend.demo.parents import rows_of

MOTHER, CHILD = "38000000017", "38000000025"
"""Of a series that the register has not reached."""

HOUSEHOLD = "DEMO-1"
CHILDS_AGE = 4


def moving_in(feed: Path, parish: str, today: date) -> Mapping[str, bytes]:
    """Write the files of a delta feed: the family lives at an address of the parish."""
    address = next(row["ref"] for row in rows_of(feed / "addresses.csv") if row["parish"] == parish)
    home = {"address_ref": address, "household_ref": HOUSEHOLD, "language": "lv"}
    born = date(today.year - CHILDS_AGE, 1, 1).isoformat()
    mother = {"personal_code": MOTHER, "given_name": "Ieva", "family_name": "Ienācēja"}
    child = {"personal_code": CHILD, "given_name": "Kārlis", "family_name": "Ienācējs"}
    return {
        "households.csv": _file({"ref": HOUSEHOLD, "address_ref": address}),
        "residents.csv": _file(
            {**mother, "birth_on": "1995-05-05", **home}, {**child, "birth_on": born, **home}
        ),
        "children.csv": _file({"guardian_code": MOTHER, "child_code": CHILD}),
    }


def _file(*rows: Mapping[str, str]) -> bytes:
    lines = StringIO()
    writer = csv.DictWriter(lines, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue().encode()
