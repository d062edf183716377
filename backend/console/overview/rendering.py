"""The page's HTML, from facts and a language."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.console.overview.facts import Facts
from backend.console.overview.rules import Counted, counted, grouped
from backend.console.overview.texts import DESCRIPTIONS, HEALTH, METRICS, word
from backend.kernel.languages import LANGUAGES
from backend.kernel.tenancy import MunicipalityId
from backend.kernel.territories.register import ZONE
from backend.kernel.territories.schemas import municipality_view
from notifications.public import LastCampaign

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
LANGUAGE_NAMES = {"lv": "Latviešu", "en": "English"}
MEASURES = ("received", "distinct", "duplicates", "refused", "receipts_sent")


def render_page(facts: Facts | None, language: str) -> str:
    """Write the whole page; without facts, only that the product runs and where to go next."""
    health = HEALTH if facts is None else (*HEALTH, METRICS)
    return TEMPLATES.get_template("page.html").render(
        **_common(language),
        facts=facts,
        languages={each: LANGUAGE_NAMES[each] for each in LANGUAGES},
        descriptions=DESCRIPTIONS,
        health=health,
        **(_figures(facts, language) if facts else {}),
    )


def render_live(facts: Facts, language: str) -> str:
    """Write the part of the page that changes while one looks at it."""
    return TEMPLATES.get_template("live.html").render(
        **_common(language), facts=facts, **_figures(facts, language)
    )


def _common(language: str) -> Mapping[str, object]:
    return {
        "language": language,
        "t": partial(word, language=language),
        "n": partial(grouped, language=language),
    }


def _figures(facts: Facts, language: str) -> Mapping[str, object]:
    campaign = facts.stored.campaign if facts.stored else None
    return {
        "campaign": campaign,
        "counters": _counted(campaign) if campaign else None,
        "municipality": _municipality(campaign.municipality, language) if campaign else "",
        "measures": MEASURES,
        "moment": partial(moment, language=language),
    }


def _counted(campaign: LastCampaign) -> Counted:
    counters = campaign.counters
    channels = {each.channel.value: each.states for each in counters.channels}
    return counted(counters.recipients, channels)


def _municipality(key: MunicipalityId, language: str) -> str:
    name = municipality_view(key).name
    return name.lv if language == "lv" else name.en


def moment(at: datetime, language: str) -> str:
    """Write an instant in local time, to the second."""
    local = at.astimezone(ZONE)
    return f"{local:%d.%m.%Y. %H:%M:%S}" if language == "lv" else f"{local:%d %b %Y, %H:%M:%S}"
