"""Who is believed: each request is signed for itself, and acted on once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select

from backend.kernel.audit import AuditEntry
from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from backend.kernel.webhooks import new_secret
from groups.tables import RegistrySource
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.ingest.exporter import PETS, Exporter, Feed, connect_exporter

FEED = Feed({"pets.csv": PETS})
Act = Callable[[Exporter], Awaitable[Response]]
ACTS: dict[str, Act] = {
    "open": lambda one: one.open("feed-1", FEED),
    "send": lambda one: one.patch("feed-1", "pets.csv", 0, PETS),
    "complete": lambda one: one.complete("feed-1"),
    "show": lambda one: one.send("GET", "feed-1"),
    "report": lambda one: one.send("GET", "feed-1/report"),
}


@pytest.fixture(params=ACTS)
def act(request: pytest.FixtureRequest) -> Act:
    """Give each kind of request."""
    return ACTS[request.param]


def told(answer: Response) -> tuple[int, str]:
    """Give the status and the code of a refusal."""
    return answer.status_code, answer.json()["code"]


async def test_a_wrong_secret_an_unknown_and_a_disabled_source_look_alike(
    exporter: Exporter, registrar: Caller, act: Act
) -> None:
    refused = (401, "webhook_signature_invalid")
    assert told(await act(replace(exporter, secrets=[new_secret()]))) == refused
    for source in ("", "LV0044000", f"LV0044000.{exporter.id[:-1]}x", "x.y"):
        assert told(await act(replace(exporter, source=source))) == refused
    path = f"/staff/v1/registry-sources/{exporter.id}/state"
    assert (await registrar.put(path, {"enabled": False})).status_code == 200
    assert told(await act(exporter)) == refused


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_a_request_without_a_header_of_its_signature_is_unsigned(
    exporter: Exporter, header: str
) -> None:
    answer = await exporter.send("GET", "feed-1", headers={header: ""})
    assert told(answer) == (401, "webhook_unsigned")


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_request_out_of_its_time_is_refused(exporter: Exporter, minutes: int) -> None:
    answer = await exporter.send("GET", "feed-1", sent_ago=timedelta(minutes=minutes))
    assert told(answer) == (401, "webhook_timestamp_outside_tolerance")


async def test_a_request_that_was_acted_on_is_not_acted_on_again(
    exporter: Exporter, app_client: AsyncClient
) -> None:
    first = await exporter.open("feed-1", FEED)
    sent = first.request
    again = await app_client.request(
        sent.method, str(sent.url), content=sent.content, headers=dict(sent.headers)
    )
    assert told(again) == (409, "registry_request_repeated")


async def test_a_signature_counts_for_its_own_method_path_and_body_only(
    exporter: Exporter, app_client: AsyncClient
) -> None:
    await exporter.open("feed-1", FEED)
    sent = (await exporter.patch("feed-2", "pets.csv", 0, PETS)).request  # taken by nobody
    url, headers = str(sent.url), dict(sent.headers)
    altered = (
        ("PATCH", url.replace("feed-2", "feed-1"), sent.content),
        ("PUT", url.partition("/files")[0], sent.content),
        ("PATCH", url, sent.content.replace(b"ref", b"fer")),
        ("PATCH", f"{url}?x=1", sent.content),
    )
    for method, target, body in altered[:3]:
        answer = await app_client.request(method, target, content=body, headers=headers)
        assert told(answer) == (401, "webhook_signature_invalid"), target


async def test_while_a_secret_is_rotated_both_count(
    exporter: Exporter, registrar: Caller, clock: SteeredClock
) -> None:
    path = f"/staff/v1/registry-sources/{exporter.id}/secret-rotations"
    answer = await registrar.post(path, {"previousValidHours": 2})
    fresh = replace(exporter, secrets=[answer.json()["secret"]])
    assert (await exporter.open("feed-1", FEED)).status_code == 200
    assert (await fresh.open("feed-1", FEED)).status_code == 200
    clock.advance(hours=2)
    assert told(await exporter.open("feed-1", FEED)) == (401, "webhook_signature_invalid")
    assert (await fresh.open("feed-1", FEED)).status_code == 200


async def test_what_is_done_to_a_source_is_written_down_and_its_secret_encrypted(
    exporter: Exporter, registrar: Caller, database: Database, vault: Vault
) -> None:
    path = f"/staff/v1/registry-sources/{exporter.id}"
    rotated = await registrar.post(f"{path}/secret-rotations", {"previousValidHours": 2})
    await registrar.put(f"{path}/state", {"enabled": False})
    actions = select(AuditEntry.action).where(AuditEntry.object_id == exporter.id)
    async with database.read((ROPAZI,)) as session:
        source = (await session.scalars(select(RegistrySource))).one()
        written = (await session.scalars(actions.order_by(AuditEntry.id))).all()
    assert written == [f"registry_source.{act}" for act in ("register", "rotate_secret", "switch")]
    opened = vault.open(source.secret_sealed, label="registry_source.secret")
    assert opened == rotated.json()["secret"]


async def test_sources_are_listed_without_their_secrets(
    exporter: Exporter, registrar: Caller
) -> None:
    answer = await registrar.get("/staff/v1/registry-sources")
    (source,) = answer.json()["sources"]
    assert (source["id"], source["source"]) == (exporter.id, f"LV0044000.{exporter.id}")
    assert "whsec_" not in answer.text
    again = await registrar.post("/staff/v1/registry-sources", {"name": "Exporter"})
    assert told(again) == (409, "registry_source_exists")


async def test_another_municipalitys_registry_and_anothers_feeds_are_not_found(
    exporter: Exporter, app_client: AsyncClient, sign_in: SignIn, clock: SteeredClock
) -> None:
    not_found = (404, "registry_feed_not_found")
    strange = await exporter.open("feed-1", Feed({"pets.csv": PETS}, municipality="LV0009000"))
    assert told(strange) == not_found
    assert (await exporter.open("feed-1", FEED)).status_code == 200
    elsewhere = await sign_in(
        PrincipalKind.STAFF, ["administrator"], municipality=MunicipalityId(9000)
    )
    stranger = await connect_exporter(app_client, elsewhere, clock)
    here = await sign_in(PrincipalKind.STAFF, ["administrator"])
    neighbour = await connect_exporter(app_client, here, clock, "Another")
    for one in (stranger, neighbour):
        for act in list(ACTS)[1:]:
            assert told(await ACTS[act](one)) == not_found, act
    assert (await elsewhere.get("/staff/v1/registry-feeds")).json()["feeds"] == []
    pretender = replace(stranger, source=f"LV0044000.{stranger.id}")
    assert told(await pretender.send("GET", "feed-1")) == (401, "webhook_signature_invalid")
