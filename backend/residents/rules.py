"""Forms of what identifies and reaches a person; pure, never refused by a checksum."""

import re
from collections.abc import Sequence

NEW_FORM = re.compile(r"3[2-9][0-9]{9}")
"""Personal codes issued since 1 July 2017: no birth date in them.

Source: Iedzīvotāju reģistra likums, s. 11 (in force until 28 June 2021), Fizisko personu reģistra
likums, s. 4.
"""
OLD_FORM = re.compile(r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{7}")
"""Personal codes with a birth date: DDMMYY, then five digits."""
ALL_CODES = re.compile(
    r"(?:(?:3[2-9][0-9]{4}|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2})-?[0-9]{5}\n|\n)*+"
)
"""Lines that are empty or a personal code of either form, the hyphen there or not."""

EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}+@(?:[A-Za-z0-9-]{1,63}+\.)+[A-Za-z]{2,63}"
)
PHONE = re.compile(r"\+371[0-9]{8}")
MOBILE = re.compile(r"\+3712[0-9]{7}")
SPACING = str.maketrans("", "", " -()\u00a0")


def normal_code(text: str) -> str | None:
    """Give the eleven digits of a personal code of either form, or None when it is neither.

    The hyphen after the sixth digit may be there or not. Checksums and impossible days of a month
    are not looked at: such codes were issued.
    """
    digits = text[:6] + text[7:] if text[6:7] == "-" else text
    if NEW_FORM.fullmatch(digits) or OLD_FORM.fullmatch(digits):
        return digits
    return None


def normal_codes(texts: Sequence[str]) -> Sequence[str] | None:
    """Give what `normal_code` gives for each text, or None if one is no code; empty ones stay."""
    lines = "\n".join((*texts, ""))
    if lines.count("\n") != len(texts) or not ALL_CODES.fullmatch(lines):
        return None
    return lines.replace("-", "").split("\n")[:-1]


def normal_email(text: str) -> str | None:
    """Give an e-mail address with its domain in lower case, or None when it is not one."""
    if len(text) > 254 or not EMAIL.fullmatch(text) or ".." in text:
        return None
    return usual_contact(text)


def normal_phone(text: str) -> str | None:
    """Give a Latvian number as +371 and eight digits, or None; spaces and hyphens are dropped."""
    number = usual_contact(text)
    return number if PHONE.fullmatch(number) else None


def usual_contact(text: str) -> str:
    """Write what is an address or number in its usual form; what is neither gets none."""
    local, at, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}" if at else text.translate(SPACING)


def is_mobile(phone: str) -> bool:
    """Tell whether a normalised number takes SMS: Latvian mobile numbers start with 2."""
    return MOBILE.fullmatch(phone) is not None
