"""Which processes of this machine belong to an installation, whoever started them."""

from pathlib import Path

PROCESSES = Path("/proc")


def processes_of(directory: Path) -> dict[int, str]:
    """Name the living processes that have the directory in their environment or work in it."""
    numbers = (int(entry.name) for entry in PROCESSES.iterdir() if entry.name.isdigit())
    return {pid: command_of(pid) for pid in numbers if _belongs(pid, directory)}


def command_of(pid: int) -> str:
    """Give a process's command line; nothing when it is gone."""
    try:
        words = (PROCESSES / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return " ".join(word.decode(errors="replace") for word in words if word)


def _belongs(pid: int, directory: Path) -> bool:
    entry = PROCESSES / str(pid)
    try:
        if (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        settings = (entry / "environ").read_bytes().split(b"\0")
        works_in = (entry / "cwd").readlink()
    except OSError:
        return False  # gone meanwhile, or another user's
    named = f"NOVADS_VAR={directory}".encode() in settings
    return named or works_in.is_relative_to(directory.resolve())
