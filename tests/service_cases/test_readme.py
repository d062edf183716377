"""The example that other systems copy works as it is written."""

import re
import urllib.request
from pathlib import Path
from typing import Any

from backend.kernel.clock import system_clock
from tests.service_cases.town import CODE, Town

README = Path(__file__).parents[2] / "backend" / "service_cases" / "README.md"


async def test_the_example_of_the_readme_is_taken_and_shown(town: Town) -> None:
    match = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert match is not None
    example: dict[str, Any] = {}
    exec(match[1], example)  # noqa: S102 - it is our own documentation that is tried
    town.clock.now = system_clock()
    resident = await town.register_resident(CODE)
    source = await town.connect_system(example["event"]["source"])
    path = f"/ingest/v1/{source.municipality}/status-events"
    request: urllib.request.Request = example["signed_request"](
        f"http://127.0.0.1{path}", source.secrets[0], example["event"]
    )
    assert isinstance(request.data, bytes)
    answer = await town.client.post(path, content=request.data, headers=dict(request.headers))
    assert (answer.status_code, answer.json()) == (202, {"id": "records-000123"})
    (case,) = (await resident.get("/mobile/v1/cases")).json()["cases"]
    assert case["stepTitle"]["en"] == "The application is being examined"
