"""SMS are counted as phones and operators count them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.sms.encoding import (
    GSM_BASIC,
    GSM_EXTENSION,
    Encoding,
    SmsCount,
    encoding_of,
    sms_parts,
    transliterate,
)
from notifications.channels.sms.text import sms_text

LATVIAN = "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ"
GSM = st.text(st.sampled_from(sorted(GSM_BASIC | GSM_EXTENSION)))
ANY = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "encoding", "parts", "units"),
    [
        ("", Encoding.GSM7, 0, 0),
        ("a" * 160, Encoding.GSM7, 1, 160),
        ("a" * 161, Encoding.GSM7, 2, 161),
        ("a" * 306, Encoding.GSM7, 2, 306),
        ("a" * 307, Encoding.GSM7, 3, 307),
        ("€" * 80, Encoding.GSM7, 1, 160),
        ("€" * 81, Encoding.GSM7, 2, 162),
        # 153 is odd: an escape and its character are not divided, so a part holds 76 of them.
        ("€" * 152, Encoding.GSM7, 2, 304),
        ("€" * 153, Encoding.GSM7, 3, 306),
        ("ā" * 70, Encoding.UCS2, 1, 70),
        ("ā" * 71, Encoding.UCS2, 2, 71),
        ("ā" * 134, Encoding.UCS2, 2, 134),
        ("ā" * 135, Encoding.UCS2, 3, 135),
        ("😀" * 35, Encoding.UCS2, 1, 70),
        # 67 is odd: a surrogate pair is not divided, so a part holds 33 of them.
        ("😀" * 66, Encoding.UCS2, 2, 132),
        ("😀" * 67, Encoding.UCS2, 3, 134),
        ("ā" + "a" * 65 + "😀" + "a" * 66, Encoding.UCS2, 3, 134),
    ],
)
def test_parts_are_counted_at_their_limits(
    text: str, encoding: Encoding, parts: int, units: int
) -> None:
    assert sms_parts(text) == SmsCount(encoding, parts, units)


def test_the_default_alphabet_is_complete() -> None:
    assert len(GSM_BASIC) == 127  # 128 places, one of which is the escape
    assert len(GSM_EXTENSION) == 10


@pytest.mark.parametrize("letter", LATVIAN)
def test_one_latvian_letter_turns_the_text_into_ucs_2(letter: str) -> None:
    assert encoding_of("Stop" + letter) is Encoding.UCS2
    assert encoding_of(transliterate("Stop" + letter)) is Encoding.GSM7


def test_latvian_is_written_with_its_base_letters() -> None:
    assert transliterate("Ķekavā ģērbies žņaudzēj, čūļš!") == "Kekava gerbies znaudzej, culs!"
    assert transliterate(unicodedata.normalize("NFD", LATVIAN)) == "acegiklnsuzACEGIKLNSUZ"


def test_letters_that_gsm_has_stay_and_typography_becomes_plain() -> None:
    assert transliterate("Ämari, Malmö, café") == "Ämari, Malmö, café"
    assert transliterate("„Ūdens” – 10\u00a0minūtes…") == '"Udens" - 10 minutes...'


@pytest.mark.parametrize("text", ["Привет", "й", "中文", "😀", "ﬁ", "\u0304"])
def test_a_character_without_a_fitting_letter_stays(text: str) -> None:
    assert transliterate(text) == text
    assert encoding_of(text) is Encoding.UCS2


@given(ANY)
def test_no_letter_is_ever_replaced_by_a_question_mark(text: str) -> None:
    assert transliterate(text).count("?") == unicodedata.normalize("NFC", text).count("?")


@given(ANY)
def test_transliterating_twice_changes_nothing_more(text: str) -> None:
    assert transliterate(transliterate(text)) == transliterate(text)


@given(GSM)
def test_a_gsm_text_is_left_as_it_is(text: str) -> None:
    assert transliterate(text) == text
    assert sms_parts(text).encoding is Encoding.GSM7


@given(ANY)
def test_units_are_what_the_alphabet_takes(text: str) -> None:
    count = sms_parts(text)
    if count.encoding is Encoding.UCS2:
        assert count.units == len(text.encode("utf-16-be")) // 2
    else:
        assert count.units == len(text) + sum(character in GSM_EXTENSION for character in text)


@given(ANY, ANY)
def test_a_longer_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert sms_parts(text + more).parts >= sms_parts(text).parts


def test_an_sms_says_exactly_its_body_or_else_its_title() -> None:
    assert sms_text("Title", " Body ") == " Body "
    assert sms_text("Title", " ") == "Title"
