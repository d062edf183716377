"""Statements on used assertions."""

from sqlalchemy.dialects.postgresql import insert

from backend.kernel.db import WriteSession
from backend.kernel.sign_in.assertions import Assertion
from backend.kernel.sign_in.errors import SignInRefused
from backend.kernel.sign_in.models import UsedAssertion
from backend.kernel.tenancy import MunicipalityId


async def use_assertion(
    session: WriteSession, municipality: MunicipalityId, assertion: Assertion
) -> None:
    """Use an assertion up; of two at once the second waits for the first and is refused.

    Raises:
        SignInRefused: `assertion_used`.
    """
    claim = (
        insert(UsedAssertion)
        .values(
            municipality_id=municipality,
            assertion_id=assertion.assertion_id,
            expires_at=assertion.expires_at,
        )
        .on_conflict_do_nothing()
        .returning(UsedAssertion.assertion_id)
    )
    if await session.scalar(claim) is None:
        raise SignInRefused("assertion_used")
