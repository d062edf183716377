"""Members are told to staff only for a reason, on the record, and each of them can read it."""

import asyncio
import csv
import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import func, select, update

from backend.kernel.audit import AuditEntry
from backend.kernel.db import Database
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.ids import new_id
from backend.kernel.outbox import lock_next_event, publish, remove
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import Settings
from backend.kernel.tenancy import MunicipalityId
from backend.worker.handlers import outbox_handlers
from groups.tables import MemberDisclosure, ResidentGroup
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignedIn, SignIn
from tests.groups.audiences.freezing import group_of
from tests.groups.previews.asking import parish
from tests.groups.townsfolk import Facts, Townsfolk

Json = dict[str, Any]
REASON = "Pārbaude pēc iesnieguma."
POOR = {"op": "a_contains", "args": [{"property": "social_statuses"}, ["low_income"]]}


async def ask(caller: Caller, group: str, kind: str = "list", reason: str = REASON) -> Response:
    """Ask who is in a group."""
    return await caller.post(f"/groups/{group}/disclosures", {"kind": kind, "reason": reason})


async def disclosed(caller: Caller, group: str, kind: str = "list") -> Json:
    """Ask who is in a group, and be told."""
    answer = await ask(caller, group, kind)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


def path_of(made: Json, file: str = "members") -> str:
    """Name where a disclosure is read."""
    return f"/groups/{made['groupId']}/disclosures/{made['id']}/{file}"


async def test_a_registrar_lists_members_by_name_page_by_page(
    registrar: Caller, group: Json, residents: Sequence[UUID]
) -> None:
    made = await disclosed(registrar, group["id"])
    assert (made["kind"], made["members"]) == ("list", 3)
    first = (await registrar.get(path_of(made), limit=2)).json()
    second = (await registrar.get(path_of(made), start=first["next"], limit=2)).json()
    listed = [*first["members"], *second["members"]]
    assert [each["residentId"] for each in listed] == [str(each) for each in residents]
    assert [each["familyName"] for each in listed] == ["Bērziņa", "Ozols", "-Kalniņa"]
    assert {each["since"] for each in listed} == {group["createdAt"]}
    assert second["next"] is None


async def test_the_pages_are_of_those_who_were_in_the_group_when_it_was_asked(
    registrar: Caller, group: Json, townsfolk: Townsfolk, communicator: Caller
) -> None:
    made = await disclosed(registrar, group["id"])
    await townsfolk.settle(5)
    assert (await communicator.post(f"/groups/{group['id']}/archiving")).status_code == 200
    page = (await registrar.get(path_of(made))).json()
    assert len(page["members"]) == 3


async def test_who_was_struck_off_is_not_named(
    registrar: Caller, group: Json, residents: Sequence[UUID], townsfolk: Townsfolk
) -> None:
    made = await disclosed(registrar, group["id"])
    await townsfolk.strike_off(residents[:1])
    page = (await registrar.get(path_of(made))).json()
    assert [each["residentId"] for each in page["members"]] == [str(r) for r in residents[1:]]
    assert (await disclosed(registrar, group["id"]))["members"] == 2


async def test_an_export_is_a_file_that_no_spreadsheet_takes_for_formulas(
    registrar: Caller, group: Json, residents: Sequence[UUID]
) -> None:
    made = await disclosed(registrar, group["id"], "export")
    answer = await registrar.get(path_of(made, "members.csv"))
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading == ["resident_id", "given_name", "family_name", "since"]
    assert [row[:3] for row in rows] == [
        [str(residents[0]), "Anna", "Bērziņa"],
        [str(residents[1]), "'=HYPERLINK(1)", "Ozols"],
        [str(residents[2]), "Līga", "'-Kalniņa"],
    ]


async def test_each_member_reads_when_why_and_by_whose_role_they_were_disclosed(
    registrar: Caller,
    communicator: Caller,
    residents: Sequence[UUID],
    townsfolk: Townsfolk,
    signed_in: SignedIn,
    sign_in: SignIn,
    clock: SteeredClock,
) -> None:
    (outsider,) = await townsfolk.settle(1, Facts(parish="Ropažu pagasts"))
    labelled = await communicator.post(
        "/groups",
        {
            "name": {"lv": "Iekšēja", "en": "Internal"},
            "publicLabel": {"lv": "Stopiņi", "en": "Stopiņi people"},
            "description": "Ziņas.",
            "purpose": "information",
            "rule": parish(),
        },
    )
    plain = await group_of(communicator, parish())
    await disclosed(registrar, labelled.json()["id"])
    clock.advance(hours=1)
    administrator = await sign_in(PrincipalKind.STAFF, ["administrator"])
    await disclosed(administrator, plain["id"], "export")
    for resident in residents:
        told = (await (await signed_in(resident)).get("/disclosures")).json()["disclosures"]
        assert [(each["kind"], each["staffRole"]) for each in told] == [
            ("export", "administrator"),
            ("list", "registrar"),
        ]
        assert told[1]["groupLabel"] == {"lv": "Stopiņi", "en": "Stopiņi people"}
        assert (told[0]["groupLabel"], told[1]["groupDescription"]) == (None, None)
        assert told[0]["groupDescription"]
        assert {each["reason"] for each in told} == {REASON}
        assert str(registrar.subject_id) not in str(told)
    answer = await (await signed_in(outsider)).get("/disclosures")
    assert answer.json() == {"disclosures": []}
    unknown = await (await signed_in(new_id())).get("/disclosures")
    assert unknown.json() == {"disclosures": []}


