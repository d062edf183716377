"""How long an SMS is, and what it would be without letters that make it long.

Source: 3GPP TS 23.038 (alphabets), TS 23.040 (concatenation: 6 bytes of each part are its header).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The GSM 7-bit default alphabet, without its escape character."""
GSM_EXTENSION = frozenset("^{}\\[~]|€\f")
"""Written by an escape character before another: two units each."""
PLAIN_PUNCTUATION = {
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "„": '"',
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "…": "...",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
}
"""Typography that an editor puts in unasked, and its plain form."""


class Encoding(StrEnum):
    """The alphabet an SMS travels in."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


ROOM = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}
"""Units in an SMS alone, and in each part of a longer one."""


@dataclass(frozen=True, slots=True)
class SmsCount:
    """What a text costs: `units` are septets in GSM-7 and 16-bit units in UCS-2."""

    encoding: Encoding
    parts: int
    units: int


def sms_parts(text: str) -> SmsCount:
    """Count the parts a text takes; an empty text takes none."""
    encoding = encoding_of(text)
    costs = [_units(character, encoding) for character in text]
    units = sum(costs)
    alone, each = ROOM[encoding]
    if units <= alone:
        return SmsCount(encoding, parts=1 if text else 0, units=units)
    return SmsCount(encoding, parts=_filled(costs, each), units=units)


def encoding_of(text: str) -> Encoding:
    """Tell the alphabet a text needs: one letter outside GSM-7 turns the whole text into UCS-2."""
    return Encoding.GSM7 if all(map(_is_gsm, text)) else Encoding.UCS2


def transliterate(text: str) -> str:
    """Write a text with GSM-7 letters where there is a fitting one: "Ķekava" becomes "Kekava".

    Letters that GSM-7 has stay as they are; a character without a fitting one stays too, and the
    text then needs UCS-2. Nothing is ever replaced by a question mark.
    """
    return "".join(map(_plain, unicodedata.normalize("NFC", text)))


def _plain(character: str) -> str:
    if _is_gsm(character):
        return character
    if character in PLAIN_PUNCTUATION:
        return PLAIN_PUNCTUATION[character]
    decomposed = unicodedata.normalize("NFD", character)
    base, marks = decomposed[0], decomposed[1:]
    only_marks = bool(marks) and all(unicodedata.combining(mark) for mark in marks)
    return base if only_marks and _is_gsm(base) else character


def _is_gsm(character: str) -> bool:
    return character in GSM_BASIC or character in GSM_EXTENSION


def _units(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if character in GSM_EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def _filled(costs: Iterable[int], room: int) -> int:
    """Count parts of `room` units when no character may be split between two of them."""
    parts, used = 1, 0
    for cost in costs:
        if used + cost > room:
            parts, used = parts + 1, 0
        used += cost
    return parts
