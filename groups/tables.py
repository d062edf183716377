"""Every table of this package, for migrations."""

from groups.audiences.models import Audience, AudienceRecipient
from groups.changes.models import FactChange
from groups.definitions.models import GroupRule, ResidentGroup
from groups.disclosures.models import MemberDisclosure
from groups.guard.models import PreviewSet
from groups.ingest.models import (
    RegistryFeed,
    RegistryFeedPart,
    RegistryRequest,
    RegistrySource,
)
from groups.memberships.models import (
    EngineState,
    Evaluation,
    GroupHold,
    Membership,
    ResidentGroups,
)
from groups.registry.models import (
    Address,
    Attendance,
    FormerAddress,
    Guardianship,
    Household,
    Institution,
    Pet,
    Property,
    RegistryImport,
    RegistryValue,
    ResidentFact,
    SlotCounter,
    Vehicle,
)

__all__ = [
    "Address",
    "Attendance",
    "Audience",
    "AudienceRecipient",
    "EngineState",
    "Evaluation",
    "FactChange",
    "FormerAddress",
    "GroupHold",
    "GroupRule",
    "Guardianship",
    "Household",
    "Institution",
    "MemberDisclosure",
    "Membership",
    "Pet",
    "PreviewSet",
    "Property",
    "RegistryFeed",
    "RegistryFeedPart",
    "RegistryImport",
    "RegistryRequest",
    "RegistrySource",
    "RegistryValue",
    "ResidentFact",
    "ResidentGroup",
    "ResidentGroups",
    "SlotCounter",
    "Vehicle",
]
