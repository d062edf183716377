"""A municipality whose registry is delivered, and everybody who asks the API about its groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from backend.kernel.db import Database
from backend.worker.loops import Turn
from groups.changes.queries import note_everybody
from groups.engine.engine import Engine
from groups.public import FeedImporter
from tests.contract.examples.recording import Book
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignedIn
from tests.groups.ingest.exporter import Exporter
from tests.groups.registry.driver import Registry
from tests.groups.townsfolk import GROWN, Facts, Townsfolk


@dataclass
class Story:
    """What the chapters share; each of them goes on where the one before it ended."""

    book: Book
    clock: SteeredClock
    database: Database
    staff: Caller
    approver: Caller
    exporter: Exporter
    importer: FeedImporter
    registry: Registry
    townsfolk: Townsfolk
    engine: Engine
    dispatch: Turn
    signed_in: SignedIn
    everybody: str = ""
    young: str = ""
    families: str = ""
    mother: Caller | None = None

    async def following(self) -> None:
        """Let a minute pass, and every group follow the facts."""
        self.clock.advance(minutes=1)
        await self.engine.follow_now()

    async def settle(self, count: int, born: date = GROWN) -> Sequence[UUID]:
        """Let people move to Stopiņi parish, as an import does."""
        residents = await self.townsfolk.settle(count, Facts(born=born))
        await self._note()
        return residents

    async def strike_off(self, residents: Sequence[UUID]) -> None:
        """Close residents, as an import does."""
        await self.townsfolk.strike_off(residents)
        await self._note()

    async def _note(self) -> None:
        async with self.database.write([ROPAZI]) as session:
            await note_everybody(session, ROPAZI, self.clock())

    def expiry(self) -> str:
        """Say until when a message counts that is written now."""
        return (self.clock() + timedelta(hours=12)).isoformat()
