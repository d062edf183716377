"""Who may be told whom a group has, for how long, and for how long it is remembered."""

from datetime import timedelta
from enum import StrEnum

KEPT = timedelta(days=731)
"""How long residents see that they were disclosed: 24 months."""
READABLE = timedelta(hours=24)
"""How long a disclosure may be read, by the staff member who asked for it."""
MOST_EXPORTED = 50_000
"""Most members of one export."""
PAGE = 1_000
"""Names opened at once for an export."""


class DisclosureKind(StrEnum):
    """How members are disclosed."""

    LIST = "list"
    EXPORT = "export"
