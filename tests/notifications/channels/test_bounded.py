"""What every sender promises, shown with a provider that does what the test says."""

import asyncio
from datetime import timedelta

import pytest

from backend.kernel.clock import system_clock
from notifications.channels.bounded import REFUSALS_BEFORE_STOP, BoundedSender
from notifications.channels.ports import Channel, Endpoint, Misconfigured, Outgoing, Result
from notifications.channels.verdict import CREDENTIALS, Verdict
from tests.notifications.channels.servers import Write

TAKEN = Verdict(Result.ACCEPTED, provider_ref="taken")
BY_VALUE = {
    "taken": TAKEN,
    "dead": Verdict(Result.FAILED, "endpoint_dead", is_dead=True),
    "later": Verdict(Result.RETRY, "throttled", retry_after_seconds=5.0),
    "lost": Verdict(Result.UNKNOWN, "answer_lost"),
    "us": CREDENTIALS,
}


class Scripted:
    """A provider whose verdict is the endpoint's value."""

    def __init__(self) -> None:
        """Start with nothing carried."""
        self.carried: list[str] = []
        self.under_way = self.most_under_way = 0
        self.is_closed = False

    async def carry(self, item: Outgoing, endpoint: Endpoint) -> Verdict:  # noqa: ARG002 - the port's
        """Give the verdict, after others had their turn."""
        self.carried.append(endpoint.value)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        for _ in range(3):
            await asyncio.sleep(0)
        self.under_way -= 1
        if endpoint.value == "fault":
            raise LookupError("a fault of our own, with a resident's number in its text")
        return BY_VALUE[endpoint.value]

    async def close(self) -> None:
        """Note it."""
        self.is_closed = True


@pytest.fixture
def provider() -> Scripted:
    """Give a provider."""
    return Scripted()


@pytest.fixture
def sender(provider: Scripted) -> BoundedSender:
    """Give a sender with three calls at a time."""
    return BoundedSender(Channel.PUSH, provider, concurrency=3, clock=system_clock)


@pytest.mark.parametrize(
    ("values", "result", "dead"),
    [
        (["taken", "dead", "lost", "later"], Result.ACCEPTED, [1]),
        (["dead", "later", "lost"], Result.UNKNOWN, [0]),
        (["dead", "later"], Result.RETRY, [0]),
        (["dead", "dead"], Result.FAILED, [0, 1]),
    ],
)
async def test_the_endpoints_of_one_delivery_add_up(
    sender: BoundedSender, write: Write, values: list[str], result: Result, dead: list[int]
) -> None:
    item = write(*values)
    (outcome,) = await sender.send([item])
    assert outcome.result is result
    assert outcome.dead == tuple(item.endpoints[place].id for place in dead)


async def test_outcomes_stand_in_the_order_of_the_items(
    sender: BoundedSender, write: Write
) -> None:
    values = ["taken", "later", "lost", "dead", "taken", "dead", "later"]
    outcomes = await sender.send([write(value) for value in values])
    assert [outcome.result for outcome in outcomes] == [BY_VALUE[v].result for v in values]


async def test_never_more_calls_are_under_way_than_allowed_even_over_several_batches(
    sender: BoundedSender, provider: Scripted, write: Write
) -> None:
    batches = [[write("taken") for _ in range(10)] for _ in range(4)]
    await asyncio.gather(*(sender.send(batch) for batch in batches))
    assert len(provider.carried) == 40
    assert provider.most_under_way == 3


async def test_what_has_expired_is_not_sent(
    sender: BoundedSender, provider: Scripted, write: Write
) -> None:
    (outcome,) = await sender.send([write("taken", expires_in=timedelta(seconds=-1))])
    assert (outcome.result, outcome.reason) == (Result.FAILED, "expired")
    assert provider.carried == []


async def test_a_delivery_without_an_endpoint_fails(sender: BoundedSender, write: Write) -> None:
    (outcome,) = await sender.send([write()])
    assert (outcome.result, outcome.reason) == (Result.FAILED, "no_endpoint")


async def test_nothing_to_send_is_nothing_sent(sender: BoundedSender) -> None:
    assert list(await sender.send([])) == []


async def test_a_fault_of_our_own_leaves_the_others_alone_and_tells_no_personal_data(
    sender: BoundedSender, write: Write
) -> None:
    outcomes = await sender.send([write("fault"), write("taken")])
    assert [outcome.result for outcome in outcomes] == [Result.UNKNOWN, Result.ACCEPTED]
    assert outcomes[0].reason == "unexpected:LookupError"


async def test_refused_credentials_stop_the_batch_and_raise(
    sender: BoundedSender, provider: Scripted, write: Write
) -> None:
    with pytest.raises(Misconfigured, match="credentials_refused"):
        await sender.send([write("us") for _ in range(500)])
    assert len(provider.carried) <= REFUSALS_BEFORE_STOP + 3


async def test_a_single_refusal_of_us_does_not_stop_an_alert(
    sender: BoundedSender, write: Write
) -> None:
    values = ["us", *["taken"] * 50, "us"]
    outcomes = await sender.send([write(value) for value in values])
    assert [outcome.result for outcome in outcomes[1:-1]] == [Result.ACCEPTED] * 50
    assert (outcomes[0].result, outcomes[0].reason) == (Result.RETRY, "credentials_refused")


async def test_refused_credentials_after_something_was_taken_repeat_nothing_taken(
    sender: BoundedSender, write: Write
) -> None:
    outcomes = await sender.send([write("taken"), *(write("us") for _ in range(30))])
    assert outcomes[0].result is Result.ACCEPTED
    assert {outcome.result for outcome in outcomes[1:]} == {Result.RETRY}


async def test_only_as_many_endpoints_are_called_as_the_channel_allows(
    provider: Scripted, write: Write
) -> None:
    sender = BoundedSender(
        Channel.SMS, provider, concurrency=1, clock=system_clock, endpoints_each=1
    )
    (outcome,) = await sender.send([write("taken", "dead")])
    assert provider.carried == ["taken"]
    assert outcome.dead == ()


async def test_a_cancelled_batch_leaves_no_call_behind(
    sender: BoundedSender, provider: Scripted, write: Write
) -> None:
    async def send_all() -> None:
        await sender.send([write("taken") for _ in range(100)])

    sending = asyncio.create_task(send_all())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    count = len(provider.carried)
    await asyncio.sleep(0)
    assert len(provider.carried) == count < 100


async def test_closing_closes_the_provider(sender: BoundedSender, provider: Scripted) -> None:
    await sender.close()
    assert provider.is_closed


def test_the_text_of_a_delivery_does_not_show_in_its_own_description(write: Write) -> None:
    item = write("+37120000001", title="Slepens", body="Slepens", link="https://slepens.invalid")
    for secret in ("+37120000001", "Slepens", "slepens", item.reference):
        assert secret not in repr(item)
