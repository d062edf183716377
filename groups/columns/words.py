"""Texts by number: a column holds the number of a text, and a clause is asked of each text once."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from groups.columns.layout import UNKNOWN
from groups.language.folding import fold
from groups.language.patterns import expression

Hashes = NDArray[np.integer]
Codes = NDArray[np.integer]
Texts = tuple[str | None, ...]

NO_TEXT = 0
"""What stands for the hash of a text that is not known."""


class Collision(Exception):
    """Two different texts have the same hash; another seed will tell them apart."""


class Words:
    """The texts of one column by code, from 1; only ever added to, so that codes stay.

    Reading while another thread adds is safe: who reads sees codes that no column of theirs has.
    """

    def __init__(self, *known: str) -> None:
        """Start with texts whose codes are to be 1, 2 and so on."""
        self.texts = [""]
        self._codes: dict[str, int] = {}
        self._folded: tuple[int, dict[str, list[int]]] = (0, {})
        for text in known:
            self.code(text)

    def __len__(self) -> int:
        """Count the codes, that of the unknown included."""
        return len(self.texts)

    def code(self, text: str | None) -> int:
        """Give the code of a text; a new text gets the next one."""
        if text is None:
            return UNKNOWN
        code = self._codes.get(text)
        if code is None:
            code = len(self.texts)
            self.texts.append(text)
            self._codes[text] = code
        return code

    def equal(self, wanted: Iterable[str], *, folded: bool) -> list[int]:
        """List the codes of the texts that are among the wanted."""
        if not folded:
            return [self._codes[text] for text in set(wanted) if text in self._codes]
        known = self._by_folded()
        return [code for text in {fold(each) for each in wanted} for code in known.get(text, ())]

    def like(self, pattern: str, *, folded: bool) -> list[int]:
        """List the codes of the texts that fit the pattern."""
        if folded:
            fits = expression(fold(pattern)).match
            matching = (codes for text, codes in self._by_folded().items() if fits(text))
            return [code for codes in matching for code in codes]
        fits = expression(pattern).match
        return [code for code, text in enumerate(self.texts) if fits(text) and code]

    def _by_folded(self) -> dict[str, list[int]]:
        count, known = self._folded
        if count != len(self.texts):
            texts = self.texts[:]
            known = dict[str, list[int]]()
            for code, text in enumerate(texts[1:], 1):
                known.setdefault(fold(text), []).append(code)
            self._folded = (len(texts), known)
        return known


class Behind:
    """The codes of the texts that share a hash, by hash."""

    def __init__(self, words: Sequence[Words]) -> None:
        """Start with no text; `words` take the texts in their order."""
        self.words = tuple(words)
        self.hashes: Hashes = np.array([NO_TEXT], np.int64)
        self.codes: tuple[Codes, ...] = tuple(np.array([UNKNOWN], np.uint8) for _ in words)

    def learn(self, entries: Collection[tuple[int, Texts]]) -> None:
        """Take texts with their hashes, beside those that are known.

        Raises:
            Collision: a hash is of two different texts.
        """
        known = {int(key): codes for key, *codes in zip(self.hashes, *self.codes, strict=True)}
        for key, texts in entries:
            codes = [word.code(text) for word, text in zip(self.words, texts, strict=True)]
            if known.setdefault(key, codes) != codes:
                raise Collision
        ordered = sorted(known)
        self.hashes = np.array(ordered, np.int64)
        self.codes = tuple(
            np.array([known[key][place] for key in ordered], code_type(word))
            for place, word in enumerate(self.words)
        )

    def knows(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Mark the hashes whose texts are known."""
        return np.isin(hashes, self.hashes)

    def find(self, hashes: Hashes) -> tuple[Codes, ...] | None:
        """Give a column of codes for each text; None if there is a hash that is not known."""
        places = np.searchsorted(self.hashes, hashes)
        np.minimum(places, len(self.hashes) - 1, out=places)
        if not np.array_equal(self.hashes[places], hashes):
            return None
        return tuple(codes[places] for codes in self.codes)


def code_type(words: Words) -> np.dtype[np.integer]:
    """Give the narrowest type that holds all codes."""
    return np.min_scalar_type(len(words) - 1)
