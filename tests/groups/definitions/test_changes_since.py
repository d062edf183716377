"""What changed a group is listed, without telling who."""

from typing import Any

import pytest

from tests.drivers.clock import SteeredClock
from tests.drivers.people import Caller
from tests.groups.community import NewGroup, OfParish, Registry


@pytest.mark.parametrize("limit", [1, 2])
async def test_changes_are_listed_newest_first_without_ids_and_small_counts(
    communicator: Caller,
    registry: Registry,
    stopini: NewGroup,
    of_parish: OfParish,
    clock: SteeredClock,
    limit: int,
) -> None:
    await registry.settle(12)
    await registry.settle(3, "Ropažu pagasts")
    await registry.settle(12, "Garkalnes pagasts")
    group = (await communicator.post("/groups", stopini)).json()["id"]
    saved_at = clock.now
    clock.advance(hours=1)
    await communicator.put(f"/groups/{group}/rule", {"rule": of_parish("Ropažu pagasts")}, '"1"')
    clock.advance(hours=1)
    await communicator.post(f"/groups/{group}/archiving")
    listed: list[dict[str, Any]] = []
    path: str | None = f"/groups/{group}/changes?limit={limit}"
    while path:
        page = (await communicator.get(path)).json()
        listed += page["changes"]
        path = page["next"] and f"/groups/{group}/changes?limit={limit}&before={page['next']}"
    assert [change["cause"] for change in listed] == ["archived", "edited", "created"]
    hidden, twelve = {"count": None, "fewerThan": 10}, {"count": 12, "fewerThan": None}
    told = [(change["joined"], change["left"]) for change in listed]
    assert told == [(hidden, hidden), (hidden, twelve), (twelve, hidden)]
    since = saved_at.isoformat().replace("+00:00", "Z")
    later = (await communicator.get(f"/groups/{group}/changes?since={since}")).json()
    assert later == {"changes": listed[:2], "next": None}
