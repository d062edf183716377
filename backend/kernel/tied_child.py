"""Children that do not outlive their parent.

This module is also the script that such a child starts as: it becomes another account if asked,
asks the kernel for a signal when the parent dies, and executes the real command. A script is used
instead of `Popen(preexec_fn=...)`, because code between fork and exec can deadlock where other
threads run. The signal is asked for after the change of account, which would clear it, and it is
bound to the parent's *thread*: start children from a thread that lives as long as they should.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
CANNOT_EXECUTE = 126


def tied_command(
    command: Sequence[str], *, death_signal: signal.Signals, uid: int = -1, gid: int = -1
) -> list[str]:
    """Compose the command of a child of this process that gets `death_signal` when we die.

    `uid` and `gid` other than -1 are the account it gives up root for.
    """
    script = [sys.executable, "-I", "-S", __file__]
    return [*script, str(os.getpid()), str(int(death_signal)), str(uid), str(gid), *command]


def main(arguments: Sequence[str]) -> None:
    """Replace this process by the command."""
    parent, death_signal, uid, gid = (int(number) for number in arguments[:4])
    command = list(arguments[4:])
    try:
        _drop_to(uid, gid)
        _signal_when_parent_dies(parent, death_signal)
        os.execv(command[0], command)  # noqa: S606 - callers name the program by its full path
    except OSError as error:
        sys.stderr.write(f"cannot start {command[0]}: {error.strerror}\n")
        raise SystemExit(CANNOT_EXECUTE) from error


def _drop_to(uid: int, gid: int) -> None:
    if uid not in {-1, os.geteuid()}:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def _signal_when_parent_dies(parent: int, death_signal: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        raise SystemExit(1)  # the parent died before we could ask


if __name__ == "__main__":
    main(sys.argv[1:])
