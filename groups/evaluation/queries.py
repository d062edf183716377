"""Where each thing of the catalogue lies in the tables: only open rows, one municipality.

Things are tied together by sets of ids, not by joins: PostgreSQL keeps such a set as a hash table
made once, whatever it believes about the number of rows. With joins it nests loops over tables
that have no statistics yet, as they are after a first import, and a count takes minutes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, false, func, select
from sqlalchemy.orm import aliased

from backend.kernel.tenancy import MunicipalityId
from groups.registry.models import (
    Address,
    Attendance,
    Guardianship,
    Institution,
    Pet,
    Property,
    ResidentFact,
)

Column = SQLColumnExpression[object]
Condition = ColumnElement[bool]
Test = Callable[[Column], Condition]


def surely(condition: Condition) -> Condition:
    """Turn unknown into false, so that the condition may be negated."""
    return func.coalesce(condition, false())


def among(column: SQLColumnExpression[UUID | None], ids: Select[UUID]) -> Condition:
    """Say whether the column is one of the ids; never unknown.

    PostgreSQL would make a join of a bare IN; within COALESCE it stays a set.
    """
    return surely(column.in_(ids))


@dataclass(frozen=True, slots=True)
class Scope:
    """The open rows of one thing as a rule sees them."""

    municipality: MunicipalityId
    key: SQLColumnExpression[UUID]
    is_open: tuple[Condition, ...]
    columns: Mapping[str, Column]
    address_id: SQLColumnExpression[UUID | None] | None = None

    def passing(self, condition: Condition) -> Select[UUID]:
        """Select the ids of the open rows that pass."""
        return select(self.key).where(*self.is_open, condition)

    def tested(self, name: str, test: Test) -> Condition:
        """Write what is true where the attribute is known and passes the test."""
        if name in self.columns:
            return test(self.columns[name])
        if self.address_id is None:
            raise KeyError(name)
        place = addresses(self.municipality)
        return among(self.address_id, place.passing(test(place.columns[name])))


def addresses(municipality: MunicipalityId) -> Scope:
    """See the open addresses."""
    address = aliased(Address)
    return Scope(
        municipality,
        address.id,
        (address.municipality_id == municipality, address.closed_at.is_(None)),
        {
            "parish": address.parish,
            "town": address.town,
            "street": address.street,
            "postcode": address.postcode,
        },
    )


def residents(municipality: MunicipalityId) -> Scope:
    """See the open residents."""
    fact = aliased(ResidentFact)
    return Scope(
        municipality,
        fact.resident_id,
        (fact.municipality_id == municipality, fact.closed_on.is_(None)),
        {
            "birth_date": fact.birth_on,
            "sex": fact.sex,
            "language": fact.language,
            "citizenship": fact.citizenship,
        },
        fact.address_id,
    )


def institutions(municipality: MunicipalityId) -> Scope:
    """See the open institutions."""
    institution = aliased(Institution)
    return Scope(
        municipality,
        institution.id,
        (institution.municipality_id == municipality, institution.closed_on.is_(None)),
        {"kind": institution.kind, "name": institution.name},
    )


def properties(municipality: MunicipalityId) -> Scope:
    """See the open properties; the key is the owner's."""
    owned = aliased(Property)
    return Scope(
        municipality,
        owned.resident_id,
        (owned.municipality_id == municipality, owned.closed_on.is_(None)),
        {"kind": owned.kind},
        owned.address_id,
    )


def pets(municipality: MunicipalityId) -> Scope:
    """See the open pets; the key is the keeper's."""
    pet = aliased(Pet)
    return Scope(
        municipality,
        pet.resident_id,
        (pet.municipality_id == municipality, pet.closed_on.is_(None)),
        {"species": pet.species},
    )


def guardians(children: Scope, condition: Condition) -> Select[UUID]:
    """Select the guardians, by open guardianship, of the children that pass."""
    link = aliased(Guardianship)
    return select(link.guardian_id).where(
        link.municipality_id == children.municipality,
        link.closed_on.is_(None),
        among(link.child_id, children.passing(condition)),
    )


def attendants(attended: Scope, condition: Condition) -> Select[UUID]:
    """Select those who attend, openly, an institution that passes."""
    link = aliased(Attendance)
    return select(link.resident_id).where(
        link.municipality_id == attended.municipality,
        link.closed_on.is_(None),
        among(link.institution_id, attended.passing(condition)),
    )


@dataclass(frozen=True, slots=True)
class Path:
    """How a relation is followed: what lies at its end, and who has such a thing."""

    end: Callable[[MunicipalityId], Scope]
    holders: Callable[[Scope, Condition], Select[UUID]] = Scope.passing


PATHS: Mapping[str, Path] = {
    "children": Path(residents, guardians),
    "institutions": Path(institutions, attendants),
    "properties": Path(properties),
    "pets": Path(pets),
}
"""The path of each relation of the catalogue."""
