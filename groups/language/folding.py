"""Texts compared without regard to capital letters: one table of letters for every evaluator.

Neither PostgreSQL's `lower` (it follows the database's locale) nor Python's `casefold` (it makes
two letters of one) is the same everywhere; a table of single letters is.
"""

_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BALTIC_POLISH_GERMAN = "ĀČĒĢĪĶĻŅŌŖŠŪŽĄĘĖĮŲÄÕÖÜĆŁŃÓŚŹŻẞ"
_CYRILLIC = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҐЄІЇ"

CAPITALS = _LATIN + _BALTIC_POLISH_GERMAN + _CYRILLIC
"""The letters that are folded, as SQL's `translate` takes them."""
SMALL = CAPITALS.lower()
"""What each becomes, in the same order; as many as there are capitals."""

_TABLE = str.maketrans(CAPITALS, SMALL)


def fold(text: str) -> str:
    """Give the text with its capitals made small; its length stays."""
    return text.translate(_TABLE)
