"""Whether a point lies in an area, written as SQL over whole centimetres."""

from collections.abc import Sequence

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.selectable import Subquery

from groups.evaluation.areas import RINGS, Banded
from groups.evaluation.queries import Column, Condition, Point, Rows

PARTS = ("of", "x1", "y1", "x2", "y2")
"""What is bound of each edge; the names are those of `areas.Edge`."""


def lies_in(place: Rows, area: Banded, *, holds: bool) -> Condition:
    """Say whether an address with coordinates lies in the area, or does not.

    Only points within the area's bounds are compared with edges.
    """
    if place.point is None:
        raise KeyError("no coordinates")
    box, x, y = area.box, place.point.easting, place.point.northing
    near = and_(
        x.between(_whole(box.west), _whole(box.east)),
        y.between(_whole(box.south), _whole(box.north)),
    )
    inside = case((near, _surrounded(place.point, area)), else_=false())
    return inside if holds else and_(place.columns["location"].is_not(None), not_(inside))


def _whole(number: int) -> ColumnElement[int]:
    return literal(number, BigInteger())


def _surrounded(point: Point, area: Banded) -> Condition:
    """Say of a point whether one polygon has it: its outer ring does, and no hole strictly."""
    ring = _rings(point, area)
    within_outer = and_(not_(ring.c.is_hole), or_(ring.c.on_edge, ring.c.is_odd))
    within_hole = and_(ring.c.is_hole, ring.c.is_odd, not_(ring.c.on_edge))
    return (
        select(true())
        .select_from(ring)
        .group_by(ring.c.polygon)
        .having(and_(func.bool_or(within_outer), not_(func.bool_or(within_hole))))
        .exists()
    )


def _rings(point: Point, area: Banded) -> Subquery:
    """Compare a point with each ring that has edges at its height, there or further east."""
    edge = _edges_beside(point, area)
    x, y, x1, y1, x2, y2 = (edge.c[name] for name in ("x", "y", "x1", "y1", "x2", "y2"))
    low, high = func.least(y1, y2), func.greatest(y1, y2)
    at_or_east = and_(y.between(low, high), x <= func.greatest(x1, x2))
    side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
    on_edge = and_(side == 0, x >= func.least(x1, x2))
    crosses = and_((y1 > y) != (y2 > y), (side > 0) == (y2 > y1))
    return (
        select(
            (edge.c.of // RINGS).label("polygon"),
            (edge.c.of % 2 == 1).label("is_hole"),
            func.bool_or(on_edge).label("on_edge"),
            (func.count().filter(crosses) % 2 == 1).label("is_odd"),
        )
        .where(at_or_east)
        .group_by(edge.c.of)
        .correlate(point.table)
        .subquery()
    )


def _edges_beside(point: Point, area: Banded) -> Subquery:
    """List the edges of the point's band, each beside the point."""
    starts = _bound(area.starts)
    band = cast((point.northing - _whole(area.box.south)) // _whole(area.height), Integer()) + 1
    first, last = starts[band] + 1, starts[band + 1]
    columns: list[Column] = [point.easting.label("x"), point.northing.label("y")]
    for part in PARTS:
        numbers = [int(getattr(edge, part)) for edge in area.edges]
        columns.append(func.unnest(_bound(numbers)[first:last]).label(part))
    return select(*columns).correlate(point.table).subquery()


def _bound(numbers: Sequence[int]) -> Grouping[Sequence[int]]:
    """Bind an array; in brackets, or what it is indexed by would be read as part of its type."""
    return Grouping(literal(list(numbers), ARRAY(BigInteger())))
