"""`/` and what belongs to it; in production it tells nothing of what goes on inside."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from litestar.types import ControllerRouterHandler

from backend.console.overview.facts import gather_facts
from backend.console.overview.rendering import render_live, render_page
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.guards import serves
from backend.kernel.languages import LANGUAGES, preferred_language
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import Settings

ASSETS = Path(__file__).parent / "assets"
MEDIA_TYPES = {
    "overview.css": "text/css",
    "overview.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
EVERYBODY = serves(PrincipalKind.PUBLIC)
Language = Annotated[str | None, QueryParameter(name="lang")]
AnyRequest = Request[Any, Any, State]


@get("/", opt=EVERYBODY, include_in_schema=False, operation_id="showOverview")
async def overview(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    lang: Language = None,
) -> Response[str]:
    """Show the page."""
    language = _language(request, lang)
    if settings.deployment.is_production:
        return _html(render_page(None, language), language)
    facts = await gather_facts(settings, database, clock())
    return _html(render_page(facts, language), language)


@get("/overview/live", opt=EVERYBODY, include_in_schema=False, operation_id="showLiveFigures")
async def live_figures(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    lang: Language = None,
) -> Response[str]:
    """Give the page's changing part, for its script."""
    if settings.deployment.is_production:
        raise NotFoundException
    language = _language(request, lang)
    facts = await gather_facts(settings, database, clock())
    return _html(render_live(facts, language), language)


@get(
    "/overview/assets/{name:str}",
    opt=EVERYBODY,
    include_in_schema=False,
    operation_id="getOverviewAsset",
)
async def asset(name: FromPath[str]) -> Response[bytes]:
    """Give the page's script, style sheet or icon."""
    if name not in MEDIA_TYPES:
        raise NotFoundException
    headers = {"cache-control": "no-cache"}
    return Response(_content(name), media_type=MEDIA_TYPES[name], headers=headers)


@cache
def _content(name: str) -> bytes:
    return (ASSETS / name).read_bytes()


def _language(request: AnyRequest, chosen: str | None) -> str:
    """Take the reader's choice, else what their browser asks for."""
    if chosen in LANGUAGES:
        return chosen
    return preferred_language(request.headers.get("accept-language"))


def _html(text: str, language: str) -> Response[str]:
    headers = {
        "cache-control": "no-store",
        "content-language": language,
        "content-security-policy": POLICY,
        "vary": "accept-language",
    }
    return Response(text, media_type="text/html", headers=headers)


OVERVIEW: tuple[ControllerRouterHandler, ...] = (overview, live_figures, asset)
