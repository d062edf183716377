"""Text in header fields: encoded words of RFC 2047, folded."""

import binascii
import re
from collections.abc import Iterator

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .-]{0,50}")
"""What needs no encoding in a subject nor in the name before an address."""
WORD_BYTES = 45
"""60 characters of base64, which with their frame make a line of at most 76. Source: section 2."""


def header_text(text: str, *, label: str) -> str:
    """Write `text` as the value of the header field `label`, with CRLF and a space at folds.

    Control characters, line breaks among them, become spaces.
    """
    plain = CONTROL.sub(" ", text).strip()
    if not plain or PLAIN.fullmatch(plain):
        return plain
    words = [
        f"=?utf-8?b?{binascii.b2a_base64(piece, newline=False).decode()}?="
        for piece in _pieces(plain, first=WORD_BYTES - len(label) - 2)
    ]
    return "\r\n ".join(words)


def _pieces(text: str, *, first: int) -> Iterator[bytes]:
    """Cut into pieces of whole characters; the first is shorter, as the label stands before it."""
    piece, room = b"", first
    for character in text:
        encoded = character.encode()
        if len(piece) + len(encoded) > room:
            yield piece
            piece, room = b"", WORD_BYTES
        piece += encoded
    yield piece
