"""What other packages may use of groups."""

from groups.audiences.errors import AudienceNotFound
from groups.audiences.queries import Frozen as Audience
from groups.audiences.service import audience_members, freeze_audience
from groups.definitions.errors import GroupArchived, GroupNotFound
from groups.definitions.jobs import group_handlers as outbox_handlers
from groups.definitions.rules import MINIMUM_SHOWN
from groups.definitions.service import GroupForSending, group_for_sending
from groups.language.projection import to_lks92
from groups.memberships.queries import members_of
from groups.registry.errors import FeedRefused
from groups.registry.feed.document import feed_document
from groups.registry.generator.generate import GeneratedFeed, generate_feed
from groups.registry.ports import PreferenceRow, PreferenceSink
from groups.registry.report import FileCounts, ImportSummary
from groups.registry.service import IMPORTED, Sinks, import_feed

__all__ = [
    "IMPORTED",
    "MINIMUM_SHOWN",
    "Audience",
    "AudienceNotFound",
    "FeedRefused",
    "FileCounts",
    "GeneratedFeed",
    "GroupArchived",
    "GroupForSending",
    "GroupNotFound",
    "ImportSummary",
    "PreferenceRow",
    "PreferenceSink",
    "Sinks",
    "audience_members",
    "feed_document",
    "freeze_audience",
    "generate_feed",
    "group_for_sending",
    "import_feed",
    "members_of",
    "outbox_handlers",
    "to_lks92",
]
