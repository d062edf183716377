"""How another system delivers the registry, and how staff decide on a feed that is held."""

from tests.contract.examples.story import Story
from tests.groups.ingest.exporter import Feed
from tests.groups.registry.driver import FATHER

FEEDS = "/staff/v1/registry-feeds"
SOURCES = "/staff/v1/registry-sources"
FIRST = "2026-11-20"


async def tell_of_feeds(story: Story) -> None:
    """Record registering a system, its first feed, and a held one."""
    await _sources(story)
    await _delivery(story)
    await _decisions(story)


async def _sources(story: Story) -> None:
    book, staff = story.book, story.staff
    answer = await staff.post(SOURCES, {"name": "Ropažu reģistrs"})
    source = book.keep("registerRegistrySource", answer, 201)
    story.exporter.id, story.exporter.source = source["id"], source["source"]
    path = f"{SOURCES}/{source['id']}"
    answer = await staff.post(f"{path}/secret-rotations", {"previousValidHours": 24})
    story.exporter.secrets = [book.keep("rotateRegistrySourceSecret", answer, 201)["secret"]]
    answer = await staff.put(f"{path}/state", {"enabled": True})
    book.keep("switchRegistrySource", answer)
    book.keep("listRegistrySources", await staff.get(SOURCES))


async def _delivery(story: Story) -> None:
    book, exporter, registry = story.book, story.exporter, story.registry
    registry.files["pets.csv"].append({"ref": "M2", "owner_code": FATHER, "species": "dragon"})
    registry.write()
    files = {name: (registry.directory / name).read_bytes() for name in sorted(registry.files)}
    feed = Feed(files, produced_at=registry.produced_at)
    book.keep("openRegistryFeed", await exporter.open(FIRST, feed))
    for name, content in files.items():
        if name != "pets.csv":
            assert (await exporter.patch(FIRST, name, 0, content)).is_success
    pets = files["pets.csv"]
    begun = await exporter.patch(FIRST, "pets.csv", 0, pets[:30])
    book.keep("sendRegistryFilePart", begun)
    wrong = await exporter.patch(FIRST, "pets.csv", 31, pets[31:])
    book.keep("sendRegistryFilePart.registry_offset_mismatch", wrong, 409)
    assert (await exporter.patch(FIRST, "pets.csv", 30, pets[30:])).is_success
    book.keep("completeRegistryFeed", await exporter.complete(FIRST), 202)
    story.clock.advance(seconds=1)
    assert await story.importer.import_one()
    book.keep("getRegistryFeed", await exporter.send("GET", FIRST))
    book.keep("getRegistryFeedReport", await exporter.send("GET", f"{FIRST}/report"))


async def _decisions(story: Story) -> None:
    book, staff = story.book, story.staff
    for name, count in (("many", 120), ("few", 20)):
        story.clock.advance(seconds=1)
        await story.exporter.deliver(name, _pets(count))
        assert await story.importer.import_one()
    listed = book.keep("listRegistryFeeds", await staff.get(FEEDS))["feeds"]
    held = next(each["id"] for each in listed if each["feed"]["state"] == "held")
    book.keep("showRegistryFeed", await staff.get(f"{FEEDS}/{held}"))
    book.keep("showRegistryFeedReport", await staff.get(f"{FEEDS}/{held}/report"))
    reason = {"reason": "Simts dzīvnieku nebija īsti: tie bija izmēģinājums."}
    answer = await staff.post(f"{FEEDS}/{held}/acceptance", reason)
    book.keep("acceptRegistryFeed", answer, 201)
    assert await story.importer.import_one()
    for name, count in (("many again", 120), ("none", 0)):
        story.clock.advance(seconds=1)
        await story.exporter.deliver(name.replace(" ", "-"), _pets(count))
        assert await story.importer.import_one()
    listed = (await staff.get(FEEDS)).json()["feeds"]
    held = next(each["id"] for each in listed if each["feed"]["state"] == "held")
    reason = {"reason": "Fails nāca tukšs; sūtītājs to nosūtīs vēlreiz."}
    answer = await staff.post(f"{FEEDS}/{held}/rejection", reason)
    book.keep("rejectRegistryFeed", answer, 201)


def _pets(count: int) -> Feed:
    rows = [f"M{number},{FATHER},dog\n" for number in range(count)]
    return Feed({"pets.csv": "".join(["ref,owner_code,species\n", *rows]).encode()})
