"""The machine: disk, port, texts, the embedded database's binaries."""

import asyncio
import shutil
import sys
import tempfile
from http import HTTPStatus

from aiohttp import ClientError, ClientSession, ClientTimeout

from backend.cli.checks.findings import Finding, degraded, failed, ok
from backend.kernel.settings import Settings
from backend.supervisor.ports import api_port, is_free, simulator_ports

LEAST_FREE_BYTES = 1_000_000_000
TIMEOUT = ClientTimeout(total=3)


async def check_machine(settings: Settings) -> list[Finding]:
    """Look at what the machine offers."""
    findings = [_environment(settings), _disk(settings), _texts(), await _port(settings)]
    if settings.simulators.enabled:
        findings.append(await asyncio.to_thread(_simulators, settings))
    return findings


def _environment(settings: Settings) -> Finding:
    kind = settings.deployment.environment.value
    if settings.unknown:
        advice = "correct or remove it; novads doctor --settings lists all"
        return degraded("settings", f"unknown: {', '.join(settings.unknown)}", advice)
    if settings.deployment.is_production and settings.server.public_url is None:
        return degraded(
            "settings",
            "phones and gateways are told a local address",
            "set NOVADS_PUBLIC_URL to the address they reach",
        )
    return ok("settings", kind)


def _disk(settings: Settings) -> Finding:
    directory = settings.deployment.state_directory
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory) as file:
            file.write(b"novads")
            file.flush()
    except OSError as error:
        advice = "make it writable or choose another directory with NOVADS_VAR"
        return failed("disk", f"{directory}: {error.strerror}", advice)
    free = shutil.disk_usage(directory).free
    seen = f"{directory}: writable, {free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return degraded("disk", seen, "make room; PostgreSQL stops when the disk is full")
    return ok("disk", seen)


def _texts() -> Finding:
    encoding = sys.getfilesystemencoding().lower()
    if encoding != "utf-8":
        return degraded("texts", f"file names are {encoding}", "set LC_ALL=C.UTF-8")
    return ok("texts", "UTF-8")


async def _port(settings: Settings) -> Finding:
    wanted = api_port(settings)
    if is_free(wanted.host, wanted.port):
        return ok("port", f"{wanted.host}:{wanted.port} is free")
    if await _is_ours(f"http://{wanted.host}:{wanted.port}/health/live"):
        return ok("port", f"{wanted.host}:{wanted.port} is served by a running Novads")
    return failed(
        "port",
        f"{wanted.host}:{wanted.port} is taken by another program",
        f"end it or choose another port, for example NOVADS_PORT={wanted.port + 1000}",
    )


async def _is_ours(url: str) -> bool:
    try:
        async with ClientSession(timeout=TIMEOUT) as client, client.get(url) as answer:
            return answer.status == HTTPStatus.OK
    except (ClientError, TimeoutError):
        return False


def _simulators(settings: Settings) -> Finding:
    silent = [each for each in simulator_ports(settings) if is_free(each.host, each.port)]
    if silent:
        names = ", ".join(f"{each.purpose.removeprefix('the ')} ({each.port})" for each in silent)
        return degraded("simulators", f"not running: {names}", "run novads simulators")
    return ok("simulators", "all ports are answered")
