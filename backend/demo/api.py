"""A caller of the public API, as the app, the console and other systems are."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from aiohttp import ClientSession

from backend.kernel.ids import new_id


class Refused(Exception):
    """The API did not answer as the demo needs; the text names path, status and code."""


@dataclass(frozen=True, slots=True)
class Api:
    """Calls the API at `base` as one principal; every POST carries a key of its own."""

    http: ClientSession
    base: str
    token: str = ""

    def as_(self, token: str) -> "Api":
        """Give the same API as another principal."""
        return replace(self, token=token)

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Read."""
        return await self._call("GET", path, None)

    async def put(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Put."""
        return await self._call("PUT", path, body)

    async def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Ask for something once."""
        return await self._call("POST", path, body)

    async def send_raw(
        self, path: str, body: bytes, headers: dict[str, str], method: str = "POST"
    ) -> Any:  # noqa: ANN401 - JSON
        """Send signed bytes, as other systems do."""
        url, sent = self.base + path, body or None
        async with self.http.request(method, url, data=sent, headers=headers) as answer:
            return await self._content(answer.status, path, await answer.read())

    async def _call(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        headers = {"accept-language": "en"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        if method == "POST":
            headers["idempotency-key"] = new_id().hex
        url = self.base + path
        async with self.http.request(method, url, json=body, headers=headers) as answer:
            return await self._content(answer.status, path, await answer.read())

    async def _content(self, status: int, path: str, raw: bytes) -> Any:  # noqa: ANN401 - JSON
        content = msgspec.json.decode(raw) if raw else None
        if status >= 400:
            problem = msgspec.convert(content, dict[str, Any]) if content else {}
            raise Refused(f"{path}: {status} {problem.get('code')}")
        return content
