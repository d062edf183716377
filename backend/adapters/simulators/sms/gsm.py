"""The GSM 7-bit alphabet and the parts of a text, written apart from the sender's own.

Source: 3GPP TS 23.038, 6.2.1 (default alphabet and extension table); TS 23.040, 9.2.3.24.1
(the header of a concatenated message takes 6 octets and its padding).
"""

from collections.abc import Iterable

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")

GSM_ALONE, GSM_JOINED = 160, 153
UCS_ALONE, UCS_JOINED = 70, 67


def is_gsm(text: str) -> bool:
    """Tell whether every character is in the default alphabet or its extension."""
    return _BASIC.union(_EXTENSION).issuperset(text)


def gsm_parts(text: str) -> int:
    """Count the messages a GSM 7-bit text is sent in."""
    return _parts((2 if mark in _EXTENSION else 1 for mark in text), GSM_ALONE, GSM_JOINED)


def ucs_parts(text: str) -> int:
    """Count the messages a UCS-2 text is sent in; a surrogate pair is not divided."""
    return _parts((2 if ord(mark) > 0xFFFF else 1 for mark in text), UCS_ALONE, UCS_JOINED)


def _parts(widths: Iterable[int], alone: int, joined: int) -> int:
    """Fill parts one after another; what takes two places stays in one part."""
    every = list(widths)
    if sum(every) <= alone:
        return 1
    parts, left = 1, joined
    for width in every:
        if width > left:
            parts, left = parts + 1, joined
        left -= width
    return parts
