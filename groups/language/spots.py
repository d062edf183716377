"""Where the decoder stands in a rule, and the faults that it has met so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from backend.kernel.errors import Fault
from groups.language.errors import FAULT_TITLES, FaultCode
from groups.language.things import Thing

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
"""A parsed JSON document."""


class Refused(Exception):
    """Leaves one expression or value of a rule whose fault was noted; its neighbours are read on."""


def escaped(member: str) -> str:
    """Write a member's name as one reference token of a JSON Pointer (RFC 6901, section 3)."""
    return member.replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of the rule: its pointer, the thing in scope there, and how deep it lies."""

    thing: Thing
    pointer: str = ""
    depth: int = 1
    faults: list[Fault] = field(default_factory=list[Fault])

    def argument(self, index: int) -> "Spot":
        """Go to one argument of the expression that stands here, in the same scope."""
        return self.below("args", index)

    def below(self, *tokens: str | int) -> "Spot":
        """Go to a member or an element; the depth of expressions stays."""
        path = "".join(f"/{escaped(str(token))}" for token in tokens)
        return Spot(self.thing, self.pointer + path, self.depth, self.faults)

    def nested(self, index: int, thing: Thing | None = None) -> "Spot":
        """Go to an argument that is an expression itself, maybe about a related thing."""
        pointer = f"{self.pointer}/args/{index}"
        return Spot(thing or self.thing, pointer, self.depth + 1, self.faults)

    def refused(self, code: FaultCode, about: str = "") -> Refused:
        """Note a fault here; `about` is the word of the rule that is at fault."""
        title = FAULT_TITLES[code].en
        self.faults.append(Fault(self.pointer, code, f"{title}: {about}" if about else title))
        return Refused(code)

    def note_others(self, members: Mapping[str, Json], *known: str) -> None:
        """Note a fault at every member that is not known."""
        for name in members:
            if name not in known:
                self.below(name).refused(FaultCode.UNEXPECTED_MEMBER, name)
