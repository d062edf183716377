"""What other packages may use of groups."""

from groups.audiences.errors import AudienceNotFound
from groups.audiences.jobs import audience_handlers
from groups.audiences.sending import Target, audience_target, group_target, rule_version_of
from groups.audiences.service import (
    Frozen as Audience,
)
from groups.audiences.service import (
    freeze_audience,
    recipients,
    write_recipients,
)
from groups.definitions.errors import GroupArchived, GroupHeld, GroupInvalid, GroupNotFound
from groups.definitions.jobs import group_handlers as outbox_handlers
from groups.disclosures.jobs import disclosure_handlers
from groups.erasure.service import erase_resident
from groups.explanations.past import Sent, Source, SourceKind, why_sent
from groups.guard.jobs import preview_handlers
from groups.ingest.importing import FeedImporter
from groups.ingest.jobs import ingest_handlers
from groups.ingest.queries import WAKE_CHANNEL as FEED_CHANNEL
from groups.language.projection import to_lks92
from groups.registry.errors import FeedRefused
from groups.registry.feed.document import feed_document
from groups.registry.feed.manifest import feed_municipality
from groups.registry.generator.generate import GeneratedFeed, generate_feed
from groups.registry.ports import PreferenceRow, PreferenceSink
from groups.registry.reach import note_contacts, note_reach
from groups.registry.report import FileCounts, ImportSummary
from groups.registry.rules import Finding, Gates
from groups.registry.service import IMPORTED, Sinks, import_feed

__all__ = [
    "FEED_CHANNEL",
    "IMPORTED",
    "Audience",
    "AudienceNotFound",
    "FeedImporter",
    "FeedRefused",
    "FileCounts",
    "Finding",
    "Gates",
    "GeneratedFeed",
    "GroupArchived",
    "GroupHeld",
    "GroupInvalid",
    "GroupNotFound",
    "ImportSummary",
    "PreferenceRow",
    "PreferenceSink",
    "Sent",
    "Sinks",
    "Source",
    "SourceKind",
    "Target",
    "audience_handlers",
    "audience_target",
    "disclosure_handlers",
    "erase_resident",
    "feed_document",
    "feed_municipality",
    "freeze_audience",
    "generate_feed",
    "group_target",
    "import_feed",
    "ingest_handlers",
    "note_contacts",
    "note_reach",
    "outbox_handlers",
    "preview_handlers",
    "recipients",
    "rule_version_of",
    "to_lks92",
    "why_sent",
    "write_recipients",
]
