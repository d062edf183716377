"""Start, follow, revive and stop the embedded server."""

import fcntl
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from backend.kernel.embedded.binaries import Binaries, binaries_for
from backend.kernel.embedded.cluster import ensure_cluster
from backend.kernel.embedded.errors import EmbeddedError
from backend.kernel.embedded.layout import Layout, prepare_layout
from backend.kernel.embedded.leftovers import clear_leftovers, server_processes
from backend.kernel.embedded.secrets_file import RolePasswords, read_passwords

START_SECONDS = 120.0  # crash recovery of a large write-ahead log takes its time
POLL_SECONDS = 0.01
LOG_BYTES = 10_000_000
OPTIONS = {
    "listen_addresses": "",
    "log_error_verbosity": "terse",  # DETAIL lines hold the values of keys
    "log_min_error_statement": "panic",  # statements hold personal data
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "jit": "off",
}
VOLATILE = {"fsync": "off", "full_page_writes": "off"}


@dataclass(slots=True)
class EmbeddedPostgres:
    """The server of one directory; its owner starts and stops it, others only read the DSN."""

    layout: Layout
    passwords: RolePasswords = field(repr=False)
    durable: bool = True
    lock: int | None = None
    binaries: Binaries | None = None
    postmaster: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def dsn(self, database: str = "novads", user: str = "novads_app") -> str:
        """Give the URL over the socket; users: novads_app, novads_owner, postgres (superuser)."""
        host = quote(str(self.layout.sockets), safe="/")
        return f"postgresql://{user}:{self.passwords.of(user)}@/{database}?host={host}"

    @property
    def is_owner(self) -> bool:
        """Whether this process started the server and stops it."""
        return self.lock is not None

    @property
    def pid(self) -> int | None:
        """The postmaster's process id; None when another process owns the server."""
        return self.postmaster.pid if self.postmaster else None

    def poll(self) -> int | None:
        """Give the postmaster's exit status, or None while it lives or is not ours."""
        return self.postmaster.poll() if self.postmaster else None

    def wait(self) -> int:
        """Wait until the postmaster ends and give its exit status; only the owner can."""
        if self.postmaster is None:
            raise EmbeddedError("another process owns this server")
        return self.postmaster.wait()

    def revive(self) -> None:
        """Start the server again after its postmaster died; the DSN stays the same.

        Raises:
            EmbeddedError: not ours, or it does not become ready.
        """
        if self.binaries is None:
            raise EmbeddedError("another process owns this server")
        clear_leftovers(self.layout)
        self.postmaster = _launch(self.layout, self.binaries, durable=self.durable)
        _await_ready(self.layout, self.postmaster)

    def stop(self, *, grace_seconds: float = 10.0) -> None:
        """Stop the server: open transactions are rolled back, nothing committed is lost.

        After the grace an immediate shutdown follows; the next start then replays the log.
        A server owned by another process is left alone.
        """
        if self.postmaster is not None:
            _stop(self.postmaster, grace_seconds)
            clear_leftovers(self.layout, patience_seconds=1.0)
            self.postmaster = None
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    def __enter__(self) -> Self:
        """Give the started server."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()


def start_embedded(directory: Path, *, durable: bool = True) -> EmbeddedPostgres:
    """Start the server of `directory`, or find the one that another process keeps running there.

    Made at the first start: UTF-8 database `novads` of role `novads_owner`, and role `novads_app`.
    Call it from a thread that lives as long as the server should: PostgreSQL stops with it.
    `durable` false is for tests: a crash of the machine loses data.

    Raises:
        EmbeddedError: it cannot be started; the message says why and what to do.
    """
    layout = prepare_layout(directory)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        lock = _try_lock(layout.lock)
        if lock is not None:
            return _start_owned(layout, lock, durable=durable)
        passwords = read_passwords(layout.secrets)
        if passwords and _ready_postmaster(layout) in server_processes(layout.cluster):
            return EmbeddedPostgres(layout, passwords)
        time.sleep(POLL_SECONDS)
    raise EmbeddedError(f"another process holds {layout.lock} but its server is not ready")


def _start_owned(layout: Layout, lock: int, *, durable: bool) -> EmbeddedPostgres:
    try:
        binaries = binaries_for(layout.account)
        clear_leftovers(layout)
        passwords = ensure_cluster(layout, binaries, durable=durable)
        server = EmbeddedPostgres(layout, passwords, durable, lock, binaries)
        server.revive()
    except BaseException:
        os.close(lock)
        raise
    return server


def _try_lock(path: Path) -> int | None:
    """Take the lock for as long as the descriptor is open; None when somebody has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _launch(layout: Layout, binaries: Binaries, *, durable: bool) -> subprocess.Popen[bytes]:
    """Start the postmaster in a session of its own: Ctrl-C is for its owner, who then stops it."""
    settings = OPTIONS | {"unix_socket_directories": str(layout.sockets)}
    if not durable:
        settings |= VOLATILE
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    if layout.log.exists() and layout.log.stat().st_size > LOG_BYTES:
        layout.log.replace(layout.log.with_suffix(".log.1"))
    layout.log.touch(mode=0o600)
    with layout.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own binaries and arguments
            binaries.command("postgres", "-D", str(layout.cluster), *options),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )


def _await_ready(layout: Layout, postmaster: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while _ready_postmaster(layout) != postmaster.pid:
        if postmaster.poll() is not None or time.monotonic() > deadline:
            _stop(postmaster, 0.0)
            raise EmbeddedError(f"PostgreSQL did not start: {_last_words(layout.log)}")
        time.sleep(POLL_SECONDS)


def _ready_postmaster(layout: Layout) -> int | None:
    """Read postmaster.pid: line 8 is the state, line 1 the process."""
    try:
        lines = (layout.cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    return int(lines[0])


def _stop(postmaster: subprocess.Popen[bytes], grace_seconds: float) -> None:
    steps = ((signal.SIGINT, grace_seconds), (signal.SIGQUIT, 3.0), (signal.SIGKILL, None))
    for kind, patience in steps:
        if postmaster.poll() is not None:
            return
        postmaster.send_signal(kind)
        try:
            postmaster.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def _last_words(path: Path) -> str:
    return f"{path} ends with: {path.read_text(errors='replace').strip()[-600:]}"
