"""Takers of preferences in whose hands something happens while an import goes on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from typing_extensions import override

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.public import PreferenceRow, Sinks
from tests.groups.registry.driver import RecordingSink


async def nothing() -> None:
    """Let the import go on."""


@dataclass
class ActingSink(RecordingSink):
    """Does something in the middle of an import, before it is committed."""

    act: Callable[[], Awaitable[None]] = nothing

    @override
    async def replace(
        self,
        session: WriteSession,
        municipality_id: MunicipalityId,
        rows: AsyncIterator[Sequence[PreferenceRow]],
    ) -> int:
        """Act, and keep nothing."""
        await self.act()
        return 0


def acting(act: Callable[[], Awaitable[None]]) -> Sinks:
    """Give sinks that act in the middle of an import."""
    return Sinks(preferences=ActingSink(act=act))
