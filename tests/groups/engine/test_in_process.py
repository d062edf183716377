"""A small municipality lets the API's process follow; it does no less."""

from backend.kernel.clock import system_clock
from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from tests.drivers.installation import Installation
from tests.drivers.waiting import until
from tests.groups.engine.hamlet import Hamlet, of_age


async def test_the_apis_process_follows_where_it_is_told_to(
    installation: Installation, database: Database, vault: Vault
) -> None:
    hamlet = Hamlet(database, vault, system_clock)
    people = await hamlet.settle(3)
    group = await hamlet.group(of_age(18, 150))
    installation.settings["groups_engine"] = "inprocess"
    installation.start("serve")

    async def is_followed() -> bool:
        installation.check()
        return await hamlet.members(group) == set(people)

    await until(is_followed, "the group has its members")
    await hamlet.die(people[:1])
    people = people[1:]
    await until(is_followed, "the group has lost one")
