"""What the API was asked and answered, written so that every recording gives the same bytes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from httpx import Headers, Request, Response

Json = dict[str, Any]
HEX = "[0-9a-f]"
ID = re.compile(
    rf"(?<!{HEX}){HEX}{{8}}(-?){HEX}{{4}}\1[7]{HEX}{{3}}\1{HEX}{{4}}\1{HEX}{{12}}(?!{HEX})"
)
"""A UUIDv7 with hyphens or, as of requests, without."""
SECRET = re.compile(r"whsec_[\w+/=-]+")
HIDDEN = "whsec_hidden"
SHOWN = ("If-Match", "Upload-Offset", "Registry-Source", "ETag", "Content-Type")
"""Headers that say something of an exchange; no other is written down."""


@dataclass
class Book:
    """Keeps exchanges by the name of their file, in the order of what happened."""

    exchanges: dict[str, Json] = field(default_factory=dict)

    def keep(self, name: str, answer: Response, status: int = 200) -> Any:  # noqa: ANN401 - JSON
        """Write an exchange down under `operationId` or `operationId.case`; gives the answer's JSON."""
        assert answer.status_code == status, f"{name}: {answer.status_code} {answer.text}"
        assert name not in self.exchanges, name
        request = answer.request
        asked: Json = {"method": request.method, "path": request.url.raw_path.decode()}
        told: Json = {"status": answer.status_code}
        self.exchanges[name] = {
            "request": asked | _shown(request.headers) | _body(request),
            "response": told | _shown(answer.headers) | _body(answer),
        }
        return _body(answer).get("body")

    def files(self) -> Mapping[str, bytes]:
        """Give the files: ids are numbered as they appear in the story, secrets are hidden."""
        numbers: dict[str, str] = {}

        def number(found: re.Match[str]) -> str:
            hyphen = found[1]
            known = f"00000000-0000-7000-8000-{len(numbers) + 1:012}".replace("-", hyphen)
            return numbers.setdefault(found[0], known)

        written: dict[str, bytes] = {}
        for name, exchange in self.exchanges.items():
            text = json.dumps(exchange, ensure_ascii=False, indent=2) + "\n"
            written[f"{name}.json"] = SECRET.sub(HIDDEN, ID.sub(number, text)).encode()
        return written


def _shown(headers: Headers) -> Json:
    kept = {name: headers[name] for name in SHOWN if name in headers}
    return {"headers": kept} if kept else {}


def _body(message: Request | Response) -> Json:
    if not message.content:
        return {}
    if "json" in message.headers.get("content-type", ""):
        return {"body": json.loads(message.content)}
    return {"body": message.content.decode("utf-8-sig")}
