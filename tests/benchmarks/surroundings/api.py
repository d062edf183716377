"""The HTTP API as it is served: `novads serve` in a process of its own."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx

from tests.benchmarks.surroundings.postgres import Postgres
from tests.drivers.installation import Installation
from tests.drivers.waiting import until_true


@dataclass(frozen=True, slots=True)
class ServedApi:
    """The running API and its process."""

    pid: int
    url: str


@contextmanager
def served_api(directory: Path, postgres: Postgres) -> Generator[ServedApi]:
    """Serve the API on the database for the time of the block."""
    directory.mkdir()
    settings = {"database_url": postgres.app_url, "simulators": "false"}
    installation = Installation(directory, settings)
    try:
        served = installation.start("serve")
        until_true(lambda: is_ready(installation.url), "the API answers")
        yield ServedApi(served.process.pid, installation.url)
    finally:
        for started in installation.started:
            started.process.terminate()
            started.process.wait()


def is_ready(url: str) -> bool:
    """Tell whether the API answers and finds everything it needs."""
    try:
        return httpx.get(f"{url}/health/ready").status_code == HTTPStatus.OK
    except httpx.TransportError:
        return False
