"""A feed's parts written as the files that the import reads: checked again, gzip taken off."""

import asyncio
import hashlib
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from groups.ingest.rules import Ending, FeedFile, is_too_dense, unpacked_name

GZIP = 16 + zlib.MAX_WBITS
STEP = 1024 * 1024
"""Bytes that are unpacked at a time, however many a few packed ones would become."""


class Member(Protocol):
    """One gzip stream of a file, as zlib takes it apart."""

    @property
    def eof(self) -> bool:
        """Whether its end has been read."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What came behind its end."""
        ...

    @property
    def unconsumed_tail(self) -> bytes:
        """What was not looked at yet, because the step was full."""
        ...

    def decompress(self, content: bytes, /, max_length: int = 0) -> bytes:
        """Unpack up to a number of bytes."""
        ...


class FeedUnusable(Exception):
    """The content of a feed cannot be imported; a new try would end alike."""

    def __init__(self, ending: Ending) -> None:
        """Say why."""
        super().__init__(ending)
        self.ending = ending


@dataclass(slots=True)
class Unpacker:
    """Takes gzip off, member by member, within bounds."""

    packed: int = 0
    unpacked: int = 0
    member: Member = field(default_factory=lambda: zlib.decompressobj(GZIP))

    def feed(self, content: bytes) -> Iterator[bytes]:
        """Unpack some more bytes.

        Raises:
            FeedUnusable: not gzip, or it becomes too much.
        """
        self.packed += len(content)
        plain = b""
        # Of a full step there may be more to come, although all that came in has been read.
        while content or (len(plain) == STEP and not self.member.eof):
            if self.member.eof:
                self.member = zlib.decompressobj(GZIP)
            plain = self._step(content)
            yield plain
            content = self.member.unused_data if self.member.eof else self.member.unconsumed_tail

    def _step(self, content: bytes) -> bytes:
        try:
            plain = self.member.decompress(content, STEP)
        except zlib.error as error:
            raise FeedUnusable(Ending.PACKING_BROKEN) from error
        self.unpacked += len(plain)
        if is_too_dense(self.packed, self.unpacked):
            raise FeedUnusable(Ending.PACKED_TOO_DENSELY)
        return plain

    def close(self) -> None:
        """End.

        Raises:
            FeedUnusable: the last member is cut off.
        """
        if not self.member.eof:
            raise FeedUnusable(Ending.PACKING_BROKEN)


async def write_file(directory: Path, file: FeedFile, parts: AsyncIterator[bytes]) -> None:
    """Write a file's parts, unpacked; memory does not grow with the file.

    Raises:
        FeedUnusable: the bytes are not those that were checked, or cannot be unpacked.
    """
    digest = hashlib.sha256()
    unpacker = Unpacker() if file.is_packed else None
    with (directory / unpacked_name(file.name)).open("wb") as target:
        async for part in parts:
            await asyncio.to_thread(_write, target, digest.update, unpacker, part)
    if digest.hexdigest() != file.sha256:
        raise FeedUnusable(Ending.CONTENT_CHANGED)
    if unpacker is not None:
        unpacker.close()


def _write(
    target: BinaryIO, digest: Callable[[bytes], None], unpacker: Unpacker | None, part: bytes
) -> None:
    digest(part)
    if unpacker is None:
        target.write(part)
        return
    target.writelines(unpacker.feed(part))
