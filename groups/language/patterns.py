"""Patterns of `like` as regular expressions that no text makes slow."""

import re
from functools import lru_cache


@lru_cache(maxsize=256)
def expression(pattern: str) -> re.Pattern[str]:
    """Write a pattern of `like` as a regular expression to `match`.

    Each part between two `%` is taken where it first fits and never sought again, which finds the
    same texts and takes no longer than the text is long.
    """
    first, *others = _parts(pattern)
    if not others:
        return re.compile(first + r"\Z", re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in others[:-1] if part)
    return re.compile(f"{first}{middle}.*{others[-1]}\\Z", re.DOTALL)


def _parts(pattern: str) -> list[str]:
    parts = [""]
    signs = iter(pattern)
    for sign in signs:
        if sign == "%":
            parts.append("")
        else:
            parts[-1] += (
                "." if sign == "_" else re.escape(next(signs, "\\") if sign == "\\" else sign)
            )
    return parts
