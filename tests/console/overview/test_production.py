"""In production the page says that the product runs, and nothing of what goes on inside."""

from base64 import b64encode
from importlib.metadata import version

import pytest
from httpx import AsyncClient

from tests.console.overview.conftest import Visit
from tests.console.overview.reading import read
from tests.notifications.hub.town import Town

KEY = b64encode(b"a key of a production of tests..").decode()


@pytest.fixture
async def production(visit: Visit) -> AsyncClient:
    """Visit a production deployment on the same data."""
    secrets = {f"NOVADS_{name}": KEY for name in ("MATCH_KEY", "RECEIPT_KEY")}
    return await visit(NOVADS_ENV="production", NOVADS_DATA_KEYS=f"1:{KEY}", **secrets)


@pytest.mark.parametrize(("language", "runs"), [("lv", "Darbojas."), ("en", "It runs.")])
async def test_only_the_name_and_that_it_runs_is_told(
    town: Town, production: AsyncClient, language: str, runs: str
) -> None:
    await town.send(await town.draft())
    answer = await production.get("/", params={"lang": language})
    page = read(answer.text)
    assert answer.status_code == 200
    assert page.root.all("h1")[0].words == "Novads"
    assert page.root.all("main")[0].words == runs
    for inside in ("Stopiņos", "PostgreSQL", version("novads"), "Simul", "Ropaž", "production"):
        assert inside not in answer.text
    assert not page.root.all("script")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_the_live_part_is_not_there(town: Town, production: AsyncClient) -> None:
    await town.draft()
    answer = await production.get("/overview/live")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_descriptions_and_health_are_linked_and_metrics_are_not(
    production: AsyncClient,
) -> None:
    links = read((await production.get("/")).text).references
    assert {"/schema", "/schema/mobile", "/health/live", "/health/ready"} <= set(links)
    assert "/metrics" not in links
    for link in links:
        if link.startswith("/"):
            assert (await production.get(link)).status_code == 200, link
