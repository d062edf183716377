"""Where the embedded server keeps its files."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from backend.kernel.embedded.accounts import Account, can_enter, serving_account
from backend.kernel.embedded.errors import EmbeddedError

SHARED_ROOT = Path("/var/lib/novads")
"""Used by root alone, for what the serving account could not reach elsewhere."""

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 107  # sun_path of Linux, less the closing zero


@dataclass(frozen=True, slots=True)
class Layout:
    """The server's files: `directory` is the caller's, `home` is reachable by `account`."""

    directory: Path
    home: Path
    sockets: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """What the server writes; it never holds statements or values of rows."""
        return self.home / "server.log"

    @property
    def lock(self) -> Path:
        """The file whose flock makes its holder the owner of the server."""
        return self.directory / "lock"

    @property
    def secrets(self) -> Path:
        """The roles' passwords, readable by us alone."""
        return self.directory / "secrets.json"


def prepare_layout(directory: Path) -> Layout:
    """Make the folders that do not exist yet, with their owners and modes.

    Raises:
        EmbeddedError: the directory belongs to another user.
    """
    directory = directory.resolve()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = serving_account(directory / "cluster")
    _set_mode(directory, 0o700 if account.uid == os.geteuid() else 0o711)
    home = directory if can_enter(directory, account) else _shared_home(directory)
    account = serving_account(home / "cluster")
    return Layout(directory, home, _prepare_sockets(home, account), account)


def _set_mode(directory: Path, mode: int) -> None:
    try:
        directory.chmod(mode)
    except PermissionError as error:
        raise EmbeddedError(
            f"{directory} belongs to another user; remove it or choose another NOVADS_VAR"
        ) from error


def _shared_home(directory: Path) -> Path:
    SHARED_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    home = SHARED_ROOT.resolve() / _short_name(directory)
    home.mkdir(mode=0o711, exist_ok=True)
    return home


def _prepare_sockets(home: Path, account: Account) -> Path:
    """Make the socket directory, 0700; a long path is replaced by one under the temporary folder.

    Raises:
        EmbeddedError: somebody else made that folder before us.
    """
    sockets = home / "socket"
    if len(os.fsencode(sockets / SOCKET_NAME)) > SOCKET_PATH_BYTES:
        sockets = Path(tempfile.gettempdir()) / f"novads-{_short_name(home)}"
    try:
        sockets.mkdir(mode=0o700)
    except FileExistsError:
        found = sockets.lstat()
        if sockets.is_symlink() or found.st_uid not in {account.uid, os.geteuid()}:
            raise EmbeddedError(f"{sockets} belongs to another user; remove it") from None
    sockets.chmod(0o700)
    os.chown(sockets, account.uid, account.gid)
    return sockets


def _short_name(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
