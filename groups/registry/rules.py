"""How the cells of a registry feed are read: pure functions that give the usual form or say why not.

Every cell stays text, for most are only compared and copied; lists are parted by `|`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

TEXT_LIMIT = 200
"""Most characters of a text cell."""

LATITUDES = (55.6, 58.2)
"""Latvia's southern and northern bounds in degrees, with a margin of some kilometres."""
LONGITUDES = (20.8, 28.4)
"""Latvia's western and eastern bounds in degrees, with a margin of some kilometres."""

REF = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/-]{0,63}")
ALL_REFS = re.compile(rf"(?:(?:{REF.pattern})?\n)*+")
"""Lines that are empty or a reference."""
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TAG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
LIST_LIMIT = 32
"""Most words or codes in one cell."""
LANGUAGE = re.compile(r"[a-z]{2}")
COUNTRY = re.compile(r"[A-Z]{2}")
POSTCODE = re.compile(r"LV-[0-9]{4}")
NUMBER = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,12})?")
TOPIC = re.compile(r"\*|[a-z0-9][a-z0-9_.-]{0,39}")
SEPARATOR = "|"

REACH: Mapping[str, int] = {"push": 1, "web_push": 2, "email": 4, "sms": 8}
"""The bit of each channel in `resident_fact.reach`."""


GATED_ROWS = 100
"""Gates look only at files of which more rows than these are known."""
LEAST_ROWS_PERCENT = 80
"""A feed after which fewer of the known rows would be left is held."""
MOST_EMPTIER_POINTS = 20
"""A feed in which a column is empty in a share of rows larger by more percentage points is held."""

NOTED_PERCENT = 20
NOTED_SINGLY = 1_000
"""When more residents changed than these and than 20 % of all, all are noted instead of each."""


def loses_too_many(left: int, present: int) -> bool:
    """Tell whether fewer than 80 % of the known rows would be left."""
    return present > GATED_ROWS and left * 100 < present * LEAST_ROWS_PERCENT


def grows_too_empty(empty: int, rows: int, present_empty: int, present: int, *, of: int) -> bool:
    """Tell whether a column would be empty in more than 20 points more of the rows.

    `empty` of `rows` are so in the feed, `present_empty` of `present` now. `of`: of how many rows
    the growth is counted, which are the feed's own, or all the known ones if it is a delta.
    """
    growth = empty * present - present_empty * rows
    return present > GATED_ROWS and growth * 100 > MOST_EMPTIER_POINTS * present * of


def all_are_noted(changed: int, residents: int) -> bool:
    """Tell whether so many residents changed that naming each is dearer than reading all anew."""
    return changed > NOTED_SINGLY and changed * 100 > residents * NOTED_PERCENT


class Gates(Enum):
    """Whether the gates hold a feed."""

    ENFORCED = "enforced"
    ACCEPTED = "accepted"
    """A person has looked at the findings and lets the feed in."""


ROW_COUNT = "gate_row_count"
NULL_RATE = "gate_null_rate"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a gate found: of `rows` in the feed, `empty` say nothing in the column.

    `present` and `present_empty` are the same figures of the open rows in the tables. For a delta,
    `rows` are those that would be left. `column` is empty where rows are missing.
    """

    gate: str
    file: str
    column: str
    rows: int
    present: int
    empty: int = 0
    present_empty: int = 0


class Unreadable(ValueError):
    """A cell that cannot be taken; `code` is the stable reason."""

    def __init__(self, code: str) -> None:
        """Refuse a cell for the reason `code`."""
        super().__init__(code)
        self.code = code


def read_text(cell: str) -> str:
    """Take a text of at most 200 characters."""
    if len(cell) > TEXT_LIMIT:
        raise Unreadable("text_length")
    return cell


def read_ref(cell: str) -> str:
    """Take the registry's own name of a thing."""
    return _matching(REF, cell, "ref_form")


def read_texts(cells: Sequence[str]) -> Sequence[str] | None:
    """Take texts as `read_text` does, or none of them; empty ones stay."""
    return cells if max(map(len, cells), default=0) <= TEXT_LIMIT else None


def read_refs(cells: Sequence[str]) -> Sequence[str] | None:
    """Take names as `read_ref` does, or none of them; empty ones stay."""
    lines = "\n".join((*cells, ""))
    all_good = lines.count("\n") == len(cells) and ALL_REFS.fullmatch(lines)
    return cells if all_good else None


def read_date(cell: str) -> str:
    """Take a day written as YYYY-MM-DD; such texts stand in the order of their days."""
    if not DATE.fullmatch(cell):
        raise Unreadable("date_form")
    try:
        date.fromisoformat(cell)
    except ValueError:
        raise Unreadable("date_form") from None
    return cell


def read_language(cell: str) -> str:
    """Take an ISO 639-1 code in lower case."""
    return _matching(LANGUAGE, cell.lower(), "language_form")


def read_country(cell: str) -> str:
    """Take an ISO 3166-1 alpha-2 code in upper case."""
    return _matching(COUNTRY, cell.upper(), "country_form")


def read_postcode(cell: str) -> str:
    """Take a postcode written as LV-NNNN."""
    return _matching(POSTCODE, cell.upper(), "postcode_form")


def read_topic(cell: str) -> str:
    """Take the name of a topic, or `*` for all others."""
    return _matching(TOPIC, cell, "topic_form")


def read_tags(cell: str) -> str:
    """Take words separated by `|`; repetitions are dropped, the order stays."""
    tags = tuple(dict.fromkeys(tag.strip() for tag in cell.split(SEPARATOR)))
    if len(tags) > LIST_LIMIT or not all(TAG.fullmatch(tag) for tag in tags):
        raise Unreadable("tags_form")
    return SEPARATOR.join(tags)


def read_latitude(cell: str) -> str:
    """Take a WGS-84 latitude in degrees, inside Latvia's bounds."""
    return _degrees(cell, LATITUDES)


def read_longitude(cell: str) -> str:
    """Take a WGS-84 longitude in degrees, inside Latvia's bounds."""
    return _degrees(cell, LONGITUDES)


def read_choice(cell: str, choices: frozenset[str]) -> str:
    """Take one of the listed words."""
    if cell not in choices:
        raise Unreadable("not_listed")
    return cell


def read_choices(cell: str, choices: frozenset[str]) -> str:
    """Take listed words separated by `|`, each at most once, in their order."""
    words = tuple(word.strip() for word in cell.split(SEPARATOR))
    if len(set(words)) != len(words) or not choices.issuperset(words):
        raise Unreadable("not_listed")
    return SEPARATOR.join(words)


def _matching(form: re.Pattern[str], cell: str, code: str) -> str:
    if not form.fullmatch(cell):
        raise Unreadable(code)
    return cell


def _degrees(cell: str, bounds: tuple[float, float]) -> str:
    if not NUMBER.fullmatch(cell):
        raise Unreadable("number_form")
    degrees = float(cell.replace(",", "."))
    if not bounds[0] <= degrees <= bounds[1]:
        raise Unreadable("outside_latvia")
    return repr(degrees)
