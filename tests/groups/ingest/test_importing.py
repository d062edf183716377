"""Importing what was sent: in order, one at a time, to the end whatever happens on the way."""

import gzip
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest

from backend.kernel.db import Database
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.ids import new_id
from backend.kernel.outbox import Event
from groups.public import FeedImporter, ingest_handlers
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller
from tests.groups.ingest.exporter import Exporter, Feed
from tests.groups.ingest.sinks import acting
from tests.groups.registry.driver import FATHER, Registry

PARTS = "SELECT count(*) FROM registry_feed_part"


def feed_of(registry: Registry) -> Feed:
    """Give the files of a registry as its exporter sends them."""
    registry.write()
    return Feed(
        {name: (registry.directory / name).read_bytes() for name in registry.files},
        produced_at=registry.produced_at,
    )


async def test_a_delivered_feed_lands_and_its_parts_are_removed(
    exporter: Exporter, importer: FeedImporter, registry: Registry
) -> None:
    await exporter.deliver("feed-1", feed_of(registry), part_bytes=100)
    assert await importer.import_one()
    assert not await importer.import_one()
    shown = await exporter.show("feed-1")
    assert (shown["state"], shown["ending"]) == ("imported", None)
    (residents,) = [f for f in shown["outcome"]["files"] if f["name"] == "residents.csv"]
    assert (residents["read"], residents["landed"], residents["added"]) == (3, 3, 3)
    assert len(await registry.open_people()) == 3
    assert len(registry.sink.rows) == 2
    assert await registry.select(PARTS) == [(0,)]
    assert list(importer.directory.iterdir()) == []


async def test_parts_stand_sealed_in_the_database(exporter: Exporter, registry: Registry) -> None:
    await exporter.deliver("feed-1", feed_of(registry))
    sealed = await registry.select("SELECT content_sealed FROM registry_feed_part")
    everything = b"".join(bytes(row[0]) for row in sealed if isinstance(row[0], bytes))
    assert len(everything) > 500
    assert b"Ilze" not in everything
    assert b"10001" not in everything


async def test_the_api_comes_to_the_same_as_the_command_line(
    exporter: Exporter, importer: FeedImporter, registry: Registry
) -> None:
    await registry.deliver()
    before = await registry.everything()
    await exporter.deliver("feed-1", feed_of(registry).packed())
    assert await importer.import_one()
    shown = await exporter.show("feed-1")
    assert shown["state"] == "imported"
    assert {each["landed"] > 0 for each in shown["outcome"]["files"]} == {True}
    assert {each["changed"] + each["added"] for each in shown["outcome"]["files"]} == {0}
    assert await registry.everything() == before


async def test_the_report_names_faults_and_no_values(
    exporter: Exporter, importer: FeedImporter, registry: Registry, registrar: Caller
) -> None:
    registry.person(FATHER)["birth_on"] = "secret-value"
    assert (await exporter.send("GET", "feed-1/report")).json()["code"] == "registry_feed_not_found"
    await exporter.deliver("feed-1", feed_of(registry))
    early = await exporter.send("GET", "feed-1/report")
    assert (early.status_code, early.json()["code"]) == (404, "registry_report_not_found")
    await importer.import_one()
    report = await exporter.send("GET", "feed-1/report")
    assert report.headers["content-type"].startswith("text/csv")
    assert "residents.csv,3,birth_on,date_form" in report.text
    assert "secret-value" not in report.text
    shown = await exporter.show("feed-1")
    assert shown["outcome"]["faults"]["date_form"] == 1
    assert shown["outcome"]["reportComplete"]
    (listed,) = (await registrar.get("/staff/v1/registry-feeds")).json()["feeds"]
    assert listed["feed"] == shown
    same = await registrar.get(f"/staff/v1/registry-feeds/{listed['id']}/report")
    assert same.content == report.content


