"""Since when synthetic people live where they do, and where they lived before."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from groups.registry.generator.people import Person

REMEMBERED = 500
"""How many of the latest dwellings people may have moved from."""
SETTLED_SHARE = 0.2
"""How many live where they were born."""
ARRIVED_SHARE = 0.4
"""How many of the others came from elsewhere, so that no former address is known."""
YEAR = 365
Cells = tuple[str, ...]


@dataclass(slots=True)
class Stays:
    """Deals out the days of moving in; `since` comes before `former` for the same person."""

    chance: Random
    today: date
    _dwellings: list[str] = field(default_factory=list[str])
    _moved: dict[str, date] = field(default_factory=dict[str, date])

    def move_in(self, address: str) -> None:
        """Let people have lived at an address."""
        self._dwellings.append(address)
        del self._dwellings[:-REMEMBERED]

    def since(self, person: Person) -> str:
        """Give the day since which a person is declared."""
        moved = person.birth_on
        if self.chance.random() >= SETTLED_SHARE:
            moved += timedelta(days=self.chance.randrange((self.today - moved).days + 1))
            self._moved[person.code] = moved
        return moved.isoformat()

    def former(self, person: Person) -> Iterator[Cells]:
        """Give at most one row of former_addresses.csv."""
        moved = self._moved.pop(person.code, None)
        if moved is None or not self._dwellings or self.chance.random() < ARRIVED_SHARE:
            return
        until = moved - timedelta(days=1)
        since = until - timedelta(days=self.chance.randrange(10 * YEAR))
        since = max(since, person.birth_on)
        if since <= until:
            address = self.chance.choice(self._dwellings)
            yield person.code, address, since.isoformat(), until.isoformat()
