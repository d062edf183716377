"""Values that the registry holds now."""

from collections.abc import Sequence

from sqlalchemy import func, select

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.language.folding import CAPITALS, SMALL, fold
from groups.registry.models import RegistryValue

MARKED, PLAIN = "āčēģīķļņōŗšūž", "acegiklnorsuz"
"""Letters that stand beside their plain ones in a list; code points would put them last."""


async def values_with(
    session: ReadSession, municipality: MunicipalityId, lookup: str, part: str, limit: int
) -> Sequence[str]:
    """List values that contain `part`, capital or small; those that begin with it come first."""
    folded = func.translate(RegistryValue.value, CAPITALS, SMALL)
    begins = folded.startswith(fold(part), autoescape=True)
    statement = (
        select(RegistryValue.value)
        .where(
            RegistryValue.municipality_id == municipality,
            RegistryValue.attribute == lookup,
            RegistryValue.withdrawn_on.is_(None),
            folded.contains(fold(part), autoescape=True),
        )
        .order_by(begins.desc(), func.translate(folded, MARKED, PLAIN), folded, RegistryValue.value)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()
