"""Refusals of campaigns."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text
from notifications.campaigns.rules import ApprovalRefusal


class CampaignNotFound(DomainError):
    """No such campaign in the caller's municipality."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "campaign_not_found": Text(lv="Kampaņa nav atrasta", en="Campaign not found")
    }


class CampaignInvalid(DomainError):
    """The campaign's content is not allowed; the faults point at the fields."""

    kind = Kind.INVALID
    titles: ClassVar[Mapping[str, Text]] = {
        "campaign_invalid": Text(lv="Kampaņas saturs nav derīgs", en="The campaign is not valid")
    }


class CampaignStateConflict(DomainError):
    """The campaign is in a state that does not allow the step."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "campaign_state_conflict": Text(
            lv="Kampaņas stāvoklis to neļauj", en="The campaign's state does not allow it"
        )
    }


class CampaignChanged(DomainError):
    """What is approved is not what was seen: text, audience or cost have changed since."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "campaign_changed": Text(
            lv="Kampaņa kopš priekšskatījuma ir mainījusies",
            en="The campaign has changed since it was previewed",
        )
    }


class CampaignVersionStale(DomainError):
    """Another person edited the campaign in the meantime (If-Match does not match)."""

    kind = Kind.PRECONDITION
    titles: ClassVar[Mapping[str, Text]] = {
        "campaign_version_stale": Text(
            lv="Kampaņu jau mainījis cits darbinieks", en="The campaign was edited by someone else"
        )
    }


class ApprovalRefused(DomainError):
    """The caller may not approve this campaign."""

    kind = Kind.FORBIDDEN
    titles: ClassVar[Mapping[str, Text]] = {
        ApprovalRefusal.SAME_PERSON: Text(
            lv="Kampaņu apstiprina cits darbinieks", en="Another person must approve the campaign"
        ),
        ApprovalRefusal.NO_BREAK_GLASS: Text(
            lv="Steidzamais apstiprinājums ir tikai smagiem brīdinājumiem",
            en="Only grave alerts may be approved by one person",
        ),
        ApprovalRefusal.SPECIAL: Text(
            lv="Sūtījumu īpašu kategoriju grupai vienmēr apstiprina otrs darbinieks",
            en="A second person must approve what is sent by special categories of data",
        ),
    }
