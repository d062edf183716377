"""What an evaluation is of, what it found, and what that changes."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.memberships.rules import Cause, is_held


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What is evaluated: one version of one group's rule."""

    municipality: MunicipalityId
    group_id: UUID
    group_number: int
    rule_version: int


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation: of what, why, for which civil day."""

    of: Evaluated
    cause: Cause
    as_of: date
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Stored:
    """The members of a group as they are kept, and how often they were changed."""

    version: int
    slots: BitMap


NOBODY_YET = Stored(0, BitMap())
"""What is kept of a group before its first evaluation."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whom a run found."""

    run: Run
    slots: BitMap


@dataclass(frozen=True, slots=True)
class Changes:
    """What an evaluation changed, in residents; held: nothing yet, a person decides.

    `version` is that of the membership afterwards.
    """

    members: int
    joined: int
    left: int
    held: bool
    version: int = 0


@dataclass(frozen=True, slots=True)
class Delta:
    """How whom a run found differs from whom the group has."""

    run: Run
    slots: BitMap
    joined: BitMap
    left: BitMap
    before: Stored

    @classmethod
    def between(cls, before: Stored, outcome: Outcome) -> "Delta":
        """Compare."""
        found = outcome.slots
        return cls(outcome.run, found, found - before.slots, before.slots - found, before)

    @property
    def is_empty(self) -> bool:
        """Whether nobody joins and nobody leaves."""
        return not self.joined and not self.left

    @property
    def is_recorded(self) -> bool:
        """Whether it is written down: a change, the first evaluation, or what a person asked."""
        return not self.is_empty or self.before.version == 0 or self.run.cause.is_by_person

    @property
    def is_too_large(self) -> bool:
        """Whether so many leave that a person decides first."""
        return is_held(len(self.before.slots), len(self.left))

    def applied(self) -> Changes:
        """Tell what writing it changes."""
        version = self.before.version + self.is_recorded
        joined, left = len(self.joined), len(self.left)
        return Changes(len(self.slots), joined, left, held=False, version=version)

    def held_back(self) -> Changes:
        """Tell what stays as it was while it waits."""
        joined, left = len(self.joined), len(self.left)
        members, version = len(self.before.slots), self.before.version
        return Changes(members, joined, left, held=True, version=version)
