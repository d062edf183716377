"""A whole synthetic feed of one municipality, written household by household."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random

from backend.kernel.territories.register import Territory, municipality_in_force
from groups.registry.errors import FeedRefused
from groups.registry.feed import files
from groups.registry.generator.belongings import Belongings
from groups.registry.generator.dwellings import Builder, Dwelling
from groups.registry.generator.households import Kin, make_household
from groups.registry.generator.people import Person, Registrar
from groups.registry.generator.places import Parish, parishes_of
from groups.registry.generator.schools import Schools
from groups.registry.generator.stays import Stays
from groups.registry.generator.writing import FeedWriter, write_manifest, writing

CITIZENSHIPS = {"lv": "LV", "ru": "LV", "uk": "UA", "en": "EE"}
RESIDENTS_PER_SCHOOL = 3_000
RESIDENTS_PER_PRESCHOOL = 1_500


@dataclass(frozen=True, slots=True)
class GeneratedFeed:
    """Where a feed was written and how many rows each file has."""

    directory: Path
    rows: Mapping[str, int]


@dataclass(slots=True)
class World:
    """Everything that deals out the parts of one feed."""

    writer: FeedWriter
    chance: Random
    registrar: Registrar
    builders: list[Builder]
    belongings: Belongings
    schools: Schools
    stays: Stays
    households: int = 0


def generate_feed(
    municipality_code: str, residents: int, seed: int, out: Path, *, today: date
) -> GeneratedFeed:
    """Write a synthetic full snapshot; the same arguments give the same bytes.

    People, addresses and animals are invented: codes have wrong check digits or an unused series,
    e-mail goes to `.invalid`. Mobile numbers count up from +37120000000 and are for simulators.

    Raises:
        FeedRefused: not the code of a municipality in force on that day.
    """
    produced_at = datetime.combine(today, time(3), UTC)
    territory = municipality_in_force(municipality_code, produced_at)
    if territory is None:
        raise FeedRefused(
            "manifest_invalid", detail=f"{municipality_code} is no municipality on {today}"
        )
    with writing(out) as writer:
        world = _world(territory, writer, seed, today)
        _found_schools(world, residents)
        left = residents
        while left > 0:
            left -= _settle(world, territory.code, left)
    write_manifest(out, territory.code, produced_at)
    return GeneratedFeed(out, dict(writer.rows))


def _world(territory: Territory, writer: FeedWriter, seed: int, today: date) -> World:
    chance = Random(f"{territory.code}/{seed}")  # noqa: S311 - synthetic people, not a secret
    builders = [
        Builder(parish, chance, f"{territory.code}-A{number}")
        for number, parish in enumerate(parishes_of(territory), start=1)
    ]
    return World(
        writer=writer,
        chance=chance,
        registrar=Registrar(chance, today),
        builders=builders,
        belongings=Belongings(chance, territory.code),
        schools=Schools(chance, territory.code),
        stays=Stays(chance, today),
    )


def _found_schools(world: World, residents: int) -> None:
    shares = sum(builder.parish.share for builder in world.builders)
    for builder in world.builders:
        people = residents * builder.parish.share / shares
        for kind, size in (
            ("preschool", RESIDENTS_PER_PRESCHOOL),
            ("school", RESIDENTS_PER_SCHOOL),
        ):
            for number in range(max(1, round(people / size))):
                address = _address(world, builder)
                row = world.schools.found(builder.parish, address.ref, kind, number)
                world.writer.write(files.INSTITUTIONS, [row])


def _address(world: World, builder: Builder) -> Dwelling:
    dwelling = builder.build()
    world.writer.write(files.ADDRESSES, [astuple(dwelling)])
    return dwelling


def _settle(world: World, code: str, most: int) -> int:
    """Write one household of at most `most` people; gives how many it has."""
    builder = world.chance.choices(
        world.builders, [builder.parish.share for builder in world.builders]
    )[0]
    kin = make_household(world.chance, world.registrar)
    members = list(kin.members)[:most]
    if len(members) < len(list(kin.members)):
        kin = Kin((), (), tuple(members))
    dwelling = _address(world, builder)
    world.households += 1
    household = f"{code}-H{world.households:07d}"
    write, belongings = world.writer.write, world.belongings
    write(files.HOUSEHOLDS, [(household, dwelling.ref)])
    write(
        files.RESIDENTS,
        [_resident(world, person, kin, dwelling.ref, household) for person in members],
    )
    write(files.CHILDREN, [(p.code, c.code) for p in kin.parents for c in kin.children])
    write(files.PETS, belongings.animals(kin))
    write(files.VEHICLES, belongings.vehicles(kin))
    world.stays.move_in(dwelling.ref)
    write(files.PROPERTIES, belongings.estate(kin, dwelling.ref, is_flat=bool(dwelling.flat)))
    for person in members:
        _equip(world, builder.parish, person)
    return len(members)


def _resident(
    world: World, person: Person, kin: Kin, address: str, household: str
) -> tuple[str, ...]:
    belongings = world.belongings
    return (
        person.code,
        person.former_codes,
        person.given_name,
        person.family_name,
        person.birth_on.isoformat(),
        person.sex,
        CITIZENSHIPS[person.language],
        person.language,
        address,
        household,
        belongings.interests(person),
        belongings.statuses(person, kin),
        "",
        world.stays.since(person),
    )


def _equip(world: World, parish: Parish, person: Person) -> None:
    world.writer.write(files.ATTENDANCE, world.schools.enrol(parish, person))
    world.writer.write(files.FORMER_ADDRESSES, world.stays.former(person))
    world.writer.write(files.CONTACTS, world.belongings.contacts(person))
    world.writer.write(files.PREFERENCES, world.belongings.preferences(person))
