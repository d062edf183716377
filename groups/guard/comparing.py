"""The guard against learning of a few people by the difference of two counts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.slots import PackedSlots, mask_of
from groups.guard.rules import ShownSize


@dataclass(frozen=True, slots=True)
class Sized:
    """A set of residents and its size; `kept` is its row where it was shown before."""

    slots: PackedSlots
    size: int
    kept: UUID | None = None


@dataclass(slots=True)
class Guard:
    """Decides which exact sizes one person may be shown, given what they know.

    A set is withheld when it differs from a known one by fewer people than `minimum`, but by
    someone. `known` is what was shown to them, saved groups, and everybody in scope: who sees a size
    knows the size of the rest, too. What is shown becomes known; `new` was not, `repeated` was shown before.
    """

    minimum: int
    known: list[Sized]
    new: list[Sized] = field(default_factory=list[Sized])
    repeated: set[UUID] = field(default_factory=set[UUID])

    def shown(self, candidate: Sized) -> ShownSize:
        """Tell how the size of a set is to be shown."""
        if candidate.size < self.minimum:
            return ShownSize(fewer_than=self.minimum)
        near = list(self._near(candidate))
        if any(0 < difference < self.minimum for _, difference in near):
            return ShownSize(withheld=True)
        same = [known for known, difference in near if difference == 0]
        self.repeated.update(known.kept for known in same if known.kept)
        is_kept = any(known.kept or any(known is new for new in self.new) for known in same)
        if not is_kept:
            self.new.append(candidate)
            self.known.append(candidate)
        return ShownSize(count=candidate.size)

    def _near(self, candidate: Sized) -> Iterator[tuple[Sized, int]]:
        """List the known sets that may be near, each with in how many people it differs.

        Two sets differ in at least as many people as their sizes do.
        """
        for known in self.known:
            if abs(known.size - candidate.size) < self.minimum:
                yield known, candidate.slots.differing(known.slots)


def sized(municipality: MunicipalityId, members: BitMap) -> Sized:
    """Write a bitmap as the packed bits that are compared."""
    length = members.max() + 1 if members else 0
    return Sized(PackedSlots.of_mask(municipality, mask_of(members, length)), len(members))