async def test_each_disclosure_is_audited_without_names_or_reason(
    registrar: Caller, group: Json, database: Database
) -> None:
    listed = await disclosed(registrar, group["id"])
    exported = await disclosed(registrar, group["id"], "export")
    async with database.read([ROPAZI]) as session:
        entries = await session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action.like("group.members%"))
            .order_by(AuditEntry.id)
        )
        found = [(each.action, each.object_id, each.particulars) for each in entries]
    assert found == [
        ("group.members_listed", group["id"], {"disclosureId": listed["id"], "members": 3}),
        ("group.members_exported", group["id"], {"disclosureId": exported["id"], "members": 3}),
    ]


@pytest.mark.parametrize("role", ["communicator", "approver", "official", "operator"])
async def test_others_of_staff_are_told_nothing(sign_in: SignIn, group: Json, role: str) -> None:
    caller = await sign_in(PrincipalKind.STAFF, [role])
    assert (await ask(caller, group["id"])).status_code == 403


async def test_a_disclosure_is_read_only_by_who_asked_and_as_what_was_asked(
    registrar: Caller, group: Json, sign_in: SignIn, communicator: Caller
) -> None:
    made = await disclosed(registrar, group["id"])
    other = await sign_in(PrincipalKind.STAFF, ["registrar"])
    elsewhere = await sign_in(PrincipalKind.STAFF, ["registrar"], municipality=MunicipalityId(1000))
    second = await group_of(communicator, parish())
    of_other_group = path_of({**made, "groupId": second["id"]})
    for caller, path in (
        (other, path_of(made)),
        (elsewhere, path_of(made)),
        (registrar, path_of(made, "members.csv")),
        (registrar, of_other_group),
        (registrar, path_of({**made, "id": str(new_id())})),
    ):
        answer = await caller.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "disclosure_not_found")


async def test_after_a_day_it_has_to_be_asked_again(
    registrar: Caller, group: Json, sign_in: SignIn, clock: SteeredClock
) -> None:
    made = await disclosed(registrar, group["id"])
    clock.advance(hours=24)
    again = await sign_in(PrincipalKind.STAFF, ["registrar"], subject_id=registrar.subject_id)
    answer = await again.get(path_of(made))
    assert (answer.status_code, answer.json()["code"]) == (410, "disclosure_ended")


async def test_a_group_by_special_categories_is_disclosed_only_for_social_support(
    registrar: Caller, communicator: Caller, townsfolk: Townsfolk, database: Database
) -> None:
    await townsfolk.settle(2, Facts(social_statuses=("low_income",)))
    poor = await group_of(communicator, POOR, "social_support")
    assert (await disclosed(registrar, poor["id"]))["members"] == 2
    through = await group_of(
        communicator, {"op": "in_group", "args": [poor["id"]]}, "social_support"
    )
    assert (await ask(registrar, through["id"])).status_code == 201
    for group in (poor, through):
        await give_purpose(database, group["id"], "information")
        answer = await ask(registrar, group["id"])
        assert (answer.status_code, answer.json()["code"]) == (403, "disclosure_refused")


async def test_an_archived_or_unknown_group_is_not_disclosed(
    registrar: Caller, communicator: Caller, group: Json
) -> None:
    assert (await ask(registrar, str(new_id()))).json()["code"] == "group_not_found"
    await communicator.post(f"/groups/{group['id']}/archiving")
    answer = await ask(registrar, group["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "group_archived")


@pytest.mark.parametrize("body", [{}, {"kind": "list"}, {"kind": "list", "reason": "īss"}])
async def test_without_a_reason_nothing_is_disclosed(
    registrar: Caller, group: Json, body: Json
) -> None:
    answer = await registrar.post(f"/groups/{group['id']}/disclosures", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_a_repeat_under_the_same_key_discloses_once_even_at_the_same_time(
    registrar: Caller, group: Json, database: Database
) -> None:
    body = {"kind": "list", "reason": REASON}
    path = f"/groups/{group['id']}/disclosures"
    answers = await asyncio.gather(*(registrar.post(path, body, key="k" * 16) for _ in range(3)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await disclosures(database) == 1


async def test_after_twenty_four_months_it_is_forgotten(
    registrar: Caller,
    group: Json,
    residents: Sequence[UUID],
    database: Database,
    settings: Settings,
    clock: SteeredClock,
    signed_in: SignedIn,
) -> None:
    await disclosed(registrar, group["id"])
    clock.advance(hours=24 * 732)
    told = await (await signed_in(residents[0])).get("/disclosures")
    assert told.json() == {"disclosures": []}
    handlers = outbox_handlers(settings, clock)
    async with database.write([ROPAZI]) as session:
        await publish(session, ROPAZI, HOUSEKEEPING_DUE, {}, clock())
    async with database.write([ROPAZI]) as session:
        while event := await lock_next_event(session, clock()):
            if event.topic == HOUSEKEEPING_DUE:
                await handlers[event.topic](session, event)
            await remove(session, event)
    assert await disclosures(database) == 0


async def disclosures(database: Database) -> int:
    """Count the disclosures on record."""
    async with database.read([ROPAZI]) as session:
        return await session.scalar(select(func.count()).select_from(MemberDisclosure)) or 0


async def give_purpose(database: Database, group: str, purpose: str) -> None:
    """Give a group a purpose that its rule does not allow, as an older catalogue might have."""
    async with database.write([ROPAZI]) as session:
        await session.execute(
            update(ResidentGroup).where(ResidentGroup.id == UUID(group)).values(purpose=purpose)
        )
