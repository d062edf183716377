"""The evaluator that asks PostgreSQL over the registry's tables, one municipality after another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap
from sqlalchemy import Select, case, func, not_, select, true
from typing_extensions import override

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.compiling import Compiler
from groups.evaluation.ports import EvaluatedBy, Evaluator, Found, Preview, Question, Step
from groups.evaluation.queries import Column, Rows, everybody, residents, surely
from groups.evaluation.slots import PackedSlots
from groups.language.tree import And, Node, Or

SETTINGS = select(
    func.set_config("work_mem", "256MB", true()),
    func.set_config("plan_cache_mode", "force_custom_plan", true()),
    func.set_config("jit", "off", true()),
    func.set_config("statement_timeout", "60s", true()),
)
"""How PostgreSQL is to evaluate rules, until the transaction ends.

Sets of ids may take 256 MB: enough for two million of them. A set that PostgreSQL expects to be
larger it does not hash but searches row by row: 600,000 residents then take minutes instead of a
second. It is a limit; a small set takes little. Lists of values are hashed only where the plan
knows them. To compile a large rule for the machine takes longer than to run it. No statement may
take longer than a minute: who waits for it is asked to try again, and nothing is left running.
"""


class SqlEvaluator(Evaluator):
    """Evaluates rules in PostgreSQL; facts and municipalities are those the session sees."""

    @override
    async def preview(self, session: ReadSession, question: Question) -> Preview:
        await make_room(session)
        funnel = _Funnel.of(question.rule)
        found = [
            await _reached(session, municipality, question, funnel)
            for municipality in question.municipalities
        ]
        return Preview(
            everybody=_step("", [each.everybody() for each in found]),
            steps=tuple(
                _step(pointer, [each.left_by(place) for each in found])
                for place, pointer in enumerate(funnel.pointers)
            ),
            evaluated_by=EvaluatedBy.SQL,
            as_of=question.as_of,
            facts_at=None,
        )

    @override
    async def members(self, session: ReadSession, question: Question) -> Found:
        await make_room(session)
        [municipality] = question.municipalities
        chosen = selection(municipality, question).subquery()
        slots = await session.scalar(select(func.array_agg(chosen.c.slot)))
        return Found(BitMap(slots or ()), EvaluatedBy.SQL, question.as_of)


async def make_room(session: ReadSession) -> None:
    """Set up this transaction for evaluating; see `SETTINGS`."""
    await session.execute(SETTINGS)


def selection(municipality: MunicipalityId, question: Question) -> Select[tuple[int]]:
    """Select the slots of those in one municipality whom the rule holds for, in no order.

    For statements that use them in place, after `make_room`; the column is called `slot`.
    """
    people = residents(municipality)
    holds = Compiler.of(municipality, question).condition(question.rule, people, holds=True)
    return select(_slot(people)).where(everybody(people, question.scope), holds)


def _slot(people: Rows) -> Column:
    if people.slot is None:
        raise KeyError("residents have slots")
    return people.slot.label("slot")


@dataclass(frozen=True, slots=True)
class _Funnel:
    """The steps of a rule; `widens`: each takes in more, where a step of an `and` leaves fewer."""

    nodes: tuple[Node, ...]
    widens: bool

    @classmethod
    def of(cls, rule: Node) -> "_Funnel":
        match rule:
            case And(operands):
                return cls(operands, widens=False)
            case Or(operands):
                return cls(operands, widens=True)
            case _:
                return cls((rule,), widens=False)

    @property
    def pointers(self) -> tuple[str, ...]:
        return tuple(node.pointer for node in self.nodes)

    def passed(self, compiler: Compiler, people: Rows) -> Column:
        """Count the steps passed before the first that decides; later clauses are not looked at."""
        holding = [surely(compiler.condition(node, people, holds=True)) for node in self.nodes]
        decides = holding if self.widens else [not_(condition) for condition in holding]
        whens = [(condition, place) for place, condition in enumerate(decides)]
        return case(*whens, else_=len(whens))


@dataclass(frozen=True, slots=True)
class _Reached:
    """Those in scope in one municipality, each with how many steps they passed."""

    municipality: MunicipalityId
    widens: bool
    slots: NDArray[np.int64]
    passed: NDArray[np.int64]

    def everybody(self) -> PackedSlots:
        return self._packed(self.slots)

    def left_by(self, place: int) -> PackedSlots:
        """Pack those whom the steps up to this one hold for."""
        chosen = self.passed <= place if self.widens else self.passed > place
        return self._packed(self.slots[chosen])

    def _packed(self, slots: NDArray[np.int64]) -> PackedSlots:
        mask = np.zeros(int(slots.max(initial=-1)) + 1, dtype=np.bool_)
        mask[slots] = True
        return PackedSlots.of_mask(self.municipality, mask)


async def _reached(
    session: ReadSession, municipality: MunicipalityId, question: Question, funnel: _Funnel
) -> _Reached:
    people = residents(municipality)
    passed = funnel.passed(Compiler.of(municipality, question), people)
    asked = select(func.array_agg(_slot(people)), func.array_agg(passed))
    row = (await session.execute(asked.where(everybody(people, question.scope)))).one()
    slots, counts = (np.array(column or (), dtype=np.int64) for column in row)
    return _Reached(municipality, funnel.widens, slots, counts)


def _step(pointer: str, found: Sequence[PackedSlots]) -> Step:
    bits = {place: packed for each in found for place, packed in each.bits.items()}
    together = PackedSlots(bits)
    return Step(pointer, together, together.size())
