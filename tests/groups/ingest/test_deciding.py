"""Feeds that take too much away wait for a person; deltas and objects come to the same."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from backend.kernel.db import Database
from backend.kernel.principals import PrincipalKind
from backend.kernel.tables import AuditEntry
from groups.ingest.import_queries import claim_feed
from groups.public import FeedImporter
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.ingest.exporter import Exporter, Feed
from tests.groups.ingest.sinks import acting
from tests.groups.registry.driver import FATHER, MOTHER, Registry

OPEN_PETS = "SELECT count(*) FROM pet WHERE closed_on IS NULL"
FEEDS = "/staff/v1/registry-feeds"
REASON = {"reason": "The animals were really struck off."}


def pets(count: int) -> Feed:
    """Give a feed of so many animals and nothing else."""
    rows = [f"M{number},{FATHER},dog\n" for number in range(count)]
    return Feed({"pets.csv": "".join(["ref,owner_code,species\n", *rows]).encode()})


@pytest.fixture
async def held(
    exporter: Exporter, importer: FeedImporter, registry: Registry, clock: SteeredClock
) -> str:
    """Give staff's id of a feed that the gates hold, with another one behind it."""
    await registry.deliver()
    await exporter.deliver("many", pets(120))
    assert await importer.import_one()
    clock.advance(seconds=1)
    await exporter.deliver("few", pets(20))
    clock.advance(seconds=1)
    await exporter.deliver("behind", pets(110))
    assert await importer.import_one()
    (found,) = await registry.select("SELECT id::text FROM registry_feed WHERE state = 'held'")
    return str(found[0])


async def test_a_feed_that_takes_too_much_away_is_held_and_those_behind_it_wait(
    exporter: Exporter, importer: FeedImporter, registry: Registry, held: str, registrar: Caller
) -> None:
    assert await registry.select(OPEN_PETS) == [(120,)]
    shown = await exporter.show("few")
    (finding,) = shown["outcome"]["gates"]
    assert (finding["gate"], finding["file"]) == ("gate_row_count", "pets.csv")
    assert (finding["rows"], finding["present"]) == (20, 120)
    assert (await exporter.send("GET", "few/report")).status_code == 200
    assert not await importer.import_one()
    assert (await exporter.show("behind"))["state"] == "queued"
    answer = await registrar.get(f"{FEEDS}/{held}")
    assert answer.json()["feed"] == shown


async def test_an_accepted_feed_is_imported_whatever_its_gates_say(
    exporter: Exporter,
    importer: FeedImporter,
    registry: Registry,
    held: str,
    registrar: Caller,
    database: Database,
) -> None:
    answer = await registrar.post(f"{FEEDS}/{held}/acceptance", REASON)
    assert (answer.status_code, answer.json()["gatesOverridden"]) == (201, True)
    assert answer.json()["decidedBy"] == str(registrar.subject_id)
    assert answer.json()["reason"] == REASON["reason"]
    assert await importer.import_one()
    assert await registry.select(OPEN_PETS) == [(20,)]
    assert (await exporter.show("few"))["state"] == "imported"
    assert await importer.import_one()
    assert await registry.select(OPEN_PETS) == [(110,)]
    again = await registrar.post(f"{FEEDS}/{held}/acceptance", REASON)
    assert (again.status_code, again.json()["code"]) == (409, "registry_feed_not_held")
    async with database.read([ROPAZI]) as session:
        acts = await session.scalars(select(AuditEntry.action).where(AuditEntry.object_id == held))
        assert list(acts) == ["registry_feed.accept"]


async def test_a_rejected_feed_ends_and_those_behind_it_go_on(
    exporter: Exporter, importer: FeedImporter, registry: Registry, held: str, registrar: Caller
) -> None:
    answer = await registrar.post(f"{FEEDS}/{held}/rejection", REASON)
    assert answer.json()["feed"]["state"] == "refused"
    assert answer.json()["feed"]["ending"] == "rejected"
    assert await importer.import_one()
    assert await registry.select(OPEN_PETS) == [(110,)]
    assert await registry.select("SELECT count(*) FROM registry_feed_part") == [(0,)]
    assert (await exporter.show("few"))["outcome"]["gates"]


