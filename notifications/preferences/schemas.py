"""Preferences over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from backend.kernel.errors import Fault, InvalidInput
from backend.kernel.views import TextView
from notifications.preferences.rules import TITLES, Topic, choice_fault, repeated
from notifications.preferences.service import TopicPreference

Channels = Annotated[
    list[Literal["push", "web_push", "email", "sms"]],
    Meta(
        max_length=4,
        description="In order of preference; empty: the inbox alone.",
        examples=[["push", "email"]],
    ),
]


class ChannelChoice(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """The channels a resident wants for one topic."""

    channels: Channels


class TopicChoice(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """One topic and the channels a resident wants for it."""

    topic: Topic
    channels: Channels


class PreferencesRequest(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """All choices at once; a topic left out returns to the default."""

    choices: Annotated[list[TopicChoice], Meta(max_length=len(Topic))]


class TopicPreferenceView(Struct, rename="camel", frozen=True):
    """What holds for one topic, and who chose it (`default`: nobody yet)."""

    topic: Topic
    title: TextView
    channels: list[str]
    chosen_by: Literal["resident", "registry", "default"]
    changed_at: datetime | None


class PreferencesView(Struct, rename="camel", frozen=True):
    """What holds for the resident, topic by topic."""

    topics: list[TopicPreferenceView]


def checked_choices(request: PreferencesRequest) -> dict[Topic, list[str]]:
    """Accept all choices.

    Raises:
        InvalidInput: a topic stands twice, or a channel stands twice in one topic.
    """
    if topic := repeated([choice.topic for choice in request.choices]):
        raise InvalidInput(faults=[Fault("/choices", "repeated", f"names {topic} twice")])
    return {
        choice.topic: checked_channels(choice.channels, f"/choices/{at}/channels")
        for at, choice in enumerate(request.choices)
    }


def checked_channels(channels: Sequence[str], pointer: str) -> list[str]:
    """Accept an order of channels.

    Raises:
        InvalidInput: a channel stands twice.
    """
    if fault := choice_fault(channels):
        raise InvalidInput(faults=[Fault(pointer, "invalid_value", fault)])
    return list(channels)


def preferences_view(preferences: Sequence[TopicPreference]) -> PreferencesView:
    """Shape what holds for a resident."""
    return PreferencesView([topic_preference_view(each) for each in preferences])


def topic_preference_view(preference: TopicPreference) -> TopicPreferenceView:
    """Shape what holds for one topic."""
    return TopicPreferenceView(
        topic=preference.topic,
        title=TextView(*TITLES[preference.topic]),
        channels=[channel.value for channel in preference.channels],
        chosen_by=preference.source.value if preference.source is not None else "default",
        changed_at=preference.changed_at,
    )
