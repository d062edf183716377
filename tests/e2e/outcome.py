"""What a disturbed campaign must have come to, by what the simulators received."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from tests.e2e.feed import Person
from tests.e2e.town import Json, Phone

IDENTITY = {
    "fcm": ("messageId", "collapseId", "apnsCollapseId"),
    "web_push": ("messageId", "topic"),
    "smtp": ("messageId", "headerMessageId"),
    "sms": ("messageId", "reference", "id"),
}
"""By what a phone, a browser, a mail reader or the gateway knows a repeated message."""


def expected_addresses(
    people: Collection[Person], phones: Sequence[Phone], topic: str, *, is_binding: bool
) -> Mapping[str, set[str]]:
    """List where a campaign on all channels must arrive; preferences count unless it binds."""

    def may(person: Person, channel: str) -> bool:
        return is_binding or person.accepts(topic, channel)

    def of_kind(kind: str) -> set[str]:
        return {each.contacts[kind] for each in people if kind in each.contacts and may(each, kind)}

    return {
        "fcm": {each.token for each in phones if each.token and may(each.person, "push")},
        "web_push": {
            each.browser.endpoint
            for each in phones
            if each.browser and may(each.person, "web_push")
        },
        "smtp": of_kind("email"),
        "sms": of_kind("sms"),
    }


def assert_complete(
    arrivals: Mapping[str, Sequence[Json]], expected: Mapping[str, set[str]]
) -> None:
    """Everybody got each channel's message, and nobody else got any."""
    for simulator, addresses in expected.items():
        assert {each["to"] for each in arrivals[simulator]} == addresses, simulator


def repeats_in(arrivals: Mapping[str, Sequence[Json]]) -> Mapping[str, int]:
    """Count the repeated messages on each simulator; every repeat must be known as one."""
    for simulator, received in arrivals.items():
        names = {(each["to"], *(each[key] for key in IDENTITY[simulator])) for each in received}
        assert all(all(name) for name in names), f"{simulator}: something has no name"
        twice = [to for to, n in Counter(name[0] for name in names).items() if n > 1]
        assert not twice, f"{simulator}: different names for one message to {twice}"
    return {
        simulator: repeats
        for simulator, received in arrivals.items()
        if (repeats := len(received) - len({each["to"] for each in received}))
    }
