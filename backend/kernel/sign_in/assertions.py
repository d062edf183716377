"""Development assertions: short-lived signed words on who a person is, for a demo and tests.

They stand where a real identity provider will stand: an HS256 JWT (RFC 7519) under a shared secret.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
import msgspec
from msgspec import Meta, Struct

from backend.kernel.ids import new_id
from backend.kernel.principals import PrincipalKind
from backend.kernel.sign_in.errors import SignInRefused

ISSUER = "novads-development"
ALGORITHM = "HS256"
LIFETIME_SECONDS = 300
"""The longest an assertion may be good for."""
LEEWAY_SECONDS = 30
"""How far ahead the clock of the one who signed may be."""

EpochSeconds = Annotated[int, Meta(ge=0, le=2**40)]


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified assertion: who is meant, and the name under which it may be used once."""

    subject: str = field(repr=False)
    assertion_id: str
    expires_at: datetime


class _Claims(Struct, frozen=True):
    sub: Annotated[str, Meta(min_length=1, max_length=200)]
    aud: str
    kind: str
    jti: Annotated[str, Meta(min_length=16, max_length=64)]
    iat: EpochSeconds
    exp: EpochSeconds


def development_assertion(
    secret: str, municipality_code: str, kind: PrincipalKind, subject: str, now: datetime
) -> str:
    """Sign that `subject` (a personal code, or a staff member's subject) is present at `now`.

    `secret` has at least 32 characters; the assertion is good for five minutes, once.
    """
    issued = int(now.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": municipality_code,
        "sub": subject,
        "kind": kind.value,
        "jti": new_id().hex,
        "iat": issued,
        "exp": issued + LIFETIME_SECONDS,
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def verify_assertion(
    assertion: str, *, secret: str, municipality_code: str, kind: PrincipalKind, now: datetime
) -> Assertion:
    """Verify signature, issuer, municipality, kind and time of an assertion.

    Raises:
        SignInRefused: `assertion_invalid` or `assertion_expired`.
    """
    claims = _claims(assertion, secret, municipality_code)
    present = now.timestamp()
    too_long = claims.exp - claims.iat > LIFETIME_SECONDS
    if claims.kind != kind.value or too_long or claims.iat > present + LEEWAY_SECONDS:
        raise SignInRefused("assertion_invalid")
    if claims.exp <= present:
        raise SignInRefused("assertion_expired")
    expires_at = datetime.fromtimestamp(0, UTC) + timedelta(seconds=claims.exp)
    return Assertion(claims.sub, claims.jti, expires_at)


def _claims(assertion: str, secret: str, municipality_code: str) -> _Claims:
    try:
        claims = jwt.decode(
            assertion,
            secret,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            audience=municipality_code,
            # Times are judged above by the injected clock, not by the machine's.
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        return msgspec.convert(claims, _Claims)
    except (jwt.InvalidTokenError, msgspec.ValidationError) as error:
        raise SignInRefused("assertion_invalid") from error
