"""A rule is counted before a group is saved."""

import pytest
from sqlalchemy import func, select

from backend.kernel.db import Database
from backend.kernel.models import Base
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from tests.drivers.clock import SteeredClock
from tests.drivers.people import Caller, SignIn
from tests.groups.community import OfParish, Registry


async def rows_by_table(database: Database) -> dict[str, int]:
    """Count the rows of every table of the municipality."""
    counts: dict[str, int] = {}
    async with database.read([MunicipalityId(44000)]) as session:
        for table in Base.metadata.sorted_tables:
            counting = select(func.count()).select_from(table)
            counts[table.name] = await session.scalar(counting) or 0
    return counts


async def test_a_preview_counts_whom_the_rule_holds_for_today(
    communicator: Caller, registry: Registry, elsewhere: Registry, of_parish: OfParish
) -> None:
    await registry.settle(12)
    await registry.settle(11, "Ropažu pagasts")
    await elsewhere.settle(13)
    answer = await communicator.post("/groups/preview", {"rule": of_parish("Stopiņu pagasts")})
    assert answer.status_code == 200
    assert answer.json() == {
        "count": 12,
        "fewerThan": None,
        "asOf": "2026-11-20",
        "text": {"lv": "pagasts: „Stopiņu pagasts”", "en": "parish: “Stopiņu pagasts”"},
    }


@pytest.mark.parametrize(
    ("residents", "count", "fewer_than"), [(0, None, 10), (9, None, 10), (10, 10, None)]
)
async def test_a_count_below_ten_is_only_shown_as_fewer_than_ten_and_so_is_nobody(
    communicator: Caller,
    registry: Registry,
    of_parish: OfParish,
    residents: int,
    count: int | None,
    fewer_than: int | None,
) -> None:
    await registry.settle(residents)
    answer = await communicator.post("/groups/preview", {"rule": of_parish("Stopiņu pagasts")})
    assert (answer.json()["count"], answer.json()["fewerThan"]) == (count, fewer_than)


async def test_a_preview_leaves_nothing_but_its_answer_under_the_key_and_an_audit_entry(
    communicator: Caller, registry: Registry, database: Database, of_parish: OfParish
) -> None:
    await registry.settle(12)
    before = await rows_by_table(database)
    await communicator.post("/groups/preview", {"rule": of_parish("Stopiņu pagasts")})
    after = await rows_by_table(database)
    added = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert added == {"audit_entry": 1, "idempotency_key": 1}


async def test_the_day_of_a_preview_is_the_civil_day_in_latvia(
    sign_in: SignIn, clock: SteeredClock, of_parish: OfParish
) -> None:
    clock.advance(hours=13.5)  # 22:30 UTC is half past midnight in Riga
    communicator = await sign_in(PrincipalKind.STAFF, ["communicator"])
    answer = await communicator.post("/groups/preview", {"rule": of_parish("Stopiņu pagasts")})
    assert answer.json()["asOf"] == "2026-11-21"


async def test_a_faulty_rule_is_refused_with_a_pointer_to_every_fault(communicator: Caller) -> None:
    faulty = {
        "op": "and",
        "args": [
            {"op": "=", "args": [{"property": "shoe_size"}, 42]},
            {"op": "between", "args": [{"property": "age"}, 6, "three"]},
        ],
    }
    answer = await communicator.post("/groups/preview", {"rule": faulty})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "rule_invalid")
    assert {(fault["pointer"], fault["code"]) for fault in problem["errors"]} == {
        ("/rule/args/0/args/0/property", "unknown_property"),
        ("/rule/args/1/args/2", "wrong_type"),
    }


@pytest.mark.parametrize("rule", [None, [], "everybody", {}])
async def test_what_is_no_expression_is_no_rule(communicator: Caller, rule: object) -> None:
    answer = await communicator.post("/groups/preview", {"rule": rule})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/rule"


async def test_a_preview_without_a_rule_is_refused(communicator: Caller) -> None:
    answer = await communicator.post("/groups/preview", {})
    assert answer.status_code == 400
