"""Topics, and what a resident may choose for each; pure."""

from collections.abc import Sequence
from enum import StrEnum

from notifications.channels.ports import Channel

CHOOSABLE = (Channel.PUSH, Channel.WEB_PUSH, Channel.EMAIL, Channel.SMS)
"""Channels that a resident may order or leave out; the inbox always holds every message."""

DEFAULT = CHOOSABLE
"""What holds for a topic for which nothing was chosen."""

EVERY_OTHER = "*"
"""In the registry: every topic without a row of its own."""


class Topic(StrEnum):
    """What a message is about, as a resident would sort it."""

    SAFETY = "safety"
    ROADS = "roads"
    EDUCATION = "education"
    SOCIAL = "social"
    WASTE = "waste"
    CULTURE = "culture"
    COUNCIL = "council"
    TAXES = "taxes"
    SERVICES = "services"


TITLES: dict[Topic, tuple[str, str]] = {
    Topic.SAFETY: ("Drošība", "Safety"),
    Topic.ROADS: ("Ceļi un satiksme", "Roads and traffic"),
    Topic.EDUCATION: ("Izglītība", "Education"),
    Topic.SOCIAL: ("Sociālais atbalsts", "Social support"),
    Topic.WASTE: ("Atkritumi un vide", "Waste and environment"),
    Topic.CULTURE: ("Kultūra un sports", "Culture and sport"),
    Topic.COUNCIL: ("Dome un lēmumi", "Council and decisions"),
    Topic.TAXES: ("Nodokļi un maksājumi", "Taxes and payments"),
    Topic.SERVICES: ("Pakalpojumi", "Services"),
}
"""Each topic's title in Latvian and in English."""


class Source(StrEnum):
    """Who chose; a resident's own choice outlasts every registry feed."""

    REGISTRY = "registry"
    RESIDENT = "resident"


def choice_fault(channels: Sequence[str]) -> str | None:
    """Say what is wrong with an order of channels, or None; empty means the inbox alone."""
    strangers = sorted(set(channels).difference(CHOOSABLE))
    if strangers:
        return "cannot be chosen: " + ", ".join(strangers)
    if len(set(channels)) < len(channels):
        return "names a channel twice"
    return None


def repeated(topics: Sequence[str]) -> str | None:
    """Name the first topic that is chosen twice, or None."""
    return next((topic for at, topic in enumerate(topics) if topic in topics[:at]), None)
