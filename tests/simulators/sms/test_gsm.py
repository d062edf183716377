"""Parts of a text, counted apart from the sender's own counting."""

import pytest

from backend.adapters.simulators.sms.gsm import gsm_parts, is_gsm, ucs_parts


@pytest.mark.parametrize(
    ("length", "parts"), [(1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)]
)
def test_160_plain_characters_fit_one_message_and_153_each_of_several(
    length: int, parts: int
) -> None:
    assert gsm_parts("x" * length) == parts


@pytest.mark.parametrize(("length", "parts"), [(80, 1), (81, 2), (152, 2), (153, 3)])
def test_an_extension_character_takes_two_places_and_is_not_divided(
    length: int, parts: int
) -> None:
    assert gsm_parts("€" * length) == parts


@pytest.mark.parametrize(("length", "parts"), [(70, 1), (71, 2), (134, 2), (135, 3)])
def test_70_latvian_characters_fit_one_message_and_67_each_of_several(
    length: int, parts: int
) -> None:
    assert ucs_parts("ū" * length) == parts


@pytest.mark.parametrize(("length", "parts"), [(35, 1), (36, 2), (66, 2), (67, 3)])
def test_a_surrogate_pair_is_not_divided(length: int, parts: int) -> None:
    assert ucs_parts("😀" * length) == parts


@pytest.mark.parametrize("letter", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ—–„“`\t")
def test_a_latvian_letter_or_typographic_mark_is_not_in_the_alphabet(letter: str) -> None:
    assert not is_gsm(f"abc{letter}")


def test_the_whole_alphabet_has_128_places_less_escape_and_ten_extensions() -> None:
    every = [chr(point) for point in range(0x10000) if is_gsm(chr(point))]
    assert len(every) == 127 + 10
