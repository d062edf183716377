"""Audiences put together over HTTP of groups, a rule, an area and a list of residents."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.kernel.audit import AuditEntry
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from groups.public import to_lks92, write_recipients
from groups.tables import AudienceRecipient
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.audiences.freezing import frozen, group_of, put_into_state, refused
from tests.groups.previews.asking import at_least, both, female, negated, parish, preview, size
from tests.groups.townsfolk import Facts, Townsfolk

OTHER = "Ropažu pagasts"
POOR = {"op": "a_contains", "args": [{"property": "social_statuses"}, ["low_income"]]}
DIAMOND = {
    "type": "Polygon",
    "coordinates": [
        [[24.36, 56.92], [24.37, 56.93], [24.38, 56.92], [24.37, 56.91], [24.36, 56.92]]
    ],
}
(INSIDE,) = to_lks92([24.37], [56.92])


async def members(database: Database, audience: str) -> set[UUID]:
    """Start sending to an audience, and give who is sent to."""
    async with database.write([ROPAZI]) as session:
        await write_recipients(session, ROPAZI, UUID(audience))
    async with database.read([ROPAZI]) as session:
        rows = await session.scalars(
            select(AudienceRecipient.resident_id).where(
                AudienceRecipient.audience_id == UUID(audience)
            )
        )
        return set(rows)


async def test_an_audience_is_all_that_is_included_without_what_is_excluded(
    communicator: Caller, townsfolk: Townsfolk, database: Database
) -> None:
    here = await townsfolk.settle(20, Facts(sex="female"))
    men = await townsfolk.settle(15, Facts(sex="male"))
    there = await townsfolk.settle(12, Facts(parish=OTHER))
    await townsfolk.settle(30, Facts(parish="Vangažu pilsēta"))
    group = await group_of(communicator, parish())
    women = await group_of(communicator, female())
    made = await frozen(
        communicator, include=[group["id"]], exclude=[women["id"]], rule=parish(OTHER)
    )
    assert await members(database, made["id"]) == {*men, *there}
    assert not set(here) & await members(database, made["id"])
    assert size(made) == 27
    assert [each["groupId"] for each in made["include"]] == [group["id"]]
    assert made["exclude"][0]["ruleVersion"] == 1
    assert (made["sensitivity"], made["byPlaceAlone"]) == ("personal", False)
    assert (made["evaluatedBy"], made["asOf"]) == ("sql", "2026-11-20")


async def test_an_area_takes_in_whose_address_lies_in_it(
    communicator: Caller, townsfolk: Townsfolk, database: Database
) -> None:
    inside = await townsfolk.settle(11, Facts(at=INSIDE))
    await townsfolk.settle(30, Facts(at=(INSIDE[0] + 5_000, INSIDE[1])))
    made = await frozen(communicator, area=DIAMOND, purpose="safety")
    assert (size(made), made["byPlaceAlone"]) == (11, True)
    assert await members(database, made["id"]) == set(inside)


async def test_of_a_list_only_residents_who_are_not_struck_off_are_frozen(
    communicator: Caller, townsfolk: Townsfolk, database: Database
) -> None:
    residents = await townsfolk.settle(14)
    await townsfolk.settle(30)
    await townsfolk.strike_off(residents[:2])
    listed = [str(each) for each in (*residents, new_id())]
    made = await frozen(communicator, residents=listed)
    assert size(made) == 12
    assert await members(database, made["id"]) == set(residents[2:])


async def test_a_frozen_audience_is_found_again_but_not_by_other_municipalities(
    communicator: Caller, townsfolk: Townsfolk, sign_in: SignIn
) -> None:
    await townsfolk.settle(12)
    made = await frozen(communicator, rule=parish(), name="Sapulce")
    assert (await communicator.get(f"/audiences/{made['id']}")).json() == made
    approver = await sign_in(PrincipalKind.STAFF, ["approver"])
    assert (await approver.get(f"/audiences/{made['id']}")).json() == made
    stranger = await sign_in(
        PrincipalKind.STAFF, ["communicator"], municipality=MunicipalityId(1000)
    )
    answer = await stranger.get(f"/audiences/{made['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "audience_not_found")


async def test_a_small_audience_is_frozen_without_telling_how_small(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(3)
    await townsfolk.settle(30, Facts(parish=OTHER))
    assert size(await frozen(communicator, rule=parish())) == "fewer than 10"


async def test_what_was_previewed_is_held_against_an_audience_and_the_other_way_round(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(27, Facts(sex="female"))
    await townsfolk.settle(3, Facts(sex="male"))
    await townsfolk.settle(40, Facts(parish=OTHER))
    assert size(await preview(communicator, parish())) == 30
    assert size(await frozen(communicator, rule=both(parish(), female()))) == "withheld"
    assert size(await frozen(communicator, rule=parish(OTHER))) == 40


async def test_how_many_of_a_group_are_excluded_is_not_told_when_they_are_few(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(27, Facts(sex="female"))
    await townsfolk.settle(3, Facts(sex="male"))
    await townsfolk.settle(40, Facts(parish=OTHER, sex="female"))
    group = await group_of(communicator, parish())
    men = await group_of(communicator, negated(female()))
    made = await frozen(communicator, include=[group["id"]], exclude=[men["id"]])
    assert size(made) == "withheld"


async def test_a_list_put_together_with_anything_else_is_never_counted(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    residents = await townsfolk.settle(30)
    await townsfolk.settle(40, Facts(parish=OTHER))
    listed = [str(each) for each in residents[:20]]
    women = await group_of(communicator, female())
    for more in ({"exclude": [women["id"]]}, {"rule": parish()}, {"include": [women["id"]]}):
        assert size(await frozen(communicator, residents=listed, **more)) == "withheld"


async def test_what_is_asked_by_way_of_another_group_counts_for_the_sensitivity(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(12, Facts(social_statuses=("low_income",)))
    await townsfolk.settle(30)
    poor = await group_of(communicator, POOR, "social_support")
    through = {"op": "in_group", "args": [poor["id"]]}
    made = await frozen(communicator, rule=through, purpose="social_support")
    assert (size(made), made["sensitivity"]) == (12, "special")
    included = await frozen(communicator, include=[poor["id"]], purpose="social_support")
    assert included["sensitivity"] == "special"


async def test_a_purpose_is_not_got_round_by_a_group_of_another_purpose(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(12, Facts(social_statuses=("low_income",)))
    poor = await group_of(communicator, POOR, "social_support")
    through = {"op": "in_group", "args": [poor["id"]]}
    for body, pointer in (
        ({"include": [poor["id"]]}, "/include/0"),
        ({"rule": parish(), "exclude": [poor["id"]]}, "/exclude/0"),
        ({"rule": both(parish(), through)}, "/rule/args/1"),
    ):
        answer = await refused(communicator, **body)
        (fault,) = answer.json()["errors"]
        assert (answer.status_code, fault["pointer"]) == (400, pointer)
        assert fault["code"] == "outside_purpose"


@pytest.mark.parametrize(
    ("state", "code"),
    [("held", "group_held"), ("invalid", "group_invalid"), ("archived", "group_archived")],
)
async def test_a_group_that_is_not_live_is_neither_included_nor_excluded(
    communicator: Caller, townsfolk: Townsfolk, database: Database, state: str, code: str
) -> None:
    await townsfolk.settle(12)
    group = await group_of(communicator, parish())
    await put_into_state(database, group["id"], state)
    for body in ({"include": [group["id"]]}, {"rule": at_least(0), "exclude": [group["id"]]}):
        answer = await refused(communicator, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_groups_that_are_not_there_are_refused(communicator: Caller) -> None:
    answer = await refused(communicator, include=[str(new_id())])
    assert (answer.status_code, answer.json()["code"]) == (404, "group_not_found")


@pytest.mark.parametrize("body", [{}, {"exclude": []}, {"name": "Nekas"}])
async def test_an_audience_needs_somebody_included(
    communicator: Caller, body: dict[str, object]
) -> None:
    answer = await refused(communicator, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "audience_invalid")
    assert answer.json()["errors"][0]["code"] == "nobody_included"


async def test_a_faulty_area_is_refused_at_its_spot(communicator: Caller) -> None:
    broken = {"type": "Polygon", "coordinates": [[[24.36, 56.92], [24.37, 56.93]]]}
    answer = await refused(communicator, area=broken)
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"]) == (400, "/area/coordinates/0")


@pytest.mark.parametrize(
    "body",
    [
        {"scope": "all", "rule": parish()},
        {"residents": ["x"]},
        {"residents": [str(new_id())] * 10_001},
        {"rule": parish(), "purpose": "spying"},
    ],
)
async def test_what_has_not_the_form_of_the_contract_is_refused(
    communicator: Caller, body: dict[str, object]
) -> None:
    answer = await refused(communicator, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_a_repeat_under_the_same_key_freezes_once_even_at_the_same_time(
    communicator: Caller, townsfolk: Townsfolk, database: Database
) -> None:
    await townsfolk.settle(12)
    body = {"rule": parish(), "purpose": "safety"}
    answers = await asyncio.gather(
        *(communicator.post("/audiences", body, key="k" * 16) for _ in range(3))
    )
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    async with database.read([ROPAZI]) as session:
        entries = await session.scalars(
            select(AuditEntry).where(AuditEntry.action == "audience.frozen")
        )
        assert len(entries.all()) == 1


async def test_only_communicators_freeze(sign_in: SignIn) -> None:
    approver = await sign_in(PrincipalKind.STAFF, ["approver"])
    assert (await refused(approver, rule=parish())).status_code == 403
