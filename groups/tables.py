"""Every table of this package, for migrations."""

from groups.audiences.models import Audience
from groups.definitions.models import GroupRule, ResidentGroup
from groups.memberships.models import Evaluation, Membership
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
    "Audience",
    "Evaluation",
    "GroupRule",
    "Guardianship",
    "Household",
    "Institution",
    "Membership",
    "Pet",
    "Property",
    "RegistryImport",
    "ResidentFact",
    "ResidentGroup",
]
