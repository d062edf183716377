"""Changes of many groups, turned round: for each resident the groups joined and left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
from pyroaring import BitMap

from groups.memberships.outcomes import Delta

AT_ONCE = 250_000
"""About how many changes go into one statement; bounds memory when all groups are new."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Who changed groups: beside each slot the number of the group, and whether it is joined."""

    slots: list[int]
    numbers: list[int]
    joins: list[bool]


def by_resident(deltas: Sequence[Delta]) -> Iterator[Changed]:
    """List the changes in portions of consecutive slots, so that each slot is in one portion."""
    parts = [(d.joined, d.run.of.group_number, True) for d in deltas if d.joined]
    parts += [(d.left, d.run.of.group_number, False) for d in deltas if d.left]
    if not parts:
        return
    highest = max(slots.max() for slots, _, _ in parts)
    portions = ceil(sum(len(slots) for slots, _, _ in parts) / AT_ONCE)
    bounds = np.linspace(0, highest + 1, portions + 1).astype(np.int64).tolist()
    for lowest, end in pairwise(bounds):
        yield _portion(parts, range(lowest, end))


def _portion(parts: Sequence[tuple[BitMap, int, bool]], places: range) -> Changed:
    changed = Changed([], [], [])
    within = BitMap(places)
    for slots, number, joins in parts:
        chosen = slots & within
        changed.slots.extend(chosen)
        changed.numbers.extend([number] * len(chosen))
        changed.joins.extend([joins] * len(chosen))
    return changed
