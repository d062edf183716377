"""Groups and audiences over HTTP."""

from typing import Any
from uuid import UUID

from httpx import Response
from sqlalchemy import update

from backend.kernel.db import Database
from groups.tables import ResidentGroup
from tests.drivers.people import ROPAZI, Caller

Json = dict[str, Any]


async def group_of(caller: Caller, rule: Json, purpose: str = "information") -> Json:
    """Make a group."""
    body = {
        "name": {"lv": "Grupa", "en": "A group"},
        "description": "Ziņas iedzīvotājiem.",
        "purpose": purpose,
        "rule": rule,
    }
    answer = await caller.post("/groups", body)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def frozen(caller: Caller, **body: object) -> Json:
    """Freeze an audience that is allowed."""
    answer = await refused(caller, **body)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def refused(caller: Caller, **body: object) -> Response:
    """Ask for an audience, and give the answer as it is."""
    return await caller.post("/audiences", {"purpose": "information", **body})


async def put_into_state(database: Database, group: str, state: str) -> None:
    """Put a group into a state that takes the engine to come about."""
    async with database.write([ROPAZI]) as session:
        await session.execute(
            update(ResidentGroup).where(ResidentGroup.id == UUID(group)).values(state=state)
        )
