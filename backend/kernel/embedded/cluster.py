"""Making PostgreSQL's data directory: complete at once or not at all."""

import os
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from backend.kernel.embedded.binaries import WHEEL, Binaries
from backend.kernel.embedded.errors import EmbeddedError
from backend.kernel.embedded.layout import Layout
from backend.kernel.embedded.secrets_file import RolePasswords, make_passwords, read_passwords

INITDB = (
    "--username=postgres",
    "--auth=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)
HBA = "local all all scram-sha-256\n"
CREATE = (
    "ALTER ROLE postgres PASSWORD '{0.postgres}'",
    "CREATE ROLE novads_owner LOGIN PASSWORD '{0.novads_owner}'",
    "CREATE ROLE novads_app LOGIN NOBYPASSRLS PASSWORD '{0.novads_app}'",
    "CREATE DATABASE novads OWNER novads_owner",
    "REVOKE ALL ON DATABASE novads FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE novads TO novads_app",
)
RENEW = (
    "ALTER ROLE postgres PASSWORD '{0.postgres}'",
    "ALTER ROLE novads_owner PASSWORD '{0.novads_owner}'",
    "ALTER ROLE novads_app PASSWORD '{0.novads_app}'",
)


def ensure_cluster(layout: Layout, binaries: Binaries, *, durable: bool) -> RolePasswords:
    """Make the data directory with its roles and database unless it is there.

    Lost passwords are made anew. `durable` false skips waiting for the disk.

    Raises:
        EmbeddedError: a program failed, or the data are of another major version.
    """
    passwords = read_passwords(layout.secrets)
    if not layout.cluster.exists():
        passwords = passwords or make_passwords(layout.secrets)
        _make_cluster(layout, binaries, passwords, durable=durable)
        return passwords
    _check_version(layout.cluster)
    if passwords is None:
        passwords = make_passwords(layout.secrets)
        _execute(binaries, layout.cluster, RENEW, passwords)
    return passwords


def _make_cluster(
    layout: Layout, binaries: Binaries, passwords: RolePasswords, *, durable: bool
) -> None:
    fresh = layout.cluster.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    os.chown(fresh, layout.account.uid, layout.account.gid)
    syncing = () if durable else ("--no-sync",)
    _run(binaries.command("initdb", f"--pgdata={fresh}", *INITDB, *syncing))
    (fresh / "pg_hba.conf").write_text(HBA)
    _execute(binaries, fresh, CREATE, passwords)
    fresh.rename(layout.cluster)


def _execute(
    binaries: Binaries, cluster: Path, statements: tuple[str, ...], passwords: RolePasswords
) -> None:
    """Run statements, one a line, in single-user mode: no server, no client, no password."""
    options = ("-c", "exit_on_error=true", "-c", "log_min_error_statement=panic")
    lines = "".join(statement.format(passwords) + "\n" for statement in statements)
    _run(binaries.command("postgres", "--single", "-D", str(cluster), *options, "postgres"), lines)


def _run(command: list[str], lines: str = "") -> None:
    done = subprocess.run(  # noqa: S603 - our own binaries and arguments
        command, input=lines, capture_output=True, text=True, check=False, cwd="/"
    )
    if done.returncode != 0:
        raise EmbeddedError(f"PostgreSQL could not be set up: {done.stderr.strip()[-800:]}")


def _check_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    ours = version(WHEEL).partition(".")[0]
    if found != ours:
        raise EmbeddedError(
            f"the data in {cluster} are of PostgreSQL {found}, the installed one is {ours}; "
            "dump them with the old version and load them into a new directory"
        )
