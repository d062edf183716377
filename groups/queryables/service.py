"""The values of a list, for the purpose of a group."""

from collections.abc import Sequence

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.language.things import Purpose
from groups.queryables.errors import LookupNotFound, LookupOutsidePurpose
from groups.queryables.lookups import LOOKUPS, is_readable
from groups.queryables.queries import values_with


async def values_of(
    session: ReadSession,
    municipality: MunicipalityId,
    lookup: str,
    purpose: Purpose | None,
    part: str,
    limit: int,
) -> Sequence[str]:
    """List the values of the municipality's registry that contain `part`.

    Raises:
        LookupNotFound: there is no such list.
        LookupOutsidePurpose: the purpose does not allow it, or it is special and none is given.
    """
    provenance = LOOKUPS.get(lookup)
    if provenance is None:
        raise LookupNotFound
    if not is_readable(provenance, purpose):
        raise LookupOutsidePurpose
    return await values_with(session, municipality, lookup, part, limit)
