"""Which file is staged where, encoded how and landed by what; in the order of references."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Table

from backend.residents.public import CODES, CONTACTS, EVERY_CODE, IDENTITIES
from groups.registry import landing, stages
from groups.registry.encoding import (
    Copy,
    Known,
    encode_addresses,
    encode_contacts,
    encode_plain,
    encode_residents,
)
from groups.registry.feed import files
from groups.registry.feed.columns import FeedFile

Encode = Callable[[Known], Iterable[Copy]]


@dataclass(frozen=True, slots=True)
class Subject:
    """One file of the feed and its way into the tables."""

    feed: FeedFile
    stages: tuple[Table, ...]
    encode: Encode
    land: landing.Land


def _plain(feed: FeedFile, stage: Table, land: landing.Land) -> Subject:
    def encode(rows: Known) -> Iterable[Copy]:
        return encode_plain(rows, stage)

    return Subject(feed, (stage,), encode, land)


SUBJECTS = (
    Subject(files.ADDRESSES, (stages.ADDRESSES,), encode_addresses, landing.land_addresses),
    _plain(files.HOUSEHOLDS, stages.HOUSEHOLDS, landing.land_households),
    _plain(files.INSTITUTIONS, stages.INSTITUTIONS, landing.land_institutions),
    Subject(
        files.RESIDENTS,
        (IDENTITIES, CODES, stages.FACTS),
        encode_residents,
        landing.land_residents,
    ),
    _plain(files.CHILDREN, stages.CHILDREN, landing.land_children),
    _plain(files.ATTENDANCE, stages.ATTENDANCE, landing.land_attendance),
    _plain(files.PETS, stages.PETS, landing.land_pets),
    _plain(files.PROPERTIES, stages.PROPERTIES, landing.land_properties),
    _plain(files.VEHICLES, stages.VEHICLES, landing.land_vehicles),
    _plain(files.FORMER_ADDRESSES, stages.FORMER_ADDRESSES, landing.land_stays),
    Subject(files.CONTACTS, (CONTACTS,), encode_contacts, landing.land_contact_points),
    _plain(files.PREFERENCES, stages.PREFERENCES, landing.land_preferences),
)
STAGED = (
    *(table for subject in SUBJECTS for table in subject.stages),
    EVERY_CODE,
    *stages.GATHERED,
)
"""Every temporary table of an import; one that no file fills stays empty."""
