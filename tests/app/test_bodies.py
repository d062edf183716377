"""Bodies that no honest client sends are refused as any other bad input."""

import pytest
from httpx import AsyncClient

from backend.kernel.clock import Clock
from backend.kernel.webhooks import new_secret, signed_headers

NESTINGS = ["[" * 25_000 + "]" * 25_000, '{"a":' * 10_000 + "1" + "}" * 10_000, "[" * 60_000]


@pytest.mark.parametrize("nesting", NESTINGS, ids=["lists", "objects", "unclosed"])
async def test_a_body_nested_without_end_is_bad_input(
    app_client: AsyncClient, nesting: str
) -> None:
    answer = await app_client.post(
        "/mobile/v1/sessions",
        content=f'{{"municipality":"LV0044000","assertion":{nesting}}}',
        headers={"content-type": "application/json", "idempotency-key": "nested-without-end"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


@pytest.mark.parametrize("nesting", NESTINGS, ids=["lists", "objects", "unclosed"])
async def test_an_event_nested_without_end_is_bad_input(
    app_client: AsyncClient, clock: Clock, nesting: str
) -> None:
    body = f'{{"source":"https://records.ropazi.example","more":{nesting}}}'.encode()
    signed = signed_headers("m1", clock(), body, [new_secret()])
    answer = await app_client.post(
        "/ingest/v1/LV0044000/status-events",
        content=body,
        headers={"content-type": "application/cloudevents+json"} | signed,
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


@pytest.mark.parametrize("municipality", ["LV0044000\n", "LV００４４０００", "LV004400", ""])
@pytest.mark.parametrize("surface", ["mobile", "staff"])
async def test_a_territory_code_of_another_form_is_bad_input(
    app_client: AsyncClient, surface: str, municipality: str
) -> None:
    answer = await app_client.post(
        f"/{surface}/v1/sessions",
        json={"municipality": municipality, "assertion": "x"},
        headers={"idempotency-key": "a-territory-code"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert answer.json()["errors"][0]["pointer"] == "/municipality"
