"""Disclosures of members as the APIs take and give them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.kernel.views import TextView
from backend.staff.public import StaffRole
from groups.disclosures.models import MemberDisclosure
from groups.disclosures.queries import Told
from groups.disclosures.rules import DisclosureKind
from groups.disclosures.service import Member

Reason = Annotated[
    str, Meta(min_length=10, max_length=500, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$(?!\n)")
]


class DisclosureInput(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Why the caller needs to know who is in the group; residents read it."""

    kind: DisclosureKind
    reason: Reason


class DisclosureView(Struct, rename="camel", frozen=True):
    """A disclosure: to be read for 24 hours by who asked for it."""

    id: UUID
    group_id: UUID
    kind: DisclosureKind
    members: int
    disclosed_at: datetime


class MemberView(Struct, rename="camel", frozen=True):
    """One member, by name."""

    resident_id: UUID
    given_name: str
    family_name: str
    since: datetime | None


class MemberPage(Struct, rename="camel", frozen=True):
    """Members of a disclosure; `next` is the `start` of the following page."""

    members: list[MemberView]
    next: int | None


class MyDisclosureView(Struct, rename="camel", frozen=True):
    """That staff were told that the resident belongs to a group.

    The group is named by its public label, or, where it has none, by what it is for.
    """

    disclosed_at: datetime
    group_label: TextView | None
    group_description: str | None
    kind: DisclosureKind
    reason: str
    staff_role: StaffRole


class MyDisclosuresView(Struct, rename="camel", frozen=True):
    """Disclosures of the last 24 months, the newest first."""

    disclosures: list[MyDisclosureView]


def disclosure_view(disclosure: MemberDisclosure, members: int) -> DisclosureView:
    """Shape a disclosure."""
    return DisclosureView(
        disclosure.id,
        disclosure.group_id,
        DisclosureKind(disclosure.kind),
        members,
        disclosure.disclosed_at,
    )


def member_page(members: Sequence[Member], following: int | None) -> MemberPage:
    """Shape a page of members."""
    listed = [
        MemberView(each.resident_id, each.given_name, each.family_name, each.since)
        for each in members
    ]
    return MemberPage(listed, following)


def my_disclosure_view(told: Told) -> MyDisclosureView:
    """Shape a disclosure as a resident is told of it."""
    group, disclosure = told.group, told.disclosure
    label = TextView(group.label_lv, group.label_en) if group.label_lv and group.label_en else None
    return MyDisclosureView(
        disclosed_at=disclosure.disclosed_at,
        group_label=label,
        group_description=None if label else group.description,
        kind=DisclosureKind(disclosure.kind),
        reason=disclosure.reason,
        staff_role=StaffRole(disclosure.staff_role),
    )
