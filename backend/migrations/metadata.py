"""Every table of the product, gathered for Alembic."""

from importlib import import_module

from sqlalchemy import MetaData

from backend.kernel.models import Base

PACKAGES = (
    "backend.kernel.tables",
    "backend.residents.tables",
    "backend.staff.tables",
    "groups.tables",
    "notifications.tables",
    "backend.service_cases.tables",
)


def whole_metadata() -> MetaData:
    """Import every package's tables and give the metadata they registered in."""
    for package in PACKAGES:
        import_module(package)
    return Base.metadata
