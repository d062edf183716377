"""The door through which a sign-in comes: verified first, then answered at most once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.idempotency import (
    IdempotencyKeyFaulty,
    IdempotencyKeyHeader,
    IdempotencyKeyReused,
    Once,
    checked_key,
    request_digest,
)
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.rate_limits import Limit, RateLimiter, TooManyRequests
from backend.kernel.settings import Settings
from backend.kernel.sign_in.assertions import Assertion, verify_assertion
from backend.kernel.sign_in.errors import DevelopmentSignInDisabled, SignInRefused
from backend.kernel.sign_in.schemas import SignInRequest
from backend.kernel.tenancy import MunicipalityId, municipality_id

REFUSALS = problem_responses(
    DevelopmentSignInDisabled,
    SignInRefused,
    IdempotencyKeyFaulty,
    IdempotencyKeyReused,
    TooManyRequests,
)
"""How a sign-in may be refused, on any surface."""
FAILED_SIGN_INS = Limit("failed_sign_in", most=20, window=timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class Admission:
    """A verified assertion in its municipality, and the way to answer it once."""

    municipality: MunicipalityId
    assertion: Assertion
    once: Once


@dataclass(frozen=True, slots=True)
class SignInDoor:
    """What a sign-in is judged by; `secret` is None where development assertions are off."""

    database: Database
    vault: Vault
    clock: Clock
    secret: str | None
    key: str
    request_digest: bytes
    limiter: RateLimiter
    caller: str

    async def admit(self, request: SignInRequest, kind: PrincipalKind) -> Admission:
        """Verify the assertion before anything is looked up, so that a replay proves it again.

        Raises:
            DevelopmentSignInDisabled: development assertions are off.
            SignInRefused: the assertion proves nothing.
            TooManyRequests: so did too many before it from the same network address.
        """
        if self.secret is None:
            raise DevelopmentSignInDisabled
        municipality = municipality_id(request.municipality)
        now = self.clock()
        try:
            assertion = verify_assertion(
                request.assertion,
                secret=self.secret,
                municipality_code=request.municipality,
                kind=kind,
                now=now,
            )
        except SignInRefused:
            # Only failures count: people behind one address do not lock each other out.
            await self.limiter.spend(FAILED_SIGN_INS, self.caller, now)
            raise
        return Admission(municipality, assertion, self._once(municipality))

    def _once(self, municipality: MunicipalityId) -> Once:
        return Once(
            transactions=self.database.serving((municipality,)),
            vault=self.vault,
            clock=self.clock,
            municipality=municipality,
            scope=PrincipalKind.PUBLIC.value,
            key=self.key,
            request_digest=self.request_digest,
        )


async def provide_door(
    request: Request[Any, Any, State],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    limiter: NamedDependency[RateLimiter],
    key: IdempotencyKeyHeader = None,
) -> SignInDoor:
    """Give the door of this request; the secret only where the settings allow its use."""
    sign_in = settings.sign_in
    return SignInDoor(
        database=database,
        vault=vault,
        clock=clock,
        secret=sign_in.development_secret if sign_in.development else None,
        key=checked_key(key),
        request_digest=await request_digest(request),
        limiter=limiter,
        caller=request.client.host if request.client else "",
    )
