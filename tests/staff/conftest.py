"""The application that staff use."""

from tests.residents.people import app_client

__all__ = ["app_client"]
