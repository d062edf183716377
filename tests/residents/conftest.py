"""Residents, and the application they use."""

from tests.residents.people import app_client, register, signed_in

__all__ = ["app_client", "register", "signed_in"]
