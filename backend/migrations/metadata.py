"""Every table of the product, gathered for Alembic."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from sqlalchemy import MetaData

from backend.kernel.integrity import is_of_the_schema
from backend.kernel.models import Base

PACKAGES = (
    "backend.kernel.tables",
    "backend.residents.tables",
    "backend.staff.tables",
    "groups.tables",
    "notifications.tables",
    "backend.service_cases.tables",
)

COMPARING: Mapping[str, Any] = {
    "compare_type": True,
    "compare_server_default": True,
    "include_object": is_of_the_schema,
}
"""How Alembic compares the schema with the tables."""


def whole_metadata() -> MetaData:
    """Import every package's tables and give the metadata they registered in."""
    for package in PACKAGES:
        import_module(package)
    return Base.metadata
