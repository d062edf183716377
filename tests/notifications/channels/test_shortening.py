"""Long texts are cut where a reader would cut them."""

from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.shortening import json_bytes, shortened


def test_a_text_that_fits_is_left_alone() -> None:
    assert shortened("Ūdens", 100) == "Ūdens"


def test_a_long_text_ends_with_a_whole_word_and_an_ellipsis() -> None:
    assert shortened("Vāriet ūdeni vismaz desmit minūtes", 24) == "Vāriet ūdeni…"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 60))
def test_the_result_always_fits_and_is_a_beginning(text: str, limit: int) -> None:
    cut = shortened(text, limit)
    assert json_bytes(cut) <= limit
    assert cut == text or text.startswith(cut.removesuffix("…"))
