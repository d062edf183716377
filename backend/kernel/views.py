"""Parts of answers that every package gives alike."""

from msgspec import Struct


class TextView(Struct, rename="camel", frozen=True):
    """One text in Latvian and in English."""

    lv: str
    en: str
