"""Values of a rule in words, in one language."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple, TypeAlias

from backend.kernel.errors import Text
from groups.language.things import Attribute
from groups.language.tree import Area, RelativeDay, Value

Say: TypeAlias = Callable[[Text], str]
"""Picks the language."""

AND_LAST = Text(lv=" un ", en=" and ")
OR_LAST = Text(lv=" vai ", en=" or ")
QUOTED = Text(lv="„{}”", en="“{}”")
INNER_QUOTES = dict.fromkeys(map(ord, '„“”"'), "'")
"""Quotation marks within a quoted text become single ones, or it could end where it likes."""
TODAY = Text(lv="šodien", en="today")
BEFORE_TODAY = Text(lv="{} pirms šodienas", en="{} before today")
AFTER_TODAY = Text(lv="{} pēc šodienas", en="{} after today")
AREA = Text(lv="kartes apgabals ({})", en="map area ({})")


class Noun(NamedTuple):
    """A word counted: for one, and for many."""

    one: Text
    many: Text


YEARS = Noun(Text(lv="gadu", en="year"), Text(lv="gadus", en="years"))
MONTHS = Noun(Text(lv="mēnesi", en="month"), Text(lv="mēnešus", en="months"))
DAYS = Noun(Text(lv="dienu", en="day"), Text(lv="dienas", en="days"))
POINTS = Noun(Text(lv="punkts", en="point"), Text(lv="punkti", en="points"))


def quoted(text: str, say: Say) -> str:
    """Put a free text into quotes, so that no value can pose as a part of the rule."""
    return say(QUOTED).format(text.translate(INNER_QUOTES))


def listed(words: Iterable[str], last: str) -> str:
    """Join words: commas between, and `last` before the last one."""
    *others, final = words
    return f"{', '.join(others)}{last}{final}" if others else final


def valued(value: Value, attribute: Attribute, say: Say) -> str:
    """Write a value of the attribute, without its unit."""
    for choice in attribute.choices:
        if choice.value == value:
            return say(choice.title)
    match value:
        case str():
            return quoted(value, say)
        case RelativeDay():
            return _moved(value, say)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def drawn(area: Area, say: Say) -> str:
    """Tell how many corners an area has; the map shows it better."""
    corners = sum(len(ring) for polygon in area.polygons for ring in polygon)
    return say(AREA).format(_counted(corners, POINTS, say))


def _moved(day: RelativeDay, say: Say) -> str:
    years, months = divmod(abs(day.months), 12)
    amounts = ((years, YEARS), (months, MONTHS), (abs(day.days), DAYS))
    words = [_counted(amount, noun, say) for amount, noun in amounts if amount]
    if not words:
        return say(TODAY)
    is_past = day.months < 0 or day.days < 0
    return say(BEFORE_TODAY if is_past else AFTER_TODAY).format(listed(words, say(AND_LAST)))


def _counted(amount: int, noun: Noun, say: Say) -> str:
    """In Latvian 21 is one, and 11 is many."""
    word = Text(
        lv=noun.one.lv if amount % 10 == 1 and amount % 100 != 11 else noun.many.lv,
        en=noun.one.en if amount == 1 else noun.many.en,
    )
    return f"{amount} {say(word)}"
