"""How the cells of a registry feed are read: pure functions that give a value or say why not."""

import re
from collections.abc import Mapping
from datetime import date

TEXT_LIMIT = 200
"""Most characters of a text cell."""

LATITUDES = (55.6, 58.2)
"""Latvia's southern and northern bounds in degrees, with a margin of some kilometres."""
LONGITUDES = (20.8, 28.4)
"""Latvia's western and eastern bounds in degrees, with a margin of some kilometres."""

REF = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/-]{0,63}")
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


def read_date(cell: str) -> date:
    """Take a day written as YYYY-MM-DD."""
    if not DATE.fullmatch(cell):
        raise Unreadable("date_form")
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise Unreadable("date_form") from None


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


def read_tags(cell: str) -> tuple[str, ...]:
    """Take words separated by `|`; repetitions are dropped, the order stays."""
    tags = tuple(dict.fromkeys(tag.strip() for tag in cell.split(SEPARATOR)))
    if len(tags) > LIST_LIMIT or not all(TAG.fullmatch(tag) for tag in tags):
        raise Unreadable("tags_form")
    return tags


def read_latitude(cell: str) -> float:
    """Take a WGS-84 latitude in degrees, inside Latvia's bounds."""
    return _degrees(cell, LATITUDES)


def read_longitude(cell: str) -> float:
    """Take a WGS-84 longitude in degrees, inside Latvia's bounds."""
    return _degrees(cell, LONGITUDES)


def read_choice(cell: str, choices: frozenset[str]) -> str:
    """Take one of the listed words."""
    if cell not in choices:
        raise Unreadable("not_listed")
    return cell


def read_choices(cell: str, choices: frozenset[str]) -> tuple[str, ...]:
    """Take listed words separated by `|`, each at most once, in their order."""
    words = tuple(word.strip() for word in cell.split(SEPARATOR))
    if len(set(words)) != len(words) or not choices.issuperset(words):
        raise Unreadable("not_listed")
    return words


def _matching(form: re.Pattern[str], cell: str, code: str) -> str:
    if not form.fullmatch(cell):
        raise Unreadable(code)
    return cell


def _degrees(cell: str, bounds: tuple[float, float]) -> float:
    if not NUMBER.fullmatch(cell):
        raise Unreadable("number_form")
    degrees = float(cell.replace(",", "."))
    if not bounds[0] <= degrees <= bounds[1]:
        raise Unreadable("outside_latvia")
    return degrees
