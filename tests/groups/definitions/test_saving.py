"""A communicator saves groups, reads them, and lists them."""

import asyncio

import pytest

from backend.kernel.ids import new_id
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from tests.drivers.clock import SteeredClock
from tests.drivers.people import Caller, SignIn
from tests.groups.community import NewGroup, Registry


async def test_a_saved_group_tells_its_rule_in_words_and_its_members(
    communicator: Caller, registry: Registry, stopini: NewGroup
) -> None:
    await registry.settle(12)
    answer = await communicator.post("/groups", stopini)
    assert answer.status_code == 201
    group = (await communicator.get(f"/groups/{answer.json()['id']}")).json()
    assert group == answer.json()
    assert group["rule"] == stopini["rule"]
    assert group["text"]["en"] == "parish: “Stopiņu pagasts”"
    assert group["members"] == {"count": 12, "fewerThan": None}
    assert (group["purpose"], group["scope"]) == ("information", "declared")
    assert (group["stateReason"], group["proposal"], group["asOf"]) == ([], None, "2026-11-20")
    assert (group["state"], group["version"], group["ruleVersion"]) == ("live", 1, 1)
    evaluation = group["evaluation"]
    assert (evaluation["cause"], evaluation["asOf"]) == ("created", "2026-11-20")
    assert evaluation["joined"] == {"count": 12, "fewerThan": None}
    assert evaluation["left"] == {"count": None, "fewerThan": 10}


async def test_every_member_belongs_since_the_instant_of_the_first_evaluation(
    communicator: Caller, registry: Registry, stopini: NewGroup, clock: SteeredClock
) -> None:
    residents = await registry.settle(3)
    await registry.settle(2, "Ropažu pagasts")
    group = (await communicator.post("/groups", stopini)).json()
    assert await registry.members(group["id"]) == sorted(residents)
    assert await registry.since(group["id"]) == dict.fromkeys(residents, clock.now)
    [first] = await registry.evaluations(group["id"])
    assert (str(first.id), first.rule_version) == (group["evaluation"]["id"], 1)


async def test_asking_again_with_the_same_key_gives_the_same_group(
    communicator: Caller, stopini: NewGroup
) -> None:
    key = new_id().hex
    first, again = [await communicator.post("/groups", stopini, key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len((await communicator.get("/groups")).json()["groups"]) == 1


async def test_two_requests_at_once_with_one_key_save_one_group(
    communicator: Caller, registry: Registry, stopini: NewGroup
) -> None:
    await registry.settle(12)
    key = new_id().hex
    answers = await asyncio.gather(*(communicator.post("/groups", stopini, key) for _ in "ab"))
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert len((await communicator.get("/groups")).json()["groups"]) == 1


async def test_a_key_that_stands_for_another_group_is_refused(
    communicator: Caller, stopini: NewGroup
) -> None:
    key = new_id().hex
    await communicator.post("/groups", stopini, key)
    answer = await communicator.post("/groups", {**stopini, "description": "Cits apraksts."}, key)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


async def test_groups_are_listed_newest_first_page_by_page(
    communicator: Caller, registry: Registry, stopini: NewGroup
) -> None:
    await registry.settle(12)
    saved = [(await communicator.post("/groups", stopini)).json()["id"] for _ in range(5)]
    listed: list[str] = []
    sizes: list[int] = []
    path: str | None = "/groups?limit=2"
    while path:
        page = (await communicator.get(path)).json()
        assert all(group["members"]["count"] == 12 for group in page["groups"])
        listed += [group["id"] for group in page["groups"]]
        sizes.append(len(page["groups"]))
        path = page["next"] and f"/groups?limit=2&before={page['next']}"
    assert sizes == [2, 2, 1]
    assert listed == saved[::-1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", {"lv": " ", "en": "Residents"}),
        ("name", {"lv": "Iedzīvotāji"}),
        ("name", {"lv": "Iedzīvotāji\u0000", "en": "Residents"}),
        ("name", {"lv": "Iedzīvotāji\n", "en": "Residents"}),
        ("name", {"lv": "Iedzīvotāji", "en": "Residents\u2028"}),
        ("name", {"lv": "x" * 121, "en": "Residents"}),
        ("description", ""),
        ("description", "a\u0000b"),
        ("purpose", "marketing"),
        ("scope", "all"),
        ("publicLabel", {"lv": "Stopiņi"}),
        ("owner", "somebody"),
    ],
)
async def test_a_group_without_proper_names_and_purpose_is_refused(
    communicator: Caller, stopini: NewGroup, field: str, value: object
) -> None:
    answer = await communicator.post("/groups", {**stopini, field: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_a_group_of_another_municipality_is_not_found(
    communicator: Caller, sign_in: SignIn, stopini: NewGroup
) -> None:
    group = (await communicator.post("/groups", stopini)).json()["id"]
    stranger = await sign_in(
        PrincipalKind.STAFF, ["communicator"], municipality=MunicipalityId(9000)
    )
    rule = {"rule": stopini["rule"]}
    answers = [
        await stranger.get(f"/groups/{group}"),
        await stranger.put(f"/groups/{group}/rule", rule, '"1"'),
        await stranger.post(f"/groups/{group}/archiving"),
        await stranger.get(f"/groups/{group}/changes"),
        await stranger.post(f"/groups/{group}/release"),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "group_not_found")] * 5
    assert (await stranger.get("/groups")).json() == {"groups": [], "next": None}


@pytest.mark.parametrize("roles", [[], ["approver", "official", "registrar", "administrator"]])
async def test_only_a_communicator_may_deal_with_groups(
    sign_in: SignIn, stopini: NewGroup, roles: list[str]
) -> None:
    other = await sign_in(PrincipalKind.STAFF, roles)
    answers = [
        await other.post("/groups", stopini),
        await other.get("/groups"),
        await other.get(f"/groups/{new_id()}"),
        await other.get(f"/groups/{new_id()}/changes"),
        await other.put(f"/groups/{new_id()}/rule", {"rule": stopini["rule"]}, '"1"'),
        await other.post(f"/groups/{new_id()}/archiving"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 6


async def test_what_waits_is_for_communicators_and_approvers_only(sign_in: SignIn) -> None:
    refused = await sign_in(PrincipalKind.STAFF, ["official", "registrar", "administrator"])
    answers = [
        await refused.get("/groups/attention"),
        await refused.post(f"/groups/{new_id()}/release"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 2
    approver = await sign_in(PrincipalKind.STAFF, ["approver"])
    assert (await approver.get("/groups/attention")).json() == {"groups": []}
