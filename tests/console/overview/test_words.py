"""Whatever the product can be in has words on the page, and figures are laid out truly."""

import pytest
from sqlalchemy.engine import make_url

from backend.console.overview.facts import is_embedded
from backend.console.overview.rules import STATES, counted, grouped
from backend.console.overview.texts import WORDS, word
from backend.kernel.settings.platform import Environment
from notifications.campaigns.rules import CampaignState
from notifications.messages.rules import Severity
from notifications.public import Channel, DeliveryState, MessageClass


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("delivery", DeliveryState),
        ("campaign", CampaignState),
        ("channel", Channel),
        ("class", MessageClass),
        ("severity", Severity),
        ("environment", Environment),
    ],
)
def test_every_value_has_a_word_in_both_languages(prefix: str, values: type[str]) -> None:
    for value in values:  # type: ignore[attr-defined] # each is an enumeration of texts
        for language in ("lv", "en"):
            assert word(f"{prefix}.{value.value}", language)


def test_no_text_is_empty() -> None:
    assert all(text.lv.strip() and text.en.strip() for text in WORDS.values())


def test_every_delivery_state_has_its_place_in_the_table() -> None:
    assert set(STATES) == {state.value for state in DeliveryState}
    assert len(STATES) == len(DeliveryState)


def test_a_channel_that_does_not_add_up_to_the_recipients_is_told() -> None:
    full = {"inbox": {"delivered": 3}, "sms": {"queued": 1, "accepted": 2}}
    assert counted(3, full).balances
    assert not counted(3, full | {"sms": {"queued": 1, "accepted": 1}}).balances
    assert not counted(2, full).balances


def test_what_waits_or_is_being_sent_is_not_done() -> None:
    states = {"queued": 1, "held": 2, "sending": 4, "accepted": 8, "suppressed": 16, "failed": 32}
    table = counted(63, {"sms": states})
    assert (table.targeted, table.done) == (63, 56)
    assert [state for state, _ in table.rows] == [state for state in STATES if state in states]


def test_thousands_stand_apart_as_the_language_does_it() -> None:
    assert grouped(1850000, "lv") == "1\u00a0850\u00a0000"
    assert grouped(1850000, "en") == "1,850,000"


@pytest.mark.parametrize(
    ("url", "embedded"),
    [
        ("postgresql://novads_app:x@/novads?host=/srv/novads/var/postgres/socket", True),
        ("postgresql://novads_app:x@/novads?host=/tmp/novads-0123456789ab", True),
        ("postgresql://novads_app:x@/novads?host=/var/run/postgresql", False),
        ("postgresql://novads_app:x@db.example.lv/novads", False),
    ],
)
def test_the_embedded_server_is_known_by_its_socket(url: str, *, embedded: bool) -> None:
    assert is_embedded(make_url(url)) is embedded
