"""Residents choose channels by topic; the registry fills in, and never overwrites them."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import func, select, text

from backend.kernel.audit import AuditEntry
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.public import PreferenceRow, PreferenceSink
from notifications.channels.ports import Channel
from notifications.preferences.public import (
    DEFAULT,
    TITLES,
    RegistryPreferences,
    Topic,
    preferences_of,
)
from tests.drivers.people import ROPAZI, Caller, Register, SignedIn

ALL = ["push", "web_push", "email", "sms"]


async def chosen(caller: Caller) -> dict[str, tuple[list[str], str]]:
    topics = (await caller.call("GET", "/preferences")).json()["topics"]
    return {each["topic"]: (each["channels"], each["chosenBy"]) for each in topics}


async def feed(database: Database, clock: Clock, *rows: PreferenceRow, page: int = 2) -> int:
    async def pages() -> AsyncIterator[Sequence[PreferenceRow]]:
        for start in range(0, len(rows), page):
            yield rows[start : start + page]

    sink: PreferenceSink = RegistryPreferences(clock)
    async with database.write((ROPAZI,)) as session:
        return await sink.replace(session, ROPAZI, pages())


@pytest.fixture
async def anna(register: Register, signed_in: SignedIn) -> Caller:
    """Give a resident."""
    return await signed_in(await register("32000000001"))


async def test_every_topic_has_all_channels_until_something_is_chosen(anna: Caller) -> None:
    assert await chosen(anna) == {topic.value: (ALL, "default") for topic in Topic}


def test_every_topic_has_a_title_in_both_languages() -> None:
    assert set(TITLES) == set(Topic)
    assert all(lv and en and lv != en for lv, en in TITLES.values())


async def test_a_choice_for_one_topic_keeps_its_order_and_leaves_the_others(anna: Caller) -> None:
    answer = await anna.call("PUT", "/preferences/roads", {"channels": ["sms", "push"]})
    assert answer.status_code == 200
    after = await chosen(anna)
    assert after.pop("roads") == (["sms", "push"], "resident")
    assert set(map(str, after.values())) == {str((ALL, "default"))}


async def test_choosing_no_channel_leaves_the_inbox_alone(anna: Caller) -> None:
    await anna.call("PUT", "/preferences/culture", {"channels": []})
    assert (await chosen(anna))["culture"] == ([], "resident")


async def test_choosing_all_at_once_returns_topics_left_out_to_the_default(anna: Caller) -> None:
    await anna.call("PUT", "/preferences/roads", {"channels": []})
    body = {"choices": [{"topic": "taxes", "channels": ["email"]}]}
    answer = await anna.call("PUT", "/preferences", body)
    assert answer.status_code == 200
    after = await chosen(anna)
    assert after["taxes"] == (["email"], "resident")
    assert after["roads"] == (ALL, "resident")


async def test_a_repeated_choice_writes_nothing(anna: Caller, database: Database) -> None:
    for _ in range(2):
        answer = await anna.call("PUT", "/preferences/roads", {"channels": ["push"]})
        assert answer.status_code == 200
    async with database.read((ROPAZI,)) as session:
        assert await session.scalar(select(func.count()).select_from(AuditEntry)) == 1


async def test_choices_made_at_once_leave_one_of_them_whole(anna: Caller) -> None:
    orders: tuple[list[str], ...] = (["push"], ["email", "sms"], [])
    bodies = [{"choices": [{"topic": t, "channels": o} for t in Topic]} for o in orders]
    answers = await asyncio.gather(*(anna.call("PUT", "/preferences", body) for body in bodies * 2))
    assert {answer.status_code for answer in answers} == {200}
    after = {str(channels) for channels, _ in (await chosen(anna)).values()}
    assert len(after) == 1
    assert after < {str(order) for order in orders}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/preferences/roads", {"channels": ["inbox"]}),
        ("/preferences/roads", {"channels": ["push", "push"]}),
        ("/preferences/roads", {"channels": ["push"], "until": "2027-01-01"}),
        ("/preferences/roads", {}),
        ("/preferences/weather", {"channels": []}),
        ("/preferences", {"choices": [{"topic": "weather", "channels": []}]}),
        ("/preferences", {"choices": [{"topic": "roads", "channels": []}] * 2}),
        ("/preferences", {"choices": [{"topic": "roads", "channels": ["sms", "sms"]}]}),
        ("/preferences", {"topics": []}),
    ],
    ids=str,
)
async def test_a_choice_of_another_form_is_refused_and_changes_nothing(
    anna: Caller, path: str, body: dict[str, object]
) -> None:
    answer = await anna.call("PUT", path, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert {source for _, source in (await chosen(anna)).values()} == {"default"}


async def test_a_choice_is_the_residents_alone(
    anna: Caller, register: Register, signed_in: SignedIn
) -> None:
    janis = await signed_in(await register("32000000002"))
    there = MunicipalityId(38001)
    neighbour = await signed_in(await register(municipality=there), there)
    await anna.call("PUT", "/preferences/roads", {"channels": []})
    for other in (janis, neighbour):
        assert (await chosen(other))["roads"] == (ALL, "default")


async def test_the_registry_fills_in_what_the_resident_has_not_chosen(
    register: Register, signed_in: SignedIn, database: Database, clock: Clock
) -> None:
    anna_id = await register()
    anna = await signed_in(anna_id)
    await anna.call("PUT", "/preferences/roads", {"channels": ["push"]})
    rows = [
        PreferenceRow(anna_id, "roads", ("sms",)),
        PreferenceRow(anna_id, "taxes", ("email",)),
        PreferenceRow(anna_id, "*", ("sms", "email")),
    ]
    assert await feed(database, clock, *rows) == 2
    after = await chosen(anna)
    assert after["roads"] == (["push"], "resident")
    assert after["taxes"] == (["email"], "registry")
    assert after["waste"] == (["sms", "email"], "registry")
    async with database.read((ROPAZI,)) as session:
        # Without an index the rows come as they were written: the topic's own before the others'.
        for kind in ("indexscan", "indexonlyscan", "bitmapscan"):
            await session.execute(text(f"SET LOCAL enable_{kind} = off"))
        planned = await preferences_of(session, ROPAZI, [anna_id], "roads")
    assert planned == {anna_id: (Channel.PUSH,)}


async def test_the_same_feed_twice_changes_nothing(
    register: Register, database: Database, clock: Clock
) -> None:
    people = [await register(f"3200000000{n}") for n in range(3)]
    rows = [PreferenceRow(each, "taxes", ("email",)) for each in people]
    assert await feed(database, clock, *rows) == 3
    assert await feed(database, clock, *rows) == 0


async def test_what_the_feed_no_longer_names_returns_to_the_default(
    register: Register, database: Database, clock: Clock
) -> None:
    anna, janis = await register("32000000001"), await register("32000000002")
    both = [PreferenceRow(each, "taxes", ("email",)) for each in (anna, janis)]
    await feed(database, clock, *both)
    assert await feed(database, clock, PreferenceRow(janis, "taxes", ("sms",))) == 2
    async with database.read((ROPAZI,)) as session:
        now = await preferences_of(session, ROPAZI, [anna, janis], "taxes")
    assert now == {anna: DEFAULT, janis: (Channel.SMS,)}


async def test_an_empty_feed_leaves_the_residents_own_choices(
    anna: Caller, database: Database, clock: Clock
) -> None:
    await anna.call("PUT", "/preferences/roads", {"channels": ["push"]})
    assert await feed(database, clock) == 0
    assert (await chosen(anna))["roads"] == (["push"], "resident")


async def test_preferences_of_many_residents_are_told_for_every_one_of_them(
    register: Register, database: Database, clock: Clock
) -> None:
    exact, fallback, nothing = [await register(f"3200000000{n}") for n in range(3)]
    rows = [
        PreferenceRow(exact, "*", ("email",)),
        PreferenceRow(exact, "roads", ()),
        PreferenceRow(fallback, "*", ("sms",)),
        PreferenceRow(fallback, "taxes", ("push",)),
    ]
    await feed(database, clock, *rows)
    stranger = new_id()
    async with database.read((ROPAZI,)) as session:
        found = await preferences_of(session, ROPAZI, [exact, fallback, nothing, stranger], "roads")
    assert found == {
        exact: (),
        fallback: (Channel.SMS,),
        nothing: DEFAULT,
        stranger: DEFAULT,
    }
