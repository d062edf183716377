"""What the import needs from packages above this one; they are injected by the caller."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId


@dataclass(frozen=True, slots=True)
class PreferenceRow:
    """One resident's choice for one topic, as the registry knows it.

    `topic` is `*` for every topic without a row of its own. `channels` stand in the resident's
    order of preference; an empty tuple means the inbox alone. `is_removed`: the choice is no more.
    """

    resident_id: UUID
    topic: str
    channels: tuple[str, ...]
    is_removed: bool = False


class PreferenceSink(Protocol):
    """Keeps the preferences that the registry knows; its owner is the package above."""

    async def replace(
        self,
        session: WriteSession,
        municipality_id: MunicipalityId,
        rows: AsyncIterator[Sequence[PreferenceRow]],
    ) -> int:
        """Make the registry's preferences of a municipality equal to `rows`, which come in batches.

        A resident's own choice stays. Equal rows are left untouched; returns how many were changed.
        """
        ...

    async def change(
        self,
        session: WriteSession,
        municipality_id: MunicipalityId,
        rows: AsyncIterator[Sequence[PreferenceRow]],
    ) -> int:
        """Take over `rows` as `replace` does, but leave what they do not name as it was."""
        ...
