"""The figures on the page are those that the API, the database and the simulators tell."""

import socket

import asyncpg
from httpx import AsyncClient

from backend.kernel.db import open_database
from notifications.jobs import WAKE_CHANNEL
from tests.console.overview.conftest import Visit
from tests.console.overview.reading import Page, read
from tests.notifications.hub.town import Town

CHANNELS = {
    "Inbox": "inbox",
    "Push": "push",
    "Web Push": "web_push",
    "E\u2011mail": "email",
    "SMS": "sms",
}
DELIVERIES, RECEIVED = "Deliveries by state and channel", "Messages that reached simulators"
BALANCE = "The counters balance: every channel adds up to the recipients."


async def visited(client: AsyncClient) -> Page:
    answer = await client.get("/", params={"lang": "en"})
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def counters_on(page: Page) -> dict[str, dict[str, int]]:
    """Read states by channel, in the API's words; states that nobody is in are left out."""
    table = page.table(DELIVERIES)
    totals = table.pop("Total")
    shown = {
        key: {state.lower(): int(row[name]) for state, row in table.items() if row[name] != "0"}
        for name, key in CHANNELS.items()
        if name in totals
    }
    for name, total in totals.items():
        assert sum(shown[CHANNELS[name]].values()) == int(total)
    return shown


async def test_the_counters_are_those_of_the_staff_api_at_every_step(town: Town) -> None:
    campaign = await town.draft()
    await town.send(campaign)
    await town.plan()
    states = []
    for step in (town.engine.deliver_one, town.deliver, town.plan):
        page = await visited(town.client)
        assert counters_on(page) == await town.counters(campaign)
        assert page.facts["State"] == await town.state(campaign)
        assert page.facts["Recipients"] == "3"
        assert BALANCE in page.root.words
        states.append(page.facts["State"])
        await step()
    assert states == ["sending", "sending", "sent"]


async def test_the_campaign_is_told_by_name_class_severity_and_municipality(town: Town) -> None:
    await town.draft()
    page = await visited(town.client)
    assert [heading.words for heading in page.root.all("h3")] == ["Ūdens Stopiņos"]
    told = {name: page.facts[name] for name in ("Municipality", "Class", "Severity", "State")}
    assert told == {
        "Municipality": "Ropaži Municipality",
        "Class": "alert",
        "Severity": "severe",
        "State": "draft",
    }


async def test_no_text_of_a_campaign_and_no_address_is_on_the_page(town: Town) -> None:
    await town.send(await town.draft())
    await town.deliver()
    html = (await town.client.get("/")).text
    for private in ("dzerams", "Vāriet", "Boil", "example.lv", "+371", *map(str, town.residents)):
        assert private not in html


async def test_a_newer_draft_does_not_hide_the_campaign_that_went_out(town: Town) -> None:
    await town.send(await town.draft())
    await town.deliver()
    await town.draft(name="Vēl tikai doma")
    page = await visited(town.client)
    assert page.facts["State"] == "sent"
    assert "Vēl tikai doma" not in page.root.text


async def test_campaigns_of_municipalities_that_are_not_served_are_not_shown(
    town: Town, visit: Visit
) -> None:
    await town.send(await town.draft())
    for codes, is_shown in (("LV0001000", False), ("LV0001000,LV0044000", True)):
        client = await visit(NOVADS_MUNICIPALITIES=codes)
        page = await visited(client)
        assert ("There is no campaign yet." not in page.root.text) == is_shown


async def test_the_queues_and_workers_are_counted(town: Town, app_url: str) -> None:
    await town.plan()
    idle = (await visited(town.client)).facts
    assert idle["Workers"] == "0 at work"
    assert idle["Delivery queue, chunks"] == "0 waiting, 0 being sent, 0 for later"
    await town.send(await town.draft())
    assert (await visited(town.client)).facts["Event queue (outbox)"] == "1 waiting, 0 given up"
    await town.plan()
    worker = await asyncpg.connect(app_url)
    await worker.add_listener(WAKE_CHANNEL, lambda *_: None)
    busy = (await visited(town.client)).facts
    await worker.close()
    assert busy["Workers"] == "1 at work"
    assert busy["Delivery queue, chunks"] == "2 waiting, 0 being sent, 0 for later"


async def test_what_the_simulators_received_is_what_they_say(town: Town) -> None:
    await town.send(await town.draft())
    await town.deliver()
    table = (await visited(town.client)).table(RECEIVED)
    names = {"push": "FCM", "web_push": "Web Push", "email": "SMTP", "sms": "SMS"}
    for channel, control in town.controls.items():
        said = await control.summary()
        for measure in ("received", "distinct", "duplicates", "refused"):
            assert table[measure.capitalize()][names[channel]] == str(said[measure])
    assert table["Received"]["SMS"] == "3"
    assert set(table["Answers"].values()) == {"yes"}


async def test_a_simulator_that_does_not_answer_is_told_and_hinders_nobody(visit: Visit) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # taken, but nobody listens
        client = await visit(NOVADS_SIMULATOR_SMS_PORT=str(held.getsockname()[1]))
        table = (await visited(client)).table(RECEIVED)
    assert (table["Answers"]["SMS"], table["Received"]["SMS"]) == ("no", "–")
    assert (table["Answers"]["FCM"], table["Received"]["FCM"]) == ("yes", "0")


async def test_without_simulators_nothing_is_asked_of_them(visit: Visit) -> None:
    page = await visited(await visit(NOVADS_SIMULATORS="false"))
    assert page.facts["Simulators"] == "off"
    assert "received" not in [e.attributes.get("id") for e in page.elements]


async def test_a_database_that_does_not_answer_is_told(visit: Visit) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"postgresql://novads_app@127.0.0.1:{held.getsockname()[1]}/novads"
        page = await visited(await visit(store=open_database(url)))
    assert page.facts["Database"] == "PostgreSQL server, does not answer"
    assert page.facts["Environment"] == "development"
    assert "campaign" not in [e.attributes.get("id") for e in page.elements]
