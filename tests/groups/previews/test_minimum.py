"""A municipality sets another smallest number that staff is shown."""

from pathlib import Path

import pytest

from backend.kernel.settings import Settings, load_settings
from tests.drivers.people import Caller
from tests.groups.community import NewGroup
from tests.groups.previews.asking import either, negated, parish, preview, size
from tests.groups.townsfolk import Facts, Townsfolk

OTHER = "Ropažu pagasts"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings by which numbers below 4 are not shown."""
    return load_settings({"NOVADS_VAR": str(tmp_path), "NOVADS_MINIMUM_SHOWN": "4"})


async def test_previews_groups_and_audiences_keep_to_it(
    communicator: Caller, townsfolk: Townsfolk, stopini: NewGroup
) -> None:
    await townsfolk.settle(4)
    await townsfolk.settle(3, Facts(parish=OTHER))
    await townsfolk.settle(9, Facts(parish="Garkalnes pagasts"))
    assert size(await preview(communicator, parish())) == 4
    assert size(await preview(communicator, parish(OTHER))) == "fewer than 4"
    assert size(await preview(communicator, negated(parish(OTHER)))) == "withheld"
    few = (await communicator.post("/groups", {**stopini, "rule": parish(OTHER)})).json()
    assert few["members"] == {"count": None, "fewerThan": 4}
    body = {"purpose": "information", "rule": either(parish(), parish(OTHER))}
    near = (await communicator.post("/audiences", body)).json()
    assert (near["count"], near["fewerThan"], near["withheld"]) == (None, None, True)
    body["rule"] = parish()
    assert (await communicator.post("/audiences", body)).json()["count"] == 4
