"""What evaluates rules: today SQL, later columns in memory; callers know only this."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.language.tree import Node


class Evaluator(Protocol):
    """Tells which residents of a municipality a rule holds for on the civil day `as_of`.

    A resident counts when the rule is true, not when it is unknown. Only the day's calendar is
    `as_of`: the facts are the present ones, and only those that the registry holds open.
    """

    async def count(
        self, session: ReadSession, municipality: MunicipalityId, rule: Node, as_of: date
    ) -> int:
        """Count the residents whom the rule holds for."""
        ...

    async def members(
        self, session: ReadSession, municipality: MunicipalityId, rule: Node, as_of: date
    ) -> Sequence[UUID]:
        """List the residents whom the rule holds for, ordered by id."""
        ...
