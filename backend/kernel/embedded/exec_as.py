"""Become another account, ask to be signalled when the parent dies, and execute a command.

Run as a script by `python -I -S exec_as.py PARENT UID GID COMMAND...`; it imports the standard
library alone. A script is used instead of `Popen(preexec_fn=...)`, because code between fork and
exec can deadlock where other threads run. The parent-death signal is asked for after the change
of account, which would clear it, and it is bound to the parent's *thread*: start children from a
thread that lives as long as they should.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def signal_when_parent_dies(parent: int, death_signal: signal.Signals) -> None:
    """Ask the kernel for `death_signal` when the parent ends; leave if it has already ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:
        raise SystemExit(1)


def drop_to(uid: int, gid: int) -> None:
    """Give up root for the account; nothing happens when the account is ours already."""
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def main(arguments: list[str]) -> None:
    """Replace this process by the command."""
    parent, uid, gid = (int(number) for number in arguments[:3])
    command = arguments[3:]
    try:
        drop_to(uid, gid)
        signal_when_parent_dies(parent, signal.SIGINT)
        os.execv(command[0], command)  # noqa: S606 - the launcher names the binary by its full path
    except OSError as error:
        sys.stderr.write(f"cannot start {command[0]}: {error.strerror}\n")
        raise SystemExit(126) from error


if __name__ == "__main__":
    main(sys.argv[1:])
