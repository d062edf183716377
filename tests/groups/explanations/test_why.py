"""A resident asks why they are in a group."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from sqlalchemy import insert, update

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import seal_names
from backend.residents.tables import Resident
from groups.tables import Guardianship, ResidentGroup
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.community import NewGroup, OfParish, Registry

LABEL = {"lv": "Ģimenes", "en": "Families"}
CHILD = {"op": "between", "args": [{"property": "age"}, 3, 6]}
Family = tuple[Caller, Caller]
"""A parent, and another adult of the same municipality."""
Created = Callable[[NewGroup], Awaitable[str]]


@pytest.fixture
def families(stopini: NewGroup, of_parish: OfParish) -> NewGroup:
    """Give a group of families with a child aged 3 to 6, or with one living in Ropaži parish."""
    children = {"op": "any", "args": [{"property": "children"}, CHILD]}
    rule = {"op": "or", "args": [of_parish("Ropažu pagasts"), children]}
    return {**stopini, "rule": rule, "publicLabel": LABEL}


@pytest.fixture
async def family(registry: Registry, sign_in: SignIn, database: Database, vault: Vault) -> Family:
    """Settle a parent with two children, of whom one is four years old, and a neighbour."""
    parent, neighbour = await registry.settle(2)
    [young] = await registry.settle(1, born=date(2022, 3, 1))
    [grown] = await registry.settle(1, born=date(2005, 3, 1))
    async with database.write([ROPAZI]) as session:
        for child, name in ((young, "Paraugs"), (grown, "Piemērs")):
            given, family = seal_names(vault, name, "Sintētiskais")
            sealed = {"given_name_sealed": given, "family_name_sealed": family}
            await session.execute(update(Resident).where(Resident.id == child).values(sealed))
            pair = {"guardian_id": parent, "child_id": child, "fingerprint": b""}
            await session.execute(insert(Guardianship).values({"municipality_id": ROPAZI, **pair}))
    first = await sign_in(PrincipalKind.RESIDENT, subject_id=parent)
    return first, await sign_in(PrincipalKind.RESIDENT, subject_id=neighbour)


@pytest.fixture
def created(communicator: Caller) -> Created:
    """Give the way to save a group."""

    async def create(body: NewGroup) -> str:
        answer = await communicator.post("/groups", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return create


async def test_a_parent_is_told_which_child_of_what_age_makes_them_a_member_and_until_when(
    family: Family, families: NewGroup, created: Created
) -> None:
    parent, _ = family
    group = await created(families)
    answer = await parent.get(f"/groups/{group}/why")
    assert answer.status_code == 200
    why = answer.json()
    assert (why["label"], why["asOf"], why["ruleVersion"]) == (LABEL, "2026-11-20", 1)
    assert (why["clause"]["result"], why["clause"]["until"]) == (True, "2029-02-28")
    [children] = why["clause"]["parts"]
    assert (children["pointer"], children["register"]["code"]) == ("/args/1", "residents")
    [child] = children["parts"]
    assert (child["about"], child["value"], child["result"]) == ("Paraugs", 4, True)
    assert child["until"] == "2029-02-28"
    assert child["text"]["lv"]


async def test_who_is_no_member_is_told_nothing_of_the_group(
    family: Family, families: NewGroup, created: Created
) -> None:
    _, neighbour = family
    group = await created(families)
    answer = await neighbour.get(f"/groups/{group}/why")
    assert (answer.status_code, answer.json()["code"]) == (404, "group_not_found")


async def test_a_group_without_a_label_is_not_explained(
    family: Family, families: NewGroup, created: Created
) -> None:
    parent, _ = family
    group = await created({**families, "publicLabel": None})
    assert (await parent.get(f"/groups/{group}/why")).status_code == 404


@pytest.mark.usefixtures("family")
async def test_a_resident_of_another_municipality_is_told_nothing(
    families: NewGroup, created: Created, sign_in: SignIn
) -> None:
    group = await created(families)
    stranger = await sign_in(
        PrincipalKind.RESIDENT, subject_id=new_id(), municipality=MunicipalityId(9000)
    )
    assert (await stranger.get(f"/groups/{group}/why")).status_code == 404


async def test_staff_cannot_ask_in_a_residents_place(
    communicator: Caller, families: NewGroup, created: Created
) -> None:
    group = await created(families)
    answer = await communicator.get(f"/mobile/v1/groups/{group}/why")
    assert answer.status_code == 403


async def test_a_membership_that_stands_still_is_told_without_clauses_that_no_longer_hold(
    family: Family, families: NewGroup, created: Created, registry: Registry, database: Database
) -> None:
    parent, _ = family
    group = await created(families)
    async with database.write([ROPAZI]) as session:
        await session.execute(update(Guardianship).values(closed_on=date(2026, 11, 1)))
        await session.execute(
            update(ResidentGroup)
            .where(ResidentGroup.municipality_id == registry.municipality)
            .values(state="held")
        )
    why = (await parent.get(f"/groups/{group}/why")).json()
    assert why["clause"] is None
    assert why["text"]["en"].startswith("parish")
