"""Erasing one resident from everything that groups keep."""

from uuid import UUID

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.changes.queries import note_residents
from groups.definitions.queries import hold_roster
from groups.definitions.rosters import hold
from groups.erasure import queries
from groups.registry.queries import hold_counter, hold_registry


async def erase_resident(
    session: WriteSession, municipality: MunicipalityId, resident_id: UUID, clock: Clock
) -> bool:
    """Delete a resident's facts, and take them out of every set that was kept; False: no facts.

    How many joined, left or were sent to is kept. The resident's place is never given to another.
    Waits for a running import and for groups that are being created, then holds every group of the
    municipality until commit, and no other is created. The caller erases the resident themselves,
    and what else names them.
    """
    await hold_registry(session, municipality)
    await hold_counter(session, municipality)
    slot = await queries.slot_of(session, municipality, resident_id)
    await queries.delete_recipients(session, municipality, resident_id)
    if slot is None:
        return False
    await hold_roster(session, municipality)
    await hold(session, municipality)
    for kept in queries.BITMAPS:
        await queries.clear_bitmaps(session, municipality, kept, slot)
    await queries.clear_memberships(session, municipality, slot)
    await queries.clear_shown_sets(session, municipality, slot)
    await queries.delete_facts(session, municipality, resident_id)
    await note_residents(session, municipality, [slot], clock())
    return True
