"""What a good feed becomes, and what a second one changes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from typing_extensions import override

from backend.kernel.db import WriteSession
from backend.kernel.login_sessions import authenticate, open_session
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import (
    choose_language,
    contact_points,
    find_by_code,
    languages,
    open_names,
    sealed_names,
    suppress_contact_points,
)
from groups.public import FeedRefused, PreferenceRow
from tests.groups.registry.driver import CHILD, FATHER, MOTHER, ROPAZI, RecordingSink, Registry


class BrokenSink(RecordingSink):
    """A taker of preferences that fails after all else has been written."""

    @override
    async def replace(
        self,
        session: WriteSession,
        municipality_id: MunicipalityId,
        rows: AsyncIterator[Sequence[PreferenceRow]],
    ) -> int:
        """Fail."""
        raise ConnectionError


async def person_of(registry: Registry, code: str) -> UUID | None:
    """Find an open resident by a personal code."""
    async with registry.database.read([ROPAZI]) as session:
        return await find_by_code(session, ROPAZI, code, vault=registry.vault)


async def test_every_good_row_lands_and_the_counts_say_so(registry: Registry) -> None:
    summary = await registry.deliver()
    assert {name: counts.landed for name, counts in summary.files.items()} == {
        name: len(rows) for name, rows in registry.files.items()
    }
    assert (summary.rejected, summary.refused, registry.report()) == (0, (), [])
    assert summary.read == sum(len(rows) for rows in registry.files.values())


async def test_facts_stand_under_the_person_the_household_and_the_address(
    registry: Registry,
) -> None:
    await registry.deliver()
    rows = await registry.select(
        "SELECT f.birth_on, f.sex, f.language, f.interests, f.social_statuses, a.ref, h.ref"
        " FROM resident_fact f JOIN address a ON a.id = f.address_id"
        " JOIN household h ON h.id = f.household_id WHERE f.resident_id = :id",
        id=await person_of(registry, MOTHER),
    )
    statuses = (["culture", "roads"], ["large_family"])
    assert rows == [(date(1990, 1, 1), "female", "lv", *statuses, "A1", "H1")]


async def test_coordinates_are_kept_as_lks92_metres(registry: Registry) -> None:
    await registry.deliver()
    rows = await registry.select("SELECT ref, easting, northing FROM address ORDER BY ref")
    assert [row[0] for row in rows] == ["A1", "A2"]
    # The transformation's own figure for 56.937 N 24.302 E, see EPSG:3059.
    assert rows[0][1:] == (pytest.approx(518_389, abs=60), pytest.approx(310_397, abs=600))
    assert rows[1][1:] == (None, None)


async def test_names_and_codes_are_sealed_and_open_with_the_vault(
    registry: Registry, vault: Vault
) -> None:
    await registry.deliver()
    father = await person_of(registry, FATHER)
    assert father is not None
    async with registry.database.read([ROPAZI]) as session:
        (name,) = await sealed_names(session, ROPAZI, [father])
    assert open_names(vault, name.given_name_sealed, name.family_name_sealed) == (
        "Ģirts",
        "Paraugs",
    )
    assert "Ģirts".encode() not in name.given_name_sealed


async def test_the_family_hangs_together(registry: Registry) -> None:
    await registry.deliver()
    mother, father, child = [await person_of(registry, code) for code in (MOTHER, FATHER, CHILD)]
    pairs = await registry.select("SELECT guardian_id, child_id FROM guardianship")
    assert set(pairs) == {(mother, child), (father, child)}
    assert await registry.select("SELECT resident_id FROM attendance") == [(child,)]
    assert await registry.select("SELECT resident_id, species FROM pet") == [(father, "dog")]
    assert await registry.select("SELECT resident_id, kind FROM property") == [(mother, "building")]


async def test_preferences_are_handed_to_their_owner(registry: Registry) -> None:
    await registry.deliver()
    mother, father = await person_of(registry, MOTHER), await person_of(registry, FATHER)
    assert [(row.resident_id, row.topic, row.channels) for row in registry.sink.rows] == [
        (mother, "*", ("email", "sms")),
        (father, "culture", ()),
    ]


async def test_preferences_without_a_taker_are_reported(registry: Registry) -> None:
    registry.write()
    registry.sink = None  # type: ignore[assignment]  # an installation without the package above
    summary = await registry.load()
    assert summary.refused == ("preferences.csv",)
    assert registry.report() == [("preferences.csv", 1, "", "file_without_taker")]


async def test_the_same_feed_again_writes_no_row(registry: Registry) -> None:
    await registry.deliver()
    before = await registry.everything()
    assert all(before.values())
    again = await registry.load()
    assert await registry.everything() == before
    assert (again.written, again.landed) == (0, again.read)


async def test_another_order_and_spelling_of_the_same_rows_writes_no_row(
    registry: Registry,
) -> None:
    await registry.deliver()
    before = await registry.everything()
    for rows in registry.files.values():
        rows.reverse()
    registry.person(MOTHER)["personal_code"] = MOTHER.replace("-", "")
    registry.write(delimiter=";", encoding="utf-8-sig", newline="\r\n")
    await registry.load()
    assert await registry.everything() == before


async def test_one_changed_cell_changes_one_row(registry: Registry) -> None:
    await registry.deliver()
    before = await registry.everything()
    registry.files["pets.csv"][0]["species"] = "cat"
    summary = await registry.deliver()
    after = await registry.everything()
    assert summary.written == summary.files["pets.csv"].changed == 1
    assert [table for table in before if before[table] != after[table]] == ["pet"]


async def test_a_person_who_is_missing_is_closed_with_what_hangs_on_them(
    registry: Registry,
) -> None:
    await registry.deliver()
    father = await person_of(registry, FATHER)
    registry.drop("residents.csv", "personal_code", FATHER)
    registry.drop("children.csv", "guardian_code", FATHER)
    for file, column in (("pets", "owner_code"), ("contacts", "personal_code")):
        registry.drop(f"{file}.csv", column, FATHER)
    registry.drop("preferences.csv", "personal_code", FATHER)
    registry.drop("former_addresses.csv", "personal_code", FATHER)
    summary = await registry.deliver()
    assert (summary.files["residents.csv"].closed, summary.rejected) == (1, 0)
    assert await person_of(registry, FATHER) is None
    closed = await registry.select("SELECT id, closed_at FROM resident WHERE closed_at IS NOT NULL")
    assert closed == [(father, datetime(2026, 11, 20, 9, tzinfo=UTC))]
    for table in ("resident_fact", "guardianship", "pet"):
        assert await registry.closed(table) == [date(2026, 11, 20)], table
    assert len(await registry.select("SELECT 1 FROM contact_point WHERE closed_at IS NULL")) == 2


async def test_the_sessions_of_a_person_who_is_closed_end_and_nobody_elses(
    registry: Registry,
) -> None:
    await registry.deliver()
    tokens: list[str] = []
    for code in (FATHER, MOTHER):
        person = await person_of(registry, code)
        assert person is not None
        async with registry.database.write([ROPAZI]) as session:
            opened = open_session(
                session, ROPAZI, PrincipalKind.RESIDENT, person, now=registry.clock()
            )
        tokens.append(opened.token)
    for file, column in (("residents", "personal_code"), ("children", "guardian_code")):
        registry.drop(f"{file}.csv", column, FATHER)
    await registry.deliver()
    seen = [await authenticate(registry.database, token, registry.clock()) for token in tokens]
    assert [principal is not None for principal in seen] == [False, True]


async def test_a_person_who_comes_back_is_the_same_person(registry: Registry) -> None:
    await registry.deliver()
    everyone = await registry.open_people()
    row = registry.person(CHILD)
    registry.files["residents.csv"].remove(row)
    away = await registry.deliver()
    assert away.rejected == 3  # two guardianships and a preschool place name nobody now
    assert len(await registry.open_people()) == 2
    registry.files["residents.csv"].append(row)
    summary = await registry.deliver()
    assert await registry.open_people() == everyone
    residents = summary.files["residents.csv"]
    assert (residents.added, residents.changed, residents.closed) == (0, 1, 0)
    for table in ("resident_fact", "guardianship", "attendance"):
        assert await registry.closed(table) == [], table


async def test_a_changed_code_keeps_the_person_and_both_codes_find_them(
    registry: Registry,
) -> None:
    await registry.deliver()
    mother = await person_of(registry, MOTHER)
    new = "32123456789"
    registry.person(MOTHER).update(personal_code=new, former_codes=MOTHER)
    for file in ("children", "properties", "contacts", "preferences"):
        for row in registry.files[f"{file}.csv"]:
            row.update({column: new for column, value in row.items() if value == MOTHER})
    summary = await registry.deliver()
    assert summary.rejected == 0
    assert await person_of(registry, new) == await person_of(registry, MOTHER) == mother


async def test_a_file_that_is_absent_changes_and_closes_nothing(registry: Registry) -> None:
    await registry.deliver()
    before = await registry.everything()
    (registry.directory / "pets.csv").unlink()
    (registry.directory / "addresses.csv").unlink()
    summary = await registry.load()
    assert "pets.csv" not in summary.files
    assert await registry.everything() == before


async def test_a_place_known_before_the_first_resident_is_closed_when_it_is_missing(
    registry: Registry,
) -> None:
    people = dict(registry.files)
    registry.files = {"addresses.csv": people["addresses.csv"]}
    await registry.deliver()
    registry.files = people | {"addresses.csv": people["addresses.csv"][:1]}
    del registry.files["former_addresses.csv"]
    summary = await registry.deliver()
    assert (summary.files["addresses.csv"].closed, summary.rejected) == (1, 0)


async def test_a_resident_s_own_language_outlasts_the_registry(registry: Registry) -> None:
    await registry.deliver()
    mother = await person_of(registry, MOTHER)
    async with registry.database.write([ROPAZI]) as session:
        assert mother is not None
        await choose_language(session, ROPAZI, mother, "en")
    registry.person(MOTHER).update(language="ru", family_name="Cita")
    await registry.deliver()
    async with registry.database.read([ROPAZI]) as session:
        assert await languages(session, ROPAZI, [mother]) == {mother: "en"}


async def test_a_contact_point_called_dead_stays_dead_when_the_registry_repeats_it(
    registry: Registry,
) -> None:
    await registry.deliver()
    async with registry.database.write([ROPAZI]) as session:
        mother = await person_of(registry, MOTHER)
        assert mother is not None
        points = await contact_points(session, ROPAZI, [mother])
        mail = next(point.id for point in points if point.kind == "email")
        await suppress_contact_points(
            session, ROPAZI, [mail], reason="no_such_mailbox", now=registry.clock()
        )
    await registry.deliver()
    async with registry.database.read([ROPAZI]) as session:
        left = await contact_points(session, ROPAZI, [mother])
    assert [point.kind for point in left] == ["sms"]


async def test_another_municipality_is_not_touched(registry: Registry) -> None:
    await registry.deliver()
    before = await registry.everything()
    registry.municipality = "LV0048000"
    registry.files["residents.csv"][0]["given_name"] = "Cita"
    summary = await registry.deliver()
    assert summary.files["residents.csv"].added == 3
    sigulda = await registry.open_people()
    registry.municipality = "LV0044000"
    assert await registry.everything() == before
    assert not sigulda & await registry.open_people()


async def test_a_run_is_written_down_and_told_only_when_something_changed(
    registry: Registry,
) -> None:
    first, again = await registry.deliver(), await registry.load()
    runs = await registry.select(
        "SELECT id, counts -> 'pets.csv' ->> 'landed', feed_digest FROM registry_import ORDER BY id"
    )
    assert [run[:2] for run in runs] == [(first.import_id, "1"), (again.import_id, "1")]
    assert runs[0][2] == runs[1][2]
    told = await registry.select(
        "SELECT payload FROM outbox_event WHERE topic = 'registry.imported'"
    )
    assert told == [({"importId": str(first.import_id)},)]


async def test_two_imports_at_once_take_turns(registry: Registry) -> None:
    registry.write()
    second = replace(registry, report_path=registry.report_path.with_name("second.csv"))
    summaries = await asyncio.gather(registry.load(), second.load())
    assert sorted(bool(summary.written) for summary in summaries) == [False, True]
    assert len(await registry.open_people()) == 3


async def test_an_error_in_the_middle_leaves_everything_as_it_was(registry: Registry) -> None:
    await registry.deliver()
    before = await registry.everything()
    registry.person(MOTHER)["family_name"] = "Cita"
    registry.files["preferences.csv"].clear()
    registry.sink = BrokenSink()
    with pytest.raises(ConnectionError):
        await registry.deliver()
    assert await registry.everything() == before
    assert len(await registry.select("SELECT 1 FROM registry_import")) == 1
    assert registry.report() == []


async def test_a_report_beside_the_feed_is_not_taken_for_a_part_of_it(registry: Registry) -> None:
    registry.report_path = registry.directory / "report.csv"
    await registry.deliver()
    await registry.load()
    assert registry.report() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"municipality": "LV0055000"}, "manifest_invalid"),
        ({"municipality": "Ropaži"}, "manifest_invalid"),
        ({"produced_at": "2026-11-20T05:00:00"}, "manifest_invalid"),
        ({"produced_at": "yesterday"}, "manifest_invalid"),
        ({"produced_at": "9999-12-31T23:59:59Z"}, "manifest_invalid"),
    ],
)
async def test_a_feed_of_no_municipality_or_time_is_refused(
    registry: Registry, change: dict[str, str], code: str
) -> None:
    vars(registry).update(change)
    registry.write()
    with pytest.raises(FeedRefused) as refusal:
        await registry.load()
    assert refusal.value.code == code


async def test_a_directory_without_a_manifest_is_refused(registry: Registry) -> None:
    registry.directory.mkdir()
    with pytest.raises(FeedRefused) as refusal:
        await registry.load()
    assert refusal.value.code == "feed_not_found"


@pytest.mark.parametrize("content", [b"\xff", b'{"form":"\xff"}', b'{"more":' + b"[" * 100_000])
async def test_a_manifest_that_cannot_be_read_is_refused(
    registry: Registry, content: bytes
) -> None:
    registry.write()
    (registry.directory / "manifest.json").write_bytes(content)
    with pytest.raises(FeedRefused) as refusal:
        await registry.load()
    assert refusal.value.code == "manifest_invalid"
