"""A resident's groups over HTTP."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from backend.kernel.views import TextView
from groups.mine.queries import Belonging


class MyGroupView(Struct, rename="camel", frozen=True):
    """A group that the resident belongs to, and since when."""

    id: UUID
    label: TextView
    since: datetime


class MyGroupsView(Struct, rename="camel", frozen=True):
    """The resident's groups, the newest belonging first."""

    groups: list[MyGroupView]


def my_group_view(belonging: Belonging) -> MyGroupView:
    """Shape one group."""
    label = TextView(belonging.label_lv, belonging.label_en)
    return MyGroupView(belonging.group_id, label, belonging.since)
