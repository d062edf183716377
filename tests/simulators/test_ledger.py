"""What a simulator writes down stays within bounds."""

import secrets
from datetime import UTC, datetime

from msgspec.json import decode

from backend.adapters.simulators.ledger import Arrival, Ledger

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def arrival(number: int, *, to: str = "somebody") -> Arrival:
    """Make an arrival of message `number`."""
    return Arrival(message_id=f"m-{number}", to=to, received_at=NOON)


async def numbers(ledger: Ledger, *, after: int = 0) -> list[int]:
    """List the numbers of the records still kept."""
    page: dict[str, list[dict[str, int]]] = decode(await ledger.page(after=after, limit=1000))
    return [found["seq"] for found in page["messages"]]


async def test_the_oldest_records_are_forgotten_first_and_the_counts_stay() -> None:
    ledger = Ledger(records=600)
    for number in range(1000):
        ledger.record(arrival(number))
    kept = await numbers(ledger)
    assert kept == list(range(513, 1001))
    assert await numbers(ledger, after=700) == list(range(701, 1001))
    assert await numbers(ledger, after=999) == [1000]
    assert await numbers(ledger, after=1000) == []
    assert (ledger.summary()["received"], ledger.summary()["kept"]) == (1000, len(kept))


async def test_large_records_are_bounded_by_their_bytes() -> None:
    ledger = Ledger(size_bytes=300_000)
    for number in range(1000):
        ledger.record(arrival(number, to=secrets.token_hex(1_000)))
    assert await numbers(ledger) == list(range(769, 1001))


async def test_a_page_ends_where_the_next_one_begins() -> None:
    ledger = Ledger()
    for number in range(600):
        ledger.record(arrival(number))
    read: list[int] = []
    after = 0
    while page := decode(await ledger.page(after=after, limit=101))["messages"]:
        read += [found["seq"] for found in page]
        after = read[-1]
    assert read == list(range(1, 601))


def test_the_same_message_to_the_same_target_is_a_duplicate_and_to_another_is_not() -> None:
    ledger = Ledger()
    seen = [ledger.record(arrival(1, to=to)) for to in ("a", "b", "a")]
    assert seen == [False, False, True]
    assert (ledger.summary()["distinct"], ledger.summary()["duplicates"]) == (2, 1)


def test_a_duplicate_is_noticed_after_its_record_was_forgotten() -> None:
    ledger = Ledger(records=1)
    assert [ledger.record(arrival(number)) for number in (1, 2, 1)] == [False, False, True]
