"""A preview counts exactly, clause by clause, for a purpose, a day and a scope."""

from datetime import date

import pytest
from sqlalchemy import select

from backend.kernel.audit import AuditEntry
from backend.kernel.db import Database
from backend.kernel.principals import PrincipalKind
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.previews.asking import (
    asked,
    at_least,
    both,
    either,
    female,
    parish,
    preview,
    size,
)
from tests.groups.townsfolk import Facts, Townsfolk


async def test_a_preview_counts_whom_the_rule_holds_for_today_clause_by_clause(
    communicator: Caller, townsfolk: Townsfolk, neighbours: Townsfolk
) -> None:
    await townsfolk.settle(12, Facts(sex="female"))
    await townsfolk.settle(15, Facts(sex="male"))
    await townsfolk.settle(20, Facts(parish="Ropažu pagasts", sex="female"))
    await neighbours.settle(13)
    shown = await preview(communicator, both(parish(), female()))
    assert (size(shown), size(shown["everybody"])) == (12, 47)
    assert [(step["pointer"], size(step)) for step in shown["funnel"]] == [
        ("/rule/args/0", 27),
        ("/rule/args/1", 12),
    ]
    assert shown["funnel"][0]["text"]["en"] == "parish: “Stopiņu pagasts”"
    assert shown["asOf"] == "2026-11-20"
    assert shown["evaluatedBy"] in {"engine", "sql"}


async def test_the_steps_of_an_or_widen(communicator: Caller, townsfolk: Townsfolk) -> None:
    await townsfolk.settle(12)
    await townsfolk.settle(15, Facts(parish="Ropažu pagasts"))
    await townsfolk.settle(11, Facts(parish="Vangažu pilsēta"))
    shown = await preview(communicator, either(parish(), parish("Ropažu pagasts")))
    assert [size(step) for step in shown["funnel"]] == [12, 27]
    assert size(shown) == 27


@pytest.mark.parametrize(
    ("residents", "shown_as"), [(0, "fewer than 10"), (9, "fewer than 10"), (10, 10)]
)
async def test_a_count_below_ten_is_only_shown_as_fewer_than_ten_and_so_is_nobody(
    communicator: Caller, townsfolk: Townsfolk, residents: int, shown_as: int | str
) -> None:
    await townsfolk.settle(residents)
    await townsfolk.settle(30, Facts(parish="Ropažu pagasts"))
    assert size(await preview(communicator, parish())) == shown_as


async def test_a_preview_of_a_day_to_come_counts_those_who_will_be_old_enough(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(12, Facts(born=date(1990, 1, 1)))
    await townsfolk.settle(11, Facts(born=date(2009, 1, 10)))
    await townsfolk.settle(20, Facts(born=date(2020, 1, 1)))
    assert size(await preview(communicator, at_least(18))) == 12
    later = await preview(communicator, at_least(18), asOf="2027-01-10")
    assert (size(later), later["asOf"]) == (23, "2027-01-10")


@pytest.mark.parametrize("day", ["2026-11-19", "2027-11-22"])
async def test_a_day_past_or_more_than_a_year_ahead_is_refused(
    communicator: Caller, day: str
) -> None:
    answer = await asked(communicator, parish(), asOf=day)
    assert (answer.status_code, answer.json()["code"]) == (400, "preview_day_out_of_range")
    assert answer.json()["errors"][0]["pointer"] == "/asOf"


async def test_the_day_of_a_preview_is_the_civil_day_in_latvia(
    sign_in: SignIn, clock: SteeredClock
) -> None:
    clock.advance(hours=13.5)  # 22:30 UTC is half past midnight in Riga
    communicator = await sign_in(PrincipalKind.STAFF, ["communicator"])
    assert (await preview(communicator, parish()))["asOf"] == "2026-11-21"


async def test_only_an_operator_counts_over_all_municipalities(
    communicator: Caller, sign_in: SignIn, townsfolk: Townsfolk, neighbours: Townsfolk
) -> None:
    await townsfolk.settle(12)
    await neighbours.settle(13)
    await neighbours.settle(20, Facts(parish="Cits pagasts"))
    refused = await asked(communicator, parish(), scope="all")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_not_allowed")
    operator = await sign_in(PrincipalKind.STAFF, ["operator"])
    shown = await preview(operator, parish(), scope="all")
    assert (size(shown), size(shown["everybody"])) == (25, 45)


async def test_a_clause_outside_the_purpose_is_refused_at_its_spot(communicator: Caller) -> None:
    poor = {"op": "a_contains", "args": [{"property": "social_statuses"}, ["low_income"]]}
    answer = await asked(communicator, both(parish(), poor))
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["code"]) == (400, "outside_purpose")
    assert fault["pointer"].startswith("/rule/args/1/args/0")
    allowed = await asked(communicator, both(parish(), poor), purpose="social_support")
    assert allowed.status_code == 200


async def test_a_faulty_rule_is_refused_with_a_pointer_to_every_fault(communicator: Caller) -> None:
    faulty = both(
        {"op": "=", "args": [{"property": "shoe_size"}, 42]},
        {"op": "between", "args": [{"property": "age"}, 6, "three"]},
    )
    answer = await asked(communicator, faulty)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "rule_invalid")
    assert {(fault["pointer"], fault["code"]) for fault in problem["errors"]} == {
        ("/rule/args/0/args/0/property", "unknown_property"),
        ("/rule/args/1/args/2", "wrong_type"),
    }


@pytest.mark.parametrize("rule", [None, [], "everybody", {}])
async def test_what_is_no_expression_is_no_rule(communicator: Caller, rule: object) -> None:
    answer = await communicator.post("/groups/preview", {"rule": rule, "purpose": "safety"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/rule"


@pytest.mark.parametrize(
    "body", [{}, {"rule": parish()}, {"purpose": "safety"}, {"rule": parish(), "purpose": "spying"}]
)
async def test_a_preview_needs_a_rule_and_a_purpose(communicator: Caller, body: object) -> None:
    answer = await communicator.post("/groups/preview", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_that_a_preview_was_asked_for_is_audited_with_its_purpose(
    communicator: Caller, townsfolk: Townsfolk, database: Database
) -> None:
    await townsfolk.settle(12)
    await preview(communicator, parish(), purpose="safety")
    async with database.read([ROPAZI]) as session:
        (entry,) = await session.scalars(
            select(AuditEntry).where(AuditEntry.action == "group.previewed")
        )
    assert entry.actor.endswith(str(communicator.subject_id))
    assert entry.particulars == {
        "asOf": "2026-11-20",
        "count": 12,
        "purpose": "safety",
        "scope": "declared",
    }


async def test_a_repeat_under_the_same_key_gets_the_first_answer(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(12)
    body = {"rule": parish(), "purpose": "information"}
    first = await communicator.post("/groups/preview", body, key="k" * 16)
    await townsfolk.settle(12)
    again = await communicator.post("/groups/preview", body, key="k" * 16)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")


@pytest.mark.parametrize("role", ["approver", "official", "registrar", "administrator"])
async def test_who_neither_writes_nor_operates_previews_nothing(sign_in: SignIn, role: str) -> None:
    caller = await sign_in(PrincipalKind.STAFF, [role])
    assert (await asked(caller, parish())).status_code == 403
