"""Slots and numbers: dense, given once, never to another."""

from random import Random

from tests.groups.registry.driver import FATHER, MOTHER, PERSON, Registry, Row


def person(number: int, household: str = "H1") -> Row:
    """Make the row of one more resident."""
    named = {"given_name": "Parauga", "family_name": f"Persona {number}"}
    return PERSON | named | {"personal_code": f"39{number:09d}", "household_ref": household}


async def numbers(registry: Registry, column: str, table: str) -> list[int]:
    """Give every number that is in use, in order."""
    rows = await registry.select(f"SELECT {column} FROM {table} ORDER BY 1")  # noqa: S608 - ours
    return [row[0] for row in rows if isinstance(row[0], int)]


async def test_slots_are_given_in_the_order_of_rows_without_gaps(registry: Registry) -> None:
    registry.files["residents.csv"].insert(1, person(1) | {"birth_on": "unreadable"})
    await registry.deliver()
    slots = await registry.slots()
    assert list(slots.values()) == [0, 1, 2]
    registry.files["residents.csv"][1].pop("birth_on")
    registry.files["residents.csv"].append(person(2))
    await registry.deliver()
    later = await registry.slots()
    assert {code: slot for code, slot in later.items() if code in slots} == slots
    assert sorted(later.values()) == [0, 1, 2, 3, 4]


async def test_who_is_closed_and_comes_back_has_their_slot_and_nobody_else_gets_it(
    registry: Registry,
) -> None:
    await registry.deliver()
    before = await registry.slots()
    row = registry.person(FATHER)
    registry.files["residents.csv"].remove(row)
    registry.files["residents.csv"].append(person(1))
    await registry.deliver()
    registry.files["residents.csv"].append(row)
    await registry.deliver()
    after = await registry.slots()
    assert (after[FATHER], after["39000000001"]) == (before[FATHER], 3)


async def test_slots_and_household_numbers_stay_dense_whatever_comes_and_goes(
    registry: Registry,
) -> None:
    chance = Random(5)  # noqa: S311 - repeatable
    slots, households = list[int](), list[int]()
    everyone = [person(number, f"H{number % 4}") for number in range(1, 30)]
    for _ in range(6):
        present = chance.sample(everyone, chance.randint(5, 25))
        registry.files["residents.csv"] = present
        refs = sorted({row["household_ref"] for row in present})
        registry.files["households.csv"] = [{"ref": ref, "address_ref": "A1"} for ref in refs]
        await registry.deliver()
        slots = await numbers(registry, "slot", "resident_fact")
        assert slots == list(range(len(slots)))
        households = await numbers(registry, "number", "household")
        assert households == list(range(len(households)))
    counter = await registry.select("SELECT next_slot, next_household FROM slot_counter")
    assert counter == [(len(slots), len(households))]


async def test_a_changed_code_keeps_the_slot(registry: Registry) -> None:
    await registry.deliver()
    slot = (await registry.slots())[MOTHER]
    registry.person(MOTHER).update(personal_code="32123456789", former_codes=MOTHER)
    await registry.deliver()
    assert (await registry.slots())["32123456789"] == slot
