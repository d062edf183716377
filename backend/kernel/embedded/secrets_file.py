"""The passwords of the embedded server's roles: random, kept in one file for us alone."""

import os
import secrets
from pathlib import Path

import msgspec

PASSWORD_BYTES = 24


class RolePasswords(msgspec.Struct, frozen=True):
    """One password a role; hexadecimal, so that they need no quoting anywhere."""

    postgres: str
    novads_owner: str
    novads_app: str

    def of(self, role: str) -> str:
        """Give the password of a role.

        Raises:
            KeyError: the embedded server has no such role.
        """
        passwords: dict[str, str] = msgspec.structs.asdict(self)
        return passwords[role]


def read_passwords(path: Path) -> RolePasswords | None:
    """Read the file; None when it is missing or not whole."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=RolePasswords)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def make_passwords(path: Path) -> RolePasswords:
    """Write new passwords to a file with mode 0600, by one rename."""
    made = RolePasswords(*(secrets.token_hex(PASSWORD_BYTES) for _ in range(3)))
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(made))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return made
