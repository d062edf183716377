"""A case's state comes from its history alone, whatever the order of arrival."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.kernel.errors import Text
from backend.kernel.webhooks import Secrets
from backend.service_cases.rules import (
    STAGE_TITLES,
    CaseState,
    Person,
    Stage,
    StatusEvent,
    is_news,
    joined,
    state_after,
)

UNHURRIED = settings(deadline=None)
"""The cores are shared: how long one example takes says nothing."""

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TITLES = st.sampled_from([Text("Pieņemts", "Taken"), Text("Nodots", "Handed over")])


@st.composite
def feeds(draw: st.DrawFn) -> tuple[list[StatusEvent], list[StatusEvent]]:
    """Draw a case's events in order, and the same with repeats in an arbitrary order."""
    places = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8))
    events = [
        StatusEvent(
            event_id=f"event-{number}",
            case_number="P-1",
            person=Person("32000000000", None),
            service_code="S1",
            service_title=draw(TITLES),
            stage=draw(st.sampled_from(Stage)),
            status=f"word-{number}",
            step_title=draw(TITLES),
            occurred_at=START + timedelta(minutes=minutes),
            sequence=sequence,
            note=None,
        )
        for number, (sequence, minutes) in enumerate(places)
    ]
    orderly = sorted(events, key=lambda event: state_after(event).position)
    repeats = draw(st.lists(st.sampled_from(events), max_size=8))
    return orderly, draw(st.permutations([*events, *repeats]))


def state_of(events: Sequence[StatusEvent]) -> CaseState:
    """Take events in one by one."""
    return reduce(joined, (state_after(event) for event in events))


@UNHURRIED
@given(feeds())
def test_late_and_repeated_events_end_in_the_state_of_an_orderly_feed(
    feed: tuple[list[StatusEvent], list[StatusEvent]],
) -> None:
    orderly, disorderly = feed
    assert state_of(disorderly) == state_of(orderly)


@UNHURRIED
@given(feeds())
def test_the_state_is_what_the_last_event_of_the_history_says(
    feed: tuple[list[StatusEvent], list[StatusEvent]],
) -> None:
    orderly, disorderly = feed
    state, last = state_of(disorderly), orderly[-1]
    assert (state.stage, state.status, state.event_id) == (last.stage, last.status, last.event_id)
    assert state.opened_at == min(event.occurred_at for event in orderly)


@UNHURRIED
@given(feeds(), st.data())
def test_a_missing_event_changes_nothing_unless_it_is_an_end_of_the_history(
    feed: tuple[list[StatusEvent], list[StatusEvent]], data: st.DataObject
) -> None:
    orderly, _ = feed
    missing = data.draw(st.sampled_from(orderly))
    kept = [event for event in orderly if event is not missing]
    if kept and missing is not orderly[-1]:
        assert replace(state_of(kept), opened_at=START) == replace(
            state_of(orderly), opened_at=START
        )


@UNHURRIED
@given(feeds())
def test_an_event_that_leaves_the_state_as_it_was_is_no_news(
    feed: tuple[list[StatusEvent], list[StatusEvent]],
) -> None:
    orderly, disorderly = feed
    state = state_of(disorderly)
    assert not any(is_news(state, joined(state, state_after(event))) for event in orderly)


def test_a_first_event_a_new_stage_and_a_new_step_are_news_but_a_new_internal_word_is_not() -> None:
    state = CaseState(
        opened_at=START,
        sequence=1,
        occurred_at=START,
        event_id="e1",
        service_code="S1",
        service_title=Text("Pakalpojums", "Service"),
        stage=Stage.RECEIVED,
        status="new",
        step_title=Text("Saņemts", "Received"),
    )
    assert is_news(None, state)
    assert is_news(state, replace(state, sequence=2, stage=Stage.DECIDED))
    assert is_news(state, replace(state, sequence=2, step_title=Text("Nodots", "Handed over")))
    assert not is_news(state, replace(state, sequence=2, status="assigned"))


def test_every_stage_has_a_title_in_both_languages() -> None:
    assert set(STAGE_TITLES) == set(Stage)
    assert all(title.lv and title.en for title in STAGE_TITLES.values())


def test_a_rotated_secret_counts_until_its_overlap_ends_and_not_at_that_instant() -> None:
    secrets = Secrets("old", None, None).rotated("new", now=START, overlap=timedelta(hours=1))
    ends = START + timedelta(hours=1)
    assert secrets.valid_at(ends - timedelta(seconds=1)) == ("new", "old")
    assert secrets.valid_at(ends) == ("new",)


def test_a_leaked_secret_stops_at_once_and_a_second_rotation_drops_the_oldest() -> None:
    once = Secrets("first", None, None).rotated("second", now=START, overlap=timedelta(hours=1))
    assert Secrets("leaked", None, None).rotated("fresh", now=START, overlap=timedelta(0)).valid_at(
        START
    ) == ("fresh",)
    assert once.rotated("third", now=START, overlap=timedelta(hours=1)).valid_at(START) == (
        "third",
        "second",
    )
