"""What a simulator writes down stays within bounds."""

from datetime import UTC, datetime

from msgspec.json import decode

from backend.adapters.simulators.ledger import Arrival, Ledger

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def arrival(number: int, *, to: str = "somebody") -> Arrival:
    """Make an arrival of message `number`."""
    return Arrival(message_id=f"m-{number}", to=to, received_at=NOON)


def numbers(ledger: Ledger, *, after: int = 0) -> list[int]:
    """List the numbers of the records still kept."""
    page: dict[str, list[dict[str, int]]] = decode(ledger.page(after=after, limit=100))
    return [found["seq"] for found in page["messages"]]


def test_the_oldest_records_are_forgotten_first_and_the_counts_stay() -> None:
    ledger = Ledger(records=3)
    for number in range(5):
        ledger.record(arrival(number))
    assert numbers(ledger) == [3, 4, 5]
    assert numbers(ledger, after=4) == [5]
    assert (ledger.summary()["received"], ledger.summary()["kept"]) == (5, 3)


def test_large_records_are_bounded_by_their_bytes() -> None:
    ledger = Ledger(size_bytes=10_000)
    for number in range(100):
        ledger.record(arrival(number, to="x" * 1_000))
    kept = numbers(ledger)
    assert kept[-1] == 100
    assert 5 <= len(kept) <= 9


def test_the_same_message_to_the_same_target_is_a_duplicate_and_to_another_is_not() -> None:
    ledger = Ledger()
    seen = [ledger.record(arrival(1, to=to)) for to in ("a", "b", "a")]
    assert seen == [False, False, True]
    assert (ledger.summary()["distinct"], ledger.summary()["duplicates"]) == (2, 1)


def test_a_duplicate_is_noticed_after_its_record_was_forgotten() -> None:
    ledger = Ledger(records=1)
    assert [ledger.record(arrival(number)) for number in (1, 2, 1)] == [False, False, True]
