"""The product's own commands, run as a municipality's administrator runs them."""

import asyncio
import signal
import sys

from backend.kernel.tied_child import tied_command


class CommandFailed(Exception):
    """A command ended with an error; its output is the text."""


async def novads(*arguments: str) -> str:
    """Run a command to its end and give what it printed."""
    command = (sys.executable, "-m", "backend.cli", *arguments)
    process = await asyncio.create_subprocess_exec(
        *tied_command(command, death_signal=signal.SIGTERM),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    text = output.decode(errors="replace")
    if process.returncode:
        raise CommandFailed(f"novads {' '.join(arguments)}: {text}")
    return text
