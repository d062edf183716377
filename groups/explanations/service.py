"""Why the signed-in resident is in a group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.kernel.db import ReadSession
from backend.kernel.errors import Text
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.residents.public import open_names, sealed_names
from groups.definitions.errors import GroupNotFound
from groups.definitions.service import today
from groups.explanations.clauses import Clause, explain
from groups.explanations.memberships import Belonging, belongings
from groups.explanations.queries import Asked, known_of
from groups.explanations.reading import Reading
from groups.language.analysis import parts
from groups.language.decode import decode
from groups.language.errors import RuleInvalid
from groups.language.tree import Any, Count, Node


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a resident belongs to a group, on the civil day `as_of`.

    `clause` is None where the membership stands still (the group is held or its rule no longer
    readable) and the rule does not hold today. `names` are given names of the resident's children.
    """

    belonging: Belonging
    as_of: date
    rule: Node | None
    clause: Clause | None
    names: Mapping[UUID, str]
    labels: Mapping[UUID, Text]


async def why(
    session: ReadSession, resident: Principal, group_id: UUID, vault: Vault, now: datetime
) -> Explanation:
    """Explain the resident's own membership of a group that has a public label.

    Raises:
        GroupNotFound: the resident does not belong to such a group.
    """
    municipality, resident_id = resident.municipality, resident.subject_id
    own = await belongings(session, municipality, resident_id)
    belonging = own.get(group_id)
    if belonging is None or belonging.label is None:
        raise GroupNotFound
    labels = {key: each.label for key, each in own.items() if each.label is not None}
    as_of = today(municipality, now)
    rule = _readable(belonging)
    if rule is None:
        return Explanation(belonging, as_of, None, None, {}, labels)
    known = await known_of(session, Asked(municipality, _relations(rule)), [resident_id])
    if resident_id not in known:
        raise GroupNotFound
    clause = explain(rule, known[resident_id], Reading(as_of, frozenset(own)))
    if clause.result is not True:
        return Explanation(belonging, as_of, rule, None, {}, labels)
    names = await _names(session, resident, clause, vault)
    return Explanation(belonging, as_of, rule, clause, names, labels)


def _readable(belonging: Belonging) -> Node | None:
    try:
        return decode(belonging.rule)
    except RuleInvalid:
        return None


def _relations(rule: Node) -> frozenset[str]:
    return frozenset(part.relation.name for part in parts(rule) if isinstance(part, Any | Count))


async def _names(
    session: ReadSession, guardian: Principal, clause: Clause, vault: Vault
) -> Mapping[UUID, str]:
    """Open the given names of the minor children told of: the reader is their parent or guardian."""
    children = set(_children(clause))
    if not children:
        return {}
    rows = await sealed_names(session, guardian.municipality, children)
    return {
        row.resident_id: open_names(vault, row.given_name_sealed, row.family_name_sealed)[0]
        for row in rows
    }


def _children(clause: Clause) -> Iterator[UUID]:
    """Name the people told of under `children`; others of a household are not named."""
    of_children = isinstance(clause.node, Any) and clause.node.relation.name == "children"
    for part in clause.parts:
        if of_children and part.about is not None:
            yield part.about
        yield from _children(part)
