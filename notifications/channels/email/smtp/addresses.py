"""Which e-mail addresses may stand in a header and in an envelope."""

import re

ADDRESS = re.compile(
    r"(?P<local>[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@(?P<domain>[^\s@<>\"\x00-\x20\x7f]{1,253})"
)
"""An address without quoting or comments; the domain may still be written in its own letters."""
DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")
LONGEST = 254


def ascii_address(value: str) -> str | None:
    """Write an address in ASCII (an international domain as Punycode); None when it is not one."""
    match = ADDRESS.fullmatch(value)
    if match is None:
        return None
    try:
        domain = match["domain"].encode("idna").decode()
    except UnicodeError:
        return None
    address = f"{match['local']}@{domain}"
    return address if DOMAIN.fullmatch(domain) and len(address) <= LONGEST else None
