"""Deltas, and the forms in which the files of a feed may come."""

import gzip
import json
from collections.abc import Callable
from copy import deepcopy
from random import Random

import pytest

from groups.public import FeedRefused
from tests.groups.registry.driver import CHILD, FATHER, MOTHER, Registry, Row
from tests.groups.registry.test_slots import person

KEYS = {
    "addresses": ("ref",),
    "households": ("ref",),
    "institutions": ("ref",),
    "residents": ("personal_code",),
    "children": ("guardian_code", "child_code"),
    "attendance": ("personal_code", "institution_ref"),
    "pets": ("ref",),
    "properties": ("ref",),
    "vehicles": ("ref",),
    "former_addresses": ("personal_code", "address_ref", "since"),
    "contacts": ("personal_code", "kind", "value"),
    "preferences": ("personal_code", "topic"),
}
OPEN_STATE = {
    "address": "ref, parish, town, street, house, easting, northing FROM address WHERE closed_at IS NULL",
    "fact": (
        "c.digest, f.birth_on, f.sex, f.language, a.ref, h.ref, f.interests, f.social_statuses,"
        " f.residence, f.declared_since, f.reach FROM resident_fact f"
        " JOIN resident_code c ON c.resident_id = f.resident_id"
        " LEFT JOIN address a ON a.id = f.address_id LEFT JOIN household h ON h.id = f.household_id"
        " WHERE f.closed_on IS NULL"
    ),
    "pet": (
        "p.ref, c.digest, p.species FROM pet p JOIN resident_code c"
        " ON c.resident_id = p.resident_id WHERE p.closed_on IS NULL"
    ),
    "vehicle": (
        "p.ref, c.digest, p.kind, p.fuel FROM vehicle p JOIN resident_code c"
        " ON c.resident_id = p.resident_id WHERE p.closed_on IS NULL"
    ),
    "guardianship": (
        "g.digest, c.digest FROM guardianship e JOIN resident_code g"
        " ON g.resident_id = e.guardian_id JOIN resident_code c ON c.resident_id = e.child_id"
        " WHERE e.closed_on IS NULL"
    ),
    "contact": "value_digest, kind FROM contact_point WHERE closed_at IS NULL",
}


async def open_state(registry: Registry) -> dict[str, set[str]]:
    """Give what is open, whenever and in whatever order it came."""
    return {
        name: {repr(row) for row in await registry.select(f"SELECT {query}")}
        for name, query in OPEN_STATE.items()
    }


