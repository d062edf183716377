"""What an audience tells of those in it: the class of what was asked to find them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from backend.kernel.db import ReadSession
from backend.kernel.models import Sensitivity
from backend.kernel.tenancy import MunicipalityId
from groups.definitions.queries import written_rules
from groups.definitions.references import Graph
from groups.language.analysis import SEVERITY, by_place_alone, group_references, highest_sensitivity
from groups.language.tree import Node


@dataclass(frozen=True, slots=True)
class Nature:
    """The highest class of what was asked, and whether it was nothing but places."""

    sensitivity: Sensitivity
    by_place_alone: bool


PEOPLE_LISTED = Nature(Sensitivity.PERSONAL, by_place_alone=False)
"""A list of ids: who made it knows why."""
UNREADABLE = Nature(Sensitivity.SPECIAL, by_place_alone=False)
"""A rule that can be read no longer may have asked anything."""


async def nature_of(
    session: ReadSession,
    municipality: MunicipalityId,
    group_ids: Collection[UUID],
    rules: Collection[Node],
) -> Nature:
    """Tell what groups and rules ask, what they refer to by `in_group` included."""
    named = {*group_ids, *(each for rule in rules for each in group_references(rule))}
    if not named:
        return together(map(_nature, rules))
    graph = Graph(await written_rules(session, municipality))
    reached = [graph.rule(each) for each in graph.reached(named)]
    return together([UNREADABLE if rule is None else _nature(rule) for rule in (*rules, *reached)])


def together(natures: Iterable[Nature]) -> Nature:
    """Give the nature of all of them in one."""
    listed = list(natures)
    return Nature(
        max((each.sensitivity for each in listed), key=SEVERITY.index, default=Sensitivity.PUBLIC),
        all(each.by_place_alone for each in listed),
    )


def _nature(rule: Node) -> Nature:
    return Nature(highest_sensitivity(rule), by_place_alone(rule))
