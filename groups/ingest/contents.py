"""The bytes of a feed's files, sealed part by part, and read back in order."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator

from backend.kernel.db import Database, ReadSession
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from groups.ingest import queries
from groups.ingest.manifests import announced
from groups.ingest.models import RegistryFeed
from groups.ingest.rules import FeedFile


def seal_part(vault: Vault, feed: RegistryFeed, file: str, start: int, content: bytes) -> bytes:
    """Encrypt a part; it can be opened as the part at this place of this feed only."""
    return vault.seal_bytes(content, label=_label(feed, file, start))


async def parts(
    session: ReadSession, vault: Vault, feed: RegistryFeed, file: str, start: int = 0
) -> AsyncGenerator[bytes]:
    """Give the bytes of a file from an offset to where they end, one part at a time."""
    while (found := await queries.part_at(session, feed, file, start)) is not None:
        first, sealed = found
        # Eight megabytes a time: other requests are answered meanwhile.
        content = await asyncio.to_thread(_open, vault, feed, file, found)
        del sealed
        yield content[start - first :]
        start = first + len(content)


async def holds(
    session: ReadSession, vault: Vault, feed: RegistryFeed, file: str, start: int, content: bytes
) -> bool:
    """Whether exactly these bytes have been received at an offset."""
    place = 0
    async for part in parts(session, vault, feed, file, start):
        length = min(len(part), len(content) - place)
        if part[:length] != content[place : place + length]:
            return False
        place += length
        if place == len(content):
            return True
    return not content


async def differing(database: Database, vault: Vault, feed: RegistryFeed) -> list[FeedFile]:
    """Name the files whose SHA-256 is not as announced."""
    found: list[FeedFile] = []
    async with database.read((MunicipalityId(feed.municipality_id),)) as session:
        for file in announced(feed.manifest).files:
            digest = hashlib.sha256()
            async for part in parts(session, vault, feed, file.name):
                await asyncio.to_thread(digest.update, part)
            if digest.hexdigest() != file.sha256:
                found.append(file)
    return found


def _open(vault: Vault, feed: RegistryFeed, file: str, part: tuple[int, bytes]) -> bytes:
    first, sealed = part
    return vault.open_bytes(sealed, label=_label(feed, file, first))


def _label(feed: RegistryFeed, file: str, start: int) -> str:
    return f"registry_feed_part.content:{feed.id}:{file}:{start}"
