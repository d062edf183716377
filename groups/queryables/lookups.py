"""Which lists of values there are, and for which purpose one may be read."""

from collections.abc import Iterator, Mapping

from backend.kernel.models import Sensitivity
from groups.language.attributes import RESIDENT
from groups.language.things import Provenance, Purpose, Thing


def is_allowed(provenance: Provenance, purpose: Purpose | None) -> bool:
    """Tell whether something may be asked; without a purpose, whether it could be for one."""
    return purpose is None or purpose in provenance.purposes


def is_readable(provenance: Provenance, purpose: Purpose | None) -> bool:
    """Tell whether values may be read; special ones only for a purpose that allows them."""
    if purpose is None:
        return provenance.sensitivity != Sensitivity.SPECIAL
    return purpose in provenance.purposes


def _lookups(thing: Thing) -> Iterator[tuple[str, Provenance]]:
    for attribute in thing.attributes:
        if attribute.lookup is not None:
            yield attribute.lookup, attribute.provenance
    for relation in thing.relations:
        yield from _lookups(relation.target)


LOOKUPS: Mapping[str, Provenance] = dict(_lookups(RESIDENT))
"""Every list of values that the registry keeps for the catalogue, with where it is from."""
