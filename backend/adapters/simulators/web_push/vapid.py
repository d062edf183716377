"""Voluntary Application Server Identification (RFC 8292): who pushes, and for whom."""

import re

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from backend.adapters.simulators.web_push.subscriptions import public_key_bytes
from backend.kernel.clock import Clock

LONGEST_SECONDS = 24 * 3600
REMEMBERED = 256
_PARAMETER = re.compile(r'\s*([tk])\s*=\s*"?([A-Za-z0-9_\-.=]+)"?\s*')


class VapidRefused(Exception):
    """The Authorization header does not prove an application server; the text says why."""


class VapidCheck:
    """Checks Authorization headers for one push service; a header once proven is remembered."""

    def __init__(self, origin: str, clock: Clock) -> None:
        """Check for the push service at this origin."""
        self._origin = origin
        self._clock = clock
        self._proven: dict[str, tuple[bytes, float]] = {}

    def application_server(self, authorization: str) -> bytes:
        """Give the public key that signed the header, as an uncompressed point.

        Raises:
            VapidRefused: the header is malformed, badly signed, expired, or for another service.
        """
        now = self._clock().timestamp()
        proven = self._proven.get(authorization)
        if proven is None:
            proven = self._prove(authorization, now)
            if len(self._proven) >= REMEMBERED:
                self._proven.clear()
            self._proven[authorization] = proven
        key, expires_at = proven
        if expires_at <= now:
            raise VapidRefused("the token has expired")
        return key

    def _prove(self, authorization: str, now: float) -> tuple[bytes, float]:
        token, key = _parameters(authorization)
        try:
            public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
            claims: dict[str, object] = jwt.decode(
                token,
                public,
                algorithms=["ES256"],
                options={"verify_exp": False, "verify_aud": False, "verify_iat": False},
            )
        except (ValueError, jwt.InvalidTokenError) as error:
            raise VapidRefused(f"the token is not signed by k: {error}") from None
        if claims.get("aud") != self._origin:
            raise VapidRefused(f"aud is not this service's origin, {self._origin}")
        return key, _expiry(claims, now)


def _expiry(claims: dict[str, object], now: float) -> float:
    expires_at = claims.get("exp")
    if not isinstance(expires_at, int | float):
        raise VapidRefused("exp is missing")
    if expires_at - now > LONGEST_SECONDS:
        raise VapidRefused("exp is more than 24 hours away")
    subject = claims.get("sub")
    if subject is not None and not str(subject).startswith(("mailto:", "https:")):
        raise VapidRefused("sub is a mailto: or https: address")
    return float(expires_at)


def _parameters(authorization: str) -> tuple[str, bytes]:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "vapid":
        raise VapidRefused("the scheme is not vapid")
    found = [_PARAMETER.fullmatch(part) for part in rest.split(",")]
    named = {match.group(1): match.group(2) for match in found if match}
    if None in found or set(named) != {"t", "k"}:
        raise VapidRefused("the parameters are t and k")
    key = public_key_bytes(named["k"])
    if key is None:
        raise VapidRefused("k is not an uncompressed P-256 point in base64url")
    return named["t"], key