async def test_feeds_are_imported_in_the_order_of_their_completion(
    exporter: Exporter, importer: FeedImporter, registry: Registry, clock: SteeredClock
) -> None:
    feed = feed_of(registry)
    for name in ("third", "first", "second"):
        await exporter.upload(name, feed)
    for name in ("first", "second", "third"):
        await exporter.complete(name)
        clock.advance(seconds=1)
    for count in (1, 2, 3):
        assert await importer.import_one()
        states = [(await exporter.show(name))["state"] for name in ("first", "second", "third")]
        assert states == ["imported"] * count + ["queued"] * (3 - count)


async def test_one_feed_of_a_municipality_is_imported_at_a_time(
    exporter: Exporter, importer: FeedImporter, registry: Registry, clock: SteeredClock
) -> None:
    feed, asked = feed_of(registry), []
    for name in ("first", "second"):
        await exporter.deliver(name, feed)
        clock.advance(seconds=1)

    async def ask() -> None:
        asked.append(await importer.import_one())

    assert await replace(importer, sinks=acting(ask)).import_one()
    assert asked == [False]
    assert await importer.import_one()


class Killed(BaseException):
    """Ends an import as the end of the process would: nothing is written down."""


async def die() -> None:
    """End the process."""
    raise Killed


async def test_an_import_that_was_killed_is_taken_up_when_its_lease_has_run_out(
    exporter: Exporter, importer: FeedImporter, registry: Registry, clock: SteeredClock
) -> None:
    await exporter.deliver("feed-1", feed_of(registry))
    with pytest.raises(Killed):
        await replace(importer, sinks=acting(die)).import_one()
    assert (await exporter.show("feed-1"))["state"] == "importing"
    assert await registry.open_people() == set()
    assert not await importer.import_one()
    clock.advance(minutes=3)
    assert await importer.import_one()
    assert (await exporter.show("feed-1"))["state"] == "imported"
    assert len(await registry.open_people()) == 3


class Dying:
    """A clock that ends the process when it has been asked so many times."""

    def __init__(self, clock: SteeredClock, times: int) -> None:
        """Tell the time `times` times."""
        self._clock, self._times, self.asked = clock, times, 0

    def __call__(self) -> datetime:
        """Tell the time, or die."""
        self.asked += 1
        if self.asked > self._times:
            raise Killed
        return self._clock()


async def test_an_import_that_was_committed_but_not_recorded_changes_nothing_again(
    exporter: Exporter, importer: FeedImporter, registry: Registry, clock: SteeredClock
) -> None:
    runs = "SELECT count(*) FROM registry_import"
    living = Dying(clock, 1000)
    await exporter.deliver("feed-1", feed_of(registry))
    assert await replace(importer, clock=living).import_one()
    before = await registry.everything()
    await exporter.deliver("feed-2", feed_of(registry))
    # The last time that the clock is asked is for the record.
    with pytest.raises(Killed):
        await replace(importer, clock=Dying(clock, living.asked - 1)).import_one()
    assert await registry.select(runs) == [(2,)]
    assert (await exporter.show("feed-2"))["state"] == "importing"
    clock.advance(minutes=3)
    assert await importer.import_one()
    assert (await exporter.show("feed-2"))["state"] == "imported"
    assert await registry.select(runs) == [(3,)]
    assert await registry.everything() == before


async def test_files_of_a_killed_import_are_removed_by_the_next(
    exporter: Exporter, importer: FeedImporter, registry: Registry
) -> None:
    left = importer.directory / "feed-left"
    left.mkdir(parents=True)
    (left / "lock").touch()
    (left / "residents.csv").write_text("somebody")
    await exporter.deliver("feed-1", feed_of(registry))
    await importer.import_one()
    assert not left.exists()


