"""Health, unknown paths and the form of every refusal."""

from httpx import ASGITransport, AsyncClient

from backend.app.context import AppContext
from backend.app.main import build_app
from backend.kernel.clock import Clock
from backend.kernel.db import open_database
from backend.kernel.settings import Settings


async def test_a_process_with_its_database_is_ready(app_client: AsyncClient) -> None:
    answer = await app_client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_an_unknown_path_is_a_problem_in_the_readers_language(
    app_client: AsyncClient,
) -> None:
    answer = await app_client.get("/nowhere", headers={"accept-language": "en-GB, lv;q=0.5"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "en"
    problem = answer.json()
    assert (problem["code"], problem["title"]) == ("not_found", "Not found")
    assert problem["requestId"] == answer.headers["x-request-id"]


async def test_a_resident_route_without_a_token_asks_for_sign_in(app_client: AsyncClient) -> None:
    answer = await app_client.get("/mobile/v1/inbox")
    assert answer.status_code == 401
    assert answer.json()["code"] == "sign_in_required"
    assert answer.json()["title"] == "Nepieciešama pieslēgšanās"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_figures_of_requests_are_exported_by_route_template(
    app_client: AsyncClient,
) -> None:
    await app_client.get("/health/live")
    answer = await app_client.get("/metrics")
    assert 'novads_http_request_seconds_count{method="GET",route="/health/live"' in answer.text


async def test_the_figures_tell_how_deep_the_queues_are(app_client: AsyncClient) -> None:
    answer = await app_client.get("/metrics")
    for line in (
        "novads_database_up 1.0",
        'novads_delivery_chunks{state="due"} 0.0',
        'novads_outbox_events{state="given_up"} 0.0',
        "novads_groups_behind_seconds 0.0",
    ):
        assert line in answer.text.splitlines()


async def test_a_method_that_nobody_knows_makes_no_figure_of_its_own(
    app_client: AsyncClient,
) -> None:
    for number in range(3):
        await app_client.request(f"BREW{number}", "/health/live")
    answer = await app_client.get("/metrics")
    assert "BREW" not in answer.text
    assert 'method="other"' in answer.text


async def test_while_the_database_is_away_a_signed_in_request_is_asked_to_try_again(
    settings: Settings, clock: Clock
) -> None:
    nowhere = open_database("postgresql://nobody@127.0.0.1:1/nothing")
    app = build_app(AppContext(settings, nowhere, settings.vault(), clock))
    transport = ASGITransport(app)  # type: ignore[arg-type] # a TypedDict scope
    async with AsyncClient(transport=transport, base_url="http://testserver") as client:
        token = {"authorization": f"Bearer nvd.44000.{'0' * 32}.x"}
        answer = await client.get("/mobile/v1/inbox", headers=token)
        health = await client.get("/health/ready")
    await nowhere.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "try_again")
    assert answer.headers["retry-after"] == "1"
    assert health.status_code == 503
