"""Every table of this package, for migrations."""

from groups.registry.models import (
    Address,
    Attendance,
    Guardianship,
    Household,
    Institution,
    Pet,
    Property,
    RegistryImport,
    ResidentFact,
)

__all__ = [
    "Address",
    "Attendance",
    "Guardianship",
    "Household",
    "Institution",
    "Pet",
    "Property",
    "RegistryImport",
    "ResidentFact",
]
