"""The environment of the children: where the database and the providers are."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.kernel.settings import Settings

FCM_CREDENTIALS = "fcm-service-account.json"


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The database as the application's role and as the owner of its tables."""

    app: str
    owner: str | None


def simulators_directory(settings: Settings) -> Path:
    """Give the directory where the simulators keep their keys."""
    return settings.deployment.state_directory / "simulators"


def child_environ(
    environ: Mapping[str, str], settings: Settings, urls: DatabaseUrls
) -> dict[str, str]:
    """Compose the environment of API, workers and simulators: they do not get the owner's URL."""
    composed = {**environ, **defaults_for(settings, environ), "NOVADS_DATABASE_URL": urls.app}
    composed.pop("NOVADS_DATABASE_OWNER_URL", None)
    return composed


def owner_environ(environ: Mapping[str, str], urls: DatabaseUrls) -> dict[str, str]:
    """Compose the environment of migrations."""
    owner = {"NOVADS_DATABASE_OWNER_URL": urls.owner} if urls.owner else {}
    return {**environ, "NOVADS_DATABASE_URL": urls.app, **owner}


def defaults_for(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """Name what the operator left open: simulators as providers, a development VAPID key."""
    wanted: dict[str, str] = {}
    if not settings.deployment.is_production:
        key = settings.deployment.state_directory / "keys" / "vapid.pem"
        wanted["NOVADS_VAPID_KEY"] = str(key.absolute())
    if settings.simulators.enabled:
        wanted |= _simulated_providers(settings)
    return {name: value for name, value in wanted.items() if not environ.get(name)}


def _simulated_providers(settings: Settings) -> dict[str, str]:
    simulators = settings.simulators
    credentials = simulators_directory(settings) / FCM_CREDENTIALS
    return {
        "NOVADS_FCM_CREDENTIALS": str(credentials.absolute()),
        "NOVADS_FCM_ENDPOINT": f"http://127.0.0.1:{simulators.fcm_port}",
        "NOVADS_SMTP_URL": f"smtp://127.0.0.1:{simulators.smtp_port}",
        "NOVADS_SMS_URL": f"http://127.0.0.1:{simulators.sms_port}",
    }
