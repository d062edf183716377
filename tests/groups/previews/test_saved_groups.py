"""Attacks on the guard by saving groups instead of asking for previews."""

from typing import Any

import pytest

from backend.kernel.principals import PrincipalKind
from tests.drivers.people import Caller, SignIn
from tests.groups.community import NewGroup
from tests.groups.previews.asking import both, either, female, negated, parish, preview, size
from tests.groups.townsfolk import Facts, Townsfolk

NOTHING = {"count": None, "fewerThan": None}
FEMALE_THERE = negated(either(negated(parish()), negated(female())))


@pytest.fixture
async def town(townsfolk: Townsfolk) -> Townsfolk:
    """Give a town: a parish of 30, of whom 3 are men, and another of 40 women."""
    await townsfolk.settle(27, Facts(sex="female"))
    await townsfolk.settle(3, Facts(sex="male"))
    await townsfolk.settle(40, Facts(parish="Ropažu pagasts", sex="female"))
    return townsfolk


async def saved(caller: Caller, new: NewGroup, rule: dict[str, Any]) -> dict[str, Any]:
    """Save a group of a rule."""
    answer = await caller.post("/groups", {**new, "rule": rule})
    assert answer.status_code == 201, answer.text
    group: dict[str, Any] = answer.json()
    return group


@pytest.mark.usefixtures("town")
async def test_a_saved_group_near_a_preview_shows_no_number(
    communicator: Caller, stopini: NewGroup
) -> None:
    assert size(await preview(communicator, parish())) == 30
    group = await saved(communicator, stopini, FEMALE_THERE)
    assert group["members"] == group["evaluation"]["joined"] == NOTHING
    listed = (await communicator.get("/groups")).json()["groups"]
    assert [each["members"] for each in listed] == [NOTHING]
    changes = (await communicator.get(f"/groups/{group['id']}/changes")).json()["changes"]
    assert [each["joined"] for each in changes] == [NOTHING]


@pytest.mark.usefixtures("town")
async def test_a_preview_near_a_saved_group_is_withheld_from_everyone(
    communicator: Caller, stopini: NewGroup, sign_in: SignIn
) -> None:
    group = await saved(communicator, stopini, parish())
    assert group["members"]["count"] == 30
    colleague = await sign_in(PrincipalKind.STAFF, ["communicator"])
    assert size(await preview(colleague, FEMALE_THERE)) == "withheld"
    assert size(await preview(colleague, parish())) == 30


@pytest.mark.usefixtures("town")
async def test_two_groups_that_differ_by_a_few_do_not_tell_of_them(
    communicator: Caller, stopini: NewGroup
) -> None:
    assert (await saved(communicator, stopini, parish()))["members"]["count"] == 30
    assert (await saved(communicator, stopini, FEMALE_THERE))["members"] == NOTHING


@pytest.mark.usefixtures("town")
async def test_a_group_of_nearly_everybody_shows_no_number(
    communicator: Caller, stopini: NewGroup
) -> None:
    assert (await saved(communicator, stopini, female()))["members"] == NOTHING


@pytest.mark.usefixtures("town")
async def test_an_edit_that_leaves_out_a_few_shows_no_number(
    communicator: Caller, stopini: NewGroup
) -> None:
    group = await saved(communicator, stopini, parish())
    answer = await communicator.put(f"/groups/{group['id']}/rule", {"rule": FEMALE_THERE}, '"1"')
    edited = answer.json()
    assert edited["members"] == edited["evaluation"]["left"] == NOTHING
    ended = await communicator.post(f"/groups/{group['id']}/archiving")
    assert ended.json()["evaluation"]["left"] == NOTHING


@pytest.mark.usefixtures("town")
async def test_a_group_saved_as_previewed_shows_its_number_again(
    communicator: Caller, stopini: NewGroup
) -> None:
    assert size(await preview(communicator, both(parish(), female()))) == 27
    assert (await saved(communicator, stopini, both(parish(), female())))["members"]["count"] == 27
