"""Refusals about groups."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class GroupNotFound(DomainError):
    """No such group in the caller's municipality."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "group_not_found": Text(lv="Grupa nav atrasta", en="Group not found")
    }


class GroupArchived(DomainError):
    """The group was archived: it follows the data no longer and cannot be changed or sent to."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "group_archived": Text(lv="Grupa ir arhivēta", en="The group is archived")
    }


class GroupHeld(DomainError):
    """So many would leave the group that a person decides first; until then nothing is sent."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "group_held": Text(
            lv="Grupas izmaiņas gaida cilvēka lēmumu",
            en="A change of the group waits for a person's decision",
        )
    }


class GroupInvalid(DomainError):
    """The group's rule names what is no longer there; until it is mended nothing is sent."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "group_invalid": Text(
            lv="Grupas nosacījums vairs nav derīgs", en="The group's rule is not valid any more"
        )
    }


class GroupNotHeld(DomainError):
    """No change of the group waits for a decision."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "group_not_held": Text(
            lv="Grupai nav izmaiņu, kas gaidītu lēmumu", en="No change of the group is waiting"
        )
    }


class GroupVersionStale(DomainError):
    """Another person changed the group in the meantime (If-Match does not match)."""

    kind = Kind.PRECONDITION
    titles: ClassVar[Mapping[str, Text]] = {
        "group_version_stale": Text(
            lv="Grupu jau mainījis cits darbinieks", en="The group was changed by someone else"
        )
    }
