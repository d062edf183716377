"""Health, unknown paths and the form of every refusal."""

from httpx import AsyncClient


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
    ):
        assert line in answer.text.splitlines()
