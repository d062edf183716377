"""Refusals of sign-in; none of them tells whether a person is known."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class DevelopmentSignInDisabled(DomainError):
    """Development assertions are not taken by this installation."""

    kind = Kind.FORBIDDEN
    titles: ClassVar[Mapping[str, Text]] = {
        "development_sign_in_disabled": Text(
            lv="Izstrādes pieslēgšanās ir izslēgta", en="The development sign-in is switched off"
        )
    }


class SignInRefused(DomainError):
    """The assertion proves nothing, or nobody who may sign in.

    `person_not_recognised` covers the unknown, the closed and the disabled alike.
    """

    kind = Kind.FORBIDDEN
    titles: ClassVar[Mapping[str, Text]] = {
        "assertion_invalid": Text(
            lv="Pieslēgšanās apliecinājums nav derīgs", en="The sign-in assertion is not valid"
        ),
        "assertion_expired": Text(
            lv="Pieslēgšanās apliecinājumam beidzies termiņš",
            en="The sign-in assertion has expired",
        ),
        "assertion_used": Text(
            lv="Pieslēgšanās apliecinājums jau izmantots",
            en="The sign-in assertion has already been used",
        ),
        "person_not_recognised": Text(
            lv="Persona nav atpazīta", en="The person was not recognised"
        ),
    }