def difference(before: dict[str, list[Row]], after: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Write the delta between two full feeds."""
    delta: dict[str, list[Row]] = {}
    for subject, key in KEYS.items():
        old, new = (
            {tuple(row[name] for name in key): row for row in feed[f"{subject}.csv"]}
            for feed in (before, after)
        )
        rows = [row for named, row in new.items() if old.get(named) != row]
        gone = [
            dict(zip(key, named, strict=True)) | {"removed": "true"}
            for named in old.keys() - new.keys()
        ]
        if rows or gone:
            delta[subject] = rows + gone
    return delta


async def test_a_delta_changes_what_it_names_and_nothing_else(registry: Registry) -> None:
    await registry.deliver()
    before = await registry.everything()
    cat = {"ref": "M1", "owner_code": FATHER, "species": "cat"}
    summary = await registry.change(pets=[cat, {"ref": "M9", "removed": "true"}])
    after = await registry.everything()
    assert [table for table in before if before[table] != after[table]] == ["pet"]
    assert (summary.written, summary.landed, summary.rejected) == (1, 2, 0)


async def test_who_is_removed_is_closed_with_what_the_delta_says_of_them(
    registry: Registry,
) -> None:
    await registry.deliver()
    summary = await registry.change(
        residents=[{"personal_code": CHILD, "removed": "true"}],
        children=[{"guardian_code": MOTHER, "child_code": CHILD, "removed": "true"}],
        attendance=[{"personal_code": CHILD, "institution_ref": "S1", "removed": "true"}],
    )  # fmt: skip
    assert (summary.rejected, summary.written) == (0, 3)
    assert len(await registry.open_people()) == 2
    assert len(await registry.closed("guardianship")) == 1
    assert len(await registry.closed("attendance")) == 1


async def test_a_person_who_is_removed_and_was_never_known_is_not_made(registry: Registry) -> None:
    summary = await registry.change(residents=[{"personal_code": CHILD, "removed": "true"}])
    assert (summary.landed, summary.written) == (1, 0)
    assert await registry.open_people() == set()


async def test_who_only_removes_names_the_columns_of_the_key_alone(registry: Registry) -> None:
    await registry.deliver()
    for subject, key in KEYS.items():
        rows = [[*(row[name] for name in key), "true"] for row in registry.files[f"{subject}.csv"]]
        lines = "\n".join(map(",".join, [(*key, "removed"), *rows]))
        (registry.directory / f"{subject}.csv").write_text(lines)
    registry.write_manifest("delta")
    summary = await registry.load()
    assert (registry.report(), summary.rejected) == ([], 0)
    assert not any((await open_state(registry)).values())


async def test_a_row_that_does_not_remove_needs_every_required_column(registry: Registry) -> None:
    await registry.deliver()
    (registry.directory / "pets.csv").write_text("ref,species,removed\nM1,,true\nM2,cat,\n")
    registry.write_manifest("delta")
    summary = await registry.load()
    assert registry.report() == [("pets.csv", 3, "owner_code", "required")]
    assert (summary.files["pets.csv"].landed, summary.files["pets.csv"].rejected) == (1, 1)


@pytest.mark.parametrize(
    ("header", "column"), [("ref,species", "owner_code"), ("owner_code,species,removed", "ref")]
)
async def test_a_delta_that_cannot_be_understood_without_a_column_is_not_taken(
    registry: Registry, header: str, column: str
) -> None:
    await registry.deliver()
    (registry.directory / "pets.csv").write_text(header + "\n")
    registry.write_manifest("delta")
    await registry.load()
    assert registry.report() == [("pets.csv", 1, column, "column_missing")]


async def test_preferences_of_a_delta_leave_the_others(registry: Registry) -> None:
    await registry.deliver()
    await registry.change(
        preferences=[
            {"personal_code": MOTHER, "topic": "*", "removed": "true"},
            {"personal_code": FATHER, "topic": "roads", "channels": "sms"},
        ]
    )  # fmt: skip
    assert {(row.topic, row.channels) for row in registry.sink.rows} == {
        ("culture", ()),
        ("roads", ("sms",)),
    }


@pytest.mark.parametrize("seed", range(4))
async def test_random_deltas_end_in_the_state_of_one_full_load(
    registry: Registry, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - repeatable
    await registry.deliver()
    before = deepcopy(registry.files)
    for turn in range(5):
        _live_on(chance, registry.files, turn)
        await registry.change(**difference(before, registry.files))
        assert registry.report() == []
        before = deepcopy(registry.files)
    reached, people = await open_state(registry), await registry.slots()
    again = await registry.deliver()
    assert (again.rejected, await open_state(registry)) == (0, reached)
    assert again.written == 0
    assert await registry.slots() == people
    registry.municipality = "LV0048000"
    await registry.deliver()
    assert await open_state(registry) == reached


def _live_on(chance: Random, files: dict[str, list[Row]], turn: int) -> None:
    """Let people come, go, move, marry and buy."""
    people = files["residents.csv"]
    number = 100 + turn
    newcomer = person(number) | {"address_ref": chance.choice(("A1", "A2")), "sex": "female"}
    people.append(newcomer)
    code = newcomer["personal_code"]
    files["vehicles.csv"].append(
        {"ref": f"T{number}", "owner_code": code, "kind": "car", "fuel": "gas"}
    )
    files["contacts.csv"].append(
        {"personal_code": code, "kind": "sms", "value": f"+371210{number:05d}"}
    )
    guardian = chance.choice([row["personal_code"] for row in people[:-1]] or [FATHER])
    if guardian != FATHER:
        files["children.csv"].append({"guardian_code": guardian, "child_code": code})
    chance.choice(people)["interests"] = chance.choice(("sport", "culture|roads", ""))
    chance.choice(files["pets.csv"] or [{}])["species"] = chance.choice(("cat", "dog"))
    chance.choice(files["addresses.csv"])["house"] = str(chance.randint(1, 9))
    gone = chance.choice([row["personal_code"] for row in people])
    for file, rows in files.items():
        files[file] = [row for row in rows if gone not in row.values()]


async def test_ndjson_and_packed_files_say_what_csv_says(registry: Registry) -> None:
    await registry.deliver()
    before = await registry.everything()
    for path in sorted(registry.directory.glob("*.csv")):
        rows = registry.files[path.name]
        if path.stem in {"pets", "contacts"}:
            (path.parent / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        else:
            lines = "\n".join(json.dumps(_typed(row)) for row in rows).encode()
            packed = gzip.compress(lines) if path.stem == "residents" else lines
            ending = ".ndjson.gz" if path.stem == "residents" else ".ndjson"
            (path.parent / f"{path.stem}{ending}").write_bytes(packed)
        path.unlink()
    summary = await registry.load()
    assert registry.report() == []
    assert (summary.written, await registry.everything()) == (0, before)


def _typed(row: Row) -> dict[str, object]:
    """Write a row as JSON would: numbers as numbers, words as a list, nothing as null."""
    typed: dict[str, object] = {name: cell or None for name, cell in row.items()}
    for name in ("latitude", "longitude"):
        if row.get(name):
            typed[name] = float(row[name])
    for name in ("interests", "channels"):
        if row.get(name):
            typed[name] = row[name].split("|")
    return typed


async def test_a_bad_line_of_ndjson_costs_itself_only(registry: Registry) -> None:
    registry.write()
    (registry.directory / "pets.csv").unlink()
    good = {"ref": "M1", "owner_code": FATHER, "species": "dog"}
    lines = ['{"ref": ', json.dumps(good), "[1]", json.dumps({**good, "ref": "M2\t"}), ""]
    lines += [
        json.dumps({**good, "ref": "M3", "species": "dragon"}),
        json.dumps({**good, "ref": "\x00"}),
    ]
    (registry.directory / "pets.ndjson").write_text("\n".join(lines))
    summary = await registry.load()
    assert registry.report() == [
        ("pets.ndjson", 1, "", "json_broken"),
        ("pets.ndjson", 3, "", "json_broken"),
        ("pets.ndjson", 6, "species", "not_listed"),
        ("pets.ndjson", 7, "", "control_character"),
        ("pets.ndjson", 1, "", "closings_skipped"),
    ]
    assert summary.files["pets.ndjson"].landed == 2


async def test_a_file_in_two_forms_is_taken_once(registry: Registry) -> None:
    registry.write()
    (registry.directory / "pets.ndjson").write_text("{}\n")
    summary = await registry.load()
    assert registry.report() == [("pets.ndjson", 1, "", "file_repeated")]
    assert summary.files["pets.csv"].landed == 1


@pytest.mark.parametrize("damage", [lambda packed: packed[:-12], lambda packed: b"no" + packed])
async def test_a_packed_file_that_is_damaged_refuses_the_feed(
    registry: Registry, damage: Callable[[bytes], bytes]
) -> None:
    await registry.deliver()
    before = await registry.everything()
    path = registry.directory / "residents.csv"
    packed = gzip.compress(path.read_bytes())
    (registry.directory / "residents.csv.gz").write_bytes(damage(packed))
    path.unlink()
    with pytest.raises(FeedRefused) as refusal:
        await registry.load()
    assert refusal.value.code == "file_unreadable"
    assert await registry.everything() == before


async def test_the_column_removed_is_unknown_to_a_snapshot(registry: Registry) -> None:
    registry.files["pets.csv"][0]["removed"] = "true"
    await registry.deliver()
    assert registry.report() == [("pets.csv", 1, "removed", "column_unknown")]
