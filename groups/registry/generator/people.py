"""Synthetic people: names that agree, days of birth, personal codes that no real person can have."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import msgspec

NEW_CODES_SINCE = date(2017, 7, 1)
CHANGED_SHARE = 0.04
"""Of the older people, how many asked for a code of the new form."""
BARE_SHARE = 0.1
"""How many codes of the old form are written without the hyphen."""
WEIGHTS = (1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Weights of the old form's check digit. Source: python-stdnum, stdnum.lv.pvn."""


class Names(msgspec.Struct, frozen=True):
    """Names of one community: `family` holds pairs of the male and the female form."""

    male: list[str]
    female: list[str]
    family: list[tuple[str, str]]


@cache
def names() -> dict[str, Names]:
    """Read the names by the language of their community."""
    path = Path(__file__).parent / "names.json"
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Names])


@dataclass(frozen=True, slots=True)
class Person:
    """One synthetic resident."""

    code: str
    former_codes: str
    given_name: str
    family_name: str
    birth_on: date
    sex: str
    language: str
    age: int


Maker = Callable[[], str]


@dataclass(slots=True)
class Registrar:
    """Gives birth to people; no two have the same personal code."""

    chance: Random
    today: date
    _codes: set[str] = field(default_factory=set[str])

    def born(self, community: str, family: tuple[str, str], sex: str, age: int) -> Person:
        """Register a person who is `age` years old today."""
        birth_on = _birthday(self.today, age) - timedelta(days=self.chance.randrange(365))
        pool = names()[community]
        given = self.chance.choice(pool.male if sex == "male" else pool.female)
        code, former = self._code(birth_on)
        return Person(
            code=code,
            former_codes=former,
            given_name=given,
            family_name=family[0] if sex == "male" else family[1],
            birth_on=birth_on,
            sex=sex,
            language=community,
            age=age,
        )

    def _code(self, birth_on: date) -> tuple[str, str]:
        """Give the code in use and the one before: those born since July 2017 have the new form."""
        if birth_on >= NEW_CODES_SINCE:
            return self._fresh(self._new_form), ""
        old = self._fresh(lambda: self._old_form(birth_on))
        if self.chance.random() < CHANGED_SHARE:
            return self._fresh(self._new_form), old
        return (old.replace("-", "") if self.chance.random() < BARE_SHARE else old), ""

    def _fresh(self, make: Maker) -> str:
        code = make()
        while code in self._codes:
            code = make()
        self._codes.add(code)
        return code

    def _new_form(self) -> str:
        """Give a code of the series 39, which the register has not reached."""
        return f"39{self.chance.randrange(10**9):09d}"

    def _old_form(self, birth_on: date) -> str:
        """Give a code with a birth date and a check digit that is wrong on purpose."""
        century = birth_on.year // 100 - 18
        digits = f"{birth_on:%d%m%y}{century}{self.chance.randrange(1000):03d}"
        wrong = (check_digit(digits) + 1 + self.chance.randrange(9)) % 10
        return f"{digits[:6]}-{digits[6:]}{wrong}"


def check_digit(digits: str) -> int:
    """Give the check digit that a real code with these ten digits would have."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return (1101 - total) % 11 % 10


def latin(name: str) -> str:
    """Write a name without diacritics, in lower case, for an e-mail address."""
    letters = unicodedata.normalize("NFD", name.lower())
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def _birthday(today: date, age: int) -> date:
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year - age, today.month, day)
