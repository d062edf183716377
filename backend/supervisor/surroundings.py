"""The environment of the children: where the database is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The database as the application's role and as the owner of its tables."""

    app: str
    owner: str | None


def postgres_directory(settings: Settings) -> Path:
    """Give the directory of the embedded server."""
    return settings.deployment.state_directory / "postgres"


def simulators_directory(settings: Settings) -> Path:
    """Give the directory where the simulators keep their keys."""
    return settings.deployment.state_directory / "simulators"


def child_environ(environ: Mapping[str, str], urls: DatabaseUrls) -> dict[str, str]:
    """Compose the environment of API, workers and simulators: they do not get the owner's URL."""
    composed = {**environ, "NOVADS_DATABASE_URL": urls.app}
    composed.pop("NOVADS_DATABASE_OWNER_URL", None)
    return composed


def owner_environ(environ: Mapping[str, str], urls: DatabaseUrls) -> dict[str, str]:
    """Compose the environment of migrations."""
    owner = {"NOVADS_DATABASE_OWNER_URL": urls.owner} if urls.owner else {}
    return {**environ, "NOVADS_DATABASE_URL": urls.app, **owner}
