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


BLOCK = 65_536
"""Slots in one container of a roaring bitmap."""
MOST_LISTED = 4_096
"""A container of no more slots lists them; one of more has a bit for each slot of the block."""
WITHOUT_RUNS = 12_346
"""How a bitmap begins that has no containers of runs."""
INTEGER_BYTES = 4


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
    """Make a roaring bitmap of a mask; optimised for keeping.

    Written as the portable format and read by the library: given the slots one by one, it takes up to
    two hundred times as long. Source: RoaringBitmap/RoaringFormatSpec.
    """
    bits = np.packbits(mask, bitorder="little")
    blocks = np.zeros((-(-len(mask) // BLOCK), BLOCK // 8), np.uint8)
    blocks.reshape(-1)[: len(bits)] = bits
    sizes = np.bitwise_count(blocks).sum(axis=1, dtype=np.int64)
    taken = np.flatnonzero(sizes).tolist()
    if not taken:
        return BitMap()
    containers = [
        blocks[place].tobytes() if sizes[place] > MOST_LISTED else _listed(mask, place)
        for place in taken
    ]
    heads = np.stack([taken, sizes[taken] - 1], axis=1).astype("<u2").tobytes()
    start = 2 * INTEGER_BYTES + len(heads) + len(taken) * INTEGER_BYTES
    starts = np.cumsum([start, *map(len, containers[:-1])]).astype("<u4").tobytes()
    counts = np.array([WITHOUT_RUNS, len(taken)], "<u4").tobytes()
    members = BitMap.deserialize(b"".join([counts, heads, starts, *containers]))
    members.run_optimize()
    return members


def _listed(mask: Mask, place: int) -> bytes:
    return np.flatnonzero(mask[place * BLOCK : (place + 1) * BLOCK]).astype("<u2").tobytes()


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
