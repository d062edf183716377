"""The product's own commands, run as a municipality's administrator runs them."""

import asyncio
import sys


class CommandFailed(Exception):
    """A command ended with an error; its output is the text."""


async def novads(*arguments: str) -> str:
    """Run a command to its end and give what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "backend.cli",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    text = output.decode(errors="replace")
    if process.returncode:
        raise CommandFailed(f"novads {' '.join(arguments)}: {text}")
    return text
