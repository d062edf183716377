"""Embedded PostgreSQL: the wheel's binaries under our own launcher."""

from backend.kernel.embedded.errors import EmbeddedError
from backend.kernel.embedded.server import EmbeddedPostgres, start_embedded

__all__ = ["EmbeddedError", "EmbeddedPostgres", "start_embedded"]
