"""The example that other systems copy works as it is written."""

import asyncio
import re
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend.kernel.clock import system_clock
from backend.kernel.webhooks import sign
from groups.public import FeedImporter
from tests.drivers.clock import SteeredClock
from tests.groups.ingest.exporter import Exporter, Json
from tests.groups.registry.driver import Registry

README = Path(__file__).parents[3] / "groups" / "ingest" / "README.md"
BASE = "http://127.0.0.1"


def block(language: str) -> str:
    """Give the example in a language."""
    match = re.search(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)
    assert match is not None
    return match[1]


@pytest.fixture
def example(clock: SteeredClock) -> dict[str, Any]:
    """Give the functions of the example, at the present time."""
    functions: dict[str, Any] = {}
    exec(block("python"), functions)  # noqa: S102 - it is our own documentation that is tried
    clock.now = system_clock()
    return functions


async def forward(exporter: Exporter, request: urllib.request.Request) -> Json:
    """Send the example's request to the application under test."""
    answer = await exporter.client.request(
        request.get_method(),
        request.full_url.removeprefix(BASE),
        content=request.data if isinstance(request.data, bytes) else None,
        headers=dict(request.headers),
    )
    assert answer.is_success, answer.text
    content: Json = answer.json()
    return content


async def test_the_example_of_the_readme_sends_a_feed_that_is_imported(
    exporter: Exporter,
    importer: FeedImporter,
    registry: Registry,
    example: dict[str, Any],
) -> None:
    registry.write()
    (registry.directory / "manifest.json").unlink()
    announced = example["manifest"](registry.directory, "LV0044000", registry.produced_at)
    secret, loop = exporter.secrets[0], asyncio.get_running_loop()

    def ask(method: str, path: str, body: bytes = b"", **headers: str) -> Json:
        made = example["request"](BASE, exporter.source, secret, method, path, body, **headers)
        return asyncio.run_coroutine_threadsafe(forward(exporter, made), loop).result(30)

    done = await asyncio.to_thread(
        example["send"], ask, "feed-1", registry.directory, announced, 300
    )
    assert done["state"] == "queued"
    assert await importer.import_one()
    assert len(await registry.open_people()) == 3


async def test_curl_signs_as_we_do(exporter: Exporter) -> None:
    lines = block("bash").split("curl ")[0]
    lines = lines.replace("$(uuidgen)", "an-id").replace("$(date +%s)", "1795000000")
    script = f'SECRET={exporter.secrets[0]}\n{lines}\nprintf %s "$signature"'
    shell = await asyncio.create_subprocess_exec(
        "/bin/bash", "-ec", script, stdout=asyncio.subprocess.PIPE
    )
    signature, _ = await shell.communicate()
    content = b"GET /ingest/v1/registry/2026-11-20\n"
    at = datetime.fromtimestamp(1795000000, UTC)
    assert f"v1,{signature.decode()}" == sign(exporter.secrets[0], "an-id", at, content)
