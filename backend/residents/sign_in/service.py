"""A resident signs in by a verified assertion on their personal code."""

from datetime import datetime
from uuid import UUID

from backend.kernel.db import WriteSession
from backend.kernel.login_sessions import Opened
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.sign_in.assertions import Assertion
from backend.kernel.sign_in.errors import SignInRefused
from backend.kernel.sign_in.queries import use_assertion
from backend.kernel.sign_in.service import start_session
from backend.kernel.tenancy import MunicipalityId
from backend.residents.identity import find_by_code


async def sign_in(
    session: WriteSession,
    municipality: MunicipalityId,
    assertion: Assertion,
    *,
    vault: Vault,
    now: datetime,
) -> tuple[UUID, Opened]:
    """Use the assertion up and open a session for the resident it names.

    Raises:
        SignInRefused: used before, or nobody open here has this code.
    """
    await use_assertion(session, municipality, assertion)
    resident_id = await find_by_code(session, municipality, assertion.subject, vault=vault)
    if resident_id is None:
        raise SignInRefused("person_not_recognised")
    return resident_id, start_session(
        session, municipality, PrincipalKind.RESIDENT, resident_id, now=now
    )
