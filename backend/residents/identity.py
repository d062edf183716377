"""Finding a resident by what identifies them."""

from uuid import UUID

from backend.kernel.db import ReadSession
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from backend.residents import queries
from backend.residents.rules import normal_code
from backend.residents.sealing import code_digest


async def find_by_code(
    session: ReadSession, municipality: MunicipalityId, code: str, *, vault: Vault
) -> UUID | None:
    """Find the open resident known by a personal code of either form, current or former."""
    digits = normal_code(code)
    if digits is None:
        return None
    return await queries.resident_by_digest(session, municipality, code_digest(vault, digits))
