"""A group follows what the registry sends next, by the engine's process; without it, nothing stops."""

import csv
from datetime import date
from pathlib import Path

from backend.demo.api import Api
from backend.kernel.clock import civil_day, system_clock
from tests.drivers.installation import Installation
from tests.drivers.waiting import until
from tests.e2e.conftest import Registered
from tests.e2e.feed import Feed, age_on, read_feed, rows
from tests.e2e.story import ZONE
from tests.e2e.town import PURPOSE, Json, town_on

RULE: Json = {"op": "between", "args": [{"property": "age"}, 18, 64]}


def _grown(feed: Feed, today: date) -> int:
    return sum(age_on(person.born, today) in range(18, 65) for person in feed.people.values())


def _age(directory: Path, born: date, count: int) -> None:
    """Let the first grown-up people of the feed have been born on another day."""
    path = directory / "residents.csv"
    residents = list(rows(path))
    grown = [row for row in residents if "1970" <= row["birth_on"] < "2000"]
    for row in grown[:count]:
        row["birth_on"] = born.isoformat()
    with path.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(residents[0]))
        writer.writeheader()
        writer.writerows(residents)


async def test_a_group_follows_the_next_feed_and_previews_outlive_the_engine(
    installation: Installation, registered: Registered, tmp_path: Path
) -> None:
    today = civil_day(system_clock(), ZONE)
    feed = tmp_path / "feed"
    feed.mkdir()
    for file in registered.feed.iterdir():
        (feed / file.name).write_bytes(file.read_bytes())
    installation.settings["municipalities"] = "LV0044000"
    for command in ("simulators", "serve"):
        installation.start(command)
    engine = installation.start("groups-engine")
    async with town_on(installation) as town:
        writer, _ = await town.staff()

        async def counted_by(backend: str) -> Json | None:
            asked = {"rule": RULE, "purpose": PURPOSE}
            shown: Json = await writer.post("/staff/v1/groups/preview", asked)
            return shown if shown["evaluatedBy"] == backend else None

        shown = await until(lambda: counted_by("engine"), "the engine counts")
        assert shown is not None
        assert shown["count"] == _grown(read_feed(feed), today)
        group = await town.group(writer, RULE)
        assert group["members"]["count"] == shown["count"]

        _age(feed, date(2020, 1, 1), 30)
        await installation.run("registry", "import", str(feed))
        await until(lambda: _has(writer, group, _grown(read_feed(feed), today)), "it follows")

        engine.kill()
        shown = await until(lambda: counted_by("sql"), "PostgreSQL counts")
        assert shown is not None
        assert shown["count"] == _grown(read_feed(feed), today)
        _age(feed, date(2020, 1, 1), 40)
        await installation.run("registry", "import", str(feed))
        installation.start("groups-engine")
        await until(lambda: _has(writer, group, _grown(read_feed(feed), today)), "it catches up")
    installation.check()


async def _has(writer: Api, group: Json, count: int) -> bool:
    shown: Json = await writer.get(f"/staff/v1/groups/{group['id']}")
    return bool(shown["members"]["count"] == count)
