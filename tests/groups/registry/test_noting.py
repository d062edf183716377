"""Whose facts changed is noted by slot: these residents, and no others."""

from collections.abc import Callable
from uuid import UUID

import pytest

from groups.public import note_reach
from tests.groups.registry.driver import CHILD, FATHER, MOTHER, ROPAZI, Registry, Row
from tests.groups.registry.test_slots import person

Change = Callable[[Registry], None]
Rows = dict[str, list[Row]]


def row(registry: Registry, file: str, number: int = 0) -> Row:
    """Give a row of the feed, to be changed in place."""
    return registry.files[f"{file}.csv"][number]


def drop(registry: Registry, file: str, number: int = 0) -> None:
    """Leave a row out."""
    del registry.files[f"{file}.csv"][number]


def add(registry: Registry, file: str, **cells: str) -> None:
    """Add a row."""
    registry.files[f"{file}.csv"].append(cells)


STAY = {"personal_code": CHILD, "address_ref": "A2", "since": "2021-05-05", "until": "2022-01-01"}
CHANGES: list[tuple[str, Change, set[str], dict[str, set[str]]]] = [
    ("a fact changes", lambda r: r.person(MOTHER).update(sex="male"), {MOTHER}, {}),
    ("a name changes", lambda r: r.person(MOTHER).update(family_name="Cita"), set(), {}),
    (
        "a resident goes",
        lambda r: r.drop("residents.csv", "personal_code", FATHER),
        {FATHER},
        {"children": {FATHER}, "former_addresses": {FATHER}},
    ),
    (
        "an address changes",
        lambda r: row(r, "addresses", 1).update(street="Jauna"),
        {FATHER},
        {"former_addresses": {FATHER}},
    ),
    (
        "the address of many changes",
        lambda r: row(r, "addresses").update(house="3"),
        {MOTHER, FATHER, CHILD},
        {"properties": {MOTHER}},
    ),
    ("an address comes", lambda r: add(r, "addresses", ref="A3", parish="P"), set(), {}),
    ("a household moves", lambda r: row(r, "households").update(address_ref="A2"), set(), {}),
    (
        "an institution changes",
        lambda r: row(r, "institutions").update(name="Cits"),
        {CHILD},
        {"institutions": {CHILD}},
    ),
    ("a guardian goes", lambda r: drop(r, "children"), {MOTHER}, {"children": {MOTHER}}),
    (
        "a guardian comes",
        lambda r: add(r, "children", guardian_code=MOTHER, child_code=FATHER),
        {MOTHER},
        {"children": {MOTHER}},
    ),
    ("an attendance ends", lambda r: drop(r, "attendance"), {CHILD}, {"institutions": {CHILD}}),
    ("a pet changes", lambda r: row(r, "pets").update(species="cat"), {FATHER}, {"pets": {FATHER}}),
    (
        "a pet changes hands",
        lambda r: row(r, "pets").update(owner_code=MOTHER),
        {FATHER, MOTHER},
        {"pets": {FATHER, MOTHER}},
    ),
    ("a pet goes", lambda r: drop(r, "pets"), {FATHER}, {"pets": {FATHER}}),
    (
        "a property changes",
        lambda r: row(r, "properties").update(kind="flat"),
        {MOTHER},
        {"properties": {MOTHER}},
    ),
    ("a property goes", lambda r: drop(r, "properties"), {MOTHER}, {"properties": {MOTHER}}),
    (
        "a vehicle changes",
        lambda r: row(r, "vehicles").update(fuel="petrol"),
        {MOTHER},
        {"vehicles": {MOTHER}},
    ),
    (
        "a vehicle comes",
        lambda r: add(r, "vehicles", ref="T2", owner_code=CHILD, kind="car"),
        {CHILD},
        {"vehicles": {CHILD}},
    ),
    (
        "a stay changes",
        lambda r: row(r, "former_addresses").update(until="2018-01-01"),
        {FATHER},
        {"former_addresses": {FATHER}},
    ),
    (
        "a stay comes",
        lambda r: add(r, "former_addresses", **STAY),
        {CHILD},
        {"former_addresses": {CHILD}},
    ),
    ("a resident is linked", lambda r: r.person(FATHER).update(residence="linked"), {FATHER}, {}),
    (
        "a day is declared",
        lambda r: r.person(FATHER).update(declared_since="2020-01-01"),
        {FATHER},
        {},
    ),
    ("the last mail address goes", lambda r: drop(r, "contacts"), {MOTHER}, {}),
    ("a preference changes", lambda r: row(r, "preferences").update(channels="sms"), set(), {}),
]


