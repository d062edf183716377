"""Whether the numbers of a saved group may be shown: by the same guard as those of previews."""

from datetime import date, datetime

from pyroaring import BitMap

from backend.kernel.db import WriteSession
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId
from groups.definitions.models import ResidentGroup
from groups.evaluation.ports import Evaluator, Question, Scope
from groups.guard.comparing import Guard, sized
from groups.guard.queries import hold_viewer, keep, near, renew
from groups.language.decode import decode
from groups.memberships.queries import last_change, put_shown

ASKED = {"op": "isNull", "args": [{"property": "birth_date"}]}
EVERYBODY = decode({"op": "or", "args": [ASKED, {"op": "not", "args": [ASKED]}]})
"""Holds for whoever is in scope."""


async def judge(
    session: WriteSession,
    by: Principal,
    group: ResidentGroup,
    evaluator: Evaluator,
    as_of: date,
    now: datetime,
    *,
    minimum: int,
) -> None:
    """Decide whether the members that a person just gave a group may be counted, and remember it.

    So it is with those who joined and left. The caller holds the group's row.
    """
    municipality = MunicipalityId(group.municipality_id)
    change = await last_change(session, municipality, group.id)
    sets = [sized(municipality, each) for each in (change.slots, change.joined, change.left)]
    await hold_viewer(session, by.subject_id)
    sizes = [each.size for each in sets]
    known = await near(
        session, municipality, by.subject_id, sizes, minimum=minimum, now=now, but=group.id
    )
    everybody = await _everybody(session, municipality, Scope(group.scope), evaluator, as_of)
    guard = Guard(minimum, [sized(municipality, everybody), *known])
    whole, *parts = [not guard.shown(each).withheld for each in sets]
    await keep(session, municipality, by.subject_id, guard.new, as_of=as_of, now=now)
    await renew(session, municipality, guard.repeated, now)
    await put_shown(session, municipality, change, size=whole, counts=whole and all(parts))


async def hide_as_before(session: WriteSession, group: ResidentGroup) -> None:
    """Let those who left an ended group be counted only if its members might be."""
    municipality = MunicipalityId(group.municipality_id)
    change = await last_change(session, municipality, group.id)
    if not change.size_shown:
        await put_shown(session, municipality, change, size=False, counts=False)


async def _everybody(
    session: WriteSession,
    municipality: MunicipalityId,
    scope: Scope,
    evaluator: Evaluator,
    as_of: date,
) -> BitMap:
    found = await evaluator.members(session, Question((municipality,), EVERYBODY, as_of, scope, {}))
    return found.slots
