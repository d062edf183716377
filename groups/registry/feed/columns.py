"""How a feed's columns and files are declared; the document for other systems is made of this."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from backend.residents.public import normal_code
from groups.registry import rules
from groups.registry.rules import LIST_LIMIT, SEPARATOR, Unreadable

Value = str | date | float | tuple[str, ...]
Row = Mapping[str, Value | None]
Complaint = tuple[str, str]
"""What a check finds: the column at fault and the code of the fault."""
RowCheck = Callable[[Row, date], Iterable[Complaint]]
"""Judges a row whose cells were all readable; is given the day the feed was produced."""


class Form(Enum):
    """What stands in a column; the value describes it in the document."""

    TEXT = "text, at most 200 characters"
    REF = "reference: unaccented letters, digits and `. _ : / -`, at most 64"
    CODE = "personal code of either form"
    CODES = "personal codes separated by `|`"
    DATE = "day, `YYYY-MM-DD`"
    LANGUAGE = "ISO 639-1 code (`lv`, `en`, `ru`, `uk`, ...)"
    COUNTRY = "ISO 3166-1 alpha-2 code (`LV`, ...)"
    POSTCODE = "`LV-NNNN`"
    LATITUDE = "WGS-84 degrees north, decimal point or comma"
    LONGITUDE = "WGS-84 degrees east, decimal point or comma"
    TAGS = "words of lower-case letters, digits, `_` and `-`, separated by `|`"
    TOPIC = "name of a topic, or `*` for all topics without a row of their own"
    CHOICE = "one of"
    CHOICES = "any of, in order, separated by `|`"


def read_code(cell: str) -> str:
    """Take a personal code of either form; gives its eleven digits."""
    code = normal_code(cell)
    if code is None:
        raise Unreadable("code_form")
    return code


def read_codes(cell: str) -> tuple[str, ...]:
    """Take personal codes separated by `|`."""
    codes = cell.split(SEPARATOR)
    if len(codes) > LIST_LIMIT:
        raise Unreadable("codes_count")
    return tuple(read_code(code.strip()) for code in codes)


READERS: Mapping[Form, Callable[[str], Value]] = {
    Form.TEXT: rules.read_text,
    Form.REF: rules.read_ref,
    Form.CODE: read_code,
    Form.CODES: read_codes,
    Form.DATE: rules.read_date,
    Form.LANGUAGE: rules.read_language,
    Form.COUNTRY: rules.read_country,
    Form.POSTCODE: rules.read_postcode,
    Form.LATITUDE: rules.read_latitude,
    Form.LONGITUDE: rules.read_longitude,
    Form.TAGS: rules.read_tags,
    Form.TOPIC: rules.read_topic,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `required` means that it must be in the header and never be empty."""

    name: str
    form: Form
    meaning: str
    required: bool = False
    choices: frozenset[str] = field(default_factory=frozenset[str])

    def reader(self) -> Callable[[str], Value]:
        """Give the function that reads a cell which is not empty."""
        choices = self.choices
        if self.form is Form.CHOICE:
            return lambda cell: rules.read_choice(cell, choices)
        if self.form is Form.CHOICES:
            return lambda cell: rules.read_choices(cell, choices)
        return READERS[self.form]


def no_check(_row: Row, _day: date) -> Iterable[Complaint]:
    """Find nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file of a feed: `key` names the columns by which a row is known again."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    check: RowCheck = no_check

    @property
    def subject(self) -> str:
        """The file's name without its ending."""
        return self.name.removesuffix(".csv")
