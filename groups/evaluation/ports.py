"""What evaluates rules: columns in memory or SQL; callers know only this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.slots import PackedSlots
from groups.language.tree import Node


class Scope(StrEnum):
    """Which residents a rule is asked of."""

    DECLARED = "declared"
    """Who lives here."""
    LINKED = "linked"
    """Who owns property here, or has a child who attends an institution here, wherever declared."""
    ALL = "all"
    """Who lives in any municipality of the deployment."""


class EvaluatedBy(StrEnum):
    """Which back end answered."""

    ENGINE = "engine"
    SQL = "sql"


@dataclass(frozen=True, slots=True)
class Question:
    """A rule asked of the residents in scope on the civil day `as_of`.

    `municipalities` are those asked: one, unless the scope is `all`. `groups` gives the members
    of every group that the rule refers to by `in_group`, by municipality and group.
    """

    municipalities: tuple[MunicipalityId, ...]
    rule: Node
    as_of: date
    scope: Scope = Scope.DECLARED
    groups: Mapping[tuple[MunicipalityId, UUID], BitMap] = field(
        default_factory=dict[tuple[MunicipalityId, UUID], BitMap]
    )


@dataclass(frozen=True, slots=True)
class Step:
    """How many are left after one clause: `pointer` names the top-level operand in the rule.

    Operands of a top-level `and` narrow one after the other; those of an `or` widen. Any other
    rule is one step. The last step is the whole rule.
    """

    pointer: str
    slots: PackedSlots
    size: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The funnel of a rule, from everybody in scope to those whom the rule holds for.

    `facts_at`: the instant as of which the facts are known to be followed; None: they are read now.
    """

    everybody: Step
    steps: tuple[Step, ...]
    evaluated_by: EvaluatedBy
    as_of: date
    facts_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """The slots of those in one municipality whom a rule holds for."""

    slots: BitMap
    evaluated_by: EvaluatedBy
    as_of: date


@runtime_checkable
class Evaluator(Protocol):
    """Tells which residents a rule holds for on a civil day.

    A resident counts when the rule is true, not when it is unknown. Only the day's calendar is
    `as_of`: the facts are the present ones, and only those that the registry holds open.
    """

    async def preview(self, session: ReadSession, question: Question) -> Preview:
        """Count clause by clause; the session sees all the municipalities asked."""
        ...

    async def members(self, session: ReadSession, question: Question) -> Found:
        """Find the residents of the one municipality asked."""
        ...
