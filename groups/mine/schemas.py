"""A resident's groups over HTTP."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from groups.mine.queries import Belonging


class LabelView(Struct, rename="camel", frozen=True):
    """What residents call a group, in both languages."""

    lv: str
    en: str


class MyGroupView(Struct, rename="camel", frozen=True):
    """A group that the resident belongs to, and since when."""

    id: UUID
    label: LabelView
    since: datetime


class MyGroupsView(Struct, rename="camel", frozen=True):
    """The resident's groups, the newest belonging first."""

    groups: list[MyGroupView]


def my_group_view(belonging: Belonging) -> MyGroupView:
    """Shape one group."""
    label = LabelView(belonging.label_lv, belonging.label_en)
    return MyGroupView(belonging.group_id, label, belonging.since)
