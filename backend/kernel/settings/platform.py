"""Settings of the deployment itself: server, database, logs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from backend.kernel.settings import forms
from backend.kernel.settings.declaration import Concern, Port, Positive, Variable
from backend.kernel.tenancy import MunicipalityId


class Environment(StrEnum):
    """What the deployment is for."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class ServerKind(StrEnum):
    """Which HTTP server runs the application."""

    GRANIAN = "granian"
    UVICORN = "uvicorn"


class LogLevel(StrEnum):
    """The least important lines that are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a log line is written."""

    JSON = "json"
    LOGFMT = "logfmt"


class Deployment(Concern, frozen=True):
    """What this deployment is and whom it serves."""

    environment: Annotated[
        Environment,
        Variable(
            "NOVADS_ENV",
            "What the deployment is for; production refuses development secrets, the "
            "development sign-in and simulators",
            "development",
        ),
    ]
    state_directory: Annotated[
        Path, Variable("NOVADS_VAR", "Directory for everything the product writes", "var")
    ]
    municipalities: Annotated[
        tuple[MunicipalityId, ...] | None,
        Variable(
            "NOVADS_MUNICIPALITIES",
            "Territory codes served, separated by commas; unset: all municipalities",
            form="codes such as LV0044000",
            decode=forms.municipalities,
        ),
    ]
    minimum_shown: Annotated[
        int,
        Positive,
        Variable(
            "NOVADS_MINIMUM_SHOWN",
            "The smallest number of residents shown to staff as it is; below it they see only that",
            "10",
        ),
    ]

    @property
    def is_production(self) -> bool:
        """Whether real residents depend on it."""
        return self.environment is Environment.PRODUCTION


class Server(Concern, frozen=True):
    """How the HTTP API listens."""

    host: Annotated[str, Variable("NOVADS_HOST", "Address the API listens on", "127.0.0.1")]
    port: Annotated[int, Port, Variable("NOVADS_PORT", "Port the API listens on", "8000")]
    public_url: Annotated[
        str | None,
        Variable(
            "NOVADS_PUBLIC_URL",
            "Address by which phones and gateways reach the API; unset: host and port",
            form="URL",
            decode=forms.HTTP,
        ),
    ]
    kind: Annotated[
        ServerKind, Variable("NOVADS_SERVER", "HTTP server that runs the API", "granian")
    ]

    @property
    def base_url(self) -> str:
        """The address by which others reach the API, without a slash at the end."""
        return self.public_url or f"http://{self.host}:{self.port}"


class DatabaseSettings(Concern, frozen=True):
    """Where PostgreSQL is; without a URL the embedded one runs."""

    url: Annotated[
        str | None,
        Variable(
            "NOVADS_DATABASE_URL",
            "PostgreSQL 15 to 18 as the application's role; unset: embedded PostgreSQL",
            is_secret=True,
            form="postgresql:// URL",
            decode=forms.POSTGRES,
        ),
    ]
    owner_url: Annotated[
        str | None,
        Variable(
            "NOVADS_DATABASE_OWNER_URL",
            "The same database as the owner of its tables; needed by migrations only",
            is_secret=True,
            form="postgresql:// URL",
            decode=forms.POSTGRES,
        ),
    ]
    pool: Annotated[
        int,
        Positive,
        Variable("NOVADS_DATABASE_POOL", "Connections each process keeps open", "10"),
    ]


class RedisSettings(Concern, frozen=True):
    """The optional Redis; everything works without it."""

    url: Annotated[
        str | None,
        Variable(
            "NOVADS_REDIS_URL",
            "Redis for shared rate counters; unset: PostgreSQL does it",
            is_secret=True,
            form="redis:// URL",
            decode=forms.REDIS,
        ),
    ]


class Logs(Concern, frozen=True):
    """What is logged, and how."""

    level: Annotated[
        LogLevel, Variable("NOVADS_LOG_LEVEL", "Least important lines written", "info")
    ]
    format: Annotated[
        LogFormat, Variable("NOVADS_LOG_FORMAT", "How a line is written", "json", "logfmt")
    ]