async def test_an_import_that_keeps_failing_is_given_up(
    exporter: Exporter, importer: FeedImporter, registry: Registry, clock: SteeredClock
) -> None:
    async def fail() -> None:
        raise KeyError("a fault of our own")

    await exporter.deliver("feed-1", feed_of(registry))
    failing = replace(importer, sinks=acting(fail))
    tries = 0
    while (await exporter.show("feed-1"))["state"] != "refused":
        assert await failing.import_one()
        assert not await failing.import_one()
        clock.advance(minutes=2)
        tries += 1
    assert tries == 6
    assert (await exporter.show("feed-1"))["ending"] == "import_failed"
    assert await registry.select(PARTS) == [(0,)]


def bomb() -> bytes:
    """Give gzip that unpacks to 64 MiB, over a thousand times its size."""
    packed = BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as target:
        for _ in range(64):
            target.write(b" " * 1024 * 1024)
    return packed.getvalue()


PETS = gzip.compress(b"ref,owner_code,species\n" * 1000)
BROKEN = {
    "bomb": (bomb(), "packed_too_densely"),
    "not gzip": (b"ref,owner_code,species\n", "packing_broken"),
    "cut off": (PETS[:-4], "packing_broken"),
    "empty": (b"", "packing_broken"),
    "garbage behind": (PETS + b"x", "packing_broken"),
}


@pytest.mark.parametrize("kind", BROKEN)
async def test_gzip_that_cannot_be_unpacked_within_bounds_is_refused(
    exporter: Exporter, importer: FeedImporter, registry: Registry, kind: str
) -> None:
    content, ending = BROKEN[kind]
    await exporter.deliver("feed-1", Feed({"pets.csv.gz": content}))
    assert await importer.import_one()
    shown = await exporter.show("feed-1")
    assert (shown["state"], shown["ending"], shown["outcome"]) == ("refused", ending, None)
    assert await registry.select(PARTS) == [(0,)]


async def test_gzip_in_several_members_is_unpacked_whole(
    exporter: Exporter, importer: FeedImporter, registry: Registry
) -> None:
    feed = feed_of(registry)
    files = {
        f"{name}.gz": gzip.compress(content[:40]) + gzip.compress(content[40:])
        for name, content in feed.files.items()
    }
    await exporter.deliver("feed-1", Feed(files), part_bytes=7)
    assert await importer.import_one()
    assert len(await registry.open_people()) == 3


async def test_a_manifest_of_a_day_that_cannot_be_is_refused_by_the_import(
    exporter: Exporter, importer: FeedImporter, registry: Registry
) -> None:
    feed = replace(feed_of(registry), produced_at="1950-01-01T00:00:00Z")
    await exporter.deliver("feed-1", feed)
    assert await importer.import_one()
    assert (await exporter.show("feed-1"))["ending"] == "manifest_invalid"


async def keep_house(database: Database, clock: SteeredClock) -> None:
    """Do what is due by the hour."""
    event = Event(new_id(), ROPAZI, HOUSEKEEPING_DUE, {}, 0)
    async with database.write([ROPAZI]) as session:
        await ingest_handlers(clock)[HOUSEKEEPING_DUE](session, event)


async def test_parts_lie_seven_days_at_most_and_feeds_24_months(
    exporter: Exporter,
    importer: FeedImporter,
    registry: Registry,
    clock: SteeredClock,
    database: Database,
) -> None:
    await exporter.deliver("taken", feed_of(registry))
    await importer.import_one()
    await exporter.upload("left", feed_of(registry))
    clock.advance(days=6, hours=23)
    await keep_house(database, clock)
    assert (await exporter.show("left"))["state"] == "receiving"
    clock.advance(hours=2)
    await keep_house(database, clock)
    assert (await exporter.show("left"))["ending"] == "expired"
    assert await registry.select(PARTS) == [(0,)]
    assert await registry.select("SELECT count(*) FROM registry_request") == [(1,)]
    clock.advance(days=723)
    await keep_house(database, clock)
    assert (await exporter.show("taken"))["state"] == "imported"
    clock.advance(days=2)
    await keep_house(database, clock)
    assert (await exporter.send("GET", "taken")).status_code == 404
