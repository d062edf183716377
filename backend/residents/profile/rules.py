"""How contact points are shown back: enough to recognise, too little to learn."""

DOT = "•"
SHOWN_DIGITS = 2


def masked_phone(number: str) -> str:
    """Hide a number in normal form but its country code and last two digits."""
    return f"{number[:4]} {DOT * (len(number) - 4 - SHOWN_DIGITS)}{number[-SHOWN_DIGITS:]}"


def masked_email(address: str) -> str:
    """Hide the name before the @ but its first letter; how long it is stays hidden too."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}{DOT * 3}@{domain}"
