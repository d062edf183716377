"""What a simulator received: compact, bounded records, and counts that outlive them."""

import asyncio
from collections import Counter
from datetime import datetime

from msgspec import Struct
from msgspec.json import Encoder

from backend.adapters.simulators.records import Records

RECORDS = 1_000_000
BYTES = 256 * 1024 * 1024


class Arrival(Struct, rename="camel", kw_only=True):
    """One message as it arrived: parsed, decrypted and found valid."""

    message_id: str
    to: str
    title: str = ""
    body: str = ""
    language: str = ""
    received_at: datetime


class Ledger:
    """Records of what arrived, numbered from 1; the oldest are forgotten when it is full.

    Counts and duplicates do not depend on the records still kept.
    """

    def __init__(self, *, records: int = RECORDS, size_bytes: int = BYTES) -> None:
        """Keep at most so many records and at most so many compressed bytes of them."""
        self._limit_records = records
        self._limit_bytes = size_bytes
        self._encoder = Encoder()
        self.forget()

    def forget(self) -> None:
        """Forget everything recorded and counted; numbers start again."""
        self._records = Records(most=self._limit_records, size_bytes=self._limit_bytes)
        self._seen: dict[int, None] = {}
        self._answers: Counter[str] = Counter()
        self.received = 0
        self.duplicates = 0
        self.refused = 0

    def record(self, arrival: Arrival) -> bool:
        """Write down an arrival; true when its message had already reached this target."""
        key = hash((arrival.message_id, arrival.to))
        duplicate = key in self._seen
        if duplicate:
            self.duplicates += 1
        else:
            self._remember(key)
        self.received += 1
        self._records.append(self._encoder.encode(arrival))
        return duplicate

    def answered(self, status: str, *, refused: bool) -> None:
        """Count one answer by its status."""
        self._answers[status] += 1
        self.refused += refused

    def summary(self) -> dict[str, object]:
        """Tell the counts since the last time everything was forgotten."""
        return {
            "received": self.received,
            "distinct": self.received - self.duplicates,
            "duplicates": self.duplicates,
            "refused": self.refused,
            "byStatus": dict(sorted(self._answers.items())),
            "kept": len(self._records),
        }

    async def page(self, *, after: int, limit: int, containing: str = "") -> bytes:
        """Give the JSON of at most `limit` records after number `after`, oldest first.

        `containing` leaves only those whose JSON holds that text. Lets others run in between.
        """
        needle = self._encoder.encode(containing)[1:-1]
        found: list[bytes] = []
        reached = after
        for first, records in self._records.after(after):
            for number, record in enumerate(records, first):
                if len(found) == limit:
                    return _page(found, reached)
                reached = number
                if needle in record:
                    found.append(b'{"seq":%d,%s' % (number, record[1:]))
            await asyncio.sleep(0)
        return _page(found, reached)

    def _remember(self, key: int) -> None:
        self._seen[key] = None
        if len(self._seen) > 4 * self._limit_records:
            del self._seen[next(iter(self._seen))]


def _page(found: list[bytes], reached: int) -> bytes:
    return b'{"messages":[%s],"next":%d}' % (b",".join(found), reached)