@pytest.mark.parametrize(
    ("change", "concerned", "of"), [each[1:] for each in CHANGES], ids=[c[0] for c in CHANGES]
)
async def test_a_change_notes_those_whom_it_concerns(
    registry: Registry, change: Change, concerned: set[str], of: dict[str, set[str]]
) -> None:
    await registry.deliver()
    slots = await registry.slots()
    assert await registry.noted() == (False, set(slots.values()))
    change(registry)
    await registry.deliver()
    changed = await registry.changed()
    assert (changed.everybody, changed.slots) == (False, {slots[code] for code in concerned})
    owned = {relation: {slots[code] for code in codes} for relation, codes in of.items()}
    assert changed.owned == owned


async def test_who_comes_back_and_who_is_new_is_noted(registry: Registry) -> None:
    await registry.deliver()
    row = registry.person(FATHER)
    registry.files["residents.csv"].remove(row)
    await registry.deliver()
    await registry.noted()
    registry.files["residents.csv"] += [row, person(1)]
    await registry.deliver()
    slots = await registry.slots()
    # What hung on the father was rejected without him, so it was never closed.
    assert await registry.noted() == (False, {slots[FATHER], slots["39000000001"]})


async def test_the_same_feed_again_notes_nothing(registry: Registry) -> None:
    await registry.deliver()
    await registry.noted()
    await registry.load()
    assert await registry.noted() == (False, set())


async def test_when_most_are_new_everybody_is_noted_and_not_each(registry: Registry) -> None:
    registry.files["residents.csv"] = [person(number) for number in range(1, 1_002)]
    await registry.deliver()
    assert await registry.noted() == (True, set())


@pytest.mark.parametrize(("changed", "noted"), [(1_000, (False, 1_000)), (1_001, (True, 0))])
async def test_each_is_noted_up_to_a_thousand_and_a_fifth_of_all(
    registry: Registry, changed: int, noted: tuple[bool, int]
) -> None:
    everyone = [person(number) for number in range(1, 1_102)]
    registry.files["residents.csv"] = everyone
    await registry.deliver()
    await registry.noted()
    for each in everyone[:changed]:
        each["sex"] = "male"
    await registry.deliver()
    everybody, slots = await registry.noted()
    assert (everybody, len(slots)) == noted


async def reach_of(registry: Registry, code: str) -> int:
    """Give the bits of a resident's reach."""
    slot = (await registry.slots())[code]
    ((reach,),) = await registry.select("SELECT reach FROM resident_fact WHERE slot = :s", s=slot)
    assert isinstance(reach, int)
    return reach


async def test_reach_follows_contact_points_and_what_packages_above_tell(
    registry: Registry,
) -> None:
    await registry.deliver()
    reached = [await reach_of(registry, code) for code in (MOTHER, FATHER, CHILD)]
    assert reached == [4 | 8, 8, 0]
    drop(registry, "contacts", 1)
    add(registry, "contacts", personal_code=CHILD, kind="email", value="kerija@paraugi.invalid")
    await registry.deliver()
    reached = [await reach_of(registry, code) for code in (MOTHER, FATHER, CHILD)]
    assert reached == [4, 8, 4]
    await registry.noted()
    slot = (await registry.slots())[MOTHER]
    rows = await registry.select("SELECT resident_id FROM resident_fact WHERE slot = :s", s=slot)
    people = [row[0] for row in rows if isinstance(row[0], UUID)]
    for reachable, bits in ((True, 4 | 1), (False, 4)):
        for again in (False, True):
            async with registry.database.write([ROPAZI]) as session:
                await note_reach(
                    session,
                    ROPAZI,
                    people,
                    "push",
                    reachable=reachable,
                    now=registry.clock(),
                )
            assert await reach_of(registry, MOTHER) == bits
            assert await registry.noted() == (False, set() if again else {slot})


async def test_values_are_entered_withdrawn_and_brought_back(registry: Registry) -> None:
    async def present(attribute: str) -> dict[object, bool]:
        rows = await registry.select(
            "SELECT value, withdrawn_on IS NULL FROM registry_value WHERE attribute = :a",
            a=attribute,
        )
        return {value: bool(is_open) for value, is_open in rows}

    await registry.deliver()
    assert await present("parish") == {"Stopiņu pagasts": True, "Ropažu pagasts": True}
    assert await present("institution_name") == {"Pienenīte": True}
    assert await present("interests") == {"culture": True, "roads": True}
    assert await present("social_statuses") == {"large_family": True}
    registry.person(MOTHER)["interests"] = "culture|sport"
    await registry.deliver()
    assert await present("interests") == {"culture": True, "roads": False, "sport": True}
    registry.person(FATHER)["interests"] = "roads"
    await registry.deliver()
    assert await present("interests") == {"culture": True, "roads": True, "sport": True}
