"""Which file is staged where, encoded how and landed by what; in the order of references."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Table

from backend.kernel.personal_data import Vault
from backend.residents.public import CODES, CONTACTS, IDENTITIES
from groups.registry import landing, stages
from groups.registry.encoding import (
    Copy,
    encode_addresses,
    encode_contacts,
    encode_plain,
    encode_residents,
)
from groups.registry.feed import files
from groups.registry.feed.columns import FeedFile
from groups.registry.feed.rows import Judged

Encode = Callable[[Vault, Sequence[Judged]], Iterable[Copy]]


@dataclass(frozen=True, slots=True)
class Subject:
    """One file of the feed and its way into the tables."""

    feed: FeedFile
    stages: tuple[Table, ...]
    encode: Encode
    land: landing.Land


def _plain(feed: FeedFile, stage: Table, land: landing.Land) -> Subject:
    def encode(vault: Vault, batch: Sequence[Judged]) -> Iterable[Copy]:
        return encode_plain(vault, feed, stage, batch)

    return Subject(feed, (stage,), encode, land)


def _addresses(vault: Vault, batch: Sequence[Judged]) -> Iterable[Copy]:
    return encode_addresses(vault, files.ADDRESSES, batch)


def _residents(vault: Vault, batch: Sequence[Judged]) -> Iterable[Copy]:
    return encode_residents(vault, files.RESIDENTS, batch)


def _contacts(vault: Vault, batch: Sequence[Judged]) -> Iterable[Copy]:
    return encode_contacts(vault, files.CONTACTS, batch)


SUBJECTS = (
    Subject(files.ADDRESSES, (stages.ADDRESSES,), _addresses, landing.land_addresses),
    _plain(files.HOUSEHOLDS, stages.HOUSEHOLDS, landing.land_households),
    _plain(files.INSTITUTIONS, stages.INSTITUTIONS, landing.land_institutions),
    Subject(files.RESIDENTS, (IDENTITIES, CODES, stages.FACTS), _residents, landing.land_residents),
    _plain(files.CHILDREN, stages.CHILDREN, landing.land_children),
    _plain(files.ATTENDANCE, stages.ATTENDANCE, landing.land_attendance),
    _plain(files.PETS, stages.PETS, landing.land_pets),
    _plain(files.PROPERTIES, stages.PROPERTIES, landing.land_properties),
    Subject(files.CONTACTS, (CONTACTS,), _contacts, landing.land_contact_points),
    _plain(files.PREFERENCES, stages.PREFERENCES, landing.land_preferences),
)
