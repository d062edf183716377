"""Synthetic households: who lives with whom, and how old they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from groups.registry.generator.people import Person, Registrar, names

COMMUNITIES = ("lv", "ru", "uk", "en")
COMMUNITY_WEIGHTS = (66, 27, 4, 3)
KINDS = ("family", "couple", "alone", "one_parent", "old_couple", "old_alone", "generations")
KIND_WEIGHTS = (24, 15, 19, 9, 12, 15, 6)
CHILDREN = (1, 2, 3, 4)
CHILDREN_WEIGHTS = (44, 41, 12, 3)
SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class Kin:
    """One household: `parents` are the guardians of every one of `children`."""

    parents: tuple[Person, ...]
    children: tuple[Person, ...]
    others: tuple[Person, ...] = ()

    @property
    def members(self) -> Iterator[Person]:
        """Everyone who lives there, grown-ups first."""
        yield from self.parents
        yield from self.others
        yield from self.children


def make_household(chance: Random, registrar: Registrar) -> Kin:
    """Make one household of a usual kind."""
    community = chance.choices(COMMUNITIES, COMMUNITY_WEIGHTS)[0]
    family = chance.choice(names()[community].family)
    kind = chance.choices(KINDS, KIND_WEIGHTS)[0]
    if kind in {"family", "one_parent", "generations"}:
        return _with_children(chance, registrar, community, family, kind)
    old = kind.startswith("old")
    age = chance.randint(65, 92) if old else chance.randint(19, 64)
    first_sex = chance.choices(SEXES, (64, 36) if old else (46, 54))[0]
    first = registrar.born(community, family, first_sex, age)
    if kind in {"alone", "old_alone"}:
        return Kin((), (), (first,))
    other_sex = "male" if first_sex == "female" else "female"
    other_age = max(18, min(95, age + chance.randint(-5, 5)))
    return Kin((), (), (first, registrar.born(community, family, other_sex, other_age)))


def _with_children(
    chance: Random, registrar: Registrar, community: str, family: tuple[str, str], kind: str
) -> Kin:
    mother = registrar.born(community, family, "female", chance.randint(23, 52))
    parents = [mother]
    if kind != "one_parent":
        age = max(20, mother.age + chance.randint(-3, 6))
        parents.append(registrar.born(community, family, "male", age))
    oldest = min(17, min(parent.age for parent in parents) - 19)
    children = tuple(
        registrar.born(community, family, chance.choice(SEXES), chance.randint(0, oldest))
        for _ in range(chance.choices(CHILDREN, CHILDREN_WEIGHTS)[0])
    )
    others: tuple[Person, ...] = ()
    if kind == "generations":
        age = min(94, mother.age + chance.randint(20, 34))
        others = (registrar.born(community, family, chance.choice(SEXES), age),)
    return Kin(tuple(parents), children, others)