async def test_a_feed_that_is_still_sent_can_be_rejected_and_none_that_has_ended(
    exporter: Exporter, registrar: Caller
) -> None:
    await exporter.open("half", pets(3))
    (feed,) = (await registrar.get(FEEDS)).json()["feeds"]
    path = f"{FEEDS}/{feed['id']}/rejection"
    assert (await registrar.post(path, REASON)).status_code == 201
    answer = await exporter.patch("half", "pets.csv", 0, b"ref")
    assert answer.json()["code"] == "registry_feed_not_receiving"
    again = await registrar.post(path, REASON)
    assert (again.status_code, again.json()["code"]) == (409, "registry_feed_not_held")


async def test_feeds_are_listed_page_by_page_the_latest_first(
    exporter: Exporter, registrar: Caller
) -> None:
    for name in ("1", "2", "3"):
        await exporter.open(name, pets(3))
    first = (await registrar.get(FEEDS, limit=2)).json()
    second = (await registrar.get(FEEDS, limit=2, before=first["next"])).json()
    names = [[feed["feed"]["feedId"] for feed in page["feeds"]] for page in (first, second)]
    assert (names, second["next"]) == ([["3", "2"], ["1"]], None)


async def test_communicators_decide_nothing(held: str, sign_in: SignIn) -> None:
    communicator = await sign_in(PrincipalKind.STAFF, ["communicator"])
    for answer in (
        await communicator.get(FEEDS),
        await communicator.post(f"{FEEDS}/{held}/acceptance", REASON),
        await communicator.post("/staff/v1/registry-sources", {"name": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def delta(registry: Registry) -> Feed:
    """Give a delta that moves one animal, adds one and removes nothing else."""
    rows = f"ref,owner_code,species,removed\nM1,{MOTHER},dog,\nM2,{FATHER},cat,\n"
    return Feed({"pets.csv": rows.encode()}, form="delta", produced_at=registry.produced_at)


PET_ROWS = """
SELECT ref, species, closed_on IS NULL, digest FROM pet JOIN resident_code USING (resident_id)
ORDER BY ref
"""


async def test_a_delta_by_the_api_comes_to_the_same_as_by_the_command_line(
    exporter: Exporter, importer: FeedImporter, registry: Registry
) -> None:
    await registry.deliver()
    await exporter.deliver("delta-1", delta(registry).packed())
    assert await importer.import_one()
    shown = await exporter.show("delta-1")
    (counts,) = shown["outcome"]["files"]
    assert (shown["form"], shown["state"]) == ("delta", "imported")
    assert (counts["added"], counts["changed"], counts["closed"]) == (1, 1, 0)
    by_api = await registry.select(PET_ROWS)
    for path in registry.directory.iterdir():
        path.unlink()
    for name, content in delta(registry).files.items():
        (registry.directory / name).write_bytes(content)
    document = {
        "format": "novads-registry-feed/1",
        "municipality": registry.municipality,
        "form": "delta",
        "produced_at": registry.produced_at,
    }
    (registry.directory / "manifest.json").write_text(json.dumps(document))
    assert (await registry.load()).written == 0
    assert await registry.select(PET_ROWS) == by_api


async def test_objects_a_line_each_land_as_rows_do(
    exporter: Exporter, importer: FeedImporter, registry: Registry
) -> None:
    files = {
        name.replace(".csv", ".ndjson"): "".join(json.dumps(row) + "\n" for row in rows).encode()
        for name, rows in registry.files.items()
    }
    await exporter.deliver("feed-1", Feed(files).packed(), part_bytes=64)
    assert await importer.import_one()
    shown = await exporter.show("feed-1")
    assert (shown["state"], shown["outcome"]["faults"]) == ("imported", {})
    before = await registry.everything()
    registry.write()
    assert (await registry.load()).written == 0
    assert await registry.everything() == before


async def test_an_import_that_comes_to_life_again_records_nothing(
    exporter: Exporter, importer: FeedImporter, clock: SteeredClock
) -> None:
    """Another took the feed up meanwhile: what the late one says of it does not count."""
    await exporter.deliver("feed-1", Feed({"preferences.csv": b"personal_code,topic,channels\n"}))
    taken: list[bool] = []

    async def sleep() -> None:
        clock.advance(minutes=3)
        async with importer.database.write([ROPAZI]) as session:
            taken.append(await claim_feed(session, clock()) is not None)

    assert await replace(importer, sinks=acting(sleep)).import_one()
    assert taken == [True]
    shown = await exporter.show("feed-1")
    assert (shown["state"], shown["outcome"]) == ("importing", None)
