"""Another system that delivers the registry's changes, as its README shows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from backend.demo.api import Api
from backend.kernel.clock import Clock
from backend.kernel.ids import new_id
from backend.kernel.webhooks import signed_headers

NAME = "Iedzīvotāju uzskaite (demo)"
SOURCES = "/staff/v1/registry-sources"


@dataclass(frozen=True, slots=True)
class Exporter:
    """Sends signed requests as one registered source."""

    api: Api
    clock: Clock
    source: str
    secret: str

    async def deliver(self, municipality: str, files: Mapping[str, bytes]) -> str:
        """Send the files as a delta feed, and complete it; gives the feed's name."""
        feed = f"demo-{new_id().hex}"
        manifest = {
            "municipality": municipality,
            "producedAt": self.clock().isoformat(),
            "format": "novads-registry-feed/1",
            "form": "delta",
            "files": [
                {"name": name, "bytes": len(file), "sha256": hashlib.sha256(file).hexdigest()}
                for name, file in files.items()
            ],
        }
        await self._send("PUT", feed, msgspec.json.encode(manifest))
        for name, content in files.items():
            await self._send("PATCH", f"{feed}/files/{name}", content)
        await self._send("POST", f"{feed}/complete")
        return feed

    async def state(self, feed: str) -> str:
        """Ask what became of a feed."""
        return str((await self._send("GET", feed))["state"])

    async def _send(self, method: str, path: str, body: bytes = b"") -> Any:  # noqa: ANN401 - JSON
        path = f"/ingest/v1/registry/{path}"
        content = f"{method} {path}\n".encode() + body
        headers = {
            "registry-source": self.source,
            **signed_headers(new_id().hex, self.clock(), content, [self.secret]),
        }
        if method == "PUT":
            headers["content-type"] = "application/json"
        if method == "PATCH":
            headers |= {"content-type": "application/octet-stream", "upload-offset": "0"}
        return await self.api.send_raw(path, body, headers, method)


async def connect(administrator: Api, outside: Api, clock: Clock) -> Exporter:
    """Register the system, or give it a new secret when an earlier demo has registered it."""
    known = (await administrator.get(SOURCES))["sources"]
    earlier = next((each["id"] for each in known if each["name"] == NAME), None)
    if earlier is None:
        made = await administrator.post(SOURCES, {"name": NAME})
    else:
        made = await administrator.post(f"{SOURCES}/{earlier}/secret-rotations", {})
    return Exporter(outside, clock, str(made["source"]), str(made["secret"]))
