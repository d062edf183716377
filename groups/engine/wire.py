"""What the API and the engine say to each other: frames of MessagePack with their length before.

The rule travels as canonical CQL2-JSON, members as serialised roaring bitmaps, funnels as packed bits.
"""

import asyncio
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from pyroaring import BitMap

from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.ports import EvaluatedBy, Found, Preview, Question, Scope, Step
from groups.evaluation.slots import PackedSlots
from groups.language.decode import decode
from groups.language.encode import encode

LENGTH_BYTES = 4
LARGEST_ASK_BYTES = 32_000_000
LARGEST_ANSWER_BYTES = 128_000_000
STREAM_BYTES = 1_048_576
"""What a stream takes before it holds the sender back."""


class Wanted(StrEnum):
    """What is asked."""

    PREVIEW = "preview"
    MEMBERS = "members"


class Ask(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One question with the token of the deployment."""

    token: bytes
    wanted: Wanted
    municipalities: tuple[int, ...]
    rule: Any
    as_of: date
    scope: Scope
    groups: tuple[tuple[int, UUID, bytes], ...]

    def question(self) -> Question:
        """Read the question.

        Raises:
            RuleInvalid: the rule is not of the profile.
            ValueError: a bitmap is none.
        """
        return Question(
            municipalities=tuple(MunicipalityId(each) for each in self.municipalities),
            rule=decode(self.rule),
            as_of=self.as_of,
            scope=self.scope,
            groups={
                (MunicipalityId(municipality), group_id): BitMap.deserialize(members)
                for municipality, group_id, members in self.groups
            },
        )


def ask(token: bytes, wanted: Wanted, question: Question) -> Ask:
    """Write a question."""
    return Ask(
        token=token,
        wanted=wanted,
        municipalities=tuple(int(each) for each in question.municipalities),
        rule=encode(question.rule),
        as_of=question.as_of,
        scope=question.scope,
        groups=tuple(
            (int(municipality), group_id, members.serialize())
            for (municipality, group_id), members in question.groups.items()
        ),
    )


class Counted(msgspec.Struct, frozen=True, array_like=True, tag="counted"):
    """The answer to a preview: pointer, packed bits and size of every step, everybody first."""

    steps: tuple[tuple[str, bytes, int], ...]
    facts_at: datetime | None

    @classmethod
    def of(cls, preview: Preview) -> "Counted":
        """Write an answer."""
        steps = (preview.everybody, *preview.steps)
        return cls(
            tuple((step.pointer, step.slots.encoded(), step.size) for step in steps),
            preview.facts_at,
        )

    def preview(self, as_of: date) -> Preview:
        """Read the answer."""
        everybody, *steps = (
            Step(pointer, PackedSlots.decoded(bits), size) for pointer, bits, size in self.steps
        )
        return Preview(everybody, tuple(steps), EvaluatedBy.ENGINE, as_of, self.facts_at)


class Members(msgspec.Struct, frozen=True, array_like=True, tag="members"):
    """The answer to who is meant: a serialised bitmap of slots."""

    slots: bytes

    def found(self, as_of: date) -> Found:
        """Read the answer."""
        return Found(BitMap.deserialize(self.slots), EvaluatedBy.ENGINE, as_of)


class Refusal(StrEnum):
    """Why the engine does not answer."""

    UNREADABLE = "unreadable"
    TOKEN = "token"  # noqa: S105 - says that it was the wrong one
    NOT_LOADED = "not_loaded"


class Refused(msgspec.Struct, frozen=True, array_like=True, tag="refused"):
    """No answer."""

    reason: Refusal


Answer = Counted | Members | Refused

ENCODER = msgspec.msgpack.Encoder()
ASK = msgspec.msgpack.Decoder(Ask)
ANSWER: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


class Malformed(Exception):
    """What came is no frame, or no message of ours."""


def token_of(vault: Vault) -> bytes:
    """Derive what the deployment's processes know each other by."""
    return vault.digest("groups-engine", label="groups-engine")


async def read_frame(reader: asyncio.StreamReader, largest: int) -> bytes | None:
    """Read one frame; None where the other side has ended instead.

    Raises:
        Malformed: it is longer than allowed, or broken off.
    """
    try:
        length = int.from_bytes(await reader.readexactly(LENGTH_BYTES))
        if length > largest:
            raise Malformed
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        if error.partial or error.expected != LENGTH_BYTES:
            raise Malformed from error
        return None


async def write_frame(writer: asyncio.StreamWriter, message: Ask | Answer) -> None:
    """Send one message."""
    body = ENCODER.encode(message)
    writer.write(len(body).to_bytes(LENGTH_BYTES))
    writer.write(body)
    await writer.drain()
