"""The texts of one sending: by language and channel, with the inbox text as the default."""

from collections.abc import Mapping

from msgspec import UNSET, Struct, UnsetType

from notifications.channels.ports import Channel

REQUIRED_LANGUAGE = "lv"
"""Everything public exists in Latvian; other languages are added."""


class ChannelText(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """What one channel shows: a title (subject) and a body; SMS uses the body alone."""

    title: str
    body: str


class LanguageTexts(
    Struct, rename="camel", forbid_unknown_fields=True, frozen=True, omit_defaults=True
):
    """The texts in one language; a channel that is left out gets the inbox text."""

    inbox: ChannelText
    push: ChannelText | UnsetType = UNSET
    email: ChannelText | UnsetType = UNSET
    sms: ChannelText | UnsetType = UNSET


Texts = Mapping[str, LanguageTexts]
"""Texts by language (BCP 47 primary tag); Latvian is always there."""


def text_for(texts: Texts, language: str, channel: Channel) -> ChannelText:
    """Choose the text in the reader's language, else Latvian; Web Push shows the push text."""
    own = texts.get(language) or texts[REQUIRED_LANGUAGE]
    special: ChannelText | UnsetType = UNSET
    match channel:
        case Channel.PUSH | Channel.WEB_PUSH:
            special = own.push
        case Channel.EMAIL:
            special = own.email
        case Channel.SMS:
            special = own.sms
        case Channel.INBOX:
            pass
    return own.inbox if special is UNSET else special


def language_of(texts: Texts, language: str) -> str:
    """Tell in which of the texts' languages a resident is served."""
    return language if language in texts else REQUIRED_LANGUAGE
