"""A feed that would take too much away is held, and nothing changes, until a person lets it in."""

from dataclasses import astuple

import pytest

from groups.public import Gates
from tests.groups.registry.driver import Registry, Row
from tests.groups.registry.test_slots import person

KNOWN = 200


async def town(registry: Registry, known: int = KNOWN) -> list[Row]:
    """Import a town of residents who all have an address and no stray belongings."""
    everyone = [person(number) | {"sex": "female"} for number in range(1, known + 1)]
    for file in ("children", "attendance", "pets", "properties", "vehicles", "former_addresses"):
        registry.files[f"{file}.csv"] = []
    registry.files["contacts.csv"], registry.files["preferences.csv"] = [], []
    registry.files["residents.csv"] = everyone
    await registry.deliver()
    return everyone


@pytest.mark.parametrize(("left", "is_held"), [(160, False), (159, True)])
async def test_a_snapshot_may_lose_a_fifth_of_its_rows_and_no_more(
    registry: Registry,
    left: int,
    is_held: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    everyone = await town(registry)
    before = await registry.everything()
    registry.files["residents.csv"] = everyone[:left]
    summary = await registry.deliver()
    assert summary.is_held == is_held
    assert (await registry.everything() == before) == is_held
    found = [("gate_row_count", "residents.csv", "", left, KNOWN, 0, 0)] if is_held else []
    assert [astuple(each) for each in summary.findings] == found


async def test_a_held_feed_is_neither_recorded_nor_noted_and_comes_in_when_accepted(
    registry: Registry,
) -> None:
    everyone = await town(registry)
    await registry.noted()
    registry.files["residents.csv"] = everyone[:10]
    held = await registry.deliver()
    assert (held.is_held, held.landed, held.files["residents.csv"].read) == (True, 0, 10)
    assert len(await registry.select("SELECT 1 FROM registry_import")) == 1
    assert await registry.noted() == (False, set())
    accepted = await registry.load(Gates.ACCEPTED)
    assert (accepted.is_held, len(accepted.findings)) == (False, 1)
    assert accepted.files["residents.csv"].closed == KNOWN - 10


@pytest.mark.parametrize(("known", "is_held"), [(100, False), (101, True)])
async def test_a_small_register_is_not_gated(
    registry: Registry,
    known: int,
    is_held: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    everyone = await town(registry, known)
    registry.files["residents.csv"] = everyone[:5]
    assert (await registry.deliver()).is_held == is_held


@pytest.mark.parametrize(("blank", "is_held"), [(40, False), (41, True)])
async def test_a_column_may_become_empty_in_a_fifth_of_the_rows_and_no_more(
    registry: Registry,
    blank: int,
    is_held: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    everyone = await town(registry)
    for each in everyone[:blank]:
        each["sex"] = ""
    summary = await registry.deliver()
    assert summary.is_held == is_held
    found = [("gate_null_rate", "residents.csv", "sex", 200, 200, 41, 0)] if is_held else []
    assert [astuple(each) for each in summary.findings] == found


async def test_a_column_that_is_left_out_altogether_holds_the_feed(registry: Registry) -> None:
    everyone = await town(registry)
    for each in everyone:
        del each["sex"]
    registry.write()
    text = (registry.directory / "residents.csv").read_text()
    (registry.directory / "residents.csv").write_text(text.replace("sex", "gender", 1))
    summary = await registry.load()
    assert [each.column for each in summary.findings] == ["sex"]


async def test_rows_rejected_for_what_other_files_lack_hold_the_feed_too(
    registry: Registry,
) -> None:
    everyone = await town(registry)
    before = await registry.everything()
    for each in everyone[:41]:
        each["address_ref"] = "A9"
    summary = await registry.deliver()
    assert [(each.gate, each.rows) for each in summary.findings] == [("gate_row_count", 159)]
    assert await registry.everything() == before


@pytest.mark.parametrize(("gone", "is_held"), [(40, False), (41, True)])
async def test_a_delta_may_remove_a_fifth_and_no_more(
    registry: Registry,
    gone: int,
    is_held: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    everyone = await town(registry)
    rows = [{"personal_code": each["personal_code"], "removed": "true"} for each in everyone[:gone]]
    summary = await registry.change(residents=rows)
    assert summary.is_held == is_held
    assert summary.files["residents.ndjson"].closed == (0 if is_held else gone)


@pytest.mark.parametrize(("blank", "is_held"), [(40, False), (41, True)])
async def test_a_delta_may_blank_a_column_for_a_fifth_of_all_and_no_more(
    registry: Registry,
    blank: int,
    is_held: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    everyone = await town(registry)
    rows = [{**each, "sex": ""} for each in everyone[:blank]]
    assert (await registry.change(residents=rows)).is_held == is_held


async def test_rows_whose_key_cannot_be_read_keep_what_is_missing_from_being_closed(
    registry: Registry,
) -> None:
    everyone = await town(registry)
    everyone[0]["personal_code"] = "unreadable"
    registry.files["residents.csv"] = everyone[:190]
    summary = await registry.deliver()
    assert registry.report() == [
        ("residents.csv", 2, "personal_code", "code_form"),
        ("residents.csv", 1, "", "closings_skipped"),
    ]
    assert summary.files["residents.csv"].closed == 0
    assert len(await registry.open_people()) == KNOWN
