"""Reading identity: only open residents, only one's own municipality, only live contact points."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from backend.residents import public
from tests.drivers.people import NAME, register_resident

HERE, THERE = MunicipalityId(44000), MunicipalityId(48000)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CODE = "32000000001"


@dataclass
class Town:
    """Writes residents as the import would."""

    database: Database
    vault: Vault

    async def settle(
        self, at: MunicipalityId, code: str, closed_at: datetime | None = None
    ) -> UUID:
        """Add a resident with a code, an e-mail address and a number."""
        return await register_resident(
            self.database,
            self.vault,
            code,
            municipality=at,
            contacts=(("sms", "+37120000001"), ("email", "anna@paraugi.invalid")),
            closed_at=closed_at,
        )


@pytest.fixture
def town(database: Database, vault: Vault) -> Town:
    """Give an empty town."""
    return Town(database, vault)


async def test_a_resident_is_found_by_either_spelling_of_a_code(town: Town) -> None:
    resident = await town.settle(HERE, "01019010001")
    async with town.database.read([HERE]) as session:
        for code in ("010190-10001", "01019010001"):
            assert await public.find_by_code(session, HERE, code, vault=town.vault) == resident
        assert await public.find_by_code(session, HERE, "nobody", vault=town.vault) is None


async def test_a_closed_resident_is_not_found(town: Town) -> None:
    resident = await town.settle(HERE, CODE, closed_at=NOW)
    async with town.database.read([HERE]) as session:
        assert await public.find_by_code(session, HERE, CODE, vault=town.vault) is None
        assert await public.contact_points(session, HERE, [resident]) == []
        assert await public.languages(session, HERE, [resident]) == {}
        assert await public.sealed_names(session, HERE, [resident]) == []


async def test_the_same_code_elsewhere_is_another_resident(town: Town) -> None:
    here, there = await town.settle(HERE, CODE), await town.settle(THERE, CODE)
    async with town.database.read([HERE]) as session:
        assert await public.find_by_code(session, HERE, CODE, vault=town.vault) == here
        # Row-level security answers for a caller who asks for another municipality's people.
        assert await public.find_by_code(session, THERE, CODE, vault=town.vault) is None
        assert await public.contact_points(session, THERE, [there]) == []


async def test_contact_points_of_many_come_at_once_and_open(town: Town) -> None:
    people = [await town.settle(HERE, f"3200000000{number}") for number in range(3)]
    async with town.database.read([HERE]) as session:
        points = await public.contact_points(session, HERE, people[:2])
        assert await public.languages(session, HERE, people) == dict.fromkeys(people, "lv")
    assert [(point.resident_id, point.kind) for point in points] == [
        (resident, kind) for resident in people[:2] for kind in ("email", "sms")
    ]
    opened = {public.open_contact(town.vault, point.value_sealed) for point in points}
    assert opened == {"anna@paraugi.invalid", "+37120000001"}


async def test_more_contact_points_can_be_asked_for_than_a_statement_has_parameters(
    town: Town,
) -> None:
    resident = await town.settle(HERE, CODE)
    crowd = [new_id() for _ in range(40_000)]
    async with town.database.read([HERE]) as session:
        points = await public.contact_points(session, HERE, [*crowd, resident])
    assert {point.resident_id for point in points} == {resident}


async def test_a_suppressed_contact_point_is_left_out_and_suppressed_once(town: Town) -> None:
    resident = await town.settle(HERE, CODE)
    async with town.database.write([HERE]) as session:
        points = await public.contact_points(session, HERE, [resident])
        dead = [point.id for point in points if point.kind == "email"]
        for expected in ([resident], []):
            suppressed = await public.suppress_contact_points(
                session, HERE, dead, reason="no_such_mailbox", now=NOW
            )
            assert suppressed == expected
        left = await public.contact_points(session, HERE, [resident])
    assert [point.kind for point in left] == ["sms"]


async def test_the_database_holds_no_name_code_or_address_in_the_clear(town: Town) -> None:
    await town.settle(HERE, CODE)
    async with town.database.read([HERE]) as session:
        rows = [
            str(await session.scalar(text(query)))
            for query in (
                "SELECT string_agg(t::text, '') FROM resident t",
                "SELECT string_agg(t::text, '') FROM resident_code t",
                "SELECT string_agg(t::text, '') FROM contact_point t",
            )
        ]
    hexed = "".join(rows)
    for plain in (*NAME, CODE, "anna@", "+37120000001"):
        assert plain.encode().hex() not in hexed
        assert plain not in hexed
