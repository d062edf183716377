"""OAuth 2.0 for service accounts: a signed assertion for a short-lived access token.

Source: RFC 7523, and Google's "Using OAuth 2.0 for Server to Server Applications".
"""

import secrets
from collections.abc import Mapping

import jwt
from aiohttp import web

from backend.adapters.simulators.core import json_response
from backend.adapters.simulators.fcm.service_account import ServiceAccount
from backend.kernel.clock import Clock

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPES = frozenset(
    {
        "https://www.googleapis.com/auth/firebase.messaging",
        "https://www.googleapis.com/auth/cloud-platform",  # what firebase-admin asks for
    }
)
# google-auth names Google's endpoint as the audience whatever the file's token_uri says.
GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"
LONGEST_ASSERTION_SECONDS = 3600
SKEW_SECONDS = 300
MOST_TOKENS = 10_000


class InvalidGrant(Exception):
    """The assertion is not good; the text is the `error_description`."""


class TokenEndpoint:
    """Issues access tokens for the account's assertions, and knows those still valid."""

    def __init__(self, account: ServiceAccount, clock: Clock, *, lifetime_seconds: int) -> None:
        """Believe one account; a token lives so many seconds."""
        self._account = account
        self._clock = clock
        self._lifetime_seconds = lifetime_seconds
        self._expiries: dict[str, float] = {}

    async def issue(self, request: web.Request) -> web.Response:
        """Answer `POST /token`."""
        form = await request.post()
        grant_type, assertion = form.get("grant_type"), form.get("assertion")
        if grant_type != GRANT_TYPE:
            return _refused("unsupported_grant_type", f"Invalid grant_type: {grant_type!r}")
        if not isinstance(assertion, str):
            return _refused("invalid_request", "Missing required parameter: assertion")
        try:
            self._check(assertion)
        except InvalidGrant as reason:
            return _refused("invalid_grant", str(reason))
        return json_response(
            {
                "access_token": self._new_token(),
                "expires_in": self._lifetime_seconds,
                "token_type": "Bearer",
            }
        )

    def is_valid(self, token: str) -> bool:
        """Tell whether this endpoint issued the token and it has not expired."""
        return self._expiries.get(token, 0.0) > self._clock().timestamp()

    def revoke_all(self) -> None:
        """Make every access token invalid at once."""
        self._expiries.clear()

    def _new_token(self) -> str:
        now = self._clock().timestamp()
        if len(self._expiries) >= MOST_TOKENS:
            self._expiries = {t: until for t, until in self._expiries.items() if until > now}
        token = f"ya29.{secrets.token_urlsafe(32)}"
        self._expiries[token] = now + self._lifetime_seconds
        return token

    def _check(self, assertion: str) -> None:
        claims = self._signed_claims(assertion)
        if claims.get("iss") != self._account.client_email:
            raise InvalidGrant("Invalid issuer: not the account's client_email")
        if claims.get("aud") not in {self._account.token_uri, GOOGLE_AUDIENCE}:
            raise InvalidGrant(f"Invalid audience: want {self._account.token_uri}")
        scopes = claims.get("scope")
        if not isinstance(scopes, str) or SCOPES.isdisjoint(scopes.split()):
            raise InvalidGrant("Invalid scope: firebase.messaging or cloud-platform is needed")
        self._check_times(claims)

    def _signed_claims(self, assertion: str) -> Mapping[str, object]:
        try:
            # Times, audience and issuer are checked after this, against the injected clock.
            return jwt.decode(
                assertion,
                self._account.public_key,
                algorithms=["RS256"],
                options={
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                    "verify_aud": False,
                },
            )
        except jwt.InvalidSignatureError:
            raise InvalidGrant("Invalid JWT Signature.") from None
        except jwt.InvalidTokenError as error:
            raise InvalidGrant(f"Bad Request: {error}") from None

    def _check_times(self, claims: Mapping[str, object]) -> None:
        issued, expires = claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int) or not isinstance(expires, int):
            raise InvalidGrant("Invalid JWT: iat and exp are needed as whole seconds")
        now = self._clock().timestamp()
        if not issued - SKEW_SECONDS <= now < expires:
            raise InvalidGrant(
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a "
                "reasonable timeframe. Check your iat and exp values in the JWT claim."
            )
        if not 0 < expires - issued <= LONGEST_ASSERTION_SECONDS:
            raise InvalidGrant("Invalid JWT: exp is at most 60 minutes after iat")


def _refused(error: str, description: str) -> web.Response:
    return json_response({"error": error, "error_description": description}, status=400)
