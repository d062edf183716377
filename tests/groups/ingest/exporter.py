"""Another system that delivers feeds of the registry, as tests speak of it."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from httpx import AsyncClient, Response

from backend.kernel.clock import Clock
from backend.kernel.ids import new_id
from backend.kernel.webhooks import signed_headers
from tests.drivers.people import Caller

Json = dict[str, Any]
ROPAZI_CODE = "LV0044000"
PETS = b"ref,owner_code,species\n"


@dataclass
class Feed:
    """What is delivered: files by name, as they are sent."""

    files: dict[str, bytes] = field(default_factory=dict)
    form: str = "full"
    municipality: str = ROPAZI_CODE
    produced_at: str = "2026-11-20T05:00:00+02:00"
    changes: Json = field(default_factory=dict)

    def manifest(self) -> Json:
        """Announce the files."""
        files = [
            {
                "name": name,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name, content in self.files.items()
        ]
        return {
            "municipality": self.municipality,
            "producedAt": self.produced_at,
            "format": "novads-registry-feed/1",
            "form": self.form,
            "files": files,
        } | self.changes

    def packed(self) -> "Feed":
        """Give the same feed as gzip."""
        files = {f"{name}.gz": gzip.compress(each) for name, each in self.files.items()}
        return Feed(files, self.form, self.municipality, self.produced_at)


@dataclass
class Exporter:
    """A source that signs what it sends; `secrets` may be several while it rotates."""

    client: AsyncClient
    clock: Clock
    id: str
    source: str
    secrets: Sequence[str]

    async def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        sent_ago: timedelta = timedelta(0),
        media_type: str = "application/json",
        wire_path: str = "",
    ) -> Response:
        """Send a signed request below `/ingest/v1/registry`; `headers` replace proper ones.

        `wire_path`: how the path is written on the wire, where that is not as it is read.
        """
        target = f"/ingest/v1/registry/{path}"
        content = f"{method} {target}\n".encode() + body
        signed = signed_headers(new_id().hex, self.clock() - sent_ago, content, self.secrets)
        whole = {"registry-source": self.source, **signed, **(headers or {})}
        if method in {"PATCH", "PUT"}:
            whole = {"content-type": media_type, **whole}
        url = f"/ingest/v1/registry/{wire_path or path}"
        return await self.client.request(method, url, content=body or None, headers=whole)

    async def open(self, name: str, feed: Feed, **headers: str) -> Response:
        """Open a feed."""
        body = json.dumps(feed.manifest()).encode()
        return await self.send("PUT", name, body, _named(headers))

    async def patch(
        self, name: str, file: str, offset: int | str, content: bytes, **headers: str
    ) -> Response:
        """Send a part of a file."""
        replaced = {"Upload-Offset": str(offset)} | _named(headers)
        path = f"{name}/files/{file}"
        media_type = "application/octet-stream"
        return await self.send("PATCH", path, content, replaced, media_type=media_type)

    async def complete(self, name: str) -> Response:
        """Say that everything has been sent."""
        return await self.send("POST", f"{name}/complete")

    async def show(self, name: str) -> Json:
        """Ask where a feed stands."""
        answer = await self.send("GET", name)
        assert answer.status_code == 200, answer.text
        content: Json = answer.json()
        return content

    async def upload(self, name: str, feed: Feed, part_bytes: int = 1_000_000) -> None:
        """Open a feed and send all its files in parts, from where they end."""
        opened = await self.open(name, feed)
        assert opened.status_code == 200, opened.text
        for file in opened.json()["files"]:
            content = feed.files[file["name"]]
            for offset in range(file["received"], len(content), part_bytes):
                part = content[offset : offset + part_bytes]
                answer = await self.patch(name, file["name"], offset, part)
                assert answer.status_code == 200, answer.text
                assert answer.headers["upload-offset"] == str(offset + len(part))

    async def deliver(self, name: str, feed: Feed, part_bytes: int = 1_000_000) -> Json:
        """Send a whole feed and complete it."""
        await self.upload(name, feed, part_bytes)
        answer = await self.complete(name)
        assert answer.status_code == 202, answer.text
        content: Json = answer.json()
        return content


async def connect_exporter(
    client: AsyncClient, staff: Caller, clock: Clock, name: str = "Exporter"
) -> Exporter:
    """Register a system and hand it its secret."""
    answer = await staff.post("/staff/v1/registry-sources", {"name": name})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Exporter(client, clock, made["id"], made["source"], [made["secret"]])


async def begun_feed(client: AsyncClient, staff: Caller, clock: Clock) -> tuple[str, str]:
    """Open a feed; gives the ids of its source and of itself, as staff knows them."""
    exporter = await connect_exporter(client, staff, clock)
    answer = await exporter.open("feed-of-the-walk", Feed({"pets.csv": PETS}))
    assert answer.status_code == 200, answer.text
    (feed,) = (await staff.get("/staff/v1/registry-feeds")).json()["feeds"]
    return exporter.id, str(feed["id"])


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
