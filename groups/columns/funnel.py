"""A rule counted clause by clause over populations."""

from collections.abc import Sequence

import numpy as np

from groups.columns.compiling import Compiler
from groups.columns.population import Population
from groups.evaluation.ports import Question, Step
from groups.evaluation.slots import Mask, PackedSlots
from groups.language.tree import And, Node, Or

WHOLE = ""
"""The pointer of the whole rule, and of everybody in scope."""


def asked_of(population: Population, question: Question) -> Compiler:
    """Prepare to ask a question of one population."""
    groups = {
        group_id: members
        for (municipality, group_id), members in question.groups.items()
        if municipality == population.municipality
    }
    return Compiler(population, question.as_of, groups)


def funnel(populations: Sequence[Population], question: Question) -> list[Step]:
    """Count everybody in scope, then who is left after each top-level operand."""
    operands = operands_of(question.rule)
    steps = _Steps([WHOLE, *(each.pointer for each in operands)])
    for population in populations:
        steps.add(population, _masks(population, question, operands))
    return steps.counted()


def operands_of(rule: Node) -> tuple[Node, ...]:
    """List the clauses that a rule is counted by: itself, if it joins none."""
    return rule.operands if isinstance(rule, And | Or) else (rule,)


def _masks(population: Population, question: Question, operands: Sequence[Node]) -> list[Mask]:
    compiler = asked_of(population, question)
    scope = population.scope(question.scope)
    masks = [scope]
    narrows = not isinstance(question.rule, Or)
    found = scope.copy() if narrows else np.zeros_like(scope)
    for operand in operands:
        if not narrows or found.any():
            (np.logical_and if narrows else np.logical_or)(found, compiler.mask(operand), out=found)
        masks.append(found & scope)
    return masks


class _Steps:
    """Steps that are summed over populations."""

    def __init__(self, pointers: Sequence[str]) -> None:
        self._pointers = pointers
        self._sizes = [0] * len(pointers)
        self._slots = [PackedSlots({}) for _ in pointers]

    def add(self, population: Population, masks: Sequence[Mask]) -> None:
        for place, mask in enumerate(masks):
            self._sizes[place] += int(np.count_nonzero(mask))
            packed = PackedSlots.of_mask(population.municipality, mask)
            self._slots[place] = self._slots[place].joined(packed)

    def counted(self) -> list[Step]:
        counted = zip(self._pointers, self._slots, self._sizes, strict=True)
        return [Step(*each) for each in counted]
