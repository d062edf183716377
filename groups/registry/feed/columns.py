"""How a feed's columns and files are declared; the document for other systems is made of this."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from backend.residents.public import normal_code, normal_codes
from groups.registry import rules
from groups.registry.rules import LIST_LIMIT, SEPARATOR, Unreadable

Cells = Mapping[str, Sequence[str]]
"""Rows as columns: the cells of each, in the order of the rows; empty: unknown, or unreadable."""
Complaint = tuple[int, str, str]
"""What a check finds: the row's place among the rows, the column at fault and the fault's code."""
RowCheck = Callable[[Cells, str], Iterable[Complaint]]
"""Judges rows as a whole; is given the day the feed was produced, as YYYY-MM-DD."""


ENDINGS = (".csv", ".ndjson")
PACKINGS = ("", ".gz")


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


def read_codes(cell: str) -> str:
    """Take personal codes separated by `|`."""
    codes = cell.split(SEPARATOR)
    if len(codes) > LIST_LIMIT:
        raise Unreadable("codes_count")
    return SEPARATOR.join(read_code(code.strip()) for code in codes)


READERS: Mapping[Form, Callable[[str], str]] = {
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
Whole = Callable[[Sequence[str]], Sequence[str] | None]
"""Reads a column at once; gives nothing if a cell of it has to be looked at by itself."""
WHOLE: Mapping[Form, Whole] = {
    Form.TEXT: rules.read_texts,
    Form.REF: rules.read_refs,
    Form.CODE: normal_codes,
}
OF_MANY_VALUES = frozenset(
    {Form.TEXT, Form.REF, Form.CODE, Form.CODES, Form.LATITUDE, Form.LONGITUDE}
)
"""Forms whose cells seldom repeat; of the others, what was read is remembered."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `required` means that it must be in the header and never be empty."""

    name: str
    form: Form
    meaning: str
    required: bool = False
    choices: frozenset[str] = field(default_factory=frozenset[str])

    def reader(self) -> Callable[[str], str]:
        """Give the function that reads a cell which is not empty."""
        choices = self.choices
        if self.form is Form.CHOICE:
            return lambda cell: rules.read_choice(cell, choices)
        if self.form is Form.CHOICES:
            return lambda cell: rules.read_choices(cell, choices)
        return READERS[self.form]


def no_check(_cells: Cells, _day: str) -> Iterable[Complaint]:
    """Find nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file of a feed: `key` names the columns by which a row is known again."""

    subject: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    check: RowCheck = no_check

    @property
    def name(self) -> str:
        """The file's name in its plainest form."""
        return f"{self.subject}.csv"

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the file may come."""
        forms = (f"{self.subject}{ending}" for ending in ENDINGS)
        return tuple(form + packing for form in forms for packing in PACKINGS)
