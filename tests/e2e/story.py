"""The main job, done once from outside; what came of it is kept for the tests to judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.demo.api import Api, Refused
from backend.kernel.clock import civil_day, system_clock
from tests.drivers.installation import Installation
from tests.e2e.feed import Feed, Person, read_feed, speak_english
from tests.e2e.status import Told, tell_status
from tests.e2e.town import (
    MUNICIPALITY,
    PURPOSE,
    Json,
    Phone,
    Town,
    add_staff,
    campaign,
    families,
    town_on,
)

ZONE = ZoneInfo("Europe/Riga")
PARISH, YOUNGEST, OLDEST = "Stopiņu pagasts", 3, 6
PARENTS_WITH_APP, DEAD, READERS = 12, 3, 4
LETTERS = "āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ"
TEXTS: Json = {
    "lv": {
        "inbox": {"title": "Ūdens nav dzerams", "body": f"Vāriet ūdeni līdz rītam. {LETTERS}"},
        "push": {"title": "Ūdens jāvāra", "body": f"Stopiņu pagastā. {LETTERS}"},
        "sms": {"title": "", "body": "Stopiņu pagastā ūdens jāvāra, bērnudārzi slēgti."},
    },
    "en": {
        "inbox": {"title": "Water is not drinkable", "body": "Boil water until the morning."},
        "push": {"title": "Boil water", "body": "In Stopiņi parish."},
        "sms": {"title": "", "body": "Stopini parish: boil water, kindergartens closed."},
    },
}


@dataclass(frozen=True)
class Sending:
    """One campaign: what the approver saw, what arrived, and how it was counted."""

    preview: Json
    arrivals: dict[str, list[Json]]
    counters: Json


@dataclass(frozen=True)
class Reading:
    """What one resident found in the app."""

    phone: Phone
    item: Json
    message: Json


@dataclass(frozen=True)
class Story:
    """Everything that was seen from outside."""

    url: str
    parents: Sequence[Person]
    phones: Sequence[Phone]
    bystander: Phone
    dead: Sequence[Phone]
    group_preview: Json
    group: Json
    own_approval: str
    first: Sending
    second: Sending
    readings: Sequence[Reading]
    counters_after_opening: Json
    told: Told


async def tell(installation: Installation) -> Story:
    """Do the main job on an installation with an empty database."""
    feed = await _imported(installation)
    parents = feed.parents(PARISH, range(YOUNGEST, OLDEST + 1), civil_day(system_clock(), ZONE))
    for command in ("simulators", "serve", "worker"):
        installation.start(command)
    async with town_on(installation) as town:
        writer, approver = await town.staff()
        rule = families(PARISH, YOUNGEST, OLDEST)
        asked = {"rule": rule, "purpose": PURPOSE}
        group_preview = await writer.post("/staff/v1/groups/preview", asked)
        group = await town.group(writer, rule)
        phones, bystander = await _phones(town, feed, parents)
        dead = [phone for phone in phones if phone.browser is None][:DEAD]
        tokens = frozenset(phone.token for phone in dead if phone.token)
        await town.controls["fcm"].behave(Behaviour(mode=Mode.DEAD, targets=tokens))
        alert = campaign(group, TEXTS)
        own_approval = await _approve_alone(town, writer, alert)
        path, first = await _send(town, writer, approver, alert)
        readings = [await _read(phone) for phone in phones[:READERS]]
        await _open_again(readings[0])
        counters = await writer.get(f"{path}/counters")
        await town.controls["fcm"].behave()
        again = campaign(group, TEXTS, name="Vēlreiz", channels=["push"])
        _, second = await _send(town, writer, approver, again)
        reader = next(phone for phone in phones if phone.token and phone.browser)
        told = await tell_status(town, writer, reader)
    return Story(
        installation.url, parents, phones, bystander, dead, group_preview, group, own_approval,
        first, second, readings, counters, told,
    )  # fmt: skip


async def _imported(installation: Installation) -> Feed:
    """Generate a feed, make some parents English-speaking, and import it."""
    directory: Path = installation.directory / "feed"
    place = ("--municipality", MUNICIPALITY, "--out", str(directory))
    await installation.run("registry", "generate", *place, "--residents", "1000", "--seed", "7")
    every_parent = [
        person.code for person in read_feed(directory).people.values() if person.children
    ]
    speak_english(directory, every_parent[::3])
    await installation.run("registry", "import", str(directory))
    await add_staff(installation)
    return read_feed(directory)


async def _phones(
    town: Town, feed: Feed, parents: Sequence[Person]
) -> tuple[Sequence[Phone], Phone]:
    """Give the app to some parents (one of whom chooses a language) and to somebody else."""
    # First those for whom the registry knows no preference: they can be told of their cases.
    chosen = sorted(parents, key=lambda parent: bool(parent.choices))[:PARENTS_WITH_APP]
    others = (person for person in feed.people.values() if person not in parents)
    *phones, bystander = await town.phones([*chosen, next(others)])
    changing = next(phone for phone in phones if phone.person.language == "lv")
    await changing.api.put("/mobile/v1/me/language", {"language": "en"})
    changing.person.language = "en"
    return phones, bystander


async def _approve_alone(town: Town, writer: Api, content: Json) -> str:
    """Let the writer approve their own campaign; gives the refusal."""
    try:
        await town.approved(writer, writer, content)
    except Refused as refusal:
        return str(refusal)
    return ""


async def _send(town: Town, writer: Api, approver: Api, content: Json) -> tuple[str, Sending]:
    for control in town.controls.values():
        await control.forget()
    path = await town.approved(writer, approver, content)
    shown = await writer.get(f"{path}/preview")
    await writer.post(f"{path}/sending")
    counters = await town.sent(writer, path)
    return path, Sending(shown, await town.arrivals(), counters)


async def _read(phone: Phone) -> Reading:
    """Find the message in the inbox, read it and open it."""
    item = (await phone.api.get("/mobile/v1/inbox?limit=1"))["items"][0]
    message = await phone.api.get(f"/mobile/v1/inbox/{item['id']}")
    await phone.api.put(f"/mobile/v1/inbox/{item['id']}/opened")
    return Reading(phone, item, message)


async def _open_again(reading: Reading) -> None:
    await reading.phone.api.put(f"/mobile/v1/inbox/{reading.item['id']}/opened")
