"""Texts cut to what a provider carries; the whole text stands in the inbox."""

import msgspec

ELLIPSIS = "…"


def json_bytes(text: str) -> int:
    """Tell how many bytes `text` takes as JSON, without its quotes."""
    return len(msgspec.json.encode(text)) - 2


def shortened(text: str, limit_bytes: int) -> str:
    """Give `text`, or its beginning with an ellipsis, in at most `limit_bytes` of JSON.

    A character is never cut in two; where there is a space near the end, a word is not either.
    """
    if json_bytes(text) <= limit_bytes:
        return text
    beginning = text[: _fitting(text, limit_bytes - json_bytes(ELLIPSIS))]
    words = beginning.rpartition(" ")[0]
    kept = words if len(words) * 2 > len(beginning) else beginning
    return kept.rstrip() + ELLIPSIS if kept else ""


def _fitting(text: str, limit_bytes: int) -> int:
    """Find how many of the first characters fit, by halving."""
    fits, exceeds = 0, len(text)
    while exceeds - fits > 1:
        middle = (fits + exceeds) // 2
        if json_bytes(text[:middle]) <= limit_bytes:
            fits = middle
        else:
            exceeds = middle
    return fits
