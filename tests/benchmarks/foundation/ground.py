"""On what the foundation is measured: one database, the API and the simulators, all real."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.kernel.clock import Clock, system_clock
from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.settings import load_settings
from backend.kernel.tenancy import municipality_id
from tests.benchmarks.harness.catalogue import Say
from tests.benchmarks.surroundings.api import ServedApi, served_api
from tests.benchmarks.surroundings.postgres import (
    Postgres,
    durable_postgres,
    temporary_directory,
)
from tests.benchmarks.surroundings.simulators import SimulatorProcess, simulators_apart

CODE = "LV0044000"
MUNICIPALITY = municipality_id(CODE)
RESIDENTS = 20_000
SEED = 1


@dataclass(frozen=True, slots=True)
class Place:
    """The processes, and a directory for files."""

    directory: Path
    postgres: Postgres
    api: ServedApi
    simulators: SimulatorProcess


@dataclass(frozen=True, slots=True)
class Ground:
    """The place, and the product's services on it."""

    place: Place
    database: Database
    vault: Vault
    clock: Clock
    say: Say


@contextmanager
def prepared() -> Generator[Place]:
    """Run everything for the time of the block."""
    with (
        temporary_directory() as directory,
        durable_postgres(directory) as postgres,
        served_api(directory / "api", postgres) as api,
        simulators_apart(directory / "simulators") as simulators,
    ):
        yield Place(directory, postgres, api, simulators)


def ground_on(place: Place, database: Database, say: Say) -> Ground:
    """Give the services of a development installation."""
    return Ground(place, database, load_settings({}).vault(), system_clock, say)
