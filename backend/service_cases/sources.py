"""Status sources: the other systems that tell statuses."""

from collections.abc import Sequence

from backend.kernel.db import ReadSession
from backend.kernel.signed_sources.service import Sources
from backend.kernel.tenancy import MunicipalityId
from backend.service_cases import queries
from backend.service_cases.errors import StatusSourceNotFound
from backend.service_cases.models import StatusSource

SOURCES = Sources(StatusSource, StatusSourceNotFound)


async def listed(
    session: ReadSession, municipality: MunicipalityId
) -> Sequence[tuple[StatusSource, int]]:
    """List the sources by name, each with the number of its events that have no case yet."""
    counts = await queries.unmatched_counts(session, municipality)
    found = await SOURCES.listed(session, municipality)
    return [(source, counts.get(source.id, 0)) for source in found]
