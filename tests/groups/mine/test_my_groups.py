"""A resident sees the labelled groups that they belong to."""

from datetime import date

from sqlalchemy import insert

from backend.kernel.principals import PrincipalKind
from groups.tables import EngineState
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.community import Imported, NewGroup, OfParish, Registry


async def test_a_resident_sees_the_labelled_groups_they_belong_to_and_since_when(
    communicator: Caller,
    sign_in: SignIn,
    registry: Registry,
    stopini: NewGroup,
    of_parish: OfParish,
    clock: SteeredClock,
) -> None:
    resident, _ = await registry.settle(2)
    label = {"lv": "Stopiņi", "en": "Stopiņi"}
    shown = (await communicator.post("/groups", {**stopini, "publicLabel": label})).json()
    since = clock.now
    clock.advance(hours=1)
    await communicator.post("/groups", stopini)
    foreign = {**stopini, "publicLabel": label, "rule": of_parish("Ropažu pagasts")}
    await communicator.post("/groups", foreign)
    caller = await sign_in(PrincipalKind.RESIDENT, subject_id=resident)
    answer = (await caller.get("/groups")).json()
    written = since.isoformat().replace("+00:00", "Z")
    mine = [{"id": shown["id"], "label": label, "since": written}]
    assert answer == {"groups": mine, "asOf": None}


async def test_a_group_that_was_left_or_archived_is_shown_no_longer(
    communicator: Caller,
    sign_in: SignIn,
    registry: Registry,
    imported: Imported,
    stopini: NewGroup,
) -> None:
    staying, leaving = await registry.settle(2)
    stopini = {**stopini, "publicLabel": {"lv": "Stopiņi", "en": "Stopiņi"}}
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await registry.close([leaving])
    await imported()
    callers = [await sign_in(PrincipalKind.RESIDENT, subject_id=r) for r in (staying, leaving)]
    assert [len((await each.get("/groups")).json()["groups"]) for each in callers] == [1, 0]
    await communicator.post(f"/groups/{group}/archiving")
    assert (await callers[0].get("/groups")).json()["groups"] == []


async def test_a_resident_is_told_up_to_which_day_their_groups_are_followed(
    sign_in: SignIn, registry: Registry, clock: SteeredClock
) -> None:
    [resident] = await registry.settle(1)
    followed = {"municipality_id": ROPAZI, "version": 1, "as_of": date(2026, 11, 20)}
    async with registry.database.write([ROPAZI]) as session:
        await session.execute(insert(EngineState).values(**followed, evaluated_at=clock.now))
    caller = await sign_in(PrincipalKind.RESIDENT, subject_id=resident)
    assert (await caller.get("/groups")).json() == {"groups": [], "asOf": "2026-11-20"}


async def test_who_was_struck_off_sees_no_groups_even_before_they_are_followed(
    communicator: Caller, sign_in: SignIn, registry: Registry, stopini: NewGroup
) -> None:
    [resident] = await registry.settle(1)
    label = {"lv": "Stopiņi", "en": "Stopiņi"}
    await communicator.post("/groups", {**stopini, "publicLabel": label})
    await registry.close([resident])
    caller = await sign_in(PrincipalKind.RESIDENT, subject_id=resident)
    assert (await caller.get("/groups")).json()["groups"] == []
