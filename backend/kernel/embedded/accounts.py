"""Which account PostgreSQL runs as: it refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from backend.kernel.embedded.errors import EmbeddedError

PREFERRED = ("novads", "postgres", "nobody")
"""Accounts tried in this order when we are root and there are no data yet."""

SEARCH_BITS = (0o100, 0o010, 0o001)


@dataclass(frozen=True, slots=True)
class Account:
    """The numeric user and group that own the data and run the server."""

    uid: int
    gid: int


def serving_account(cluster: Path) -> Account:
    """Choose the account: our own, or as root the owner of `cluster`, or the first preferred.

    Raises:
        EmbeddedError: root, and the machine has none of the accounts.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if cluster.exists():
        owned = cluster.stat()
        return Account(owned.st_uid, owned.st_gid)
    for name in PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root and none of the accounts "
        f"{', '.join(PREFERRED)} exists; create one: useradd --system novads"
    )


def can_enter(path: Path, account: Account) -> bool:
    """Tell whether the account may enter `path` and every directory above it."""
    return all(_may_search(folder, account) for folder in (path, *path.parents))


def _may_search(folder: Path, account: Account) -> bool:
    found = folder.stat()
    owner_bit, group_bit, other_bit = SEARCH_BITS
    if found.st_uid == account.uid:
        return bool(found.st_mode & owner_bit)
    if found.st_gid == account.gid:
        return bool(found.st_mode & group_bit)
    return bool(found.st_mode & other_bit)
