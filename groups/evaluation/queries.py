"""Where each thing of the catalogue lies in the tables: only open rows, one municipality.

Things are tied together by sets of ids, not by joins: PostgreSQL keeps such a set as a hash table
made once, whatever it believes about the number of rows. With joins it nests loops over tables
that have no statistics yet, as they are after a first import, and a count takes minutes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    cast,
    false,
    func,
    inspect,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.ports import Scope
from groups.registry.models import (
    Address,
    Attendance,
    FormerAddress,
    Guardianship,
    Institution,
    Pet,
    Property,
    ResidentFact,
    Vehicle,
)

Column = SQLColumnExpression[Any]
Condition = ColumnElement[bool]
Test = Callable[[Column], Condition]

LEADING_DIGITS = "^[0-9]{1,4}"
"""What of a house is its number: 12 of 12A, nothing of a name."""


def surely(condition: Condition) -> Condition:
    """Turn unknown into false, so that the condition may be negated."""
    return func.coalesce(condition, false())


def among(column: Column, ids: Select[Any]) -> Condition:
    """Say whether the column is one of the ids; never unknown.

    PostgreSQL would make a join of a bare IN; within COALESCE it stays a set.
    """
    return surely(column.in_(ids))


@dataclass(frozen=True, slots=True)
class Point:
    """Coordinates in whole centimetres, and the table whose rows have them."""

    easting: Column
    northing: Column
    table: FromClause


@dataclass(frozen=True, slots=True)
class Rows:
    """The open rows of one thing as a rule sees them.

    `household_id` and `slot` are there for residents alone, `point` for addresses.
    """

    municipality: MunicipalityId
    key: Column
    is_open: tuple[Condition, ...]
    columns: Mapping[str, Column]
    address_id: Column | None = None
    household_id: Column | None = None
    slot: Column | None = None
    point: Point | None = None

    def passing(self, condition: Condition) -> Select[tuple[UUID]]:
        """Select the ids of the open rows that pass."""
        return select(self.key).where(*self.is_open, condition)

    def tested(self, name: str, test: Test) -> Condition:
        """Write what is true where the attribute is known and passes the test."""
        if name in self.columns:
            return test(self.columns[name])
        return self.placed(lambda place: test(place.columns[name]))

    def tested_once_each(self, name: str, test: Test) -> Condition:
        """Write the same, for a costly test: each text of the open addresses is tested once."""
        if name in self.columns:
            return test(self.columns[name])
        others = addresses(self.municipality)
        text: Column = others.columns[name].label("text")
        texts = select(text).where(*others.is_open).distinct().offset(0).subquery()
        passing = select(texts.c.text).where(test(texts.c.text))
        return self.placed(lambda place: among(place.columns[name], passing))

    def placed(self, test: Callable[["Rows"], Condition]) -> Condition:
        """Write what is true where the address is open and passes the test."""
        if self.address_id is None:
            raise KeyError("no address")
        place = addresses(self.municipality)
        return among(self.address_id, place.passing(test(place)))


def _centimetres(metres: Column) -> Column:
    """Round to whole centimetres, half to even, as numpy does."""
    return cast(func.round(metres * 100), BigInteger())


def addresses(municipality: MunicipalityId) -> Rows:
    """See the open addresses."""
    address = aliased(Address)
    return Rows(
        municipality,
        address.id,
        (address.municipality_id == municipality, address.closed_at.is_(None)),
        {
            "parish": address.parish,
            "town": address.town,
            "street": address.street,
            "house_number": cast(func.substring(address.house, LEADING_DIGITS), Integer),
            "postcode": address.postcode,
            "location": address.easting,
        },
        point=Point(
            _centimetres(address.easting),
            _centimetres(address.northing),
            inspect(address).selectable,
        ),
    )


def residents(municipality: MunicipalityId) -> Rows:
    """See the open residents, declared here or not."""
    fact = aliased(ResidentFact)
    return Rows(
        municipality,
        fact.resident_id,
        (fact.municipality_id == municipality, fact.closed_on.is_(None)),
        {
            "birth_date": fact.birth_on,
            "sex": fact.sex,
            "language": fact.language,
            "citizenship": fact.citizenship,
            "declared_since": fact.declared_since,
            "interests": fact.interests,
            "social_statuses": fact.social_statuses,
            "channels": fact.reach,
            "residence": fact.residence,
        },
        fact.address_id,
        fact.household_id,
        fact.slot,
    )


def institutions(municipality: MunicipalityId) -> Rows:
    """See the open institutions."""
    institution = aliased(Institution)
    return Rows(
        municipality,
        institution.id,
        (institution.municipality_id == municipality, institution.closed_on.is_(None)),
        {"kind": institution.kind, "name": institution.name},
    )


@dataclass(frozen=True, slots=True)
class Related:
    """The open rows that tie holders to the things at the end of a relation.

    `thing_id` is None where the rows are the things themselves. `anchor` names the column of the
    one who may be a holder; `holder` is what it is compared with.
    """

    holder: Column
    is_open: tuple[Condition, ...]
    things: Rows
    thing_id: Column | None = None
    anchor: Callable[[Rows], Column] = field(default=lambda rows: rows.key)

    def passing(self, condition: Condition) -> Condition:
        """Say of such a row whether its thing is open and passes."""
        if self.thing_id is None:
            return condition
        return among(self.thing_id, self.things.passing(condition))

    def holders(self, condition: Condition) -> Select[Any]:
        """Select those who have a thing that passes."""
        return select(self.holder).where(*self.is_open, self.passing(condition))

    def counted(
        self,
        certain: Condition,
        possible: Condition,
        test: Callable[[Column, Column], Condition],
    ) -> Select[Any]:
        """Select those who have things, so many for certain and so many perhaps that they pass."""
        counts = [
            func.count() if part is None else func.count().filter(part)
            for part in (self._part(certain), self._part(possible))
        ]
        return self.holders(true()).group_by(self.holder).having(test(counts[0], counts[1]))

    def _part(self, condition: Condition) -> Condition | None:
        return None if condition is true() else self.passing(condition)

    def held(self, rows: Rows, holders: Select[Any]) -> Condition:
        """Say of open rows whether they are among the holders; never unknown."""
        return among(self.anchor(rows), holders)


def _home(people: Rows) -> Column:
    if people.household_id is None:
        raise KeyError("no household")
    return people.household_id


def _household(municipality: MunicipalityId) -> Related:
    people = residents(municipality)
    return Related(_home(people), people.is_open, people, anchor=_home)


def _children(municipality: MunicipalityId) -> Related:
    link = aliased(Guardianship)
    is_open = (link.municipality_id == municipality, link.closed_on.is_(None))
    return Related(link.guardian_id, is_open, residents(municipality), link.child_id)


def _institutions(municipality: MunicipalityId) -> Related:
    link = aliased(Attendance)
    is_open = (link.municipality_id == municipality, link.closed_on.is_(None))
    return Related(link.resident_id, is_open, institutions(municipality), link.institution_id)


def _belongings(
    table: type[Property] | type[Vehicle] | type[Pet] | type[FormerAddress], *names: str
) -> Callable[[MunicipalityId], Related]:
    """Follow a relation to things that name the resident in their own row."""

    def related(municipality: MunicipalityId) -> Related:
        own = aliased(table)
        is_open = (own.municipality_id == municipality, own.closed_on.is_(None))
        columns = {name: getattr(own, name) for name in names}
        address_id = getattr(own, "address_id", None)
        things = Rows(municipality, own.resident_id, is_open, columns, address_id)
        return Related(own.resident_id, is_open, things)

    return related


RELATIONS: Mapping[str, Callable[[MunicipalityId], Related]] = {
    "household": _household,
    "children": _children,
    "institutions": _institutions,
    "properties": _belongings(Property, "kind"),
    "vehicles": _belongings(Vehicle, "kind", "fuel"),
    "pets": _belongings(Pet, "species"),
    "former_addresses": _belongings(FormerAddress, "since", "until"),
}
"""How each relation of the catalogue is followed."""


def in_scope(people: Rows, scope: Scope) -> Condition:
    """Say of open residents whether a rule is asked of them."""
    if scope is not Scope.LINKED:
        return people.columns["residence"] == "declared"
    owned, raised = _related("properties", people), _related("children", people)
    attended = _related("institutions", raised.things)
    attending = attended.held(raised.things, attended.holders(true()))
    return or_(
        owned.held(people, owned.holders(true())),
        raised.held(people, raised.holders(attending)),
    )


def _related(name: str, rows: Rows) -> Related:
    return RELATIONS[name](rows.municipality)


def everybody(people: Rows, scope: Scope) -> Condition:
    """Say who is asked: the open ones in scope."""
    return and_(*people.is_open, in_scope(people, scope))
