"""Who a request acts as; every route declares which of them it serves."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from backend.kernel.tenancy import MunicipalityId


class PrincipalKind(StrEnum):
    """The kinds of principals; a route's `opt["principal"]` names one of them."""

    PUBLIC = "public"
    RESIDENT = "resident"
    STAFF = "staff"
    OUTLET = "outlet"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request acts as, in which municipality.

    `subject_id` is the resident, staff member, outlet or source; `roles` only staff has.
    """

    kind: PrincipalKind
    municipality: MunicipalityId
    subject_id: UUID
    session_id: UUID
    roles: frozenset[str] = frozenset()

    @property
    def scope(self) -> str:
        """Name the principal as the owner of idempotency keys and audit entries."""
        return f"{self.kind}:{self.subject_id}"
