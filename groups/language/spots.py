"""Where the decoder stands in a rule, and the faults that it has met so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from backend.kernel.errors import Fault
from groups.language.errors import FAULT_TITLES, FaultCode
from groups.language.things import Provenance, Purpose, Thing
from groups.language.tree import Node

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
"""A parsed JSON document."""


class Refused(Exception):
    """Leaves one expression or value of a rule whose fault was noted; its neighbours are read on."""


def escaped(member: str) -> str:
    """Write a member's name as one reference token of a JSON Pointer (RFC 6901, section 3)."""
    return member.replace("~", "~0").replace("/", "~1")


@dataclass(slots=True)
class Reading:
    """What is the same all over one rule: how it is read, its purpose, what has been met so far.

    `expression` reads a part that is a rule itself.
    """

    expression: "Callable[[Json, Spot], Node]"
    purpose: Purpose | None = None
    faults: list[Fault] = field(default_factory=list[Fault])
    vertices: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of the rule: its pointer, the thing in scope there, and how deep it lies."""

    thing: Thing
    reading: Reading
    pointer: str = ""
    depth: int = 1

    def argument(self, index: int) -> "Spot":
        """Go to one argument of the expression that stands here, in the same scope."""
        return self.below("args", index)

    def below(self, *tokens: str | int) -> "Spot":
        """Go to a member or an element; the depth of expressions stays."""
        path = "".join(f"/{escaped(str(token))}" for token in tokens)
        return replace(self, pointer=self.pointer + path)

    def nested(self, index: int, thing: Thing | None = None) -> "Spot":
        """Go to an argument that is an expression itself, maybe about a related thing."""
        return replace(self.argument(index), thing=thing or self.thing, depth=self.depth + 1)

    def refused(self, code: FaultCode, about: str = "") -> Refused:
        """Note a fault here; `about` is the word of the rule that is at fault."""
        title = FAULT_TITLES[code].en
        detail = f"{title}: {about}" if about else title
        self.reading.faults.append(Fault(self.pointer, code, detail))
        return Refused(code)

    def note_others(self, members: Mapping[str, Json], *known: str) -> None:
        """Note a fault at every member that is not known."""
        for name in members:
            if name not in known:
                self.below(name).refused(FaultCode.UNEXPECTED_MEMBER, name)

    def note_purpose(self, provenance: Provenance, name: str) -> None:
        """Note a fault if what is named here may not be asked for the rule's purpose."""
        purpose = self.reading.purpose
        if purpose is not None and purpose not in provenance.purposes:
            self.refused(FaultCode.OUTSIDE_PURPOSE, f"{name} for {purpose}")
