"""A resident's groups over HTTP."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from backend.kernel.views import TextView
from groups.mine.queries import Belonging, Belongings


class MyGroupView(Struct, rename="camel", frozen=True):
    """A group that the resident belongs to, and since when."""

    id: UUID
    label: TextView
    since: datetime


class MyGroupsView(Struct, rename="camel", frozen=True):
    """The resident's groups, the newest belonging first, followed up to the civil day `asOf`.

    `asOf` is null until the municipality's groups have been followed for the first time.
    """

    groups: list[MyGroupView]
    as_of: date | None


def my_groups_view(belongings: Belongings) -> MyGroupsView:
    """Shape a resident's groups."""
    return MyGroupsView([my_group_view(each) for each in belongings.groups], belongings.as_of)


def my_group_view(belonging: Belonging) -> MyGroupView:
    """Shape one group."""
    label = TextView(belonging.label_lv, belonging.label_en)
    return MyGroupView(belonging.group_id, label, belonging.since)
