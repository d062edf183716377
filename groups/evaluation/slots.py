"""Sets of residents as bits: bitmaps for keeping, packed bits for counting and comparing.

A slot is `resident_fact.slot`: the resident's place, dense within a municipality, from 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from backend.kernel.tenancy import MunicipalityId

Mask: TypeAlias = NDArray[np.bool_]
"""One truth value for each slot of a municipality, in the order of slots."""


@dataclass(frozen=True, slots=True)
class PackedSlots:
    """Residents of one or more municipalities, one bit a slot, the lowest bit first.

    Cheap to make of a mask and to compare; trailing zero bytes mean nothing.
    """

    bits: Mapping[MunicipalityId, bytes]

    @classmethod
    def of_mask(cls, municipality: MunicipalityId, mask: Mask) -> "PackedSlots":
        """Pack a mask."""
        return cls({municipality: np.packbits(mask, bitorder="little").tobytes()})

    def joined(self, other: "PackedSlots") -> "PackedSlots":
        """Give both together; they name different municipalities."""
        return PackedSlots({**self.bits, **other.bits})

    def size(self) -> int:
        """Count the residents."""
        return sum(_ones(_array(bits)) for bits in self.bits.values())

    def differing(self, other: "PackedSlots") -> int:
        """Count the residents who are in one of the two sets only."""
        return sum(
            _differing(self.bits.get(each, b""), other.bits.get(each, b""))
            for each in {*self.bits, *other.bits}
        )

    def encoded(self) -> bytes:
        """Write for keeping."""
        return msgspec.msgpack.encode({int(key): bits for key, bits in self.bits.items()})

    @classmethod
    def decoded(cls, written: bytes) -> "PackedSlots":
        """Read what `encoded` wrote."""
        bits = msgspec.msgpack.decode(written, type=dict[int, bytes])
        return cls({MunicipalityId(key): value for key, value in bits.items()})


def bitmap_of(mask: Mask) -> BitMap:
    """Make a roaring bitmap of a mask; optimised for keeping."""
    members = BitMap(np.flatnonzero(mask).astype(np.uint32))
    members.run_optimize()
    return members


def mask_of(members: BitMap, size: int) -> Mask:
    """Make a mask of `size` slots; members beyond it are left out."""
    mask = np.zeros(size, dtype=np.bool_)
    places = np.array(members.to_array(), dtype=np.int64)
    mask[places[places < size]] = True
    return mask


def _array(bits: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(bits, dtype=np.uint8)


def _ones(bits: NDArray[np.uint8]) -> int:
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def _differing(one: bytes, other: bytes) -> int:
    shorter, longer = sorted((_array(one), _array(other)), key=len)
    common = len(shorter)
    return _ones(longer[:common] ^ shorter) + _ones(longer[common:])
