"""Whether the size of an audience may be shown to who makes it, by the same guard as previews."""

from collections.abc import Sequence
from datetime import date, datetime

from pyroaring import BitMap

from backend.kernel.db import WriteSession
from backend.kernel.principals import Principal
from groups.audiences import queries
from groups.guard.comparing import Guard, sized
from groups.guard.queries import hold_viewer, keep, near, renew


async def may_show(
    session: WriteSession,
    by: Principal,
    slots: BitMap,
    parts: Sequence[BitMap],
    as_of: date,
    now: datetime,
    *,
    minimum: int,
) -> bool:
    """Tell whether the audience's maker may see how many are in it, and remember it if so.

    `parts` is what it was made of: their sizes are known or can be found out.
    """
    municipality = by.municipality
    if len(slots) < minimum:
        return True
    await hold_viewer(session, by.subject_id)
    shown_before = await near(
        session, municipality, by.subject_id, [len(slots)], minimum=minimum, now=now
    )
    everybody = await queries.declared(session, municipality)
    made_of = [
        sized(municipality, each)
        for each in (*parts, everybody)
        if abs(len(each) - len(slots)) < minimum
    ]
    guard = Guard(minimum, [*made_of, *shown_before])
    is_shown = guard.shown(sized(municipality, slots)).count is not None
    await keep(session, municipality, by.subject_id, guard.new, as_of=as_of, now=now)
    await renew(session, municipality, guard.repeated, now)
    return is_shown
