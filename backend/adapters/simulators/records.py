"""Numbered records in little memory: blocks of JSON lines, compressed once they are full."""

import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = 256


@dataclass(frozen=True, slots=True)
class _Block:
    """Some consecutive records; `first` is the number of the first of them."""

    first: int
    count: int
    content: bytes

    def records(self) -> list[bytes]:
        return zlib.decompress(self.content).split(b"\n")


class Records:
    """Keeps the newest records; the oldest are forgotten a block at a time.

    A campaign's records differ in little but their ids, so a block takes a sixth of its JSON.
    """

    def __init__(self, *, most: int, size_bytes: int) -> None:
        """Keep at most so many records, and at most so many bytes of full blocks."""
        self._most = most
        self._size_bytes = size_bytes
        self._block_records = min(BLOCK, most)
        self._blocks: deque[_Block] = deque()
        self._open: list[bytes] = []
        self._bytes = 0
        self._kept = 0
        self.last = 0

    def __len__(self) -> int:
        """Count the records still kept."""
        return self._kept

    def append(self, record: bytes) -> None:
        """Keep one JSON object, written on one line, under the next number."""
        self._open.append(record)
        self._kept += 1
        self.last += 1
        if len(self._open) == self._block_records:
            self._close()
        while self._blocks and (self._kept > self._most or self._bytes > self._size_bytes):
            self._forget_oldest()

    def after(self, number: int) -> Iterator[tuple[int, list[bytes]]]:
        """Go through the records after a number in runs, each with the number of its first.

        What is appended or forgotten meanwhile makes no difference.
        """
        blocks, newest = list(self._blocks), list(self._open)
        newest_first = self.last - len(newest) + 1
        return self._runs(blocks, newest, newest_first, number)

    def _runs(
        self, blocks: list[_Block], newest: list[bytes], newest_first: int, number: int
    ) -> Iterator[tuple[int, list[bytes]]]:
        for block in blocks:
            if block.first + block.count - 1 > number:
                skipped = max(0, number + 1 - block.first)
                yield block.first + skipped, block.records()[skipped:]
        skipped = max(0, number + 1 - newest_first)
        yield newest_first + skipped, newest[skipped:]

    def _close(self) -> None:
        content = zlib.compress(b"\n".join(self._open), 1)
        self._blocks.append(_Block(self.last - len(self._open) + 1, len(self._open), content))
        self._bytes += len(content)
        self._open = []

    def _forget_oldest(self) -> None:
        oldest = self._blocks.popleft()
        self._bytes -= len(oldest.content)
        self._kept -= oldest.count
