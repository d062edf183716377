"""The API descriptions over HTTP, and pages that show them; everything is served by ourselves."""

import asyncio
from functools import cache
from html import escape
from pathlib import Path, PurePosixPath
from string import Template
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from backend.app.openapi import rendered, specification
from backend.app.openapi_texts import AUDIENCES
from backend.app.routes import Surface
from backend.kernel.guards import serves
from backend.kernel.principals import PrincipalKind

ASSETS = Path(__file__).parent / "assets"
SERVED_ASSETS = {
    "swagger-ui-bundle.js": (ASSETS / "swagger-ui" / "swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (ASSETS / "swagger-ui" / "swagger-ui.css", "text/css"),
    "viewer.css": (ASSETS / "viewer" / "viewer.css", "text/css"),
    "viewer.js": (ASSETS / "viewer" / "viewer.js", "text/javascript"),
}
PAGE_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
}
EVERYBODY = serves(PrincipalKind.PUBLIC)


@cache
def described(surface: Surface) -> bytes:
    """Give the API description of one audience; made once a process."""
    return rendered(specification(surface))


@get("/schema", opt=EVERYBODY, operation_id="listDescriptions")
async def audiences() -> Response[str]:
    """List the audiences, with links to their descriptions."""
    items = [
        f'<li><a href="/schema/{surface}">{escape(audience.title_lv)}</a> '
        f'<span lang="en">{escape(audience.title)}</span> '
        f'(<a href="/schema/{surface}.json">JSON</a>)</li>'
        for surface, audience in AUDIENCES.items()
    ]
    return _page("index.html", audiences="\n".join(items))


@get(
    [f"/schema/{surface}.json" for surface in Surface],
    opt=EVERYBODY,
    operation_id="getDescription",
)
async def description(request: Request[Any, Any, State]) -> Response[bytes]:
    """Give one audience's description (OpenAPI 3.1)."""
    surface = Surface(PurePosixPath(request.url.path).stem)
    content = await asyncio.to_thread(described, surface)
    return Response(content, media_type="application/json", headers={"cache-control": "no-cache"})


@get(
    [f"/schema/{surface}" for surface in Surface],
    opt=EVERYBODY,
    operation_id="showDescription",
)
async def viewer(request: Request[Any, Any, State]) -> Response[str]:
    """Show one audience's description as a page on which requests can be tried."""
    surface = Surface(PurePosixPath(request.url.path).name)
    audience = AUDIENCES[surface]
    texts = {"title": audience.title, "lv": audience.title_lv, "en": audience.title}
    escaped = {name: escape(text) for name, text in texts.items()}
    return _page("audience.html", audience=surface.value, **escaped)


@get("/schema/assets/{name:str}", opt=EVERYBODY, operation_id="getAsset")
async def asset(name: FromPath[str]) -> Response[bytes]:
    """Give a script or style sheet of these pages."""
    if name not in SERVED_ASSETS:
        raise NotFoundException
    path, media_type = SERVED_ASSETS[name]
    headers = {"cache-control": "public, max-age=3600"}
    return Response(_content(path), media_type=f"{media_type}; charset=utf-8", headers=headers)


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()


def _page(name: str, **texts: str) -> Response[str]:
    template = Template((ASSETS / "viewer" / name).read_text(encoding="utf-8"))
    return Response(template.substitute(texts), media_type="text/html", headers=PAGE_HEADERS)


VIEWERS: tuple[ControllerRouterHandler, ...] = (audiences, description, viewer, asset)
