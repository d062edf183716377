"""Sets of residents turn from masks into bitmaps and back without losing anybody."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from groups.evaluation.slots import bitmap_of, mask_of

BLOCK = 65_536


@pytest.mark.parametrize("size", [0, 1, 8, 9, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.06, 0.07, 0.5, 1.0])
def test_a_bitmap_has_exactly_those_whom_the_mask_marks(size: int, share: float) -> None:
    mask = np.random.default_rng(size).random(size) < share
    members = bitmap_of(mask)
    assert list(members) == np.flatnonzero(mask).tolist()
    assert BitMap.deserialize(members.serialize()) == members
    assert np.array_equal(mask_of(members, size), mask)


@pytest.mark.parametrize("count", [4_095, 4_096, 4_097])
@pytest.mark.parametrize("start", [0, BLOCK, BLOCK - 2_000])
def test_a_block_is_kept_as_a_list_or_as_bits_alike(count: int, start: int) -> None:
    mask = np.zeros(3 * BLOCK, np.bool_)
    mask[start : start + 3 * count : 3] = True
    assert list(bitmap_of(mask)) == list(range(start, start + 3 * count, 3))


@given(st.sets(st.integers(0, 4 * BLOCK)))
def test_a_bitmap_of_any_slots_has_these_slots(slots: set[int]) -> None:
    mask = np.zeros(4 * BLOCK + 1, np.bool_)
    mask[list(slots)] = True
    assert set(bitmap_of(mask)) == slots
